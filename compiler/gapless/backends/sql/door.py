"""What is asked of every column before the table is: that it is there, and within what is declared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TypeAlias, assert_never

from gapless.backends import rejections as refusing
from gapless.backends.sql.flavor import Flavor
from gapless.backends.sql.literals import is_bigint, literal, most
from gapless.backends.sql.reading import Reading, reading
from gapless.model import (
    BoolType,
    Column,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    ListType,
    OptionalType,
    SetType,
    TextType,
)

WIDTH = 80
"""Conditions that are longer together stand on lines of their own."""

Number: TypeAlias = int | Decimal | None


def door(of: Column, flavor: Flavor) -> Iterator[tuple[str, str]]:
    """(condition, reason) for what is refused; a later condition relies on the earlier ones."""
    read = reading(of, flavor)
    if not isinstance(of.type, OptionalType):
        yield read.missing, refusing.missing(of)
    wrong, outside = [*read.wrong], [*_outside(of, read, flavor)]
    if flavor is not Flavor.DUCKDB or not isinstance(of.type.present, DateType):
        wrong, outside = [*wrong, *outside], []
    # Where DuckDB makes a moment and a day alike, that may overflow: only days are held to bounds.
    for either in filter(None, (wrong, outside)):
        # Of a missing value every condition here is unknown or false, and so the case goes on.
        line = " OR ".join(either)
        yield line if len(line) <= WIDTH else "\nOR ".join(either), refusing.outside(of)


def _outside(of: Column, read: Reading, flavor: Flavor) -> Iterator[str]:
    type = of.type.present
    match type:
        case EnumerationType(_, members):
            said = ", ".join(literal(member.name, type, flavor) for member in members)
            yield f"{read.value} NOT IN ({said})"
        case BoolType() if flavor is Flavor.SQLITE:
            yield f"{read.value} NOT IN (0, 1)"
        case IntType() | DecimalType():
            low, high = _held(type, flavor)
            yield from _beyond(of, read, low, high, flavor)
        case DateType(low, high):
            yield from _beyond(of, read, low, high, flavor)
        case BoolType() | TextType():
            return
        case ListType() | SetType() | OptionalType():
            raise AssertionError("lists and sets do not go in")
        case _:
            assert_never(type)


def _held(type: IntType | DecimalType, flavor: Flavor) -> tuple[Number, Number]:
    """The bounds of a type; where it has none and the column is not brought to the SQL type, of that."""
    if is_bigint(type) or flavor not in (Flavor.STANDARD, Flavor.POSTGRES):
        return type.low, type.high
    high = most(type)
    return (-high if type.low is None else type.low), (high if type.high is None else type.high)


def _beyond(
    of: Column, read: Reading, low: Number | date, high: Number | date, flavor: Flavor
) -> Iterator[str]:
    """Below or above; whatever compares with nothing, such as NaN, is not between either."""
    least, most = (None if end is None else literal(end, of.type, flavor) for end in (low, high))
    if least is not None and most is not None:
        yield f"{read.value} NOT BETWEEN {least} AND {most}"
    elif least is not None:
        yield f"{read.value} < {least}"
    elif most is not None:
        yield f"NOT {read.value} <= {most}"
