"""Sums and products as SQL, where types prove that no database rounds them or runs over."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple, assert_never

from gapless.backends.sql.flavor import Flavor
from gapless.backends.sql.literals import BIGINT, INTEGER_FIGURES, LONG, Unheld
from gapless.backends.sql.names import quoted
from gapless.backends.sql.reading import reading
from gapless.model import (
    Column,
    ColumnValue,
    Constant,
    DecimalType,
    Elapsed,
    Expression,
    IntType,
    Operation,
    Operator,
    Rounded,
    Shifted,
    parts_of,
)
from gapless.model.intervals import Reach, reach_of, reach_of_type

BIGINT_FIGURES = 19
SIGNS = {Operator.ADD: "+", Operator.SUBTRACT: "-", Operator.MULTIPLY: "*"}


class Number(NamedTuple):
    """An expression, and how many figures it has before its point and after, at most."""

    sql: str
    before: int
    after: int


def worked_out(expression: Expression, columns: Mapping[str, Column], flavor: Flavor) -> str:
    """A calculation over inputs, which `columns` has by name; missing where one of them is.

    Raises Unheld for whatever else than a sum, a difference or a product of numbers.
    """
    written = _number(expression, columns)
    if _is_whole(expression, columns):
        return _whole(expression, columns, flavor)
    if flavor is Flavor.SQLITE:
        raise Unheld("SQLite has no exact decimal numbers")
    return written.sql


def largest(expression: Expression, columns: Mapping[str, Column]) -> Decimal:
    """What a calculation over inputs comes to at most, below 0 as well. Raises Unheld."""
    most = Decimal(10) ** _number(expression, columns).before
    return min(most, Decimal(BIGINT - 1)) if _is_whole(expression, columns) else most


def _is_whole(expression: Expression, columns: Mapping[str, Column]) -> bool:
    """Whether all of it is whole numbers of 64 bits, whatever the inputs are."""

    def known(name: str) -> Reach:
        return reach_of_type(columns[name].type)

    for part in parts_of(expression):
        if isinstance(part, Constant) and not isinstance(part.value, int):
            return False
        if isinstance(part, ColumnValue) and not isinstance(
            columns[part.column].type.present, IntType
        ):
            return False
        reach = reach_of(part, known)
        if reach.low is None or reach.high is None:
            return False
        if not -BIGINT <= reach.low <= reach.high < BIGINT:
            return False
    return True


def _whole(expression: Expression, columns: Mapping[str, Column], flavor: Flavor) -> str:
    """The same over BIGINT, as it is; only for what `_number` takes."""
    match expression:
        case Constant(value):
            return str(value)
        case ColumnValue(name):
            return reading(columns[name], flavor).exact
        case Operation(operator, (one, other)):
            left, right = (_whole(each, columns, flavor) for each in (one, other))
            return f"({left} {SIGNS[operator]} {right})"
    raise AssertionError("taken for a number before")


def _number(expression: Expression, columns: Mapping[str, Column]) -> Number:
    """The same over DECIMAL, every column and constant in a type of its own figures."""
    match expression:
        case Constant(int() | Decimal() as value) if not isinstance(value, bool):
            return _constant(Decimal(value))
        case ColumnValue(name):
            return _column(name, columns)
        case Operation(operator, (one, other)) if operator in SIGNS:
            return _operated(operator, _number(one, columns), _number(other, columns))
        case Constant() | Operation() | Rounded() | Shifted() | Elapsed():
            raise Unheld(
                "it calculates more than sums and products, which cannot be expressed in SQL"
            )
    assert_never(expression)


def _operated(operator: Operator, one: Number, other: Number) -> Number:
    """The figures are those that the strictest database counts with."""
    sql = f"({one.sql} {SIGNS[operator]} {other.sql})"
    if operator is Operator.MULTIPLY:
        made = Number(sql, one.before + other.before + 1, one.after + other.after)
    else:
        before = max(one.before, other.before) + 1
        made = Number(sql, before, max(one.after, other.after))
    if made.before + made.after > LONG:
        raise Unheld(f"a calculation may have more than the {LONG} figures that a DECIMAL holds")
    return made


def _constant(value: Decimal) -> Number:
    before = max(1, value.adjusted() + 1)
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return _as_decimal(f"{value:f}", before, max(0, -exponent))


def _column(name: str, columns: Mapping[str, Column]) -> Number:
    if name not in columns:
        raise Unheld(f"it calculates with {name}, which comes from another table")
    type = columns[name].type.present
    if not isinstance(type, IntType | DecimalType):
        raise Unheld("it calculates with days, texts or members, which cannot be expressed in SQL")
    digits = type.digits if isinstance(type, DecimalType) else 0
    is_open = type.low is None or type.high is None
    least = (INTEGER_FIGURES if digits else BIGINT_FIGURES) if is_open else 1
    ends = [Decimal(end) for end in (type.low, type.high) if end is not None]
    before = max([least, *(end.adjusted() + 1 for end in ends)])
    return _as_decimal(quoted(name), before, digits)


def _as_decimal(sql: str, before: int, after: int) -> Number:
    return Number(f"CAST({sql} AS DECIMAL({before + after}, {after}))", before, after)
