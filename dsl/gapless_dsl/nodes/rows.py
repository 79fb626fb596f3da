"""The grid: its header, its rows and their cells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from gapless_dsl.nodes.cells import ConditionContent, OutcomeContent
from gapless_dsl.nodes.values import At
from gapless_dsl.nodes.words import Word
from gapless_dsl.source import Span

# A cell that says `^` is the cell above it, with that one's content and place, and `ditto`.


class ConditionCell(NamedTuple):
    content: ConditionContent
    span: Span
    ditto: bool = False


class OutcomeCell(NamedTuple):
    """`spans`: a call that stands alone in the outcomes, and is the cell of each of them."""

    content: OutcomeContent
    span: Span
    ditto: bool = False
    spans: bool = False


class TextCell(NamedTuple):
    """An annotation: free text; `text` has `|` where the file has `\\|`.

    `breaks` are the bars in it that the file has without a backslash, as the reason of an `impossible`
    may: (in the text, from where `span` begins).
    """

    text: str
    span: Span
    ditto: bool = False
    breaks: tuple[At, ...] = ()

    def within(self, start: int, end: int) -> Span:
        """Where `text[start:end]` stands in the file: every bar in it is two characters there."""
        if start == end:
            return self.span.within(self._offset(start), self._offset(start))
        bar = self.text.startswith("|", end - 1)
        return self.span.within(self._offset(start), self._offset(end - 1) + 1 + bar)

    def _offset(self, at: int) -> int:
        before, offset = next((each for each in reversed(self.breaks) if each[0] <= at), (0, 0))
        return offset + at - before + self.text.count("|", before, at)


class RowKind(StrEnum):
    RULE = "rule"
    IMPOSSIBLE = "impossible"
    DRAFT = "draft"
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. A cell that cannot be read is `None` and has been complained about.

    `conditions` is empty for `otherwise`, `outcomes` is empty for `impossible` and `draft`; else both are as
    long as the header says. `annotations` are as long as the header says, `None` where absent.
    """

    name: Word | None
    kind: RowKind
    conditions: tuple[ConditionCell | None, ...]
    outcomes: tuple[OutcomeCell | None, ...]
    annotations: tuple[TextCell | None, ...]
    span: Span
    over: tuple[Word, ...] = ()
    """The rules to which this one is an exception."""


@dataclass(frozen=True, slots=True)
class Header:
    """The grid's first row: the hit policy (None: not said), then column names."""

    policy: Word | None
    conditions: tuple[Word, ...]
    outcomes: tuple[Word, ...]
    annotations: tuple[Word, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Grid:
    header: Header
    rows: tuple[Row, ...]
    span: Span
