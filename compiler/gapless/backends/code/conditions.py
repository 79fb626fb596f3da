"""Conditions of generated code, before they are spelt out: comparisons, and what joins them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from gapless.analysis.domain.partition import Axis, Other, bits

Number: TypeAlias = int | Decimal | date


@dataclass(frozen=True, slots=True)
class Comparison:
    """`parts` are where it may be broken: `setting`, `== "hospital"`; `members` follow an `in`."""

    parts: tuple[str, ...]
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Junction:
    """Conditions joined by `and` or `or`, at least two."""

    word: str
    operands: tuple[Condition, ...]


Condition: TypeAlias = Comparison | Junction


class Side(NamedTuple):
    """A column that is compared with another: its name in the code, and whether it may be missing."""

    name: str
    is_optional: bool


@dataclass(frozen=True, slots=True)
class Tested:
    """A column under test: its axis, its name in the code, and the values that its author wrote."""

    axis: Axis
    name: str
    written: frozenset[Number]
    sides: tuple[Side, ...] = ()
    """The two columns, where it is asked how one stands to the other; then `members`, if these are a list's."""
    members: tuple[str, ...] = ()

    @property
    def inner(self) -> object:
        """The type of its values that are there."""
        type = self.axis.column.type
        return type.present

    def holds(self, mask: int, other: Other) -> bool:
        """Whether the missing value, or any text that no rule names, is among the atoms `mask`."""
        return any(self.axis.atoms[number] is other for number in bits(mask))


def joined(word: str, conditions: Iterable[Condition]) -> Condition:
    """The conditions as one."""
    operands: list[Condition] = []
    for each in conditions:
        if isinstance(each, Junction) and each.word == word:
            operands.extend(each.operands)
        else:
            operands.append(each)
    return operands[0] if len(operands) == 1 else Junction(word, tuple(operands))


def among(name: str, members: list[str]) -> Comparison:
    """That a column is one of some values, which are written out."""
    if len(members) == 1:
        return Comparison((name, f"== {members[0]}"))
    return Comparison((name, "in"), tuple(members))


def not_among(name: str, members: list[str]) -> Comparison:
    """That a column is none of some values."""
    if len(members) == 1:
        return Comparison((name, f"!= {members[0]}"))
    return Comparison((name, "not in"), tuple(members))
