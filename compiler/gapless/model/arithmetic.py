"""What arithmetic comes to: exact fractions and days, never a binary float.

Whatever has no value (a division by zero, a missing operand, a day that no calendar has) is missing.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import TypeAlias, assert_never

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
    RoundingMode,
    Shifted,
)
from gapless.model.types import (
    DateType,
    DecimalType,
    IntType,
    OptionalType,
    ScalarType,
    TextType,
    Value,
)

Exact: TypeAlias = Fraction | date | time | str | None

NO_VALUE = object()
"""What `fitted` says where a type has no such value."""


def exact(value: Value) -> Exact:
    """A column's value as arithmetic takes it: yes and no take no part."""
    match value:
        case None | str() | date() | time():
            return value
        case int() | Decimal():
            return Fraction(value)
    raise AssertionError("resolve lets no list into arithmetic")


def value_of(expression: Expression, read: Callable[[str], Value]) -> Exact:
    """What an expression comes to, where `read` knows the value of every column that it names."""
    match expression:
        case Constant(value):
            return exact(value)
        case ColumnValue(column):
            return exact(read(column))
        case Operation(operator, operands):
            values = [value_of(each, read) for each in operands]
            return None if None in values else _operated(operator, values)
        case Rounded(of, digits, mode):
            number = value_of(of, read)
            return None if number is None else rounded(_number(number), digits, mode)
        case Shifted(day, count, unit, month_end):
            start, units = value_of(day, read), value_of(count, read)
            if start is None or units is None:
                return None
            return shifted(_day(start), int(_number(units)), unit, month_end)
        case Elapsed(start_of, end_of, unit, month_end):
            first, last = value_of(start_of, read), value_of(end_of, read)
            if first is None or last is None:
                return None
            return Fraction(elapsed(_day(first), _day(last), unit, month_end))
    assert_never(expression)


def fitted(value: Exact, type: ScalarType | OptionalType) -> Value | object:
    """`value` as a value of `type`, or `NO_VALUE` where it has none such."""
    if isinstance(type, OptionalType):
        return None if value is None else fitted(value, type.of)
    match type, value:
        case IntType(low, high), Fraction(denominator=1):
            return _within(int(value), low, high)
        case DecimalType(digits, low, high), Fraction():
            scaled = value * 10**digits
            if scaled.denominator == 1:
                return _within(decimal_of(scaled.numerator, digits), low, high)
        case DateType(low, high), date():
            return value if low <= value <= high else NO_VALUE
        case TextType(), str():
            return value
    return NO_VALUE


def decimal_of(count: int, digits: int) -> Decimal:
    """`count` in units of the last of `digits` digits after the point, exactly, however long it is."""
    sign, figures, exponent = Decimal(count).as_tuple()
    assert isinstance(exponent, int)
    return Decimal((sign, figures, exponent - digits))


def rounded(number: Fraction, digits: int, mode: RoundingMode) -> Fraction:
    """`number` to a multiple of the tenth power of `-digits`."""
    unit = Fraction(10) ** -digits
    return _whole(number / unit, mode) * unit


def shifted(
    day: date, count: int, unit: DateUnit, month_end: MonthEnd = MonthEnd.LAST
) -> date | None:
    """The day so many units later; None where the calendar does not go so far."""
    match unit:
        case DateUnit.DAY:
            return _day_numbered(day.toordinal() + count)
        case DateUnit.WEEK:
            return _day_numbered(day.toordinal() + 7 * count)
        case DateUnit.MONTH:
            return _months_later(day, count, month_end)
        case DateUnit.YEAR:
            return _months_later(day, 12 * count, month_end)
    assert_never(unit)


def elapsed(start: date, end: date, unit: DateUnit, month_end: MonthEnd = MonthEnd.NEXT) -> int:
    """How many whole units lie between two days."""
    if end < start:
        return -elapsed(end, start, unit, month_end)
    due = start.day
    if month_end is MonthEnd.LAST:
        due = min(due, monthrange(end.year, end.month)[1])
    months = 12 * (end.year - start.year) + end.month - start.month - (end.day < due)
    match unit:
        case DateUnit.DAY:
            return end.toordinal() - start.toordinal()
        case DateUnit.WEEK:
            return (end.toordinal() - start.toordinal()) // 7
        case DateUnit.MONTH:
            return months
        case DateUnit.YEAR:
            return months // 12
    assert_never(unit)


def _operated(operator: Operator, values: Sequence[Exact]) -> Exact:
    match operator:
        case Operator.JOIN:
            return "".join(str(value) for value in values)
        case Operator.LEAST:
            return min(values)  # type: ignore[type-var]
        case Operator.GREATEST:
            return max(values)  # type: ignore[type-var]
        case Operator.SUBTRACT if isinstance(values[0], date):
            return Fraction(values[0].toordinal() - _day(values[1]).toordinal())
    numbers = [_number(value) for value in values]
    match operator:
        case Operator.ADD:
            return numbers[0] + numbers[1]
        case Operator.SUBTRACT:
            return numbers[0] - numbers[1]
        case Operator.MULTIPLY:
            return numbers[0] * numbers[1]
        case Operator.DIVIDE:
            return numbers[0] / numbers[1] if numbers[1] else None
        case Operator.MAGNITUDE:
            return abs(numbers[0])
    assert_never(operator)


def _whole(number: Fraction, mode: RoundingMode) -> int:
    match mode:
        case RoundingMode.FLOOR:
            return floor(number)
        case RoundingMode.CEILING:
            return ceil(number)
        case RoundingMode.UP:
            return ceil(number) if number > 0 else floor(number)
        case RoundingMode.DOWN:
            return int(number)
        case RoundingMode.HALF_EVEN:
            return round(number)
        case RoundingMode.HALF_UP:
            return _sign(number) * floor(abs(number) + Fraction(1, 2))
        case RoundingMode.HALF_DOWN:
            return _sign(number) * ceil(abs(number) - Fraction(1, 2))
    assert_never(mode)


def _sign(number: Fraction) -> int:
    return -1 if number < 0 else 1


def _months_later(day: date, months: int, month_end: MonthEnd) -> date | None:
    years, month = divmod(12 * day.year + day.month - 1 + months, 12)
    if not date.min.year <= years <= date.max.year:
        return None
    last = monthrange(years, month + 1)[1]
    if day.day > last and month_end is MonthEnd.NEXT:
        return date(years, month + 2, 1)  # December has all days
    return date(years, month + 1, min(day.day, last))


def _day_numbered(ordinal: int) -> date | None:
    if not date.min.toordinal() <= ordinal <= date.max.toordinal():
        return None
    return date.fromordinal(ordinal)


def _within(
    value: int | Decimal, low: int | Decimal | None, high: int | Decimal | None
) -> Value | object:
    inside = (low is None or low <= value) and (high is None or value <= high)
    return value if inside else NO_VALUE


def _number(value: Exact) -> Fraction:
    assert isinstance(value, Fraction), "resolve lets only numbers be calculated with"
    return value


def _day(value: Exact) -> date:
    assert isinstance(value, date), "resolve lets only days be shifted"
    return value
