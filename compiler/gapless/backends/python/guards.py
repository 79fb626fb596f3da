"""The guard at the door of a table: what an argument must be, in code and in words."""

from __future__ import annotations

from datetime import date

from gapless.backends.code.conditions import Comparison, Condition, joined
from gapless.backends.code.layout import Expression, Group, Quote, lay
from gapless.backends.code.scope import Scope
from gapless.backends.code.statements import function_head, if_lines
from gapless.backends.code.text import string
from gapless.backends.code.values import Constants
from gapless.model import (
    BoolType,
    Column,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    OptionalType,
    Table,
    TextType,
    Type,
)
from gapless.text.types import as_python
from gapless.text.words import listed

VERSIONS = 4
"""More versions than this are not named one by one."""


def check(table: Table, scope: Scope) -> list[str]:
    """The function that refuses arguments which their columns do not allow."""
    names = scope.tables[table]
    parameters = [f"{names.arguments[column.name]}: object" for column in table.inputs]
    lines = function_head(names.check, parameters, "None")
    lines.append(f'    """Refuse what no column of `{table.name}` allows."""')
    for column in table.inputs:
        besides = _versions(table) if column.name == table.day else ""
        lines += _guard(column, names.arguments[column.name], scope, besides)
    return lines


def _versions(table: Table) -> str:
    """When the versions of a table are in force, for whoever asks about a day that has none."""
    lives = [rule.name.replace("_", " ") for rule in table.rules if table.by_version]
    if len(lives) > VERSIONS:
        lives = [lives[0], f"{len(lives) - 2} more", lives[-1]]
    return f"; its versions are in force {listed(lives)}" if lives else ""


def _guard(column: Column, name: str, scope: Scope, besides: str) -> list[str]:
    type = column.type
    inner = type.present
    refused = _refused(inner, name, scope)
    if isinstance(type, OptionalType):
        refused = joined("and", [Comparison((name, "is not None")), refused])
    error = Group("InputError(", (string(column.name), name, _said(type, scope, besides)))
    return [*if_lines(refused, 1), *lay(error, first="raise ", depth=2)]


def _said(type: Type, scope: Scope, besides: str) -> Expression:
    """The words for what is allowed; members are taken from where they are listed."""
    inner = type.present
    if not isinstance(inner, EnumerationType):
        return Quote("", f"{as_python(type)}{besides}")
    others = ('"None"',) if isinstance(type, OptionalType) else ()
    return Group("_one_of(", (scope.aliases[inner], *others))


def _refused(type: Type, name: str, scope: Scope) -> Condition:
    """The test that every value outside `type` passes."""
    match type:
        case EnumerationType():
            outside = Comparison((name, f"not in {scope.members[type]}"))
            return joined("or", [_is_not(name, "str"), outside])
        case BoolType():
            return _is_not(name, "bool")
        case IntType(low, high):
            return _bounded(_is_not(name, "int"), name, low, high, scope.constants)
        case DateType(low, high):
            first, last = (None if low == date.min else low), (None if high == date.max else high)
            return _bounded(_is_not(name, "datetime.date"), name, first, last, scope.constants)
        case DecimalType(digits, low, high):
            ends = ("None" if end is None else scope.constants.ordered(end) for end in (low, high))
            low_end, high_end = ends
            call = f"_is_decimal({name}, digits={digits}, low={low_end}, high={high_end})"
            return Comparison((f"not {call}",))
        case TextType():
            return _is_not(name, "str")
    raise AssertionError("lists and sets do not go in")


def _is_not(name: str, type: str) -> Condition:
    return Comparison((f"type({name})", f"is not {type}"))


def _bounded(
    other_type: Condition,
    name: str,
    low: int | date | None,
    high: int | date | None,
    constants: Constants,
) -> Condition:
    if low is not None and high is not None:
        first, last = constants.ordered(low), constants.ordered(high)
        return joined("or", [other_type, Comparison((f"not {first}", f"<= {name}", f"<= {last}"))])
    if low is not None:
        return joined("or", [other_type, Comparison((name, f"< {constants.ordered(low)}"))])
    if high is not None:
        return joined("or", [other_type, Comparison((name, f"> {constants.ordered(high)}"))])
    return other_type
