"""What a rule answers, and how a computed column comes about, in a reviewer's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from gapless.backends.markdown.addresses import Page
from gapless.backends.markdown.inline import Emphasis, Line, Link, Text, joined, text
from gapless.backends.markdown.values import called_by_readers, items_of, name_of, value_of
from gapless.model import (
    Call,
    Column,
    ColumnValue,
    Computed,
    Constant,
    Equals,
    IsMissing,
    Items,
    OutcomeValue,
    Rule,
    RuleKind,
    Scalar,
    Table,
)
from gapless.text.formulas import spoken

UNDECIDED: Line = (Emphasis("still to be decided"),)


def answers(page: Page, table: Table, rule: Rule) -> tuple[Line, ...]:
    """What the rule answers, a line for each output."""
    if rule.kind is RuleKind.DRAFT:
        return (UNDECIDED,) * len(table.outputs)
    known = dict(_fixed(table, rule))
    return tuple(
        _answer(page, table, column, outcome.value, known)
        for column, outcome in zip(table.outputs, rule.outcomes, strict=True)
    )


def _fixed(table: Table, rule: Rule) -> Iterator[tuple[str, Scalar | None]]:
    """The columns that can have but one value where the rule applies."""
    for column, condition in zip(table.columns, rule.conditions, strict=True):
        match condition.test:
            case Equals(value):
                yield column.name, value
            case IsMissing():
                yield column.name, None


def _answer(
    page: Page,
    table: Table,
    column: Column,
    value: OutcomeValue,
    known: Mapping[str, Scalar | None],
) -> Line:
    match value:
        case Constant(constant):
            return value_of(column.type, constant)
        case ColumnValue(name) if name in known:
            return value_of(column.type, known[name])
        case ColumnValue(name):
            return (Text("same as "), Emphasis(called_by_readers(table, name)))
        case Call():
            return called(page, table, value)
        case Items(items):
            lines = [_answer(page, table, column, item, known) for item in items]
            return items_of(lines)
        case Computed(expression):
            return text(spoken(expression, lambda name: called_by_readers(table, name)))
    assert_never(value)


def called(page: Page, table: Table, call: Call) -> Line:
    """`what *The fee* answers for Weight and Zone`, naming the output where there are several."""
    callee = call.table
    link = Link(Emphasis(callee.title or callee.name), page.table(callee))
    arguments = [
        (Text(called_by_readers(table, argument.column)),)
        if isinstance(argument, ColumnValue)
        else value_of(column.type, argument.value)
        for column, argument in zip(callee.inputs, call.arguments, strict=True)
    ]
    asked = (Text(" for "), *joined(arguments, text(", "), text(" and "))) if arguments else ()
    several = len(callee.outputs) > 1
    which = text(f" as {name_of(callee.outputs[call.output])}") if several else ()
    return (Text("what "), link, Text(" answers"), *which, *asked)
