"""Types in words: as an author declares them, and as readers of pages, of data and of code are told.

type_words   `decimal(2) 0..30000`                        the author, in findings
described    `number with up to 2 decimals, 0 to 30,000`  the reviewer, on a page
allowed      `a number from 0 to 30000 with at most 2 …`  whoever put a row, in a reason
as_python    `a Decimal or int from 0 to 30000 with …`    whoever calls the generated function
"""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias, assert_never

from gapless.model import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    Instant,
    IntType,
    ListType,
    OptionalType,
    Scalar,
    ScalarType,
    SetType,
    Temporal,
    TextType,
    TimeType,
    Type,
    is_end,
    written,
)
from gapless.text.words import count, listed, literal

Number: TypeAlias = int | Decimal | Instant

MEMBERS = 12
"""A longer list of members is counted, not told."""


_WORDS = {IntType: "int", DateType: "date", TimeType: "time", DatetimeType: "datetime"}


def type_words(given: Type) -> str:
    """A type as it stands in a declaration; a closed list is called by its name."""
    match given:
        case EnumerationType(name):
            return name
        case BoolType():
            return "bool"
        case TextType():
            return "text"
        case IntType() | DateType() | TimeType() | DatetimeType():
            return f"{_WORDS[type(given)]}{_bounds(*_ends(given))}"
        case DecimalType(digits, low, high):
            return f"decimal({digits}){_bounds(_shortest(low), _shortest(high))}"
        case OptionalType(of):
            return f"optional {type_words(of)}"
        case ListType(of):
            return f"list of {type_words(of)}"
        case SetType(of):
            return f"set of {type_words(of)}"
    assert_never(given)


def span(low: Scalar | None, high: Scalar | None) -> str:
    """`low..high`, an absent end left open."""
    return f"{'' if low is None else literal(low)}..{'' if high is None else literal(high)}"


def _bounds(low: Scalar | None, high: Scalar | None) -> str:
    return "" if low is None and high is None else f" {span(low, high)}"


def _shortest(given: Decimal | None) -> Decimal | None:
    """Without the zeros that end it: a bound is mostly written so."""
    if given is None or "." not in f"{given:f}":
        return given
    return Decimal(f"{given:f}".rstrip("0").rstrip("."))


def _ends(type: IntType | DecimalType | Temporal) -> tuple[Number | None, Number | None]:
    """The bounds of a type; where a calendar or a day ends is none that anybody declared."""
    low: Number | None = type.low
    high: Number | None = type.high
    return None if is_end(low) else low, None if is_end(high) else high


# ---------------------------------------------------------------- on pages


def described(type: Type) -> str:
    """What values a type has: `whole number, 0 to 30,000`; for a closed list, that it is one."""
    match type:
        case OptionalType(of):
            return f"{described(of)}, or missing"
        case ListType(of):
            return f"any number of these, in order: {described(of)}"
        case SetType(of):
            return f"any number of these: {described(of)}"
        case EnumerationType(_, members):
            return f"one of {count(len(members), 'value')}"
        case BoolType():
            return "yes or no"
        case IntType():
            return f"whole number{_from_to(type)}"
        case DecimalType(digits):
            return f"number with up to {count(digits, 'decimal')}{_from_to(type)}"
        case DateType():
            return f"date{_from_to(type)}"
        case TimeType():
            return f"time of day{_from_to(type)}"
        case DatetimeType():
            return f"date and time{_from_to(type)}"
        case TextType():
            return "any text"
    assert_never(type)


def _from_to(type: IntType | DecimalType | Temporal) -> str:
    """What follows the kind of number or date: `, 1 to 30,000`."""
    first, last = ("" if end is None else number(end, type) for end in _ends(type))
    dated = isinstance(type, Temporal)
    if first and last:
        return f", {first} to {last}"
    if first:
        return f", from {first}" if dated else f", {first} or more"
    if last:
        return f", up to {last}" if dated else f", {last} or less"
    return ""


def number(value: Number, type: ScalarType) -> str:
    """A day or time as it is; a number with its thousands apart.

    A year stays whole: all whole numbers of its type have four digits.
    """
    if isinstance(value, Instant):
        return written(value)
    ends = (type.low, type.high) if isinstance(type, IntType) else (None,)
    is_year = all(end is not None and 1_000 <= end < 10_000 for end in ends)
    return format(value, f"{'' if is_year else ','}{'f' if isinstance(value, Decimal) else 'd'}")


# ---------------------------------------------------------------- where data goes in


def allowed(type: Type) -> str:
    """What an input takes, apart from the missing value."""
    if isinstance(type, SetType):
        return f"a list of these: {allowed(type.of)}"
    match type.scalar:
        case EnumerationType(name, members):
            if len(members) > MEMBERS:
                return f"one of the {len(members)} values of {name}"
            return listed([member.name for member in members], "or")
        case BoolType():
            return "yes or no"
        case IntType() as of:
            return f"a whole number{_reach(of)}"
        case DecimalType() as of:
            return f"a number{_reach(of)}{_places(of)}"
        case DateType() as of:
            return f"a day{_reach(of)}"
        case TimeType() as of:
            return f"a time in whole seconds without a zone{_reach(of)}"
        case DatetimeType() as of:
            return f"a date and time in whole seconds without a zone{_reach(of)}"
        case TextType():
            return "text"
    raise AssertionError("lists and sets do not go in")


def as_python(type: Type) -> str:
    """What an input that has no members takes from Python."""
    besides = ", or None" if isinstance(type, OptionalType) else ""
    match type.scalar:
        case BoolType():
            return f"True or False{besides}"
        case IntType() as of:
            return f"an int{_reach(of)}{besides}"
        case DecimalType() as of:
            return f"a Decimal or int{_reach(of)}{_places(of)}{besides}"
        case DateType() as of:
            return f"a date without a time{_reach(of)}{besides}"
        case TimeType() as of:
            return f"a time in whole seconds without a zone{_reach(of)}{besides}"
        case DatetimeType() as of:
            return f"a datetime in whole seconds without a zone{_reach(of)}{besides}"
        case TextType():
            return f"a str{besides}"
    raise AssertionError("members are listed")


def _places(type: DecimalType) -> str:
    return f" with at most {type.digits} decimal{'s' * (type.digits != 1)}"


def _reach(type: IntType | DecimalType | Temporal) -> str:
    low, high = _ends(type)
    first, last = (f"{end:f}" if isinstance(end, Decimal) else _plain(end) for end in (low, high))
    if low is None:
        return "" if high is None else f" up to {last}"
    return f" from {first} on" if high is None else f" from {first} to {last}"


def _plain(end: Number | None) -> str:
    return written(end) if isinstance(end, Instant) else str(end)
