"""The sections of the report, each measured in one go, side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.analysis.contenders import (
    LIMIT,
    PATIENCE,
    Contender,
    Verdict,
    diagrams,
    lister,
    prover,
    z3_both,
    z3_complete,
)
from benchmarks.analysis.generator import Planted, families, loans
from benchmarks.analysis.measuring import Measured, exponent, measured
from benchmarks.analysis.plots import plot
from gapless.claims import Claims
from gapless.unit import Unit, build_units
from gapless.work import OverBudget

CONTENDERS: tuple[tuple[str, Contender], ...] = (
    ("gapless", prover),
    ("gapless, listing", lister),
    ("z3, complete?", z3_complete),
    ("z3, both", z3_both),
    ("CUDD", diagrams),
)
SIZES = ((1_500, 3), (1_500, 7))
GROWTH_LIMIT = 40.0


def side_by_side() -> Iterator[str]:
    """The loan-like tables, every contender in turn on each."""
    yield "| rules x columns | " + " | ".join(name for name, _ in CONTENDERS) + " |"
    yield "|---" * (len(CONTENDERS) + 1) + "|"
    met = []
    for rules, columns in SIZES:
        for faults in (0, rules // 20):
            planted = loans(1, rules, columns, gaps=faults, overlaps=faults)
            times = [_timed(contender, planted) for _, contender in CONTENDERS]
            label = f"{rules:,} x {columns}" + (f", {faults} gaps and overlaps" if faults else "")
            yield f"| {label} | " + " | ".join(map(_cell, times)) + " |"
            if (rules, columns) == (1_500, 7):
                ours, theirs = times[1 if faults else 0].seconds, times[3].seconds
                target = 15 if faults else 2
                share = 100 * ours / theirs
                said = "met" if share <= target else "not met"
                what = "gaps and overlaps listed" if faults else "complete"
                bound = "at most " if _half(times[3]) else ""
                met.append(
                    f"- 1,500 x 7, {what}: {bound}{share:.1f} % of z3's time for both questions"
                    f" (target {target} %): {said};"
                    f" {100 * ours / times[2].seconds:.1f} % of its time for completeness alone"
                )
    yield ""
    yield from met


def growth(folder: Path) -> Iterator[str]:
    """How the time grows with rules and with columns, listed and plotted."""
    rows = [(n, 7) for n in (50, 200, 1_000, 5_000, 20_000)]
    columns = [(1_500, n) for n in (3, 5, 7, 11, 15)]
    for name, sizes, at, from_ in (("rules", rows, 0, 2), ("columns", columns, 1, 0)):
        yield f"| {name} | complete: boxes | proof | faulty: boxes | proof | all listed |"
        yield "|---|---|---|---|---|---|"
        lines: dict[str, list[float]] = {}
        for rules, width in sizes:
            times = _stages(rules, width)
            for label, seconds in times.items():
                lines.setdefault(label, []).append(seconds)
            value = (rules, width)[at]
            yield f"| {value:,} | " + " | ".join(map(_time, times.values())) + " |"
        amounts = [size[at] for size in sizes]
        fits = {
            label: exponent(*_known(amounts[from_:], seconds[from_:]))
            for label, seconds in lines.items()
        }
        plot(folder / f"growth-{name}.png", f"Growth in {name}", name, amounts, lines, fits)
        yield ""
        yield f"![Growth in {name}](growth-{name}.png)"
        yield ""
        for label, power in fits.items():
            target = ""
            if name == "rules":
                target = " (target 1.3: " + ("met)" if power <= 1.3 else "not met)")
            yield f"- {label}: {name}^{power:.2f}{target}"
        yield ""


def _stages(rules: int, columns: int) -> dict[str, float]:
    whole = loans(1, rules, columns).table
    faults = max(1, rules // 50)
    faulty = loans(1, rules, columns, gaps=faults, overlaps=faults).table
    unit, broken = build_units([whole])[whole], build_units([faulty])[faulty]
    return {
        "complete, boxes": _grown(lambda: build_units([whole])),
        "complete, proof": _grown(lambda: _fresh(unit).tally),
        "faulty, boxes": _grown(lambda: build_units([faulty])),
        "faulty, proof": _grown(lambda: _fresh(broken).tally),
        "faulty, listed": _grown(lambda: lister(faulty)),
    }


def _grown(work: Callable[[], object]) -> float:
    """The median in seconds; not a number where it took too long, so that no line is fitted to it."""
    done = measured(work, GROWTH_LIMIT)
    return math.nan if done.found is None else done.seconds


def _known(sizes: Sequence[int], seconds: Sequence[float]) -> tuple[list[int], list[float]]:
    pairs = [each for each in zip(sizes, seconds, strict=True) if not math.isnan(each[1])]
    return [size for size, _ in pairs], [second for _, second in pairs]


def _time(seconds: float) -> str:
    return f"over {GROWTH_LIMIT:.0f} s" if math.isnan(seconds) else f"{seconds:.4f} s"


def searches() -> Iterator[str]:
    """The families that are hard for one search or the other: ours, and each search alone."""
    yield "| table | gapless | divide and conquer alone | diagram alone | of the better | z3, complete? |"
    yield "|---|---|---|---|---|---|"
    over = []
    for name, planted in families():
        unit = build_units([planted.table])[planted.table]
        ways: Sequence[Callable[[Claims], object]] = (
            lambda claims: claims.won,
            lambda claims: claims._searched(),
            lambda claims: claims._walked(),
        )
        ours, search, walk = (_searched(unit, way) for way in ways)
        decided = [each.seconds for each in (search, walk) if each.found]
        ratio = f"{ours.seconds / min(decided):.1f}" if ours.found and decided else "-"
        if not ours.found:
            over.append(name)
        z3 = _timed(z3_complete, planted)
        cells = " | ".join(_span(each) for each in (ours, search, walk))
        yield f"| {name} | {cells} | {ratio} | {_cell(z3)} |"
    yield ""
    yield f"- not decided by gapless within its budget or {LIMIT:.0f} s: {', '.join(over) or 'none'}"


def _searched(unit: Unit, way: Callable[[Claims], object]) -> Measured:
    def work() -> bool:
        try:
            way(_fresh(unit))
        except OverBudget:
            return False
        return True

    return measured(work, LIMIT)


def _fresh(unit: Unit) -> Claims:
    """The claims of a unit with nothing worked out yet."""
    return Claims(unit.claims.whole, unit.claims.claims)


def _timed(contender: Contender, planted: Planted) -> Measured:
    return measured(lambda: contender(planted.table), 3 * PATIENCE)


def _span(measured: Measured) -> str:
    if measured.found is None:
        return "over the time"
    return f"{measured.seconds:.3f} s" if measured.found else "over its budget"


def _cell(measured: Measured) -> str:
    found = measured.found
    if not isinstance(found, Verdict) or (found.complete is None and found.disjoint is None):
        return f"gave up ({measured.seconds:.0f} s)"
    return f"{measured.seconds:.3f} s" + (" (overlap undecided)" if _half(measured) else "")


def _half(measured: Measured) -> bool:
    """Whether a contender that was asked two questions decided only one."""
    found = measured.found
    return isinstance(found, Verdict) and found.disjoint is None and measured.seconds > PATIENCE
