"""Valid inputs from a seed: as a parser makes them, each text a new object, or as constants in a program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any, TypeAlias

from benchmarks.lookups.grids import Column, Grid

Row: TypeAlias = tuple[Any, ...]

SHORTER = 0.2
"""So many of the decimals are written without the zeros at their end."""


@dataclass(frozen=True)
class Drawn:
    """A row as whole numbers and words, and the cell in which it is."""

    row: Row
    cell: tuple[int, ...]


def drawn(grid: Grid, random: Random, count: int) -> list[Drawn]:
    """Rows that the table answers: every part of a column as likely as any other, and its ends as likely as all between."""
    found: list[Drawn] = []
    while len(found) < count:
        cell = tuple(random.randrange(len(column.values)) for column in grid.columns)
        if grid.at(cell):
            row = tuple(map(_within, grid.columns, cell, [random] * len(cell)))
            found.append(Drawn(row, cell))
    return found


def _within(column: Column, place: int, random: Random) -> Any:
    if column.is_listed:
        return column.values[place]
    low = column.values[place]
    high = (*column.values, column.end)[place + 1] - 1
    return random.choice((low, high, random.randint(low, high), random.randint(low, high)))


def written(column: Column, value: Any, random: Random) -> Any:
    """As a document would have it: decimals are texts."""
    if column.kind != "dec":
        return value
    said = str(column.exact(value))
    return said.rstrip("0").rstrip(".") if random.random() < SHORTER else said


def document(grid: Grid, rows: Sequence[Drawn], seed: int) -> str:
    random = Random(f"written {seed}")
    return json.dumps(
        [
            [written(c, v, random) for c, v in zip(grid.columns, each.row, strict=True)]
            for each in rows
        ]
    )


def parsed(grid: Grid, text: str) -> list[Row]:
    """Every text and every Decimal is an object of its own, which nobody has hashed."""
    exact = [column.kind == "dec" for column in grid.columns]
    return [
        tuple(
            Decimal(value) if is_exact else value
            for value, is_exact in zip(row, exact, strict=True)
        )
        for row in json.loads(text)
    ]


def constants(grid: Grid, text: str) -> list[Row]:
    """The same rows with the table's own words: the very objects that its dicts have as keys."""
    words = [
        {value: value for value in column.values} if column.is_listed else {}
        for column in grid.columns
    ]
    return [
        tuple(known.get(value, value) for value, known in zip(row, words, strict=True))
        for row in parsed(grid, text)
    ]
