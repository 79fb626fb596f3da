"""Worked examples: what was asked, what the table answers, and which rule does so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from gapless.backends.markdown.addresses import Page
from gapless.backends.markdown.grid import Grid, grid
from gapless.backends.markdown.inline import (
    Emphasis,
    Line,
    Text,
    joined,
    markdown,
    text,
)
from gapless.backends.markdown.outcomes import UNDECIDED
from gapless.backends.markdown.reasons import rule_link, rule_links
from gapless.backends.markdown.sides import Side, fitted
from gapless.backends.markdown.values import answer_name, name_of, value_of
from gapless.model import Example, Table
from gapless.semantics import Answered, Draft, Impossible, Meaning, evaluate
from gapless.text.words import count

ROOM = 5
"""So many inputs and outputs have a column each; with more, outputs share one, and then inputs."""


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
    asked = Side(
        "Asked",
        tuple(map(name_of, table.inputs)),
        tuple(map(partial(_asked, table), table.examples)),
    )
    given = Side(
        "→\u00a0Answered",
        tuple(map(answer_name, table.outputs)),
        tuple(map(partial(_given, table), meanings)),
    )
    head, cells = fitted([asked, given], ROOM)
    rows = [
        (_name(number, example), *row, _deciders(page, meaning))
        for number, (example, row, meaning) in enumerate(
            zip(table.examples, cells, meanings, strict=True), 1
        )
    ]
    told = grid(["Example", *head, "By rule"], rows)
    return Examples(told, "" if table.is_decision else _coverage(page, table, meanings))


def _name(number: int, example: Example) -> Line:
    return text(f"{number}: {example.title}" if example.title else f"{number}")


def _asked(table: Table, example: Example) -> tuple[Line, ...]:
    values = dict(example.inputs)
    return tuple(value_of(column.type, values[column.name]) for column in table.inputs)


def _given(table: Table, meaning: Meaning) -> tuple[Line, ...]:
    """A value for each output, or the one remark that there is none."""
    if isinstance(meaning, Answered):
        pairs = zip(table.outputs, meaning.values, strict=True)
        return tuple(value_of(column.type, value) for column, value in pairs)
    return ((Emphasis("cannot happen"),),) if isinstance(meaning, Impossible) else (UNDECIDED,)


def _deciders(page: Page, meaning: Meaning) -> Line:
    """The rule that answers, or all those that do together."""
    match meaning:
        case Answered(table) | Impossible(table) | Draft(table):
            links = [(rule_link(page, table, rule),) for rule in meaning.rules]
            return joined(links, text(", "))
    raise AssertionError("a table that passed its checks answers every example")


def _coverage(page: Page, table: Table, meanings: Sequence[Meaning]) -> str:
    reached = set(_deciding(table, meanings))
    own = [rule for rule in table.rules if rule.declared is None]
    rest = [rule for rule in own if rule.name not in reached]
    if not rest:
        return "Every rule decides an example."
    links = rule_links(page, [(table, rule) for rule in rest])
    part = f"{len(own) - len(rest):,} of {count(len(own), 'rule')}"
    return markdown((Text(f"The examples reach {part}; not "), *links, Text(".")))


def _deciding(table: Table, meanings: Sequence[Meaning]) -> Iterator[str]:
    """The names of the table's own rules that decide."""
    for meaning in meanings:
        if isinstance(meaning, Answered | Impossible | Draft) and meaning.table is table:
            yield from (rule.name for rule in meaning.rules)
