"""The tables on which the prover does worst, found by climbing from random small ones."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from time import perf_counter
from typing import NamedTuple

from benchmarks.analysis.generator import wildcards
from benchmarks.analysis.measuring import within
from gapless.decision import GAP
from gapless.unit import build_units
from gapless.work import OverBudget

STARTS = 12
CLIMBS = 14
LIMIT = 1.0
LARGEST = 60
"""How many rules a table may have: what is hard and small tells more than what is large."""


class Parameters(NamedTuple):
    seed: int
    rules: int
    columns: int
    tested: int


class Trial(NamedTuple):
    seconds: float
    parameters: Parameters
    what: str


def worst() -> Iterator[str]:
    yield "# The ten worst tables for the prover"
    yield ""
    yield f"Found by climbing: {STARTS} random starts, then {CLIMBS} small changes to one of the ten worst."
    yield f"Rows test few columns, at most {LARGEST} rows; a table is given {LIMIT:.0f} second."
    yield "Stopped by the clock: still within its budget of steps when the time was over, and undecided."
    yield "Each is `wildcards(seed, rules, columns, tested=...)` of the generator."
    yield ""
    yield "| seed | rules | columns | tested | seconds | what happens |"
    yield "|---|---|---|---|---|---|"
    for seconds, (seed, rules, columns, tested), what in _found():
        yield f"| {seed} | {rules} | {columns} | {tested} | {seconds:.2f} | {what} |"


def _found() -> list[Trial]:
    random = Random(3)
    trials = {each: _tried(each) for each in (_start(random) for _ in range(STARTS))}
    for _ in range(CLIMBS):
        parent = random.choice(sorted(trials.values(), reverse=True)[:10]).parameters
        child = _changed(random, parent)
        if child not in trials:
            trials[child] = _tried(child)
    return sorted(trials.values(), reverse=True)[:10]


def _start(random: Random) -> Parameters:
    columns = random.randint(3, 10)
    tested = random.randint(1, min(4, columns))
    return Parameters(random.randrange(100), random.randint(10, LARGEST), columns, tested)


def _changed(random: Random, of: Parameters) -> Parameters:
    rules = min(LARGEST, max(5, of.rules + random.randint(-10, 15)))
    columns = min(12, max(3, of.columns + random.choice((-1, 0, 1))))
    tested = min(columns, max(1, of.tested + random.choice((-1, 0, 0, 1))))
    return Parameters(random.randrange(100), rules, columns, tested)


def _tried(parameters: Parameters) -> Trial:
    seed, rules, columns, tested = parameters
    table = wildcards(seed, rules, columns, tested=tested).table
    unit = build_units([table])[table]
    start = perf_counter()

    def work() -> str:
        try:
            gap = unit.tally.get(GAP, 0)
        except OverBudget:
            return "over its budget: GAP109"
        return f"decided, {100 * gap / unit.cases:.2g} % open" if gap else "decided, complete"

    what = within(LIMIT, work) or "stopped by the clock"
    return Trial(perf_counter() - start, parameters, what)
