"""How a decision comes about, in a reviewer's words: its steps in their order, and what it answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from gapless.backends.markdown.addresses import Page, rule_anchor
from gapless.backends.markdown.conditions import condition
from gapless.backends.markdown.grid import Grid, grid
from gapless.backends.markdown.inline import (
    Anchor,
    Emphasis,
    Line,
    Link,
    Text,
    flat,
    joined,
    markdown,
    text,
)
from gapless.backends.markdown.outcomes import answers, called
from gapless.backends.markdown.values import called_by_readers, name_of, value_of
from gapless.model import Call, ColumnValue, Computation, Guard, Let, RuleKind, Table
from gapless.text.formulas import spoken


@dataclass(frozen=True, slots=True)
class Steps:
    """What a decision's page has where a table's has its rules."""

    lines: tuple[str, ...]
    answer: Grid


def steps(page: Page, table: Table) -> Steps:
    return Steps(tuple(markdown(line) for line in _lines(page, table)), _answer(page, table))


def looked_up(page: Page, table: Table, let: Let) -> Line:
    """`what *The fee* answers for Weight, where Zone is home; else missing`."""
    found = called(page, table, let.call)
    if not let.guard:
        return found
    return (*found, Text(", where "), *_holds(table, let.guard), Text("; else missing"))


def _lines(page: Page, table: Table) -> Iterator[Line]:
    """A line for each call: lets that ask the same under the same guard are one step."""
    for _, lets in groupby(table.steps, key=_same_step):
        together = list(lets)
        first = together[0]
        if isinstance(first, Computation):
            said = spoken(first.expression, lambda name: called_by_readers(table, name))
            yield (Text("Work out "), Emphasis(name_of(first.column)), Text(f": {said}."))
            continue
        columns = [(Emphasis(name_of(each.column)),) for each in together]
        names = joined(columns, text(", "), text(" and "))
        where = (Text("Where "), *_holds(table, first.guard), Text(", ask "))
        begin: Line = where if first.guard else text("Ask ")
        line = (*begin, *_asked(page, table, first.call), Text(": this gives "), *names)
        if not first.guard:
            yield (*line, Text("."))
            continue
        verb = "is" if len(together) == 1 else "are"
        yield (*line, Text(". Elsewhere it is not asked, and "), *names, Text(f" {verb} missing."))


def _same_step(let: Let | Computation) -> object:
    if isinstance(let, Computation):
        return let.column.name
    tests = tuple((name, condition.test) for name, condition in let.guard)
    return let.call.table.name, let.call.arguments, tests


def _asked(page: Page, table: Table, call: Call) -> Line:
    """`The fee for Weight and Zone`."""
    link = Link(Emphasis(call.table.title or call.table.name), page.table(call.table))
    labels = {column.name: name_of(column) for column in table.columns}
    given = [
        text(labels[argument.column])
        if isinstance(argument, ColumnValue)
        else value_of(column.type, argument.value)
        for column, argument in zip(call.table.inputs, call.arguments, strict=True)
    ]
    told = (Text(" for "), *joined(given, text(", "), text(" and "))) if given else ()
    return (link, *told)


def _holds(table: Table, guard: tuple[Guard, ...]) -> Line:
    """`Zone is home and Weight is at most 5`."""
    columns = {column.name: column for column in table.columns}
    tests = [
        (
            Text(f"{name_of(columns[name])} is "),
            *flat(condition(columns[name], tested.test, table.columns)),
        )
        for name, tested in guard
    ]
    return joined(tests, text(", "), text(" and "))


def _answer(page: Page, table: Table) -> Grid:
    rule = next(rule for rule in table.rules if rule.kind is RuleKind.RULE)
    told = zip(table.outputs, answers(page, table, rule), strict=True)
    anchor = [Anchor(rule_anchor(table, rule))]
    rows: list[tuple[Line, Line]] = []
    for column, line in told:
        rows.append(((*anchor, Text(name_of(column))), line))
        anchor = []
    return grid(["→\u00a0Answered", "What it is"], rows)
