"""What arithmetic is about: numbers of so many digits, days, durations, texts; and how far they reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from math import ceil, floor

from gapless.model import (
    BoolType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    ListType,
    OptionalType,
    ScalarType,
    SetType,
    TextType,
    Type,
)
from gapless.model.arithmetic import decimal_of
from gapless.model.intervals import FIRST, LAST, Reach, reach_of_type


class Kind(Enum):
    NUMBER = "a number"
    DAY = "a day"
    TEXT = "a text"
    OTHER = "neither a number, a day nor a text"


@dataclass(frozen=True, slots=True)
class Quantity:
    """`digits` after the point at most; None for a quotient, which may have any number of them."""

    kind: Kind
    reach: Reach
    digits: int | None = 0


def quantity_of(type: Type) -> Quantity:
    """What a column of that type is to arithmetic."""
    reach = reach_of_type(type)
    match type.present:
        case IntType():
            return Quantity(Kind.NUMBER, reach)
        case DecimalType(digits):
            return Quantity(Kind.NUMBER, reach, digits)
        case DateType():
            return Quantity(Kind.DAY, reach)
        case TextType() | EnumerationType():
            return Quantity(Kind.TEXT, reach)
        case BoolType() | ListType() | SetType():
            return Quantity(Kind.OTHER, reach)


def type_of(found: Quantity) -> ScalarType | OptionalType | None:
    """The type that has all values of a quantity, and few others; None where it has no end of digits."""
    present = _present(found)
    if present is None:
        return None
    return OptionalType(present) if found.reach.absent else present


def _present(found: Quantity) -> ScalarType | None:
    low, high = found.reach.low, found.reach.high
    match found:
        case Quantity(Kind.TEXT):
            return TextType()
        case Quantity(Kind.DAY):
            first = FIRST if low is None else ceil(low)
            last = LAST if high is None else floor(high)
            return DateType(date.fromordinal(first), date.fromordinal(max(first, last)))
        case Quantity(Kind.NUMBER, _, 0):
            return IntType(
                None if low is None else ceil(low), None if high is None else floor(high)
            )
        case Quantity(Kind.NUMBER, _, int(digits)):
            return DecimalType(digits, *(_decimal(end, digits) for end in (low, high)))
    return None


def _decimal(end: Fraction | None, digits: int) -> Decimal | None:
    return None if end is None else decimal_of(floor(end * 10**digits), digits)
