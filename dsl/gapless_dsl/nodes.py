"""What was typed, and where: the language's own form, before anything is looked up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from gapless_dsl.source import Span

# ---------------------------------------------------------------- words and strings


class Word(NamedTuple):
    """A bare or quoted word: `text` is its value, without quotes and escapes."""

    text: str
    span: Span
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """A whole line that begins with `#`, kept as typed but for the white space around it."""

    text: str
    span: Span


# ---------------------------------------------------------------- inside a cell
# Cell contents are parsed once per distinct text, so they know no file: `at` counts from the
# cell's first character, and `Cell.span.within(*at)` says where that is.

At: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as typed: a number, date, member or text; its column's type says which."""

    text: str
    at: At
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """`< x`, `<= x`, `> x` or `>= x`."""

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


class State(StrEnum):
    MISSING = "missing"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Presence:
    """`missing` or `present`."""

    state: State
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


@dataclass(frozen=True, slots=True)
class Call:
    """`table(a, b)` or, of a table with several outputs, `table(a, b).output`."""

    table: Literal
    arguments: tuple[Literal | Presence, ...]
    output: Literal | None
    at: At


Item: TypeAlias = Literal | Presence | Call


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


# ---------------------------------------------------------------- cells and rows


class ConditionCell(NamedTuple):
    content: ConditionContent
    span: Span


class OutcomeCell(NamedTuple):
    content: OutcomeContent
    span: Span


class TextCell(NamedTuple):
    """An annotation: free text on one line; `text` has `|` where the file has `\\|`."""

    text: str
    span: Span

    def within(self, start: int, end: int) -> Span:
        """Where `text[start:end]` stands in the file: every bar in it is two characters there."""
        bars = self.text.count("|", 0, start)
        return self.span.within(start + bars, end + bars + self.text.count("|", start, end))


class RowKind(StrEnum):
    RULE = "rule"
    IMPOSSIBLE = "impossible"
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. A cell that cannot be read is `None` and has been complained about.

    `conditions` is empty for `otherwise`, `outcomes` is empty for `impossible`; else both are as
    long as the header says. `annotations` are as long as the header says, `None` where absent.
    """

    name: Word | None
    kind: RowKind
    conditions: tuple[ConditionCell | None, ...]
    outcomes: tuple[OutcomeCell | None, ...]
    annotations: tuple[TextCell | None, ...]
    span: Span


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


# ---------------------------------------------------------------- types


@dataclass(frozen=True, slots=True)
class MemberNode:
    name: Word
    label: Word | None


@dataclass(frozen=True, slots=True)
class EnumerationNode:
    members: tuple[MemberNode, ...]
    span: Span


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

# ---------------------------------------------------------------- declarations
# `span` is the declaration's whole text, from its first word to the end of its last line.
# `complete` is False where a line of it could not be read and was complained about: what such a
# declaration does not say, a member or a column or a rule, may stand in the line that was lost.


@dataclass(frozen=True, slots=True)
class PolicyNode:
    name: Word
    title: Word | None
    as_of: date | None
    review_by: date | None
    span: Span


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
class LetNode:
    """`let name = table(a, b) "label"`; the call's `at` counts from `span.start`."""

    name: Word
    call: Call
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
    """`example "title" a = 1, b = x` and its `gives`; `gives` is None for `gives impossible`."""

    title: Word | None
    inputs: tuple[Binding, ...]
    gives: tuple[Binding, ...] | None
    span: Span


@dataclass(frozen=True, slots=True)
class TableNode:
    """`grid` is None where no grid was written or its header cannot be read (then not `complete`)."""

    name: Word
    title: Word | None
    notes: tuple[Word, ...]
    inputs: tuple[ColumnNode, ...]
    lets: tuple[LetNode, ...]
    outputs: tuple[ColumnNode, ...]
    grid: Grid | None
    examples: tuple[ExampleNode, ...]
    span: Span
    complete: bool = True


Declaration: TypeAlias = PolicyNode | UseNode | SourceNode | TypeDeclaration | TableNode


@dataclass(frozen=True, slots=True)
class Document:
    """One file as typed: its declarations in order, and every comment, for the formatter.

    `complete` is False where reading it found anything to complain about.
    """

    path: str
    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...]
    complete: bool = True
