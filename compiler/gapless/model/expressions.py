"""Arithmetic as it was meant: exact, without a type of its own, over the columns of one table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, assert_never

from gapless.model.types import OptionalType, ScalarType, Value


@dataclass(frozen=True, slots=True)
class Constant:
    """A value written in the cell; it belongs to the outcome column's type."""

    value: Value


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """The value that the input, computed or `let` column `column` has in the case at hand."""

    column: str


class Operator(StrEnum):
    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    LEAST = "min"
    GREATEST = "max"
    MAGNITUDE = "abs"
    JOIN = "&"


@dataclass(frozen=True, slots=True)
class Operation:
    """Two operands for signs, one for `abs`, any number for `min`, `max` and `&`.

    Days are subtracted from days only; `&` joins texts and members as they are written.
    """

    operator: Operator
    operands: tuple[Expression, ...]


class RoundingMode(StrEnum):
    """Where a number goes that lies between two: `half …` are the modes that ask which one is nearer."""

    UP = "up"
    DOWN = "down"
    CEILING = "ceiling"
    FLOOR = "floor"
    HALF_UP = "half up"
    HALF_DOWN = "half down"
    HALF_EVEN = "half even"


@dataclass(frozen=True, slots=True)
class Rounded:
    """`of` to `digits` digits after the point; -2 is to hundreds. `up` and `down` are from and to zero."""

    of: Expression
    digits: int
    mode: RoundingMode


class DateUnit(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class MonthEnd(StrEnum):
    """What stands for a day that a month does not have: its last day, or the first of the next month."""

    LAST = "last"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Shifted:
    """The day `count` units after `day`, before it where `count` is negative.

    A month later is the same day of the month, or what stands for it where it has none such.
    """

    day: Expression
    count: Expression
    unit: DateUnit
    month_end: MonthEnd = MonthEnd.LAST


@dataclass(frozen=True, slots=True)
class Elapsed:
    """How many whole units lie between two days; negative where `end` comes first.

    A month or year is over on the same day of the month, or on what stands for it where it has none
    such: who is born on 29 February is a year older on 1 March, unless it is the last day.
    """

    start: Expression
    end: Expression
    unit: DateUnit
    month_end: MonthEnd = MonthEnd.NEXT


Expression: TypeAlias = Constant | ColumnValue | Operation | Rounded | Shifted | Elapsed


@dataclass(frozen=True, slots=True)
class Computed:
    """An outcome worked out from columns of the case; a value of `type`, or no answer at all.

    `natural` is the type of whatever the arithmetic can come to, which may reach further.
    """

    expression: Expression
    type: ScalarType | OptionalType
    natural: ScalarType | OptionalType


def operands_of(expression: Expression) -> tuple[Expression, ...]:
    """What an expression is made of, one level down."""
    match expression:
        case Constant() | ColumnValue():
            return ()
        case Operation(_, operands):
            return operands
        case Rounded(of):
            return (of,)
        case Shifted(day, count):
            return (day, count)
        case Elapsed(start, end):
            return (start, end)
    assert_never(expression)


def parts_of(expression: Expression) -> Iterator[Expression]:
    """The expression and all that it is made of."""
    yield expression
    for operand in operands_of(expression):
        yield from parts_of(operand)


def columns_of(expression: Expression) -> tuple[str, ...]:
    """The columns it names, each once, in their order."""
    parts = parts_of(expression)
    return tuple(dict.fromkeys(part.column for part in parts if isinstance(part, ColumnValue)))
