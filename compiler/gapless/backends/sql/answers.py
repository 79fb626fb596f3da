"""What a table answers, as SQL: constants, columns that are passed on, and lists of such as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from gapless.analysis.by_inputs import Given
from gapless.analysis.domain.answers import Fixed, Same, Several
from gapless.backends.sql.flavor import Flavor
from gapless.backends.sql.literals import Unheld, item, literal, sql_type, text
from gapless.backends.sql.names import quoted
from gapless.backends.sql.tree import Operand
from gapless.model import (
    BoolType,
    DecimalType,
    EnumerationType,
    IntType,
    ListType,
    SetType,
    Type,
)


def answer(given: Given, type: Type, columns: Mapping[int, Operand], flavor: Flavor) -> str:
    """One output, of that type; `columns` are those that may be passed on. Raises Unheld."""
    match given:
        case Fixed(value):
            return literal(value, type, flavor)
        case Same(place):
            return _passed(columns[place], type, flavor)
        case Several():
            return _joined(given, type, columns)
    assert_never(given)


def _passed(column: Operand, type: Type, flavor: Flavor) -> str:
    """A column that is passed on, in the type of the output: other answers stand beside it.

    Where they do, a database gives all of them one type, which may be that of the column as it is.
    """
    of = column.axis.column.type.present
    due = sql_type(type, flavor)
    is_number = isinstance(of, IntType | DecimalType)
    if is_number and not column.exact.endswith(f"CAST({quoted(column.axis.column.name)} AS {due})"):
        return f"CAST({column.exact} AS {due})"
    return column.exact


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
    name, of = column.exact, column.axis.column.type.present
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
