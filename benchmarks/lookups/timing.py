"""Nanoseconds a lookup takes, for every contender in one process: run with a hash seed, it prints what it measured."""

from __future__ import annotations

import gc
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter_ns
from typing import Any, TypeAlias

from benchmarks.lookups.contenders import HAND, OURS, Contender, contenders
from benchmarks.lookups.generated import read
from benchmarks.lookups.grids import Grid, grid
from benchmarks.lookups.inputs import Row, constants, document, drawn, parsed
from benchmarks.lookups.workloads import PLAIN, workload

Loop: TypeAlias = Callable[[Any, Sequence[Row]], None]

FRESH, CONSTANTS, HOT, COLD = "fresh", "constants", "hot", "cold"
MODES = {
    FRESH: "every text and Decimal just made by a parser",
    CONSTANTS: "the words of the program itself",
    HOT: "few inputs, over and over",
    COLD: "a large pool of inputs in random order",
}
PATIENCE = 10_000_000
"""So many nanoseconds a contender may take for one stretch of rows; slow ones get fewer rows."""
SLOW = 20_000
"""Who takes so many nanoseconds is measured in fewer rounds."""


@dataclass(frozen=True)
class Scale:
    """How much is measured in one process."""

    rounds: int
    stretch: int
    """Rows in a stretch; contenders take turns after each."""
    pool: int
    hot: int


FULL = Scale(rounds=24, stretch=400, pool=30_000, hot=24)
QUICK = Scale(rounds=2, stretch=20, pool=200, hot=4)


def measured(asked: Grid, everyone: Sequence[Contender], scale: Scale, seed: int) -> Any:
    """By mode and contender: the median of all stretches, less what the loop itself takes."""
    return {
        mode: _mode(asked, everyone, scale, mode, seed)
        for mode in (MODES if asked.name == "w3" else (FRESH, CONSTANTS))
    }


def _mode(
    asked: Grid, everyone: Sequence[Contender], scale: Scale, mode: str, seed: int
) -> dict[str, float]:
    random = Random(f"{asked.name} {mode} {seed}")
    running = [each for each in everyone if each.group in (HAND, OURS) or mode == CONSTANTS]
    nets: dict[str, list[float]] = {each.name: [] for each in running}
    loops = {each.name: loop(each.call) for each in running}
    stretches = _stretches(asked, scale, mode, random)
    for turn in range(scale.rounds):
        make = next(stretches)
        for each in random.sample(running, len(running)):
            known = nets[each.name]
            is_slow = bool(known) and known[0] > SLOW
            if is_slow and turn % 8:
                continue
            run, empty = loops[each.name]
            rows = [each.given(row) for row in make()]
            if not known or is_slow:
                rows = rows[: _few(each, rows, run)]
            base = _took(empty, each.ask, rows)
            known.append(_took(run, each.ask, rows) - base)
    return {name: median(known[1:] or known) for name, known in nets.items()}


def _few(each: Contender, rows: Sequence[Row], run: Loop) -> int:
    """How many rows there is patience for."""
    return max(1, min(len(rows), int(PATIENCE / max(1.0, _took(run, each.ask, rows[:1])))))


def _stretches(
    asked: Grid, scale: Scale, mode: str, random: Random
) -> Iterator[Callable[[], list[Row]]]:
    """For each round the maker of its rows: everyone gets the same, in objects of their own where they are fresh."""
    if mode == COLD:
        yield from _cold(asked, scale, random)
    elif mode == HOT:
        few = constants(asked, document(asked, drawn(asked, random, scale.hot), 0))
        rows = few * max(1, scale.stretch // scale.hot)
        while True:
            yield lambda: rows
    while True:
        text = document(asked, drawn(asked, random, scale.stretch), 0)
        if mode == FRESH:
            yield lambda text=text: parsed(asked, text)  # type: ignore[misc]
        else:
            rows = constants(asked, text)
            yield lambda rows=rows: rows  # type: ignore[misc]


def _cold(asked: Grid, scale: Scale, random: Random) -> Iterator[Callable[[], list[Row]]]:
    """Made once; between two visits of a row all others of a stretch, and all other contenders, pass by."""
    pool = constants(asked, document(asked, drawn(asked, random, scale.pool), 0))
    while True:
        rows = random.sample(pool, min(scale.stretch * 4, len(pool)))
        yield lambda rows=rows: rows  # type: ignore[misc]


def loop(call: str) -> tuple[Loop, Loop]:
    """A loop whose body is nothing but the call; and the same around nothing, whose time is taken off."""
    names = "".join(f"{name}, " for name in re.findall(r"\bx\d+\b", call))
    runs: list[Loop] = []
    for body in (call, "pass"):
        known: dict[str, Any] = {}
        exec(f"def run(ask, rows):\n    for {names}in rows:\n        {body}\n", known)  # noqa: S102
        runs.append(known["run"])
    return runs[0], runs[1]


def _took(run: Loop, ask: Any, rows: Sequence[Row]) -> float:
    start = perf_counter_ns()
    run(ask, rows)
    return (perf_counter_ns() - start) / len(rows)


def cells(name: str) -> Grid:
    return grid(name) if name in PLAIN else workload(name).grid


def main(arguments: Sequence[str]) -> None:
    """The file of generated modules, a workload, a seed, and `--quick` or nothing."""
    path, name, seed = arguments[:3]
    asked = cells(name)
    everyone = contenders(asked, read(Path(path))[name])
    gc.collect()
    gc.freeze()
    gc.disable()
    found = measured(asked, everyone, QUICK if "--quick" in arguments else FULL, int(seed))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
