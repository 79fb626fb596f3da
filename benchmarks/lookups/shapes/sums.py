"""The grid: a number for each column, their sum finds the answer's number in one `bytes`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from benchmarks.lookups.grids import Grid
from benchmarks.lookups.shapes.spelling import Spelt


def sums(grid: Grid, *, is_safe: bool) -> Callable[..., Any]:
    """Small tables for words and whole numbers, comparisons written out for decimals."""
    spelt = Spelt(grid)
    spelt.name("CELLS", bytes(list(grid.cells)))
    spelt.name("ANSWERS", grid.answers)
    body, terms = [], []
    for column, stride in zip(grid.columns, grid.strides, strict=True):
        name = column.name
        if column.kind == "dec":
            body += spelt.by_part(column, lambda part, by=stride: [f"part = {by * part}"])  # type: ignore[misc]
            terms.append("part")
        elif column.kind == "bool":
            terms.append(f"{stride} * {name}")
        else:
            parts = column.parts if column.kind == "int" else _numbers(column.values)
            table = {value: stride * part for value, part in parts.items()}
            terms.append(f"{spelt.name(f'{name.upper()}_TABLE', table)}[{name}]")
    body.append(f"return ANSWERS[CELLS[{' + '.join(terms)}]]")
    return spelt.function(body, is_safe=is_safe, check=_check(spelt, grid))


def searched(grid: Grid, *, is_safe: bool) -> Callable[..., Any]:
    """The same with `bisect` for every number."""
    spelt = Spelt(grid)
    spelt.known |= {
        "CELLS": bytes(list(grid.cells)),
        "ANSWERS": grid.answers,
        "bisect": bisect_right,
    }
    terms = []
    for column, stride in zip(grid.columns, grid.strides, strict=True):
        name = column.name
        if column.kind in ("int", "dec"):
            cuts = spelt.name(f"{name.upper()}_CUTS", [column.exact(v) for v in column.values[1:]])
            terms.append(f"{stride} * bisect({cuts}, {name})")
        else:
            table = {value: stride * part for value, part in _numbers(column.values).items()}
            terms.append(f"{spelt.name(f'{name.upper()}_TABLE', table)}[{name}]")
    return spelt.function([f"return ANSWERS[CELLS[{' + '.join(terms)}]]"], is_safe=is_safe)


def _check(spelt: Spelt, grid: Grid) -> str:
    """Types, and the ends of decimals: the tables ask for all the rest."""
    door = spelt.types()
    for column in grid.columns:
        if column.kind == "dec":
            low, high = spelt.edge(column, column.values[0]), spelt.edge(column, column.end - 1)
            door += f" and {low} <= {column.name} <= {high}"
            door += f" and (CENT <= {column.name} or not {column.name})"
    return door


def _numbers(values: tuple[Any, ...]) -> dict[Any, int]:
    return {value: number for number, value in enumerate(values)}
