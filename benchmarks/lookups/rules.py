"""The rules of a workload as boxes: as plain data has them, or, where tables call tables, put together from cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from benchmarks.lookups.grids import DATA, Answer, Column, Grid, plain, within, worded

Box = tuple[frozenset[int], ...]
"""The parts of each column."""


class Rule(NamedTuple):
    box: Box
    answer: Answer


@cache
def rules(grid: Grid) -> tuple[Rule, ...]:
    """In the order in which they win."""
    if not (DATA / f"{grid.name}.json").exists():
        return tuple(_merged(grid, ()))
    width = len(grid.columns)
    return tuple(
        Rule(
            tuple(frozenset(within(c, cell)) for c, cell in zip(grid.columns, rule, strict=False)),
            tuple(map(worded, rule[width:])),
        )
        for rule in plain(grid.name)["rules"]
    )


def _merged(grid: Grid, known: tuple[int, ...]) -> list[Rule]:
    """Values of a column that make no difference to all later ones share their rules."""
    if len(known) == len(grid.columns):
        answer = grid.at(known)
        return [Rule((), answer)] if answer else []
    found: dict[tuple[Rule, ...], set[int]] = {}
    for part in range(len(grid.columns[len(known)].values)):
        found.setdefault(tuple(_merged(grid, (*known, part))), set()).add(part)
    return [
        Rule((frozenset(parts), *rule.box), rule.answer)
        for later, parts in found.items()
        for rule in later
    ]


class Words(NamedTuple):
    """How an engine spells a cell: one value, one of some, a range with either end or both."""

    one: Callable[[object], str]
    some: Callable[[Sequence[object]], str]
    least: Callable[[object], str]
    below: Callable[[object], str]
    both: Callable[[object, object], str]


def spelt(column: Column, parts: frozenset[int], words: Words) -> str:
    """A cell in an engine's words; empty where it allows everything."""
    if len(parts) == len(column.values):
        return ""
    if column.is_listed:
        values = [column.values[part] for part in sorted(parts)]
        return words.one(values[0]) if len(values) == 1 else words.some(values)
    low, high = min(parts), max(parts) + 1
    if high == len(column.values):
        return words.least(column.exact(column.values[low]))
    if not low:
        return words.below(column.exact(column.values[high]))
    return words.both(column.exact(column.values[low]), column.exact(column.values[high]))
