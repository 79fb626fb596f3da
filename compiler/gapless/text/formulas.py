"""Arithmetic as readers know it from paper: `Base + Rate × (Income − 50,000)`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import assert_never

from gapless.model import (
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
    Value,
)
from gapless.text.words import literal

_SIGNS = {
    Operator.ADD: "+",
    Operator.SUBTRACT: "\u2212",
    Operator.MULTIPLY: "\u00d7",
    Operator.DIVIDE: "\u00f7",
    Operator.JOIN: "&",
}
_STRENGTH = {
    Operator.JOIN: 0,
    Operator.ADD: 1,
    Operator.SUBTRACT: 1,
    Operator.MULTIPLY: 2,
    Operator.DIVIDE: 2,
}
_NAMES = {
    Operator.LEAST: "the least of",
    Operator.GREATEST: "the greatest of",
    Operator.MAGNITUDE: "the size of",
}
_ATOM = 3
_ENDS = {
    MonthEnd.LAST: ", or the last day of a month that lacks the day",
    MonthEnd.NEXT: ", or the first after a month that lacks the day",
}


def spoken(expression: Expression, name: Callable[[str], str], within: int = 0) -> str:
    """An expression in words and signs; `name` is what readers call a column."""
    match expression:
        case Constant(value):
            return _value(value)
        case ColumnValue(column):
            return name(column)
        case Operation(Operator.SUBTRACT, (Constant(0), operand)):
            return f"\u2212{spoken(operand, name, _ATOM)}"
        case Operation(operator, operands) if operator in _STRENGTH:
            strength = _STRENGTH[operator]
            parts = [
                spoken(each, name, strength + (place > 0)) for place, each in enumerate(operands)
            ]
            text = f" {_SIGNS[operator]} ".join(parts)
            return f"({text})" if strength < within else text
        case Operation(operator, operands):
            listed = ", ".join(spoken(each, name) for each in operands)
            return f"{_NAMES[operator]} ({listed})"
        case Rounded(of, digits, mode):
            return _bracketed(f"{spoken(of, name)}, rounded {mode.value} {_to(digits)}", within)
        case Shifted(day, count, unit, month_end):
            later = f"{spoken(day, name)} + {_units(count, unit, name)}"
            chosen = _ENDS[month_end] if month_end is not MonthEnd.LAST else ""
            return _bracketed(f"{later}{chosen}", within)
        case Elapsed(start, end, unit, month_end):
            between = f"{spoken(start, name, _ATOM)} and {spoken(end, name, _ATOM)}"
            between += _ENDS[month_end] if month_end is not MonthEnd.NEXT else ""
            return _bracketed(f"whole {unit.value}s between {between}", within)
    assert_never(expression)


def _to(digits: int) -> str:
    if digits > 0:
        return f"to {digits} digit{'s' * (digits > 1)} after the point"
    if digits == 0:
        return "to a whole number"
    return f"to a multiple of {10**-digits:,}"


def _units(count: Expression, unit: DateUnit, name: Callable[[str], str]) -> str:
    one = count == Constant(1)
    return f"{spoken(count, name, _ATOM)} {unit.value}{'' if one else 's'}"


def _bracketed(text: str, within: int) -> str:
    return f"({text})" if within else text


def _value(value: Value) -> str:
    """A number as people group it; anything else as the language writes it."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{value:,}" if value >= 0 else f"\u2212{-value:,}"
    return literal(value)
