"""Copies that lose nothing: how a column holds the value of another, whose type is narrower."""

from __future__ import annotations

from decimal import Decimal

from gapless.model.types import DecimalType, IntType, Type, Value


def copied(value: Value, into: Type) -> Value:
    """`value` as a column of type `into` holds it: among decimals a whole number is a decimal."""
    is_whole = isinstance(value, int) and isinstance(into.scalar, DecimalType)
    return Decimal(value) if is_whole else value  # type: ignore[arg-type]


def becomes_decimal(given: Type, into: Type) -> bool:
    """Whether a copy of a value of type `given` is held in another way than that value."""
    return isinstance(given.scalar, IntType) and isinstance(into.scalar, DecimalType)
