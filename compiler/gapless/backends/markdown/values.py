"""Values and types in a reviewer's words: labels instead of names, numbers as people write them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gapless.backends.markdown.inline import Emphasis, Line, joined, plain, text
from gapless.model import (
    Column,
    EnumerationType,
    Member,
    Scalar,
    ScalarType,
    Table,
    Type,
    Value,
)
from gapless.text.types import number
from gapless_dsl.lexis import RESERVED, quoted

ARROW = "→\u00a0"
"""Tells what is answered from what is asked; it stays with the word behind it."""

MISSING: Line = (Emphasis("missing"),)
NOTHING: Line = (Emphasis("nothing"),)


def name_of(column: Column) -> str:
    """What the column is called: its label where it has one."""
    return column.label or column.name


def called_by_readers(table: Table, column: str) -> str:
    """The same of a column that a rule or a step of the table names."""
    return next(name_of(each) for each in table.columns if each.name == column)


def answer_name(column: Column) -> str:
    """The heading of an output, told apart from inputs."""
    return f"{ARROW}{name_of(column)}"


def value_of(type: Type, value: Value) -> Line:
    """A value of `type`; the items of a list come in their order, those of a set in their type's."""
    if value is None:
        return MISSING
    if isinstance(value, tuple):
        return _items(type, list(value))
    if isinstance(value, frozenset):
        return _items(type, sorted(value, key=_rank(type.scalar)))
    return scalar(type.scalar, value)


def scalar(type: ScalarType, value: Scalar) -> Line:
    """One present value."""
    if isinstance(value, bool):
        return text("yes" if value else "no")
    if not isinstance(value, str):
        return text(number(value, type))
    if isinstance(type, EnumerationType):
        return text(shown(type, next(each for each in type.members if each.name == value)))
    return text(quoted(value))


def shown(type: EnumerationType, member: Member) -> str:
    """The member's label or name, and both where the one alone could be taken for something else."""
    said = member.label or member.name
    same = [each for each in type.members if (each.label or each.name) == said]
    if member.label and (len(same) > 1 or said in _TAKEN):
        return f"{said} ({member.name})"
    return quoted(said) if said in _TAKEN else said


_TAKEN = {*RESERVED, "any", "nothing"}


def items_of(lines: Sequence[Line]) -> Line:
    """Several values of a list or set; where one holds a comma, a comma cannot stand between them."""
    between = " · " if any("," in plain(line) for line in lines) else ", "
    return joined(lines, between) if lines else NOTHING


def _items(type: Type, values: list[Scalar | None]) -> Line:
    return items_of([value_of(type, value) for value in values])


def _rank(type: ScalarType) -> Callable[[Scalar | None], Any]:
    """Sorts the values of a type, missing last."""
    names = [each.name for each in type.members] if isinstance(type, EnumerationType) else []
    return lambda value: (value is None, names.index(str(value)) if names and value else value)
