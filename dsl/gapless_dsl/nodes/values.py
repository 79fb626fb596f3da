"""Words as values, and calls of tables: what cells, examples and computed columns are made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

# Cell contents are parsed once per distinct text, so they know no file: `at` counts from the
# cell's first character, and `Cell.span.within(*at)` says where that is.

At: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as typed: a number, date, member or text; its column's type says which."""

    text: str
    at: At
    quoted: bool = False


class State(StrEnum):
    MISSING = "missing"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Presence:
    """`missing` or `present`."""

    state: State
    at: At


@dataclass(frozen=True, slots=True)
class Call:
    """`table(a, b)` or, of a table with several outputs, `table(a, b).output`."""

    table: Literal
    arguments: tuple[Literal | Presence, ...]
    output: Literal | None
    at: At
