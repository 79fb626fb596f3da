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
from gapless.backends.markdown.values import name_of, value_of
from gapless.evaluate import Answered, Impossible, Meaning, evaluate
from gapless.model import Column, Example, Table, Value
from gapless.words import count

ROOM = 6
"""So many inputs and outputs have a column each; with more, outputs share one, then inputs too."""


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
    titled = any(example.title for example in table.examples)
    rows = [
        _row(page, table, example, meaning, titled=titled)
        for example, meaning in zip(table.examples, meanings, strict=True)
    ]
    return Examples(grid(_head(table, titled=titled), rows), _coverage(page, table, meanings))


def _head(table: Table, *, titled: bool) -> list[str]:
    asked = [name_of(each) for each in table.inputs] if _apart(table.inputs) else ["Case"]
    given = [f"→ {name_of(each)}" for each in table.outputs]
    if not _apart((*table.inputs, *table.outputs)):
        given = ["→ Answer"]
    return [*(["Example"] if titled else []), *asked, *given, "By rule"]


def _row(
    page: Page, table: Table, example: Example, meaning: Meaning, *, titled: bool
) -> tuple[Line, ...]:
    title = [text(example.title or "")] if titled else []
    inputs = dict(example.inputs)
    asked = _side(table.inputs, inputs, apart=_apart(table.inputs))
    apart = _apart((*table.inputs, *table.outputs))
    match meaning:
        case Answered(_, rule, values):
            names = (column.name for column in table.outputs)
            given = _side(table.outputs, dict(zip(names, values, strict=True)), apart=apart)
            return (*title, *asked, *given, (rule_link(page, table, rule),))
        case Impossible(owner, rule):
            empty: list[Line] = [()] * (len(table.outputs) - 1 if apart else 0)
            never: Line = (Emphasis("cannot happen"),)
            return (*title, *asked, never, *empty, (rule_link(page, owner, rule),))
    raise AssertionError("a table that passed its checks has an answer for every example")


def _apart(columns: Sequence[Column]) -> bool:
    return len(columns) <= ROOM


def _side(columns: Sequence[Column], values: Mapping[str, Value], *, apart: bool) -> list[Line]:
    """The values in a cell each, or all in one with their columns' names."""
    cells = [value_of(column.type, values[column.name]) for column in columns]
    if apart:
        return cells
    named = [
        (Text(f"{name_of(column)}: "), *cell) for column, cell in zip(columns, cells, strict=True)
    ]
    return [joined(named, (Break(),))]


def _coverage(page: Page, table: Table, meanings: Sequence[Meaning]) -> str:
    reached = set(_deciding(table, meanings))
    rest = [rule for rule in table.rules if rule.name not in reached]
    if not rest:
        return "Every rule decides an example."
    links = joined([(rule_link(page, table, rule),) for rule in rest], text(", "), text(" and "))
    said = f"{count(len(reached), 'rule')} of {len(table.rules)} decide an example; not "
    return markdown((Text(said), *links, Text(".")))


def _deciding(table: Table, meanings: Sequence[Meaning]) -> Iterator[str]:
    """The names of the table's own rules that decide."""
    for meaning in meanings:
        if isinstance(meaning, Answered | Impossible) and meaning.table is table:
            yield meaning.rule.name
