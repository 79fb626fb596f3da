"""Arithmetic backwards: what an operand has to be for the whole to be as wanted."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gapless.model import Operator
from gapless.model.intervals import Reach


def inverse(operator: Operator, wanted: Reach, known: Sequence[Reach], at: int) -> Reach | None:
    """What operand number `at` has to be for the whole to be as wanted; None where nothing is known."""
    match operator:
        case Operator.ADD:
            return _minus(wanted, known[1 - at])
        case Operator.SUBTRACT:
            return _plus(wanted, known[1]) if at == 0 else _minus(known[0], wanted)
        case Operator.MULTIPLY:
            return _divided(wanted, known[1 - at])
        case Operator.LEAST:
            return Reach(low=wanted.low)
        case Operator.GREATEST:
            return Reach(high=wanted.high)
    return None


def _plus(one: Reach, other: Reach) -> Reach:
    low = None if one.low is None or other.low is None else one.low + other.low
    high = None if one.high is None or other.high is None else one.high + other.high
    return Reach(low, high)


def _minus(one: Reach, other: Reach) -> Reach:
    low = None if one.low is None or other.high is None else one.low - other.high
    high = None if one.high is None or other.low is None else one.high - other.low
    return Reach(low, high)


def _divided(one: Reach, other: Reach) -> Reach | None:
    """By a positive number; nothing is said of others."""
    if other.low is None or other.low <= 0:
        return None
    low = None if one.low is None else _nearer(one.low, other, is_low=True)
    high = None if one.high is None else _nearer(one.high, other, is_low=False)
    return Reach(low, high)


def _nearer(end: Fraction, other: Reach, *, is_low: bool) -> Fraction:
    """An end divided by whichever end of the divisor takes in more."""
    assert other.low is not None
    by_high = Fraction(0) if other.high is None else end / other.high
    return min(end / other.low, by_high) if is_low else max(end / other.low, by_high)
