"""Worked examples: what was asked, what the table answers, and which rule does so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gapless.backends.markdown.addresses import Page
from gapless.backends.markdown.grid import Grid, grid
from gapless.backends.markdown.inline import (
    Break,
    Emphasis,
    Line,
    Text,
    joined,
    markdown,
    text,
)
from gapless.backends.markdown.reasons import rule_link
from gapless.backends.markdown.values import answer_name, name_of, value_of
from gapless.evaluate import Answered, Impossible, Meaning, evaluate
from gapless.model import Column, Example, Table, Value
from gapless.words import count

ROOM = 5
"""So many inputs and outputs have a column each; with more, each side shares one."""


@dataclass(frozen=True, slots=True)
class Examples:
    """`coverage` says which rules the examples reach."""

    grid: Grid | None
    coverage: str


def examples(page: Page, table: Table) -> Examples:
    """Every example, run through the reference meaning."""
    if not table.examples:
        return Examples(None, "No examples are given.")
    meanings = [evaluate(table, dict(example.inputs)) for example in table.examples]
    rows: list[tuple[Line, ...]] = []
    for number, example in enumerate(table.examples, 1):
        asked = _asked(table, number, example)
        rows.append((*asked, *_given(page, table, meanings[number - 1])))
    return Examples(grid(_head(table), rows), _coverage(page, table, meanings))


def _head(table: Table) -> list[str]:
    if not _apart(table):
        return ["Example", "Asked", "→\u00a0Answered", "By rule"]
    asked = map(name_of, table.inputs)
    return ["Example", *asked, *map(answer_name, table.outputs), "By rule"]


def _apart(table: Table) -> bool:
    return len(table.inputs) + len(table.outputs) <= ROOM


def _asked(table: Table, number: int, example: Example) -> tuple[Line, ...]:
    """The number and, where there is room for it, the title; then the inputs."""
    asked = _side(table, table.inputs, dict(example.inputs))
    if not example.title:
        return (text(f"{number}"), *asked)
    if _apart(table):
        return (text(f"{number}: {example.title}"), *asked)
    return (text(f"{number}"), (Emphasis(example.title), Break(), *asked[0]))


def _given(page: Page, table: Table, meaning: Meaning) -> tuple[Line, ...]:
    match meaning:
        case Answered(_, rule, values):
            names = (column.name for column in table.outputs)
            given = _side(table, table.outputs, dict(zip(names, values, strict=True)))
            return (*given, (rule_link(page, table, rule),))
        case Impossible(owner, rule):
            empty: list[Line] = [()] * (len(table.outputs) - 1 if _apart(table) else 0)
            return ((Emphasis("cannot happen"),), *empty, (rule_link(page, owner, rule),))
    raise AssertionError("a table that passed its checks answers every example")


def _side(table: Table, columns: Sequence[Column], values: Mapping[str, Value]) -> list[Line]:
    """The values in a cell each, or all in one with the names of their columns."""
    cells = [value_of(column.type, values[column.name]) for column in columns]
    if _apart(table):
        return cells
    named = [
        (Text(f"{name_of(column)}: "), *cell) for column, cell in zip(columns, cells, strict=True)
    ]
    return [joined(named, text("; "))]


def _coverage(page: Page, table: Table, meanings: Sequence[Meaning]) -> str:
    reached = set(_deciding(table, meanings))
    rest = [rule for rule in table.rules if rule.name not in reached]
    if not rest:
        return "Every rule decides an example."
    links = joined([(rule_link(page, table, rule),) for rule in rest], text(", "), text(" and "))
    part = f"{len(reached):,} of {count(len(table.rules), 'rule')}"
    return markdown((Text(f"The examples reach {part}; not "), *links, Text(".")))


def _deciding(table: Table, meanings: Sequence[Meaning]) -> Iterator[str]:
    """The names of the table's own rules that decide."""
    for meaning in meanings:
        if isinstance(meaning, Answered | Impossible) and meaning.table is table:
            yield meaning.rule.name
