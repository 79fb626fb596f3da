"""Types and values as Python: what an annotation and an expression call them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias, assert_never

from gapless.backends.code import layout
from gapless.backends.code.layout import Expression, Group, Quote
from gapless.backends.code.naming import Names, upper
from gapless.model import (
    BoolType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    ListType,
    OptionalType,
    Scalar,
    ScalarType,
    SetType,
    TextType,
    Type,
    Value,
)

Aliases: TypeAlias = Mapping[EnumerationType, str]
"""The `Literal` alias of each enumeration."""


def annotation(type: Type, aliases: Aliases) -> str:
    """The type of a value in an annotation."""
    match type:
        case OptionalType(of):
            return f"{_scalar(of, aliases)} | None"
        case ListType(of):
            return f"tuple[{_scalar(of, aliases)}, ...]"
        case SetType(of):
            return f"frozenset[{_scalar(of, aliases)}]"
        case _:
            return _scalar(type, aliases)


def _scalar(type: ScalarType, aliases: Aliases) -> str:
    match type:
        case EnumerationType():
            return aliases[type]
        case BoolType():
            return "bool"
        case IntType():
            return "int"
        case DecimalType():
            return "Decimal"
        case DateType():
            return "datetime.date"
        case TextType():
            return "str"
    assert_never(type)


def expression(value: Value) -> Expression:
    """`value`, written out where it stands."""
    match value:
        case None | bool():
            return str(value)
        case str():
            return Quote("", value)
        case int():
            return number(value)
        case Decimal():
            written = f"{value:f}"
            return f'Decimal("{written}")' if "." in written else f"Decimal({number(int(value))})"
        case date():
            return f"datetime.date({value.year}, {value.month}, {value.day})"
        case tuple():
            return layout.items(*(expression(each) for each in value))
        case frozenset():
            return collection(value)
    assert_never(value)


def collection(members: frozenset[Scalar | None]) -> Expression:
    """A set, in an order of its own."""
    if not members:
        return "frozenset()"
    inner = tuple(expression(each) for each in sorted(members, key=_order))
    return Group("frozenset(", (Group("{", inner, "}"),))


def number(value: int) -> str:
    """`30_000`, `2026`: digits are grouped from five on."""
    return f"{value:_}" if abs(value) >= 10_000 else str(value)


@dataclass(frozen=True, slots=True)
class Constants:
    """Named values that the functions of one module compare with, in the order of their need."""

    names: Names
    known: dict[tuple[str, Value, str], str] = field(default_factory=dict)
    """By kind, by value, and by how a decimal is written: 0.5 is not 0.50 for who reads it."""

    def name(self, value: Value, *wishes: str) -> str:
        """The name of `value`, the first wish for it that is free where it has none yet."""
        key = (type(value).__name__, value, str(value) if isinstance(value, Decimal) else "")
        if key not in self.known:
            self.known[key] = self.names.take(*wishes)
        return self.known[key]

    def in_order(self) -> list[tuple[Value, str]]:
        """Every value with its name, those of one kind together, ascending."""
        keys = sorted(self.known, key=_kind_and_value)
        return [(key[1], self.known[key]) for key in keys]

    def amount(self, value: Decimal) -> str:
        """A decimal by a name of its own."""
        return self.name(value, upper("minus" if value < 0 else "", f"{abs(value):f}"))

    def ordered(self, value: int | Decimal | date) -> str:
        """A number or date in a comparison: whole numbers as they are, others by name."""
        if isinstance(value, date):
            return self.name(value, upper(value.isoformat()))
        if value == int(value):
            return number(int(value))
        sign, digits = "minus" if value < 0 else "", f"{value:f}".lstrip("-").rstrip("0")
        return self.name(value, upper(sign, digits))


def _kind_and_value(key: tuple[str, Value, str]) -> tuple[str, object, str]:
    kind, value, text = key
    return kind, sorted(map(str, value)) if isinstance(value, frozenset) else value, text


def _order(value: Scalar | None) -> tuple[str, bool, Scalar | None]:
    """The order of a set's members, which are of one type, or missing."""
    return (type(value).__name__, value is None, value)
