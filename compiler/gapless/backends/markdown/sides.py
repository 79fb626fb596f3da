"""Columns that belong together, such as all inputs: side by side, or in one cell where room is short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gapless.backends.markdown.addresses import Page
from gapless.backends.markdown.conditions import ANY, condition
from gapless.backends.markdown.inline import Break, Line, Text, joined
from gapless.backends.markdown.outcomes import answers
from gapless.backends.markdown.values import answer_name, name_of
from gapless.model import Anything, Rule, Table

WIDTH = 8
"""A table with more columns cannot be read on a page."""


@dataclass(frozen=True, slots=True)
class Side:
    """`title` stands above the one column that they become; a row of one cell spans them all."""

    title: str
    names: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


def tested(table: Table, rules: Sequence[Rule]) -> list[int]:
    """The condition columns that any of the rules tests, as the author ordered them."""
    names = [column.name for column in table.columns]
    unwritten = (name for name in names if name not in table.written)
    return [
        number
        for number in map(names.index, (*table.written, *unwritten))
        if any(not isinstance(rule.conditions[number].test, Anything) for rule in rules)
    ]


def conditions_of(table: Table, rules: Sequence[Rule], columns: Sequence[int]) -> Side:
    """What the rules ask of the columns with these numbers."""
    rows = [
        tuple(condition(table.columns[i], rule.conditions[i].test, table.columns) for i in columns)
        for rule in rules
    ]
    return Side("When", tuple(name_of(table.columns[i]) for i in columns), tuple(rows))


def answers_of(page: Page, table: Table, rules: Sequence[Rule]) -> Side:
    rows = tuple(answers(page, table, rule) for rule in rules)
    return Side("→\u00a0Answer", tuple(map(answer_name, table.outputs)), rows)


def fitted(sides: Sequence[Side], room: int) -> tuple[list[str], list[tuple[Line, ...]]]:
    """The head and the rows of the sides together, the last ones gathered first, if there must be."""
    fitting = list(sides)
    for number in reversed(range(len(sides))):
        if sum(len(side.names) for side in fitting) > room:
            fitting[number] = gathered(fitting[number])
    head = [name for side in fitting for name in side.names]
    rows = zip(*([_padded(row, side) for row in side.rows] for side in fitting), strict=True)
    return head, [tuple(cell for part in row for cell in part) for row in rows]


def gathered(side: Side) -> Side:
    """The side as one column, in which each cell says what it is; what does not matter is not said."""
    if len(side.names) < 2:
        return side
    return Side(side.title, (side.title,), tuple((_gathered(row, side),) for row in side.rows))


def _gathered(row: tuple[Line, ...], side: Side) -> Line:
    if len(row) < len(side.names):
        return row[0]
    said = [
        (Text(f"{_bare(name)}: "), *cell)
        for name, cell in zip(side.names, row, strict=True)
        if cell != ANY
    ]
    return joined(said, (Break(),)) if said else ANY


def _padded(row: tuple[Line, ...], side: Side) -> tuple[Line, ...]:
    return (*row, *[()] * (len(side.names) - len(row)))


def _bare(name: str) -> str:
    """The name without the arrow, which stands above."""
    return name.removeprefix("→\u00a0")
