"""The tables on which the prover does worst, found by climbing from random ones; and what happens there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from benchmarks.analysis.measuring import Measured, Scale, fresh, measured, percent, span
from benchmarks.analysis.mixtures import Mixture, call, mixed
from benchmarks.analysis.searching import Race, race
from gapless import checks
from gapless.analysis.building import build_units
from gapless.analysis.unit import Unit

KEPT = 10
LARGEST = 400
"""How many leaves and wildcards a table may have: what is hard and small tells more than what is large."""

SLOW = 10.0
"""A table that takes so many seconds is a finding of its own."""


class Trial(NamedTuple):
    """How bad a table is, told in what is the same on every machine, and which; seconds on this one."""

    badness: tuple[bool, float, float]
    mixture: Mixture
    seconds: float


def worst(scale: Scale) -> Iterator[str]:
    trials = _climbed(scale)
    ten = sorted(trials, reverse=True)[:KEPT]
    slowest = max(trials, key=lambda trial: trial.seconds)
    yield "# The ten worst tables for the prover"
    yield ""
    yield (
        f"Found by climbing: {scale.starts} random tables, then {scale.climbs} small changes, each to"
        f" one of the {KEPT} worst so far."
    )
    yield (
        "Worst is first what stays undecided, then what costs the largest share of the budget of steps,"
        " then what is bounded least tightly: all counted, so every machine finds the same ten."
    )
    yield "No clock stops anything: the budget does. Seconds are of one run."
    yield "Each is `mixed(...)` of `benchmarks/analysis/mixtures.py`, with what the first column says."
    yield ""
    yield f"## What happens on each of the {KEPT}"
    yield ""
    heads = "table | rules | steps of budget | seconds | a gap? | open | by | every check"
    yield f"| {heads} |"
    yield "|---" * (heads.count("|") + 1) + "|"
    slow = 0
    for trial in ten:
        row, seconds = _row(trial.mixture)
        slow += seconds > SLOW
        yield row
    yield ""
    yield from _summary(trials, slowest, slow)


def _summary(trials: Sequence[Trial], slowest: Trial, slow: int) -> Iterator[str]:
    undecided = sum(trial.badness[0] for trial in trials)
    over = sum(trial.badness[1] >= 1 for trial in trials)
    yield f"Of all {len(trials)} tables, {over} spent their budget; {undecided} stayed undecided."
    yield (
        f"The slowest proof took {span(slowest.seconds)}: `{call(slowest.mixture)}`,"
        f" {percent(slowest.badness[1])} of its budget."
    )
    yield f"Every check together took over {SLOW:.0f} seconds on {slow} of the {KEPT}."


def _climbed(scale: Scale) -> list[Trial]:
    random = Random(3)
    trials: dict[Mixture, Trial] = {}
    while len(trials) < scale.starts:
        start = _start(random)
        trials[start] = _tried(start)
    for _ in range(scale.climbs):
        parents = sorted(trials.values(), reverse=True)[:KEPT]
        child = _changed(random, random.choice(parents).mixture)
        if child not in trials:
            trials[child] = _tried(child)
    return list(trials.values())


def _start(random: Random) -> Mixture:
    return Mixture(
        seed=random.randrange(100),
        columns=random.randint(3, 14),
        leaves=random.choice((0, 0, 20, 100, LARGEST)),
        skew=random.choice((0.0, 0.0, 0.5, 0.9)),
        wild=random.choice((0, 20, 60, 150, LARGEST)),
        tested=random.randint(2, 6),
        wide=random.choice((0, 0, 2, 5)),
        step=random.choice((100, 500, 500, 5_000, 20_000)),
        only=random.choice(("", "", "numbers", "lists")),
        pigeons=random.choice((0, 0, 0, 5, 7, 8)),
        catch_all=random.random() < 0.1,
    )


def _changed(random: Random, of: Mixture) -> Mixture:
    """One or two of its parameters moved, and perhaps the seed."""
    changes: dict[str, object] = {
        "seed": random.randrange(100),
        "columns": min(16, max(2, of.columns + random.choice((-2, -1, 1, 2)))),
        "leaves": min(LARGEST, max(0, of.leaves + random.randint(-30, 60))),
        "skew": random.choice((0.0, 0.3, 0.6, 0.9)),
        "wild": min(LARGEST, max(0, of.wild + random.randint(-40, 60))),
        "tested": min(10, max(1, of.tested + random.choice((-1, 1)))),
        "wide": min(20, max(0, of.wide + random.randint(-2, 3))),
        "step": min(20_000, max(50, random.choice((of.step // 2, of.step * 2)))),
        "only": random.choice(("", "numbers", "lists")),
        "pigeons": min(12, max(0, of.pigeons + random.choice((-2, -1, 1, 4)))),
        "catch_all": False,
    }
    chosen = random.sample(sorted(changes), random.randint(1, 2))
    return of._replace(**{name: changes[name] for name in chosen})  # type: ignore[arg-type]


def _tried(mixture: Mixture) -> Trial:
    unit = _unit(mixture)
    found = measured(lambda: race(fresh(unit).claims), runs=1)
    share = min(1.0, found.found.steps / found.found.budget)
    gap = found.found.gap
    loose = (gap.at_most - gap.at_least) / unit.cases
    return Trial((not found.found.is_decided, share, loose), mixture, found.seconds)


def _row(mixture: Mixture) -> tuple[str, float]:
    """What happens on a table, and how many seconds every check takes."""
    unit = _unit(mixture)
    found = measured(lambda: race(fresh(unit).claims), runs=1)
    checked = measured(lambda: len(list(checks.findings(fresh(unit)))), runs=1)
    cells = [
        f"`{call(mixture)}`",
        f"{len(unit.table.rules):,}",
        percent(found.found.steps / found.found.budget),
        span(found.seconds),
        *_told(unit, found),
        span(checked.seconds),
    ]
    return f"| {' | '.join(cells)} |", checked.seconds


def _told(unit: Unit, found: Measured[Race]) -> Iterator[str]:
    gap = found.found.gap
    if not found.found.is_decided:
        yield "undecided"
    else:
        yield "yes" if gap.at_least else "no"
    least, most = gap.at_least / unit.cases, gap.at_most / unit.cases
    yield percent(least) if gap.is_counted else f"{percent(least)} to {percent(most)}"
    yield found.found.by


def _unit(mixture: Mixture) -> Unit:
    table = mixed(mixture)
    unit = build_units([table]).units[table]
    _ = unit.claims
    return unit
