"""The ends of a range; one that is left out may lie one step outside its column's bounds."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from gapless.model import DateType, DecimalType, IntType, Scalar, ScalarType
from gapless.model.hit_policies import EXACT
from gapless.resolve.context import Context
from gapless.resolve.faults import Fault
from gapless.resolve.literals import Slot, read, read_literal, read_word
from gapless_dsl.nodes import Literal, Range


def read_ends(part: Range, column: Slot, context: Context) -> tuple[Scalar | None, Scalar | None]:
    """Both ends, None where it is open; what the column cannot be is complained about."""
    below, above = _outside(column.scalar)
    low = _end(part.low, None if part.low_included else below, column, context)
    return low, _end(part.high, None if part.high_included else above, column, context)


def _end(
    end: Literal | None, outside: Scalar | None, column: Slot, context: Context
) -> Scalar | None:
    if end is None:
        return None
    is_value = outside is None or not isinstance(read_word(end.text, column), Fault)
    if not is_value and read(end.text, _unbounded(column.scalar)) == outside:
        return outside
    return read_literal(end, column, context)


def _unbounded(of: ScalarType) -> ScalarType:
    match of:
        case IntType():
            return IntType()
        case DecimalType(digits):
            return DecimalType(digits)
        case DateType():
            return DateType()
    return of


def _outside(of: ScalarType) -> tuple[Scalar | None, Scalar | None]:
    """The values right below and right above those of a type, where it has bounds."""
    match of:
        case IntType(low, high):
            return None if low is None else low - 1, None if high is None else high + 1
        case DecimalType(digits, low, high):
            unit = Decimal((0, (1,), -digits))
            return (
                None if low is None else EXACT.subtract(low, unit),
                None if high is None else EXACT.add(high, unit),
            )
        case DateType(low, high):
            day = timedelta(days=1)
            return None if low == date.min else low - day, None if high == date.max else high + day
    return None, None
