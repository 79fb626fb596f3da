"""Worked examples: what was asked, what the table answers, and which rule does so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gapless.backends.markdown.addresses import Page
from gapless.backends.markdown.inline import (
    Emphasis,
    Grid,
    Line,
    Text,
    grid,
    joined,
    markdown,
    text,
)
from gapless.backends.markdown.rows import UNDECIDED, Side, fitted, rule_link, rule_links
from gapless.backends.markdown.values import ARROW, answer_name, name_of, value_of
from gapless.model import Table
from gapless.semantics import Answered, Draft, Impossible, Meaning, evaluate
from gapless.text.words import count

ROOM = 5
"""So many inputs and outputs have a column each; with more, outputs share one, and then inputs."""


class Examples(NamedTuple):
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
        tuple(
            tuple(value_of(each.type, dict(example.inputs)[each.name]) for each in table.inputs)
            for example in table.examples
        ),
    )
    given = Side(
        f"{ARROW}Answered",
        tuple(map(answer_name, table.outputs)),
        tuple(_given(table, meaning) for meaning in meanings),
    )
    head, cells = fitted([asked, given], ROOM)
    rows = []
    for number, (example, row) in enumerate(zip(table.examples, cells, strict=True), 1):
        name = text(f"{number}: {example.title}" if example.title else f"{number}")
        rows.append((name, *row, _deciders(page, meanings[number - 1])))
    told = grid(["Example", *head, "By rule"], rows)
    return Examples(told, "" if table.is_decision else _coverage(page, table, meanings))


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
            return joined(links, ", ")
    raise AssertionError("a table that passed its checks answers every example")


def _coverage(page: Page, table: Table, meanings: Sequence[Meaning]) -> str:
    reached = {
        rule.name
        for meaning in meanings
        if isinstance(meaning, Answered | Impossible | Draft) and meaning.table is table
        for rule in meaning.rules
    }
    own = [rule for rule in table.rules if rule.declared is None]
    rest = [rule for rule in own if rule.name not in reached]
    if not rest:
        return "Every rule decides an example."
    links = rule_links(page, [(table, rule) for rule in rest])
    part = f"{len(own) - len(rest):,} of {count(len(own), 'rule')}"
    return markdown((Text(f"The examples reach {part}; not "), *links, Text(".")))
