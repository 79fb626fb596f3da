"""Declarations, the grids in them, and the file that they make up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from gapless_dsl.nodes.cells import (
    At,
    Comment,
    ConditionContent,
    Expression,
    Literal,
    OutcomeContent,
    Presence,
    Word,
)
from gapless_dsl.source import Span

# ---------------------------------------------------------------- grids

# A cell that says `^` is the cell above it, with that one's content and place, and `ditto`.


class ConditionCell(NamedTuple):
    """`text` is what the author wrote."""

    content: ConditionContent
    span: Span
    text: str = ""
    ditto: bool = False


class OutcomeCell(NamedTuple):
    """`spans`: a call that stands alone in the outcomes, and is the cell of each of them."""

    content: OutcomeContent
    span: Span
    text: str = ""
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
    """One row. A cell that cannot be read is `None`, and there is a finding about it.

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


# ---------------------------------------------------------------- crosstabs


class Blocked(StrEnum):
    """What stands in a crossing that answers nothing: it cannot happen, is still to be decided, or no rule is there."""

    IMPOSSIBLE = "impossible"
    DRAFT = "draft"
    NO_RULE = "-"


class Crossing(NamedTuple):
    """Where a row meets a head. One that says `^` has the content and span of the one above."""

    content: OutcomeContent | Blocked
    span: Span
    text: str = ""
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
    return OutcomeCell(crossing.content, crossing.span, crossing.text, crossing.ditto)


# ---------------------------------------------------------------- types and declarations


@dataclass(frozen=True, slots=True)
class MemberNode:
    """`name "label" from 2020-01-01 until 2024-12-31`; the days as typed, an absent end is open."""

    name: Word
    label: Word | None
    since: Word | None = None
    until: Word | None = None

    @property
    def last(self) -> Word:
        """The last of its words."""
        return self.until or self.since or self.label or self.name


@dataclass(frozen=True, slots=True)
class EnumerationNode:
    """A closed list; an ordered one begins with its lowest member."""

    members: tuple[MemberNode, ...]
    span: Span
    is_ordered: bool = False


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """`int`, `decimal(2) 0..100`, `date`, `text`, `bool`, or a declared type's name."""

    name: Word
    digits: Word | None
    low: Word | None
    high: Word | None
    span: Span


class Wrapper(StrEnum):
    OPTIONAL = "optional"
    LIST = "list of"
    SET = "set of"


@dataclass(frozen=True, slots=True)
class WrappedNode:
    wrapper: Wrapper
    of: TypeNode
    span: Span


TypeNode: TypeAlias = EnumerationNode | ScalarNode | WrappedNode


# `span` is the declaration's whole text, from its first word to the end of its last line.
# `complete` is False where a line of it could not be read, and there is a finding: what such a
# declaration does not say, a member or a column or a rule, may stand in the line that was lost.


@dataclass(frozen=True, slots=True)
class NoteNode:
    """`"text" at "address"`: what readers are told, and where more of it stands."""

    text: Word
    address: Word | None = None


@dataclass(frozen=True, slots=True)
class PolicyNode:
    name: Word
    title: Word | None
    as_of: date | None
    review_by: date | None
    span: Span
    notes: tuple[NoteNode, ...] = ()


@dataclass(frozen=True, slots=True)
class UseNode:
    path: Word
    span: Span


@dataclass(frozen=True, slots=True)
class SectionNode:
    name: Word
    title: Word | None


@dataclass(frozen=True, slots=True)
class SourceNode:
    name: Word
    title: Word | None
    sections: tuple[SectionNode, ...]
    span: Span
    complete: bool = True


@dataclass(frozen=True, slots=True)
class TypeDeclaration:
    name: Word
    title: Word | None
    type: TypeNode
    span: Span
    complete: bool = True


@dataclass(frozen=True, slots=True)
class ColumnNode:
    """`in name : type "label"` or `out name : type "label"`."""

    name: Word
    type: TypeNode
    label: Word | None
    span: Span


@dataclass(frozen=True, slots=True)
class GuardNode:
    """`column = cell`, one of those after `when`."""

    column: Word
    cell: ConditionCell


@dataclass(frozen=True, slots=True)
class LetNode:
    """`let name = table(a, b) "label" when c = d`, or arithmetic; the value's `at` counts from `span.start`."""

    name: Word
    value: Expression
    label: Word | None
    span: Span
    guard: tuple[GuardNode, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultNode:
    """`out name : type = value "label"` of a decision; alone, `out name` passes a step's results on."""

    name: Word
    type: TypeNode | None
    cell: OutcomeCell | None
    label: Word | None
    span: Span


@dataclass(frozen=True, slots=True)
class Binding:
    """`name = value`; several values only in brackets, `name = [a, b]`. `at` counts from `span.start`."""

    name: Word
    values: tuple[Literal | Presence, ...]
    bracketed: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ExampleNode:
    """`example "title" a = 1, b = x` and its `gives`; `gives` is None for `gives impossible` and `draft`."""

    title: Word | None
    inputs: tuple[Binding, ...]
    gives: tuple[Binding, ...] | None
    span: Span
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class ShowNode:
    """`show technique, kind by biller "title" when payer = medicare`: a grid of answers for readers."""

    columns: tuple[Word, ...]
    across: tuple[Word, ...]
    title: Word | None
    span: Span
    guard: tuple[GuardNode, ...] = ()


@dataclass(frozen=True, slots=True)
class LifeNode:
    """`effective 2020-01-01..2024-12-31 by day`: both days included, an absent end is open."""

    low: date | None
    high: date | None
    by: Word | None
    span: Span


@dataclass(frozen=True, slots=True)
class TableNode:
    """One table, or, where it has a `life`, one version of a table, or a decision.

    A decision has `results` in place of `outputs` and a `grid`. Otherwise `grid` is None where no grid was written or its header cannot be read (then not `complete`)."""

    name: Word
    title: Word | None
    notes: tuple[NoteNode, ...]
    inputs: tuple[ColumnNode, ...]
    lets: tuple[LetNode, ...]
    outputs: tuple[ColumnNode, ...]
    grid: Grid | Crosstab | None
    examples: tuple[ExampleNode, ...]
    span: Span
    complete: bool = True
    life: LifeNode | None = None
    is_decision: bool = False
    results: tuple[ResultNode, ...] = ()
    shows: tuple[ShowNode, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedNode:
    """`column = cell`, a line of an `impossible`; the cell is None where it cannot be read."""

    column: Word
    cell: ConditionCell | None
    span: Span


@dataclass(frozen=True, slots=True)
class ImpossibleNode:
    """`impossible name "title"`: what cannot happen in any table that has these columns as inputs."""

    name: Word
    title: Word | None
    asked: tuple[AskedNode, ...]
    because: TextCell | None
    span: Span
    complete: bool = True


Declaration: TypeAlias = (
    PolicyNode | UseNode | SourceNode | TypeDeclaration | ImpossibleNode | TableNode
)


@dataclass(frozen=True, slots=True)
class Document:
    """One file as typed: its declarations in order, and every comment, for the formatter.

    `complete` is False where there is any finding about how it reads.
    """

    path: str
    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...]
    complete: bool = True
