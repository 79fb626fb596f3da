"""A cell that compares its column with another one: `< limit`, `= limit`, `[low..high)`."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.model import (
    AllOf,
    AnyOf,
    Between,
    Column,
    Compared,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    ScalarType,
    Test,
)
from gapless.resolve.findings import Findings, Site
from gapless.resolve.operands import Columns
from gapless.resolve.ranges import as_range, between
from gapless.resolve.slots import Slot, one_of, read_word
from gapless.resolve.values import Fault
from gapless.resolve.writing import type_words
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, decision, error
from gapless_dsl.lexis import spelled
from gapless_dsl.nodes import Comparison, ConditionContent, Literal, Part, Range


def compares(content: ConditionContent, column: Slot, columns: Columns) -> bool:
    """Whether some part of a cell is said in terms of another column, or with `=`."""
    parts = (*content.either, *content.neither)
    return any(
        (isinstance(part, Comparison) and part.operator == "=")
        or any(_names(end, column, columns) for end in _ends(part))
        for part in parts
    )


def against(
    content: ConditionContent, column: Slot, columns: Columns, site: Site, found: Findings
) -> Test | None:
    """What such a cell tests: it stands alone, for one row is one box of the columns and their order."""
    match content:
        case ConditionContent((Comparison("=", value) as part,), ()):
            return _equal(part, value, column, columns, site, found)
        case ConditionContent(((Comparison() | Range()) as part,), ()):
            return _within(as_range(part), column, columns, site, found)
    found.append(
        error(
            "GAP047",
            "a comparison with another column stands alone in its cell",
            Label(site.span, "more than one comparison"),
            subject=site.subject,
            helps=(decision("write a row for each part, or name a `let` column for it"),),
        )
    )
    return None


def _within(
    part: Range, column: Slot, columns: Columns, site: Site, found: Findings
) -> Test | None:
    tests: list[Between | Compared | AnyOf] = []
    fixed = part
    for end, sign, included in (
        (part.low, ">", part.low_included),
        (part.high, "<", part.high_included),
    ):
        if end is not None and _names(end, column, columns):
            test = _compared(f"{sign}{'=' if included else ''}", end, column, columns, site, found)
            if test is None:
                return None
            tests.append(test)
            low, high = (None if each is end else each for each in (fixed.low, fixed.high))
            fixed = Range(low, high, fixed.low_included, fixed.high_included, fixed.at)
    if fixed.low is not None or fixed.high is not None:
        rest = between(fixed, column, site, found)
        if rest is None:
            return None
        assert isinstance(rest, Between | AnyOf)
        tests.insert(0, rest)
    match tests:
        case [Compared() as only]:
            return only
    return AllOf(tuple(tests))


def _equal(
    part: Comparison,
    value: Literal,
    column: Slot,
    columns: Columns,
    site: Site,
    found: Findings,
) -> Test | None:
    if _names(value, column, columns):
        return _compared("=", value, column, columns, site, found)
    plain = spelled(value)
    found.append(
        error(
            "GAP047",
            "`=` compares with another column; a value stands alone",
            Label(site.at(part.at), f"no column is called {plain}"),
            subject=site.subject,
            helps=(decision(f"write `{plain}` to mean the value", Edit(site.at(part.at), plain)),),
        )
    )
    return None


def _compared(
    operator: str, name: Literal, column: Slot, columns: Columns, site: Site, found: Findings
) -> Compared | None:
    other = columns.known.get(name.text)
    if name.text in columns.known and other is None:
        return None
    if other is None:
        found.append(_refused(name, columns.barred[name.text], site))
        return None
    if other.name == column.name:
        found.append(_refused(name, "this is the column itself", site))
        return None
    members = _members(column.scalar, one_of(other.type))
    if members is None:
        found.append(_apart(name, column, other, site))
        return None
    return Compared(operator, other.name, members)


def _members(one: ScalarType, other: ScalarType) -> tuple[str, ...] | None:
    """The order that two columns share: that of a list, or of numbers or days (empty); None without one."""
    match one, other:
        case (IntType() | DecimalType(), IntType() | DecimalType()) | (DateType(), DateType()):
            return ()
        case EnumerationType(members=members, is_ordered=True), EnumerationType():
            if one == other:
                return tuple(member.name for member in members)
    return None


def _ends(part: Part) -> Iterator[Literal]:
    match part:
        case Comparison(_, value):
            yield value
        case Range(low, high):
            yield from (end for end in (low, high) if end is not None)


def _names(end: Literal, column: Slot, columns: Columns) -> bool:
    """Whether a word is a column's name and no value of the cell's own column."""
    known = end.text in columns.known or end.text in columns.barred
    return not end.quoted and known and isinstance(read_word(end.text, column), Fault)


def _refused(name: Literal, why: str, site: Site) -> Diagnostic:
    title = f"`{name.text}` cannot be compared with here"
    return error("GAP047", title, Label(site.at(name.at), why), subject=site.subject)


def _apart(name: Literal, column: Slot, other: Column, site: Site) -> Diagnostic:
    return error(
        "GAP047",
        f"`{column.name}` and `{other.name}` cannot be compared",
        Label(site.at(name.at), f"`{other.name}` is `{type_words(other.type)}`"),
        Label(other.span, "declared here"),
        column.declared,
        subject=site.subject,
        notes=("numbers are compared with numbers, days with days, a list's members with its own",),
    )
