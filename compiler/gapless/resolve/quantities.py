"""What arithmetic is about: numbers of so many digits, days, durations, texts; and how far they reach."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
from gapless.model.reach import FIRST, LAST, Reach


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

    def within(self, reach: Reach) -> Quantity:
        return replace(self, reach=reach)


def quantity_of(type: Type) -> Quantity:
    """What a column of that type is to arithmetic."""
    optional = isinstance(type, OptionalType)
    inner = type.of if isinstance(type, OptionalType) else type
    match inner:
        case IntType(low, high):
            return Quantity(Kind.NUMBER, _reach(low, high, optional))
        case DecimalType(digits, low, high):
            return Quantity(Kind.NUMBER, _reach(low, high, optional), digits)
        case DateType(low, high):
            first, last = (Fraction(day.toordinal()) for day in (low, high))
            return Quantity(Kind.DAY, Reach(first, last, optional))
        case TextType() | EnumerationType():
            return Quantity(Kind.TEXT, Reach(absent=optional))
        case BoolType() | ListType() | SetType():
            return Quantity(Kind.OTHER, Reach(absent=optional))


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


def _reach(low: int | Decimal | None, high: int | Decimal | None, absent: bool) -> Reach:
    ends = (None if end is None else Fraction(end) for end in (low, high))
    first, last = ends
    return Reach(first, last, absent)
