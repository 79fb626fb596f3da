"""What a table is asked and what it answers: every column with every value it can have."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from gapless.backends.markdown.addresses import Page
from gapless.backends.markdown.grid import Grid, grid
from gapless.backends.markdown.inline import Break, Code, Line, joined, text
from gapless.backends.markdown.steps import looked_up
from gapless.backends.markdown.values import (
    MISSING,
    called_by_readers,
    described,
    name_of,
    shown,
)
from gapless.model import (
    Column,
    Computation,
    EnumerationType,
    Let,
    ListType,
    Member,
    OptionalType,
    Policy,
    SetType,
    Table,
    Type,
)
from gapless.text.formulas import spoken
from gapless.text.words import life, literal


def columns(page: Page, table: Table) -> Grid:
    """Inputs, computed columns and outputs, in the author's order."""
    seen = set(_types_before(page.policy, table))
    rows: list[tuple[Line, ...]] = []
    for column in table.inputs:
        rows.append(_row("asked", column, _values(column, seen)))
    for step in table.steps:
        match step:
            case Let():
                rows.append(_row("looked up", step.column, looked_up(page, table, step)))
            case Computation(column, expression):
                said = text(spoken(expression, lambda name: called_by_readers(table, name)))
                rows.append(_row("worked out", column, said))
    for column in table.outputs:
        rows.append(_row("→\u00a0answered", column, _values(column, seen)))
    return grid(["Role", "Column", "In the file", "Values"], rows)


def _types_before(policy: Policy, table: Table) -> Iterator[str]:
    """The types whose values the page has listed before it comes to `table`."""
    for each in policy.tables[: policy.tables.index(table)]:
        for column in (*each.inputs, *each.outputs):
            if column.type_name:
                yield column.type_name


def _row(role: str, column: Column, said: Line) -> tuple[Line, ...]:
    return text(role), text(name_of(column)), (Code(column.name),), said


def _values(column: Column, seen: set[str]) -> Line:
    """All that the column can hold; once the names of a type have been listed, its labels suffice."""
    if column.type_name in seen:
        return briefly(column.type)
    if column.type_name:
        seen.add(column.type_name)
    return values(column.type)


def values(type: Type) -> Line:
    """Every member of a closed list with its label; of other types, what their values are."""
    of = type.scalar
    if not isinstance(of, EnumerationType):
        return text(described(type))
    several = [text("any number of")] if isinstance(type, ListType | SetType) else []
    missing = [MISSING] if isinstance(type, OptionalType) else []
    return joined([*several, *_members(of), *missing], (Break(),))


def _members(type: EnumerationType) -> Iterator[Line]:
    """A line for each member that has a label; those that have none share one with their neighbors."""
    for labeled, members in groupby(type.members, lambda each: bool(each.label or each.has_life)):
        names = [(Code(literal(member.name)), *_label(member)) for member in members]
        yield from names if labeled else [joined(names, text(", "))]


def _label(member: Member) -> Line:
    said = text(" ", member.label) if member.label else ()
    return (*said, *text(f" ({life(member)})")) if member.has_life else said


def briefly(type: Type) -> Line:
    """As `values`, but labels alone, in one line."""
    of = type.scalar
    if not isinstance(of, EnumerationType):
        return values(type)
    members = [text(shown(of, member)) for member in of.members]
    missing = [MISSING] if isinstance(type, OptionalType) else []
    several = text("any number of ") if isinstance(type, ListType | SetType) else ()
    return (*several, *joined([*members, *missing], text(" · ")))


def unshown_types(policy: Policy) -> Grid | None:
    """The declared types that no table of the policy has in a column."""
    shown = {
        column.type_name for table in policy.tables for column in (*table.inputs, *table.outputs)
    }
    rows = [
        ((Code(named.name),), text(named.title or ""), values(named.type))
        for named in policy.types
        if named.name not in shown
    ]
    return grid(["Type", "Title", "Values"], rows) if rows else None
