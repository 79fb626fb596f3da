"""The families that are hard for one search or the other: ours, each search alone, and z3."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.analysis.contenders import Verdict, z3_complete
from benchmarks.analysis.generator import Planted, grid, look_up, pigeonhole, wildcards
from benchmarks.analysis.measuring import Measured, Scale, fresh, measured, met, percent, span
from benchmarks.analysis.searching import (
    Alone,
    Race,
    dividing_alone,
    layers_alone,
    race,
)
from gapless import checks
from gapless.analysis.building import build_units
from gapless.analysis.decision.claims import Claims
from gapless.analysis.unit import Unit

PATIENCE = 10.0
"""For so many seconds z3 may look for a gap."""

RATIO = 3.0

FELT = 0.01
"""Whoever needs fewer seconds is not called slow: beginning both searches is most of that."""


def families(scale: Scale) -> Iterator[tuple[str, Planted]]:
    """One table each, named for reports."""
    yield "grid 17 x 17 x 17, 14 % holes", grid(1, 17, 3, holes=0.14)
    yield "grid 70 x 70, 14 % holes", grid(1, 70, 2, holes=0.14)
    yield "grid 17 x 17 x 17, complete", grid(1, 17, 3)
    yield "look-up 17 x 17 x 17, 14 % holes", look_up(1, 17, 3, holes=0.14)
    yield "look-up 8 x 8 x 8 x 8, 50 % holes", look_up(1, 8, 4, holes=0.5)
    for holes in range(5, scale.pigeons + 1):
        yield f"pigeonhole {holes}", pigeonhole(holes)
    for rules, columns in ((60, 7), (200, 7), (500, 7), (500, 10), (60, 12)):
        for catch_all in (False, True):
            name = f"wildcards {rules} x {columns}" + (", catch-all" if catch_all else "")
            yield name, wildcards(1, rules, columns, catch_all=catch_all)


class _Met:
    """What is said of the families together."""

    def __init__(self) -> None:
        self.slow: list[str] = []
        self.unfelt: list[str] = []
        self.undecided: list[str] = []
        self.over: list[str] = []
        self.bounded: list[str] = []

    def lines(self) -> Iterator[str]:
        yield f"- more than {RATIO:.0f} times the better search: {_listed(self.slow)}"
        yield f"- the same, but in less than {span(FELT)}, so not counted: {_listed(self.unfelt)}"
        yield f"- decided by z3 within {PATIENCE:.0f} s, but not by gapless: {_listed(self.undecided)}"
        yield f"- more steps than the budget and the step that ended it: {_listed(self.over)}"
        yield f"- known to have a gap, but its size only bounded: {_listed(self.bounded)}"
        is_met = not (self.slow or self.undecided or self.over)
        yield f"- never more than {RATIO:.0f} times, decided wherever z3 decides, within budget: {met(is_met)}"


def two_searches(scale: Scale) -> Iterator[str]:
    heads = (
        "table",
        "open",
        "gapless",
        "dividing alone",
        "diagram alone",
        "of the better",
        "steps of budget",
        "decided by",
        "z3, complete?",
        "every check",
    )
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    said = _Met()
    for name, planted in families(scale):
        unit = build_units([planted.table]).units[planted.table]
        _ = unit.claims
        yield f"| {name} | {' | '.join(_row(name, unit, said))} |"
    yield ""
    yield from said.lines()


def _row(name: str, unit: Unit, said: _Met) -> list[str]:
    ours = measured(lambda: race(_claims(unit)))
    checked = measured(lambda: len(list(checks.findings(fresh(unit)))), runs=1)
    alone = [_alone(unit, search) for search in (dividing_alone, layers_alone)]
    z3 = measured(lambda: z3_complete(unit, PATIENCE), runs=1)
    _judged(name, ours, alone, z3.found, said)
    done = [each.seconds for each in alone if each.found.open is not None]
    return [
        _share(ours.found, unit.cases),
        span(ours.seconds),
        *map(_search, alone),
        f"{ours.seconds / min(done):.1f}" if done else "-",
        percent(ours.found.steps / ours.found.budget),
        ours.found.by,
        span(z3.seconds) if z3.found.complete is not None else f"gave up ({span(z3.seconds)})",
        span(checked.seconds),
    ]


def _alone(unit: Unit, search: Callable[[Claims], Alone]) -> Measured[Alone]:
    return measured(lambda: search(_claims(unit)))


def _judged(
    name: str,
    ours: Measured[Race],
    alone: list[Measured[Alone]],
    z3: Verdict,
    said: _Met,
) -> None:
    done = [each for each in alone if each.found.open is not None]
    best = min((each.seconds for each in done), default=None)
    if best is not None and ours.seconds > RATIO * best:
        (said.slow if ours.seconds >= FELT else said.unfelt).append(name)
    if z3.complete is not None and not ours.found.is_decided:
        said.undecided.append(name)
    if ours.found.steps > 1.1 * ours.found.budget:
        said.over.append(name)
    if ours.found.gap.at_least and not ours.found.gap.is_counted:
        said.bounded.append(name)
    for each in done:
        assert ours.found.gap.at_least <= (each.found.open or 0) <= ours.found.gap.at_most
    assert (
        z3.complete is None
        or not ours.found.is_decided
        or z3.complete != bool(ours.found.gap.at_least)
    )


def _claims(unit: Unit) -> Claims:
    return fresh(unit).claims


def _share(found: Race, cases: int) -> str:
    gap = found.gap
    if gap.is_counted:
        return percent(gap.at_least / cases) if gap.at_least else "none"
    return f"{percent(gap.at_least / cases)} to {percent(gap.at_most / cases)}"


def _search(alone: Measured[Alone]) -> str:
    seconds = span(alone.seconds)
    return seconds if alone.found.open is not None else f"over its budget ({seconds})"


def _listed(names: list[str]) -> str:
    return "; ".join(names) or "none"
