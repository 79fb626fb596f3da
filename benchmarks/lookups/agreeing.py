"""Whether everyone answers as the reference meaning does, before anyone is timed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from benchmarks.lookups.contenders import Contender
from benchmarks.lookups.grids import Answer
from benchmarks.lookups.inputs import Row, document, drawn, parsed
from benchmarks.lookups.workloads import Workload


def samples(workload: Workload, count: int, seed: int = 0) -> list[tuple[Row, Answer]]:
    """Valid rows with what the table means by them, which is also what was painted."""
    chosen = drawn(workload.grid, Random(f"agreeing {workload.name} {seed}"), count)
    rows = parsed(workload.grid, document(workload.grid, chosen, seed))
    found: list[tuple[Row, Answer]] = []
    for row, each in zip(rows, chosen, strict=True):
        answer = workload.meant(row)
        assert answer == workload.grid.at(each.cell), (workload.name, row)
        found.append((row, answer))
    return found


def strays(contender: Contender, asked: Sequence[tuple[Row, Answer]]) -> list[Row]:
    """The rows of which it says something else."""
    return [row for row, answer in asked if said(contender, row) != answer]


def said(contender: Contender, row: Row) -> Answer:
    known: dict[str, Any] = {"ask": contender.ask}
    given = contender.given(row)
    known |= {f"x{place}": value for place, value in enumerate(given)}
    return contender.said(eval(contender.call, known))


def table(found: Mapping[str, Mapping[str, tuple[int, int]]]) -> Iterator[str]:
    """By contender and workload: how many of how many rows were answered as the table does."""
    names = list(found)
    everyone = dict.fromkeys(each for known in found.values() for each in known)
    yield "| | " + " | ".join(names) + " |"
    yield "|---" * (len(names) + 1) + "|"
    for each in everyone:
        cells = [_cell(found[name].get(each)) for name in names]
        yield f"| {each} | " + " | ".join(cells) + " |"


def _cell(known: tuple[int, int] | None) -> str:
    if known is None:
        return ""
    right, asked = known
    return f"all {asked}" if right == asked else f"**{right} of {asked}**"
