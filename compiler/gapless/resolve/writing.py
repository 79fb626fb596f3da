"""Values and types as an author would write them, for findings to quote."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import assert_never

from gapless.model import (
    BoolType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    ListType,
    OptionalType,
    Scalar,
    SetType,
    TextType,
    Type,
)
from gapless_dsl.lexis import word


def value(given: Scalar | None) -> str:
    """One value; an enumeration's member and a text are words."""
    match given:
        case None:
            return "missing"
        case bool():
            return "yes" if given else "no"
        case str():
            return word(given)
        case Decimal():
            return f"{given:f}"
        case int() | date():
            return str(given)
    assert_never(given)


def type_words(given: Type) -> str:
    """A type as it stands in a declaration; a closed list is called by its name."""
    match given:
        case EnumerationType(name):
            return name
        case BoolType():
            return "bool"
        case TextType():
            return "text"
        case IntType(low, high):
            return f"int{_bounds(low, high)}"
        case DecimalType(digits, low, high):
            return f"decimal({digits}){_bounds(_shortest(low), _shortest(high))}"
        case DateType(low, high):
            return f"date{_bounds(_unless(low, date.min), _unless(high, date.max))}"
        case OptionalType(of):
            return f"optional {type_words(of)}"
        case ListType(of):
            return f"list of {type_words(of)}"
        case SetType(of):
            return f"set of {type_words(of)}"
    assert_never(given)


def _unless(given: date, limit: date) -> date | None:
    return None if given == limit else given


def _shortest(given: Decimal | None) -> Decimal | None:
    """Without the zeros that end it: a bound is mostly written so."""
    if given is None or "." not in f"{given:f}":
        return given
    return Decimal(f"{given:f}".rstrip("0").rstrip("."))


def _bounds(low: Scalar | None, high: Scalar | None) -> str:
    if low is None and high is None:
        return ""
    return f" {span(low, high)}"


def span(low: Scalar | None, high: Scalar | None) -> str:
    """`low..high`, an absent end left open."""
    return f"{'' if low is None else value(low)}..{'' if high is None else value(high)}"
