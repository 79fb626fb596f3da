"""How far a calculation can reach, given how far the columns in it can: never too narrow.

Interval arithmetic over exact fractions (R. E. Moore, Interval Analysis, 1966); days are counted by
their proleptic ordinal, times in seconds. Bounds are closed; where a set is open at an end, the end is taken in.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, product
from math import floor
from typing import NamedTuple, assert_never

from gapless.model.arithmetic import elapsed, exact, rounded, shifted
from gapless.model.expressions import (
    ColumnValue,
    Constant,
    DateUnit,
    Elapsed,
    Expression,
    MonthEnd,
    Operation,
    Operator,
    Rounded,
    Shifted,
)
from gapless.model.instants import counted
from gapless.model.types import DecimalType, IntType, OptionalType, Temporal, Type, Value

FIRST, LAST = date.min.toordinal(), date.max.toordinal()


class Reach(NamedTuple):
    """From `low` to `high`, None where there is no end; `absent`: whether it may be missing.

    `empty`: there is no present value at all. For texts nothing but `absent` and `empty` is known.
    """

    low: Fraction | None = None
    high: Fraction | None = None
    absent: bool = False
    empty: bool = False


NOWHERE = Reach(absent=True, empty=True)


@lru_cache(maxsize=1024, typed=True)
def reach_of_value(value: Value) -> Reach:
    match exact(value):
        case None:
            return NOWHERE
        case Fraction() as number:
            return Reach(number, number)
        case date() | time() as instant:
            return Reach(Fraction(counted(instant)), Fraction(counted(instant)))
    return Reach()


def reach_of_type(type: Type) -> Reach:
    """The values that a column of that type can have."""
    inner = type.present
    absent = isinstance(type, OptionalType)
    if not isinstance(inner, IntType | DecimalType | Temporal):
        return Reach(absent=absent)
    low, high = (
        None if end is None else reach_of_value(end).low for end in (inner.low, inner.high)
    )
    return Reach(low, high, absent)


def reach_of(expression: Expression, known: Callable[[str], Reach]) -> Reach:
    """The values that an expression can have where each column has one of its `known` ones."""
    match expression:
        case Constant(value):
            return reach_of_value(value)
        case ColumnValue(column):
            return known(column)
        case Operation(operator, operands):
            return _operated(operator, [reach_of(each, known) for each in operands])
        case Rounded(of, digits, mode):
            return _each_end(reach_of(of, known), lambda end: rounded(end, digits, mode))
        case Shifted(day, count, unit, month_end):
            return _shifted(reach_of(day, known), reach_of(count, known), unit, month_end)
        case Elapsed(start, end, unit, month_end):
            return _elapsed(reach_of(start, known), reach_of(end, known), unit, month_end)
    assert_never(expression)


def union(reaches: Iterable[Reach]) -> Reach:
    """The least reach that takes in all of them; of none, nowhere."""
    found = [*reaches]
    there = [each for each in found if not each.empty]
    absent = any(each.absent for each in found) or not found
    if not there:
        return Reach(absent=absent, empty=True)
    low, high = _least(each.low for each in there), _greatest(each.high for each in there)
    return Reach(low, high, absent)


MOST_BITS = 1024
"""Ends whose numerator or denominator has more are rounded outward: else each product of two columns
doubles them, and reckoning with them costs far more than the steps that are counted for it.
"""


def coarse(reach: Reach) -> Reach:
    """The reach, or a slightly wider one whose ends are short enough to reckon with."""
    low, high = reach.low, reach.high
    if (low is None or _is_short(low)) and (high is None or _is_short(high)):
        return reach
    least = None if low is None else _outward(low)
    most = None if high is None else _outward(-high)
    return reach._replace(low=least, high=None if most is None else -most)


def _is_short(end: Fraction) -> bool:
    return max(end.numerator.bit_length(), end.denominator.bit_length()) <= MOST_BITS


def _outward(low: Fraction) -> Fraction | None:
    """A short end that is no higher; None where only an open one is."""
    if _is_short(low):
        return low
    most = 1 << MOST_BITS
    if low >= most:
        return Fraction(most - 1)
    return None if low <= -most else Fraction(floor(low * most), most)


def _operated(operator: Operator, operands: Sequence[Reach]) -> Reach:
    absent = any(each.absent for each in operands)
    if any(each.empty for each in operands):
        return NOWHERE
    match operator:
        case Operator.JOIN:
            return Reach(absent=absent)
        case Operator.LEAST:
            highs = (each.high for each in operands if each.high is not None)
            return Reach(_least(each.low for each in operands), min(highs, default=None), absent)
        case Operator.GREATEST:
            lows = (each.low for each in operands if each.low is not None)
            return Reach(max(lows, default=None), _greatest(each.high for each in operands), absent)
        case Operator.MAGNITUDE:
            return _magnitude(operands[0])
    one, other = operands
    match operator:
        case Operator.ADD:
            return plus(one, other)._replace(absent=absent)
        case Operator.SUBTRACT:
            return minus(one, other)._replace(absent=absent)
        case Operator.MULTIPLY:
            return _product(one, other)._replace(absent=absent)
        case Operator.DIVIDE:
            return _quotient(one, other, absent)
    assert_never(operator)


def plus(one: Reach, other: Reach) -> Reach:
    """What sums of two present values can be."""
    low = None if one.low is None or other.low is None else one.low + other.low
    return Reach(low, None if one.high is None or other.high is None else one.high + other.high)


def minus(one: Reach, other: Reach) -> Reach:
    """What differences of two present values can be."""
    return plus(one, _negated(other))


def _negated(reach: Reach) -> Reach:
    low = None if reach.high is None else -reach.high
    high = None if reach.low is None else -reach.low
    return reach._replace(low=low, high=high)


def _least(ends: Iterable[Fraction | None]) -> Fraction | None:
    """None, an open end, is less than all others."""
    found: list[Fraction] = []
    for end in ends:
        if end is None:
            return None
        found.append(end)
    return min(found)


def _greatest(ends: Iterable[Fraction | None]) -> Fraction | None:
    """None, an open end, is greater than all others."""
    least = _least(None if end is None else -end for end in ends)
    return None if least is None else -least


def _magnitude(reach: Reach) -> Reach:
    turned = _negated(reach)
    if reach.low is not None and reach.low >= 0:
        return reach
    if reach.high is not None and reach.high <= 0:
        return turned
    return Reach(Fraction(0), _greatest((reach.high, turned.high)), reach.absent)


def _product(one: Reach, other: Reach) -> Reach:
    """By the four corners; an open end times nothing but zero is zero, else open."""
    if _is_zero(one) or _is_zero(other):
        return Reach(Fraction(0), Fraction(0))
    ends = [(one.low, one.high), (other.low, other.high)]
    if all(end is not None for pair in ends for end in pair):
        corners = [a * b for a, b in product(*ends)]  # type: ignore[operator]
        return Reach(min(corners), max(corners))
    return _open_product(one, other)


def _open_product(one: Reach, other: Reach) -> Reach:
    """Where some end is open, the signs decide which ends of the product are."""
    if _sign(one) < 0:
        return _negated(_open_product(_negated(one), other))
    if _sign(other) < 0:
        return _negated(_open_product(one, _negated(other)))
    if _sign(one) == 0 or _sign(other) == 0:
        return Reach()
    assert one.low is not None and other.low is not None
    high = None if one.high is None or other.high is None else one.high * other.high
    return Reach(one.low * other.low, high)


def _is_zero(reach: Reach) -> bool:
    return reach.low == reach.high == 0


def _sign(reach: Reach) -> int:
    """1 where nothing is negative, -1 where nothing is positive, else 0."""
    if reach.low is not None and reach.low >= 0:
        return 1
    return -1 if reach.high is not None and reach.high <= 0 else 0


def _quotient(one: Reach, other: Reach, absent: bool) -> Reach:
    low, high = other.low, other.high
    if _is_zero(other):
        return NOWHERE
    if (low is None or low <= 0) and (high is None or high >= 0):
        return Reach(absent=True)
    first, last = (Fraction(0) if end is None else 1 / end for end in (high, low))
    return _product(one, Reach(first, last))._replace(absent=absent)


def _each_end(reach: Reach, change: Callable[[Fraction], Fraction]) -> Reach:
    """What grows with what it is of, end by end."""
    low = None if reach.low is None else change(reach.low)
    high = None if reach.high is None else change(reach.high)
    return reach._replace(low=low, high=high)


def _shifted(day: Reach, count: Reach, unit: DateUnit, month_end: MonthEnd) -> Reach:
    if day.empty or count.empty:
        return NOWHERE
    low = None if count.low is None else _later(day.low, count.low, unit, month_end)
    high = None if count.high is None else _later(day.high, count.high, unit, month_end)
    beyond = not FIRST <= (FIRST - 1 if low is None else low) <= LAST
    beyond = beyond or not FIRST <= (LAST + 1 if high is None else high) <= LAST
    inside = (min(max(end, FIRST), LAST) if end is not None else None for end in (low, high))
    first, last = (None if end is None else Fraction(end) for end in inside)
    return Reach(first, last, day.absent or count.absent or beyond)


def _later(day: Fraction | None, count: Fraction, unit: DateUnit, month_end: MonthEnd) -> int:
    """The ordinal of a day so many units on; one beyond the calendar where it has none."""
    assert day is not None, "days have bounds"
    found = shifted(date.fromordinal(int(day)), int(count), unit, month_end)
    if found is not None:
        return found.toordinal()
    return FIRST - 1 if count < 0 else LAST + 1


def _elapsed(start: Reach, end: Reach, unit: DateUnit, month_end: MonthEnd) -> Reach:
    if start.empty or end.empty:
        return NOWHERE
    first, last, least, most = (
        date.fromordinal(int(each if each is not None else open_end))
        for each, open_end in (
            (start.low, FIRST),
            (start.high, LAST),
            (end.low, FIRST),
            (end.high, LAST),
        )
    )
    low = elapsed(last, least, unit, month_end)
    high = elapsed(first, most, unit, month_end)
    return Reach(Fraction(low), Fraction(high), start.absent or end.absent)


def may_lack_day(day: Reach, count: Reach, unit: DateUnit) -> bool:
    """Whether some day may have none of its number so many units later; yes where that is too much to try."""
    if unit in (DateUnit.DAY, DateUnit.WEEK):
        return False
    if day.low is None or day.high is None or count.low is None or count.low != count.high:
        return True
    first, last = (date.fromordinal(int(end)) for end in (day.low, day.high))
    begins, ends = (12 * each.year + each.month - 1 for each in (first, last))
    if ends - begins > _CYCLE // 4:
        return True
    later = int(count.low) * (12 if unit is DateUnit.YEAR else 1)
    for month in range(begins, ends + 1):
        least = first.day if month == begins else 1
        most = last.day if month == ends else 31
        kept = _LENGTHS[(month + later) % _CYCLE]
        if max(least, kept + 1) <= min(most, _LENGTHS[month % _CYCLE]):
            return True
    return False


# ---------------------------------------------------------------- days between days

_CYCLE = 12 * 400
"""So many months on, the calendar repeats itself."""

_LENGTHS = tuple(monthrange(2000 + month // 12, 1 + month % 12)[1] for month in range(_CYCLE))
_BEFORE = (0, *accumulate(_LENGTHS))
"""How many days lie before each month of a cycle."""


def days_apart(unit: DateUnit, count: Reach, month_end: MonthEnd) -> Reach:
    """How many days may lie between two between which so many whole units do: no fewer, no more."""
    low, high = count.low, count.high
    return Reach(
        None if low is None else Fraction(_fewest(unit, int(low), month_end)),
        None if high is None else -Fraction(_fewest(unit, -int(high), month_end)),
    )


def _fewest(unit: DateUnit, count: int, month_end: MonthEnd) -> int:
    """The fewest days after which so many units have passed; after fewer than none, still in the past."""
    match unit:
        case DateUnit.DAY:
            return count
        case DateUnit.WEEK:
            return 7 * count if count > 0 else 7 * count - 6
        case DateUnit.MONTH | DateUnit.YEAR:
            months = 12 if unit is DateUnit.YEAR else 1
            if count > 0:
                return _span(months * count, month_end)[0]
            return 1 - _span(months * (1 - count), month_end)[1]
    assert_never(unit)


@lru_cache(maxsize=1024)
def _span(months: int, month_end: MonthEnd) -> tuple[int, int]:
    """The fewest and the most days that it takes for so many months, one at least, to have passed.

    A month has passed when its day comes again, or, in a month too short for that day, on its last or
    on the first of the next.
    """
    fewest, most = 31 * months, 0
    for month in range(_CYCLE):
        cycles, last = divmod(month + months, _CYCLE)
        days = cycles * _BEFORE[-1] + _BEFORE[last] - _BEFORE[month]
        lacking = max(_LENGTHS[month] - _LENGTHS[last] - (month_end is MonthEnd.NEXT), 0)
        fewest, most = min(fewest, days - lacking), max(most, days)
    return fewest, most
