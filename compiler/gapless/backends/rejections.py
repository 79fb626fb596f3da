"""Why a row gets no answer, in the same words wherever rows are decided: columns, databases, clusters.

A reason names the first column, in the order in which the table takes them in, whose value is missing
or outside; it does not repeat the value, which engines would write in ways of their own.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import assert_never

from gapless.analysis.by_inputs import Ending
from gapless.analysis.unit import Unit
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
    Type,
)
from gapless.text.words import listed

MEMBERS = 12
"""A longer list of members is counted, not told."""


def missing(column: Column) -> str:
    """The reason where a column that must have a value has none."""
    return f"{column.name} is missing"


def outside(column: Column) -> str:
    """The reason where a value is none of its column's."""
    return f"{column.name} must be {allowed(column.type)}"


def refused(unit: Unit, ending: Ending) -> str:
    """The reason where the table itself has no answer."""
    said = "still to be decided" if ending.is_draft else "cannot happen"
    if ending.rule is None:
        return f"{said}: so says a table that {unit.table.name} asks"
    return f"{said}: rule {unit.table.rules[ending.rule].name}"


def allowed(type: Type) -> str:
    """What a column takes, apart from the missing value."""
    match type:
        case OptionalType(of):
            return allowed(of)
        case EnumerationType(name, members):
            if len(members) > MEMBERS:
                return f"one of the {len(members)} values of {name}"
            return listed([member.name for member in members], "or")
        case BoolType():
            return "yes or no"
        case IntType(low, high):
            return f"a whole number{_reach(low, high)}"
        case DecimalType(digits, low, high):
            places = f"with at most {digits} decimal{'s' * (digits != 1)}"
            return f"a number{_reach(low, high)} {places}"
        case DateType(low, high):
            first, last = (None if low == date.min else low), (None if high == date.max else high)
            return f"a day{_reach(first, last)}"
        case TextType():
            return "text"
        case ListType() | SetType():
            raise AssertionError("lists and sets do not go in")
    assert_never(type)


def _reach(low: int | Decimal | date | None, high: int | Decimal | date | None) -> str:
    match low, high:
        case None, None:
            return ""
        case _, None:
            return f" from {_told(low)} on"
        case None, _:
            return f" up to {_told(high)}"
    return f" from {_told(low)} to {_told(high)}"


def _told(value: int | Decimal | date | None) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
