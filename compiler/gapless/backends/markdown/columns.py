"""What a table is asked and what it answers: every column with every value it can have."""

from __future__ import annotations

from gapless.backends.markdown.addresses import Page
from gapless.backends.markdown.grid import Grid, grid
from gapless.backends.markdown.inline import Break, Code, Line, Text, joined, text
from gapless.backends.markdown.outcomes import called
from gapless.backends.markdown.values import MISSING, described, inner, name_of
from gapless.model import EnumerationType, Member, OptionalType, Policy, Table, Type


def columns(page: Page, table: Table) -> Grid:
    """Inputs, computed columns and outputs, in the author's order."""
    rows: list[tuple[Line, ...]] = []
    for column in table.inputs:
        rows.append(
            (text("asked"), text(name_of(column)), (Code(column.name),), values(column.type))
        )
    for let in table.lets:
        column = let.column
        found = called(page, table, let.call)
        rows.append((text("looked up"), text(name_of(column)), (Code(column.name),), found))
    for column in table.outputs:
        row = (text("→ answered"), text(name_of(column)), (Code(column.name),), values(column.type))
        rows.append(row)
    return grid(["", "Column", "In the file", "Values"], rows)


def values(type: Type) -> Line:
    """Every member of a closed list with its label; of other types, what their values are."""
    of = inner(type)
    if not isinstance(of, EnumerationType):
        return text(described(type))
    labeled = any(member.label for member in of.members)
    between: Line = (Break(),) if labeled else text(", ")
    members = joined([_member(member) for member in of.members], between)
    if isinstance(type, OptionalType):
        return joined([members, MISSING], between)
    if type is not of:
        return (Text("any number of"), Break(), *members)
    return members


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


def _member(member: Member) -> Line:
    return (Code(member.name), *(text(" ", member.label) if member.label else ()))
