"""The one type that holds what inputs of the same name hold in different tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar, assert_never

from gapless.model import (
    BoolType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    OptionalType,
    ScalarType,
    TextType,
    Type,
)
from gapless.resolve.slots import one_of

End = TypeVar("End", int, Decimal, date)


def widest(types: Sequence[Type]) -> ScalarType | OptionalType | None:
    """The type with the outermost bounds, optional if any is; None where they are of different kinds.

    A closed list is only of a kind with itself, and a decimal with those of as many digits.
    """
    scalars = [one_of(each) for each in types]
    together = scalars[0]
    for scalar in scalars[1:]:
        both = _wider(together, scalar)
        if both is None:
            return None
        together = both
    is_optional = any(isinstance(each, OptionalType) for each in types)
    return OptionalType(together) if is_optional else together


def _wider(one: ScalarType, other: ScalarType) -> ScalarType | None:
    match one, other:
        case IntType(), IntType():
            return IntType(_least(one.low, other.low), _most(one.high, other.high))
        case DecimalType(digits), DecimalType() if digits == other.digits:
            return DecimalType(digits, _least(one.low, other.low), _most(one.high, other.high))
        case DateType(), DateType():
            return DateType(min(one.low, other.low), max(one.high, other.high))
        case ((EnumerationType() | BoolType() | TextType()), _):
            return one if one == other else None
        case ((IntType() | DecimalType() | DateType()), _):
            return None
    assert_never(one)


def _least(one: End | None, other: End | None) -> End | None:
    return None if one is None or other is None else min(one, other)


def _most(one: End | None, other: End | None) -> End | None:
    return None if one is None or other is None else max(one, other)
