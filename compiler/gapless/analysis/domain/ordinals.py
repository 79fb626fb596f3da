"""Ordered values as whole numbers: ints as they are, decimals in their last digit, days and times counted.

Between two neighboring ranks of a type there is no value, so `<= 4` and `>= 5` meet for an `int` and
do not for a `decimal(1)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import ceil, floor
from typing import TypeAlias, assert_never

from gapless.model import (
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    Instant,
    IntType,
    Temporal,
    TimeType,
    Type,
    counted,
    instant_at,
)

OrderedType: TypeAlias = IntType | DecimalType | Temporal
OrderedValue: TypeAlias = int | Decimal | Instant


def ordered(type: Type) -> OrderedType | None:
    """The ordered type within `type`, if its present values are ordered."""
    inner = type.present
    return inner if isinstance(inner, OrderedType) else None


def ordered_list(type: Type) -> EnumerationType | None:
    """The ordered closed list within `type`, if it is one: its members have an order, but no ranks."""
    inner = type.present
    return inner if isinstance(inner, EnumerationType) and inner.is_ordered else None


def runs(places: int) -> Iterator[tuple[int, int]]:
    """The bits of `places` that follow each other: the first and the last of each run."""
    while places:
        low = places & -places
        after = places + low & ~places
        yield low.bit_length() - 1, after.bit_length() - 2
        places &= -after


def bounds(type: OrderedType) -> tuple[int | None, int | None]:
    """The lowest and the highest rank; None where the type is open."""
    low = None if type.low is None else first_at(type, type.low)
    high = None if type.high is None else first_after(type, type.high) - 1
    return low, high


def first_at(type: OrderedType, value: OrderedValue) -> int:
    """The rank of the least value of `type` that is not below `value`."""
    return ceil(_in_ranks(type, value))


def first_after(type: OrderedType, value: OrderedValue) -> int:
    """The rank of the least value of `type` that is above `value`."""
    return floor(_in_ranks(type, value)) + 1


def rank_of(type: OrderedType, value: OrderedValue) -> int | None:
    """The rank of `value`, if it is one of `type`'s."""
    exact = _in_ranks(type, value)
    rank = ceil(exact)
    return rank if rank == exact else None


def _in_ranks(type: OrderedType, value: OrderedValue) -> int | Decimal:
    """Where `value` lies among ranks: perhaps between two."""
    match type:
        case IntType():
            assert not isinstance(value, Instant)
            return value
        case DecimalType(digits):
            assert not isinstance(value, Instant)
            return _shifted(Decimal(value), digits)
        case DateType() | TimeType() | DatetimeType():
            assert isinstance(value, Instant)
            return counted(value)
    assert_never(type)


def value_at(type: OrderedType, rank: int) -> OrderedValue:
    """The value with that rank; a day's or time's rank must be one of the calendar's."""
    match type:
        case IntType():
            return rank
        case DecimalType(digits):
            return _shifted(Decimal(rank), -digits)
        case DateType() | TimeType() | DatetimeType():
            return instant_at(type, rank)
    assert_never(type)


def _shifted(number: Decimal, digits: int) -> Decimal:
    """`number` times ten to the power of `digits`, exactly, however long it is."""
    sign, figures, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    return Decimal((sign, figures, exponent + digits))
