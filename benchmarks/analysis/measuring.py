"""Times as medians, growth as an exponent, and how much of everything is measured."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median
from time import perf_counter
from typing import Generic, NamedTuple, TypeVar

from gapless.analysis.decision.claims import Claims
from gapless.analysis.unit import Unit
from gapless_dsl.undisturbed import undisturbed

Found = TypeVar("Found")

RUNS = 5
LONG = 1.0
"""What has taken so many seconds by now is not measured again."""


class Scale(NamedTuple):
    """How large the tables are, and how long others are waited for."""

    rules: int
    patience: float
    """For so many seconds z3 may look for two rules that hold at once."""
    grown_rules: tuple[int, ...]
    grown_columns: tuple[int, ...]
    at_rules: int
    """So many rules have the tables of ever more columns."""
    pigeons: int
    """The largest of the pigeonhole tables."""
    rows: int
    edits: int
    starts: int
    climbs: int


FULL = Scale(
    1_500,
    25.0,
    (50, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000),
    (3, 5, 7, 9, 11, 13, 15),
    5_000,
    12,
    20_000,
    50,
    30,
    50,
)
QUICK = Scale(300, 3.0, (50, 200, 1_000), (3, 7, 15), 500, 6, 1_000, 10, 4, 4)


class Measured(NamedTuple, Generic[Found]):
    """The median in seconds, and what was found."""

    seconds: float
    found: Found


def measured(work: Callable[[], Found], runs: int = RUNS) -> Measured[Found]:
    """Run `work` some times, without the collector of cycles, as the command line does."""
    times: list[float] = []
    gc.collect()
    with undisturbed():
        while not times or (len(times) < runs and sum(times) < LONG):
            start = perf_counter()
            found = work()
            times.append(perf_counter() - start)
    return Measured(median(times), found)


def fresh(unit: Unit) -> Unit:
    """The same table as boxes, with nothing proved yet."""
    return replace(unit, known=Claims(unit.claims.whole, unit.claims.claims))


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """The power of the size that the time grows with: the slope of the best line between logarithms."""
    xs, ys = [math.log(size) for size in sizes], [math.log(second) for second in seconds]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum(
        (a - x) ** 2 for a in xs
    )


def span(seconds: float) -> str:
    """Three digits, in the unit that suits."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{1000 * seconds:.1f} ms" if seconds >= 0.001 else f"{1000 * seconds:.3f} ms"


def percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.1 else f"{100 * share:.2g} %"


def met(is_met: bool) -> str:
    return "met" if is_met else "**not met**"
