"""Inputs of a table on both sides of everything that it names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal

from hypothesis import strategies as st

from gapless.model import (
    AnyOf,
    Begins,
    Between,
    BoolType,
    Call,
    Column,
    Constant,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    Equals,
    Holds,
    IntType,
    Items,
    NoneOf,
    OptionalType,
    OutcomeValue,
    Scalar,
    SetType,
    Table,
    Temporal,
    Test,
    TextType,
    TimeType,
    Value,
    counted,
    instant_at,
    is_kind,
)
from tests.strategies.types import inner, values


def cases(table: Table) -> st.SearchStrategy[dict[str, Value]]:
    """Inputs of a table: mostly at or beside what its rules name, and now and then anywhere."""
    values_of = [
        st.sampled_from(probes(table, column)) | values(column.type) for column in table.inputs
    ]
    names = [column.name for column in table.inputs]
    return st.tuples(*values_of).map(lambda given: dict(zip(names, given, strict=True)))


def probes(table: Table, column: Column) -> list[Value]:
    """Every member of a closed list; else the ends of the type, and what tables name, both sides."""
    if isinstance(column.type, SetType):
        return _sets(table, column.type)
    of = inner(column.type)
    found: list[Scalar | None] = [None] if isinstance(column.type, OptionalType) else []
    match of:
        case EnumerationType(_, members):
            found += [member.name for member in members]
        case BoolType():
            found += [False, True]
        case TextType():
            found += ["unnamed", *(value for value in _named(table) if isinstance(value, str))]
        case IntType() | DecimalType() | DateType() | TimeType() | DatetimeType():
            found += _around(of, table)
    return list(dict.fromkeys(found))


def _sets(table: Table, of: SetType) -> list[Value]:
    """None, all, one by one, and what the rules name and name not, with more and with less."""
    assert isinstance(of.of, EnumerationType)
    every = frozenset(member.name for member in of.of.members)
    found = [frozenset[str](), every, *(frozenset((name,)) for name in every)]
    for each in (e for rule in table.rules for e in rule.conditions):
        for members in _members_in(each.test):
            those = frozenset(members) & every
            found += [those, every - those, *(those - {name} for name in those)]
    return list(dict.fromkeys(found))


def _members_in(test: Test) -> Iterator[tuple[str, ...]]:
    if isinstance(test, Holds):
        yield from (number.members for way in test.ways for number in way)


def _around(of: IntType | DecimalType | Temporal, table: Table) -> list[Scalar]:
    """The ends of a type, and one step beside everything that is named, as far as it belongs to it."""
    named = [*(value for value in _named(table)), of.low, of.high, 0]
    found: list[Scalar] = []
    for value in named:
        match of, value:
            case IntType(), int() | Decimal() if not isinstance(value, bool):
                found += [int(value) + step for step in (-1, 0, 1)]
            case DecimalType(digits), int() | Decimal() if not isinstance(value, bool):
                rank = int(Decimal(value).scaleb(digits))
                found += [Decimal(rank + step).scaleb(-digits) for step in (-1, 0, 1)]
            case DateType(), date():
                days = (value.toordinal() + step for step in (-1, 0, 1))
                found += [date.fromordinal(day) for day in days if 1 <= day <= date.max.toordinal()]
            case TimeType() | DatetimeType(), date() | time() if is_kind(value, of):
                first, last = counted(type(of)().low), counted(type(of)().high)
                near = (counted(value) + step for step in (-1, 0, 1))
                found += [instant_at(of, each) for each in near if first <= each <= last]
    return [value for value in found if belongs(value, of)] or [_some(of)]


def belongs(value: Scalar, of: IntType | DecimalType | Temporal) -> bool:
    """Whether a number or date lies within the bounds of a type."""
    above = of.low is None or value >= of.low  # type: ignore[operator]
    return above and (of.high is None or value <= of.high)  # type: ignore[operator]


def _some(of: IntType | DecimalType | Temporal) -> Scalar:
    bound = of.low if of.low is not None else of.high
    assert bound is not None, "an open type holds 0"
    return bound


def _named(table: Table) -> list[Scalar]:
    """Every value that the conditions and calls of a table, and of those it calls, name."""
    found = [
        value for rule in table.rules for each in rule.conditions for value in _named_in(each.test)
    ]
    for call in made(table):
        found += [
            a.value
            for a in call.arguments
            if isinstance(a, Constant) and isinstance(a.value, Scalar)
        ]
        found += _named(call.table)
    return found


def _named_in(test: Test) -> list[Scalar]:
    match test:
        case Equals(value):
            return [value]
        case Between(low, high):
            return [end for end in (low, high) if end is not None]
        case Begins(prefix, but):
            inside = [value for each in but for value in _named_in(each)]
            return [prefix, f"{prefix}?", f"{prefix}x?", *inside]
        case AnyOf(inside) | NoneOf(inside):
            return [value for each in inside for value in _named_in(each)]
        case _:
            return []


def made(table: Table) -> list[Call]:
    """The calls in a table."""
    values = [outcome.value for rule in table.rules for outcome in rule.outcomes]
    parts: list[OutcomeValue] = []
    for value in values:
        parts += value.items if isinstance(value, Items) else (value,)
    return [*(let.call for let in table.lets), *(part for part in parts if isinstance(part, Call))]
