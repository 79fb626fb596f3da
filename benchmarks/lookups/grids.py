"""A workload as plain data says it: columns cut where its rules make a difference, and every cell's answer."""

from __future__ import annotations

import itertools
import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeAlias

DATA = Path(__file__).parent / "data"

Given: TypeAlias = Any  # a str, a bool, an int, a Decimal, or None
Answer: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True)
class Column:
    """`values` are listed, or those at which the parts of a number's range begin, with `end` past the last.

    Numbers are whole, in units of 10^-`scale`.
    """

    name: str
    kind: str
    values: tuple[Given, ...]
    end: int = 0
    scale: int = 0

    @property
    def is_listed(self) -> bool:
        return self.kind in ("enum", "bool")

    def part(self, value: int) -> int:
        """The number of the part in which a whole number lies."""
        return max(place for place, start in enumerate(self.values) if start <= value)

    @cached_property
    def parts(self) -> dict[int, int]:
        """The part of every number, for small ranges."""
        starts = [*self.values, self.end]
        return {
            value: place
            for place, (low, high) in enumerate(itertools.pairwise(starts))
            for value in range(low, high)
        }

    def exact(self, value: int) -> Given:
        """A whole number of units as what a caller would give."""
        return Decimal(value).scaleb(-self.scale) if self.kind == "dec" else value


@dataclass(frozen=True, eq=False)
class Grid:
    """`cells` has the number of each cell's answer, the last column varying fastest."""

    name: str
    columns: tuple[Column, ...]
    answers: tuple[Answer, ...]
    cells: Sequence[int]

    @cached_property
    def strides(self) -> tuple[int, ...]:
        sizes = [len(column.values) for column in self.columns]
        return tuple(_product(sizes[place + 1 :]) for place in range(len(sizes)))

    def at(self, cell: Sequence[int]) -> Answer:
        return self.answers[self.cells[sum(a * b for a, b in zip(cell, self.strides, strict=True))]]

    def everywhere(self) -> Iterator[tuple[int, ...]]:
        return itertools.product(*(range(len(column.values)) for column in self.columns))


@cache
def plain(name: str) -> Mapping[str, Any]:
    """The file of a workload, as it is."""
    found: Mapping[str, Any] = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    return found


@cache
def grid(name: str) -> Grid:
    """Paint the rules over each other, the first on top."""
    data = plain(name)
    columns = tuple(_column(data, place) for place in range(len(data["inputs"])))
    width = len(columns)
    numbers: dict[Answer, int] = {}
    painted = Grid(
        name, columns, (), array("H", bytes(2 * _product([len(c.values) for c in columns])))
    )
    for rule in reversed(data["rules"]):
        answer = tuple(map(worded, rule[width:]))
        number = numbers.setdefault(answer, len(numbers))
        _paint(painted, rule[:width], number)
    return Grid(name, columns, tuple(numbers), painted.cells)


def worded(value: Given) -> Given:
    """A value of an answer; the empty word has a name in a policy."""
    return "none" if value == "" else value


def _paint(painted: Grid, cells: Sequence[Any], number: int) -> None:
    steps = [
        [place * stride for place in within(column, cell)]
        for column, cell, stride in zip(painted.columns, cells, painted.strides, strict=True)
    ]
    paper: Any = painted.cells
    for offsets in itertools.product(*steps):
        paper[sum(offsets)] = number


def _column(data: Mapping[str, Any], place: int) -> Column:
    said = data["inputs"][place]
    if said["type"] in ("enum", "bool"):
        return Column(said["name"], said["type"], tuple(said["values"]))
    ends = {end for rule in data["rules"] for end in rule[place] or () if end is not None}
    starts = {said["lo"], *(end for end in ends if said["lo"] < end < said["hi"])}
    return Column(
        said["name"], said["type"], tuple(sorted(starts)), said["hi"], said.get("scale", 0)
    )


def within(column: Column, cell: Any) -> list[int]:
    """The parts of a column that a cell allows."""
    if cell is None:
        return list(range(len(column.values)))
    if column.is_listed:
        return [column.values.index(value) for value in cell]
    low, high = cell
    return [
        place
        for place, start in enumerate(column.values)
        if (low is None or low <= start) and (high is None or start < high)
    ]


def _product(sizes: Sequence[int]) -> int:
    found = 1
    for size in sizes:
        found *= size
    return found
