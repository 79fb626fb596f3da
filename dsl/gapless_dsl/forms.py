"""What is read from a line or a cell in one piece, before it becomes part of a node."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from gapless_dsl.nodes import At, Expression, Literal, Presence, TypeNode, Word

Value: TypeAlias = Literal | Presence


class Named(NamedTuple):
    """`name "title"`."""

    name: Word
    title: Word | None


class NotePhrase(NamedTuple):
    """`"text" at "address"`."""

    text: Word
    address: Word | None


class Life(NamedTuple):
    """`effective 2020-01-01..2024-12-31 by day`; the days as typed."""

    low: Word | None
    high: Word | None
    by: Word | None
    at: At


class Headed(NamedTuple):
    """`name effective 2020-01-01.. "title"`."""

    name: Word
    life: Life | None
    title: Word | None


class Lived(NamedTuple):
    """`from 2020-01-01 until 2024-12-31`; the days as typed."""

    since: Word | None
    until: Word | None


class Typed(NamedTuple):
    """What follows `type`; without a type, its members follow on lines of their own."""

    name: Word
    title: Word | None
    type: TypeNode | None
    is_ordered: bool = False
    """Whether those members are; a type says so itself."""


class ColumnPhrase(NamedTuple):
    name: Word
    type: TypeNode
    label: Word | None


class GuardPhrase(NamedTuple):
    """`zone = home, near`, or `weight < 5`."""

    column: Word
    cell: At


class LetPhrase(NamedTuple):
    name: Word
    value: Expression
    guard: tuple[GuardPhrase, ...]
    label: Word | None


class ResultPhrase(NamedTuple):
    """What an `out` line of a decision says; `cell` is where its value stands."""

    name: Word
    type: TypeNode | None
    cell: At | None
    label: Word | None


class Cell(NamedTuple):
    """Where a cell stands within its line; what it says is read as in a grid."""

    at: At


class BindingPhrase(NamedTuple):
    name: Word
    values: tuple[Value, ...]
    bracketed: bool
    at: At


class ExamplePhrase(NamedTuple):
    title: Word | None
    inputs: tuple[BindingPhrase, ...]


class GivesPhrase(NamedTuple):
    """Without outputs: `impossible`, or `draft`."""

    outputs: tuple[BindingPhrase, ...] | None
    is_draft: bool = False


class Digits(NamedTuple):
    word: Word
    end: int


class Bounds(NamedTuple):
    low: Word | None
    high: Word | None
    end: int


class Arguments(NamedTuple):
    values: tuple[Value, ...]
    end: int
