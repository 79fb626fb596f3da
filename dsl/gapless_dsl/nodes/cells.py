"""What stands inside a cell, read once for every distinct text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from gapless_dsl.nodes.expressions import Expression
from gapless_dsl.nodes.values import At, Literal, Presence


@dataclass(frozen=True, slots=True)
class Comparison:
    """`< x`, `<= x`, `> x`, `>= x` or `= x`."""

    operator: str
    value: Literal
    at: At


@dataclass(frozen=True, slots=True)
class Range:
    """`a..b` and its kin; an absent end is open; `[` and `]` take their end in, `(` and `)` leave it out.

    A bare `a..b` takes both ends in.
    """

    low: Literal | None
    high: Literal | None
    low_included: bool
    high_included: bool
    at: At


Part: TypeAlias = Literal | Comparison | Range | Presence


@dataclass(frozen=True, slots=True)
class ConditionContent:
    """`-` (no parts at all), or parts of which one holds, or `not` followed by parts of which none does.

    `either` and `neither` together (`missing, not a, b`) mean: one of the first, or none of the second.
    """

    either: tuple[Part, ...] = ()
    neither: tuple[Part, ...] = ()

    @property
    def is_any(self) -> bool:
        return not self.either and not self.neither


Item: TypeAlias = Presence | Expression


@dataclass(frozen=True, slots=True)
class OutcomeContent:
    """What a rule answers in one column; several items only where the column holds a list or a set."""

    items: tuple[Item, ...]


class Basis(StrEnum):
    """How a rule rests on its source."""

    STATED = "stated"
    INFERRED = "inferred"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Citation:
    """`codes`, or `guidance.codes` where two sources have a section of that name."""

    source: str | None
    section: str
    at: At


@dataclass(frozen=True, slots=True)
class ReasonContent:
    """A `because` cell: `inferred: the text [codes, hospitals]`. `text` is the words alone, maybe empty."""

    text: str
    citations: tuple[Citation, ...] = ()
    basis: Basis = Basis.STATED
