"""A comparison or a range to a test: of numbers and dates between two ends, of an ordered list by its members."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gapless.model import (
    AnyOf,
    Between,
    DateType,
    DecimalType,
    EnumerationType,
    Equals,
    IntType,
    Scalar,
    Test,
)
from gapless.resolve.findings import Findings, Site
from gapless.resolve.possible import possible
from gapless.resolve.slots import Slot, read_literal
from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, decision, error
from gapless_dsl.lexis import spelled
from gapless_dsl.nodes import Comparison, Range


def between(part: Comparison | Range, column: Slot, site: Site, found: Findings) -> Test | None:
    """The values that a comparison or range takes in; None where it cannot be one of this column."""
    of = column.scalar
    named = isinstance(of, EnumerationType) and of.is_ordered
    if not named and not isinstance(of, IntType | DecimalType | DateType):
        found.append(_no_order(part, column, site))
        return None
    ends = as_range(part)
    before = len(found)
    low = None if ends.low is None else read_literal(ends.low, column, site, found)
    high = None if ends.high is None else read_literal(ends.high, column, site, found)
    if len(found) > before:
        return None
    if isinstance(of, EnumerationType):
        return _members(ends, low, high, of, column, site, found)
    test = Between(_number(low), _number(high), ends.low_included, ends.high_included)
    if possible(test, of):
        return test
    reversed_ends = test.low is not None and test.high is not None and test.low > test.high  # type: ignore[operator]
    found.append(_never(ends, reversed_ends, column, site))
    return None


def _members(
    ends: Range,
    low: Scalar | None,
    high: Scalar | None,
    of: EnumerationType,
    column: Slot,
    site: Site,
    found: Findings,
) -> Test | None:
    """The members from the one end to the other, by name: no test knows of their order."""
    names = [member.name for member in of.members]
    first = 0 if low is None else names.index(str(low))
    last = len(names) - 1 if high is None else names.index(str(high))
    start = first + (low is not None and not ends.low_included)
    stop = last - (high is not None and not ends.high_included)
    tests = tuple(Equals(name) for name in names[start : stop + 1])
    if not tests:
        found.append(_never(ends, low is not None and first > last, column, site))
        return None
    return AnyOf(tests)


def as_range(part: Comparison | Range) -> Range:
    """`< x` as the range that it is."""
    if isinstance(part, Range):
        return part
    included = part.operator in ("<=", ">=", "≤", "≥")
    if part.operator in ("<", "<=", "≤"):
        return Range(None, part.value, True, included, part.at)
    return Range(part.value, None, included, True, part.at)


def _number(value: Scalar | None) -> int | Decimal | date | None:
    assert not isinstance(value, str)
    return value


def _no_order(part: Comparison | Range, column: Slot, site: Site) -> Diagnostic:
    typed = f"`{part.operator}`" if isinstance(part, Comparison) else "a range"
    return error(
        "GAP021",
        f"{typed} compares, but the values of `{column.name}` have no order",
        Label(site.at(part.at), "name the values, divided by commas"),
        column.values,
        subject=site.subject,
        helps=_ordering(column),
    )


def _ordering(column: Slot) -> tuple[Help, ...]:
    """A closed list may have an order that its author did not say."""
    of = column.scalar
    if not isinstance(of, EnumerationType) or len(of.members) < 2:
        return ()
    return (
        decision(
            f"if they have one, declare it, the lowest first: `type {of.name} = ordered … < …`"
        ),
    )


def _never(part: Range, is_reversed: bool, column: Slot, site: Site) -> Diagnostic:
    """GAP023, for a range without a value in it."""
    title = f"`{_typed(part)}` holds for no value of `{column.name}`"
    helps: tuple[Help, ...] = ()
    if is_reversed:
        assert part.low is not None and part.high is not None
        title = f"`{_typed(part)}` ends before it begins"
        edits = (
            Edit(site.at(part.low.at), spelled(part.high)),
            Edit(site.at(part.high.at), spelled(part.low)),
        )
        swapped = f"{spelled(part.high)}..{spelled(part.low)}"
        helps = (decision(f"swap the ends: `{swapped}`", *edits),)
    ordered = isinstance(column.scalar, EnumerationType)
    return error(
        "GAP023",
        title,
        Label(site.at(part.at), "nothing lies here"),
        column.values if ordered else column.declared,
        subject=site.subject,
        helps=helps,
    )


def _typed(part: Range) -> str:
    """A range as its author wrote it, but for spaces."""
    low, high = (None if end is None else spelled(end) for end in (part.low, part.high))
    if low is None or high is None:
        operator = ("<" if low is None else ">") + ("=" if _takes_end(part) else "")
        return f"{operator} {low or high}"
    if part.low_included and part.high_included:
        return f"{low}..{high}"
    left, right = "[" if part.low_included else "(", "]" if part.high_included else ")"
    return f"{left}{low}..{high}{right}"


def _takes_end(part: Range) -> bool:
    return part.high_included if part.low is None else part.low_included
