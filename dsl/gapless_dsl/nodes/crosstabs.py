"""A crosstab: one condition's cells across the top, and an answer wherever a row meets one of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from gapless_dsl.nodes.cells import OutcomeContent
from gapless_dsl.nodes.rows import ConditionCell, Header, OutcomeCell, RowKind, TextCell
from gapless_dsl.nodes.words import Word
from gapless_dsl.source import Span


class Blocked(StrEnum):
    """What stands in a crossing that answers nothing: it cannot happen, is still to be decided, or no rule is there."""

    IMPOSSIBLE = "impossible"
    DRAFT = "draft"
    NO_RULE = "-"


class Crossing(NamedTuple):
    """Where a row meets a head. One that says `^` has the content and span of the one above."""

    content: OutcomeContent | Blocked
    span: Span
    ditto: bool = False


@dataclass(frozen=True, slots=True)
class CrossRow:
    """One row, with a crossing for each head, `None` where it cannot be read.

    `outcomes` is empty for `impossible` and `draft`, which are then said of every head, and holds the one answer
    of an `otherwise`, which stands for all that no crossing answers.
    """

    name: Word | None
    kind: RowKind
    conditions: tuple[ConditionCell | None, ...]
    outcomes: tuple[Crossing | None, ...]
    annotations: tuple[TextCell | None, ...]
    places: tuple[Span, ...]
    """Where each of `outcomes` is written, be it as `^`."""
    span: Span
    over: tuple[Word, ...] = ()
    """Rows to whose crossings, head by head, this row's are exceptions; or other rules by their names."""


@dataclass(frozen=True, slots=True)
class Crosstab:
    """`header` is that of the same table written out: its last condition is the one across the top.

    `line` is where the heads stand.
    """

    header: Header
    heads: tuple[ConditionCell | None, ...]
    rows: tuple[CrossRow, ...]
    line: Span
    span: Span


def answer(crossing: Crossing | None) -> OutcomeCell | None:
    """What the crossing answers, if it does."""
    if crossing is None or isinstance(crossing.content, Blocked):
        return None
    return OutcomeCell(crossing.content, crossing.span, crossing.ditto)
