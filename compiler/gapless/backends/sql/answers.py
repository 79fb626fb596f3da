"""What a table answers, as SQL: constants, columns that are passed on, and lists of such as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from gapless.backends.sql.flavor import Flavor
from gapless.backends.sql.literals import Unheld, inner, item, literal, text
from gapless.backends.sql.tree import Operand
from gapless.calls import Fixed, Same, Several
from gapless.model import (
    BoolType,
    EnumerationType,
    IntType,
    ListType,
    SetType,
    Type,
)
from gapless.tabulating import Given


def answer(given: Given, type: Type, columns: Mapping[int, Operand], flavor: Flavor) -> str:
    """One output, of that type; `columns` are those that may be passed on. Raises Unheld."""
    match given:
        case Fixed(value):
            return literal(value, type, flavor)
        case Same(place):
            return columns[place].passed
        case Several():
            return _joined(given, type, columns)
    assert_never(given)


def _joined(given: Several, type: Type, columns: Mapping[int, Operand]) -> str:
    """A list of which something is passed on: its JSON, put together."""
    assert isinstance(type, ListType | SetType)
    if given.as_set:
        raise Unheld("it answers with sets that hold an input")
    parts: list[str] = []
    for each in given.items:
        if isinstance(each, Fixed):
            assert not isinstance(each.value, tuple | frozenset) and each.value is not None
            parts.append(text(item(each.value, type.of)))
        else:
            parts.append(_as_json(columns[each.input], type))
    return " || ".join(("'['", " || ', ' || ".join(parts), "']'"))


def _as_json(column: Operand, type: ListType | SetType) -> str:
    """One input as an item of a JSON list."""
    name, of = column.passed, inner(column.axis.column.type)
    match of:
        case EnumerationType(_, members):
            whens = (f"WHEN {text(m.name)} THEN {text(item(m.name, of))}" for m in members)
            return f"CASE {name} {' '.join(whens)} END"
        case BoolType():
            return f"CASE WHEN {name} THEN 'true' ELSE 'false' END"
        case IntType() if isinstance(type.of, IntType):
            return f"CAST({name} AS VARCHAR)"
        case _:
            raise Unheld(
                "it answers with lists that hold an input which is no member or whole number"
            )
