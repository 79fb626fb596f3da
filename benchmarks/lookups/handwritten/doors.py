"""What all hand-written lookups do where the fast path does not answer: say what is wrong, in exact numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, localcontext
from typing import Any, NoReturn

from benchmarks.lookups.grids import Answer, Column

EXACT = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])
LONGEST = 1_000
"""No number with more digits is looked at."""


class Refused(ValueError):
    """An argument is not what its column allows."""


def again(lookup: Callable[..., Answer], columns: Sequence[Column], given: Sequence[Any]) -> Answer:
    """Refuse the first argument that is not allowed; all being allowed, look up once more, exactly.

    That happens for whole numbers where a Decimal may be, and where the caller's context of decimals
    is too narrow for the fast path.
    """
    with localcontext(EXACT):
        for column, value in zip(columns, given, strict=True):
            if not is_allowed(column, value):
                _refuse(column, value)
        exact = [
            Decimal(value) if column.kind == "dec" else value
            for column, value in zip(columns, given, strict=True)
        ]
        return lookup(*exact)


def is_allowed(column: Column, value: object) -> bool:
    """By the slow and obvious way, in a context that rounds nothing."""
    if column.kind == "enum":
        return (value is None or type(value) is str) and value in column.values
    if column.kind == "bool":
        return value is True or value is False
    low, high = column.values[0], column.end - 1
    if column.kind == "int" or type(value) is int:
        return type(value) is int and low <= value * 10**column.scale <= high
    if type(value) is not Decimal or not value.is_finite() or abs(value.adjusted()) >= LONGEST:
        return False
    if len(value.as_tuple().digits) > LONGEST:
        return False
    units = value.scaleb(column.scale)
    return units == units.to_integral_value() and low <= units <= high


def _refuse(column: Column, value: object) -> NoReturn:
    if column.is_listed:
        allowed = "one of " + ", ".join(map(str, column.values))
    else:
        allowed = f"from {column.exact(column.values[0])} to {column.exact(column.end - 1)}"
    raise Refused(f"{column.name} must be {allowed}; got {value!r}")
