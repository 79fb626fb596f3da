"""Tables of words: dicts in dicts, a few comparisons before them, or one dict of tuples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.lookups.grids import Grid
from benchmarks.lookups.shapes.spelling import INDENT, Spelt

FEW = 2
"""Columns with so many words are compared rather than looked up."""


def nested(grid: Grid, *, is_safe: bool) -> Callable[..., Any]:
    """One dict for the first column, whose values are dicts for the second, and so on."""
    spelt = Spelt(grid)
    spelt.name("TABLE", _dicts(grid, range(len(grid.columns)), {}))
    path = "".join(f"[{column.name}]" for column in grid.columns)
    return spelt.function([f"return TABLE{path}"], is_safe=is_safe, check=spelt.types())


def compared(grid: Grid, *, is_safe: bool) -> Callable[..., Any]:
    """Columns of few words by `==`, then dicts for the others, those of most words first."""
    spelt = Spelt(grid)
    sizes = [len(column.values) for column in grid.columns]
    few = [place for place, size in enumerate(sizes) if size <= FEW]
    many = [place for place, size in enumerate(sizes) if size > FEW]
    many.sort(key=lambda place: -sizes[place])
    path = "".join(f"[{grid.columns[place].name}]" for place in many)

    def asked(left: Sequence[int], known: dict[int, int]) -> list[str]:
        if not left:
            name = "T_" + "_".join(str(known[place]) for place in few)
            return [f"return {spelt.name(name, _dicts(grid, many, known))}{path}"]
        column = grid.columns[left[0]]
        lines: list[str] = []
        for number, value in enumerate(column.values):
            lines.append(f"{'el' if number else ''}if {column.name} == {value!r}:")
            lines += [INDENT + line for line in asked(left[1:], {**known, left[0]: number})]
        return lines

    return spelt.function(asked(few, {}), is_safe=is_safe, check=spelt.types())


def tuples(grid: Grid, *, is_safe: bool) -> Callable[..., Any]:
    """One dict, whose keys are all the arguments together; ages and scores by their parts."""
    spelt = Spelt(grid)
    keys = []
    body: list[str] = []
    for column in grid.columns:
        if column.kind == "int":
            parts = spelt.name(f"{column.name.upper()}_PARTS", column.parts)
            keys.append(f"{parts}[{column.name}]")
        elif column.kind == "dec":
            body += spelt.by_part(column, lambda part: [f"part = {part}"])
            keys.append("part")
        else:
            keys.append(column.name)
    spelt.name("TABLE", {_key(grid, cell): grid.at(cell) for cell in grid.everywhere()})
    body.append(f"return TABLE[{', '.join(keys)}]")
    return spelt.function(body, is_safe=is_safe)


def _key(grid: Grid, cell: Sequence[int]) -> tuple[Any, ...]:
    return tuple(
        column.values[place] if column.is_listed else place
        for column, place in zip(grid.columns, cell, strict=True)
    )


def _dicts(grid: Grid, left: Sequence[int], known: dict[int, int]) -> Any:
    """Dicts that are alike are one."""
    shared: dict[tuple[tuple[Any, int], ...], dict[Any, Any]] = {}

    def made(left: Sequence[int], known: dict[int, int]) -> Any:
        if not left:
            return grid.at([known[place] for place in range(len(grid.columns))])
        found: dict[Any, Any] = {}
        for number, value in enumerate(grid.columns[left[0]].values):
            answer = made(left[1:], {**known, left[0]: number})
            if answer != ():
                found[value] = answer
        return shared.setdefault(tuple((key, id(each)) for key, each in found.items()), found)

    return made(left, known)
