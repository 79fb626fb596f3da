"""What is asked of every column before the table is: that it is there, and within what is declared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import assert_never

from gapless import refusing
from gapless.backends.sql.flavor import Flavor
from gapless.backends.sql.literals import inner, literal
from gapless.backends.sql.names import quoted
from gapless.backends.sql.tree import BINARY
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


def column(of: Column, flavor: Flavor) -> str:
    """A column as comparisons name it; in SQLite texts are compared as they are, whatever was declared."""
    name = quoted(of.name)
    if flavor is Flavor.SQLITE and isinstance(inner(of.type), EnumerationType | TextType):
        return f"{name}{BINARY}"
    return name


def door(of: Column, flavor: Flavor) -> Iterator[tuple[str, str]]:
    """(condition, reason) for what is refused; a later condition relies on the earlier ones."""
    name = quoted(of.name)
    optional = isinstance(of.type, OptionalType)
    if not optional:
        yield f"{name} IS NULL", refusing.missing(of)
    wrong = [*_stored_otherwise(of, flavor), *_outside(of, flavor)]
    if wrong:
        either = " OR ".join(wrong)
        # Of a missing value every condition here is unknown, and so the case goes on.
        yield either, refusing.outside(of)


def _stored_otherwise(of: Column, flavor: Flavor) -> Iterator[str]:
    """What tells a value of another type; databases with typed columns do so themselves."""
    if flavor is not Flavor.SQLITE:
        return
    name = quoted(of.name)
    whole = isinstance(inner(of.type), IntType | BoolType)
    yield f"typeof({name}) NOT IN ('{'integer' if whole else 'text'}', 'null')"


def _outside(of: Column, flavor: Flavor) -> Iterator[str]:
    name, type = quoted(of.name), inner(of.type)
    match type:
        case EnumerationType(_, members):
            said = ", ".join(literal(member.name, type, flavor) for member in members)
            yield f"{column(of, flavor)} NOT IN ({said})"
        case BoolType() if flavor is Flavor.SQLITE:
            yield f"{name} NOT IN (0, 1)"
        case IntType(low, high):
            yield from _beyond(of, low, high, flavor)
            if flavor is not Flavor.SQLITE:
                yield f"{name} % 1 <> 0"
        case DecimalType(digits, low, high):
            yield from _beyond(of, low, high, flavor)
            # Not `<>`: Spark rounds both sides of a comparison when one has 38 figures. And the
            # difference of NaN, or of infinity, from itself is no zero in any database.
            yield f"{name} - round({name}, {digits}) <> 0"
        case DateType(low, high):
            yield from _beyond(of, low, high, flavor)
            day = f"date({name}) IS NOT {name}"
            yield day if flavor is Flavor.SQLITE else f"{name} <> CAST({name} AS DATE)"
        case BoolType() | TextType():
            return
        case ListType() | SetType() | OptionalType():
            raise AssertionError("lists and sets do not go in")
        case _:
            assert_never(type)


def _beyond(
    of: Column, low: int | Decimal | date | None, high: int | Decimal | date | None, flavor: Flavor
) -> Iterator[str]:
    """Below or above; whatever compares with nothing, such as NaN, is not between either."""
    name = quoted(of.name)
    least, most = (None if end is None else literal(end, of.type, flavor) for end in (low, high))
    if least is not None and most is not None:
        yield f"{name} NOT BETWEEN {least} AND {most}"
    elif least is not None:
        yield f"{name} < {least}"
    elif most is not None:
        yield f"NOT {name} <= {most}"
