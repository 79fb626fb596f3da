"""Words, what stands inside a cell, and arithmetic: read once for every distinct text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from gapless_dsl.source import Span


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


# ---------------------------------------------------------------- values and calls

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


# ---------------------------------------------------------------- arithmetic, in outcomes and behind the `=` of computed columns


@dataclass(frozen=True, slots=True)
class Operation:
    """`a + b`, `a - b`, `a * b`, `a / b`, `a & b`; with one operand, `-a`."""

    operator: str
    operands: tuple[Expression, ...]
    at: At


@dataclass(frozen=True, slots=True)
class Function:
    """`min(a, b)`, `max(a, b, c)`, `abs(a)`."""

    name: str
    operands: tuple[Expression, ...]
    at: At


@dataclass(frozen=True, slots=True)
class Rounding:
    """`round(a, 2, half up)`; digits and mode as typed, the mode's words divided by one blank."""

    of: Expression
    digits: Literal
    mode: Literal
    at: At


@dataclass(frozen=True, slots=True)
class Duration:
    """`30 days`, `18 years or next day`; `unit` is `day`, `week`, `month` or `year`.

    `month_end` is `last` or `next` where the author says which day stands for one that a month lacks.
    """

    count: Expression
    unit: str
    month_end: str | None
    at: At


@dataclass(frozen=True, slots=True)
class Elapsed:
    """`years between a and b`, `… or last day`; `unit` and `month_end` are as in a duration."""

    unit: str
    start: Expression
    end: Expression
    month_end: str | None
    at: At


Expression: TypeAlias = Literal | Call | Operation | Function | Rounding | Duration | Elapsed


def parts(meant: object) -> tuple[Expression, ...]:
    """What an expression is made of, one level down; nothing of anything else, nor of a call."""
    match meant:
        case Operation(_, operands) | Function(_, operands):
            return operands
        case Rounding(of) | Duration(of):
            return (of,)
        case Elapsed(_, start, end):
            return (start, end)
    return ()


def within(expression: Expression) -> Iterator[Expression]:
    """The expression and all that it is made of; the arguments of a call are not."""
    yield expression
    for part in parts(expression):
        yield from within(part)


# ---------------------------------------------------------------- cells


@dataclass(frozen=True, slots=True)
class Comparison:
    """`< x`, `<= x`, `> x`, `>= x`, `= x` or `!= x`."""

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


@dataclass(frozen=True, slots=True)
class Beginning:
    """`77*`: a text that begins so; `77* (but not 772*, 77014)`: and is none of these."""

    prefix: Literal
    but: tuple[Literal | Beginning, ...]
    at: At


class Quantifier(StrEnum):
    ANY = "any of"
    ALL = "all of"
    NONE = "none of"
    COUNT = "count"
    EXACTLY = "["


@dataclass(frozen=True, slots=True)
class Among:
    """`any of a, b`, `all of a, b`, `none of a, b`, `count 2.. of a, b` or `[a, b]`: what a set holds.

    `number` is there for `count` alone, where no members mean all of the column's.
    """

    quantifier: Quantifier
    members: tuple[Literal, ...]
    number: Literal | Range | None
    at: At


@dataclass(frozen=True, slots=True)
class Together:
    """Those that `and` joins; what `or` joins are parts of a cell."""

    parts: tuple[Among, ...]
    at: At


Part: TypeAlias = Literal | Comparison | Range | Presence | Beginning | Among | Together


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
class Mark:
    """`inferred payment`: how what the rule says in one output rests on its source."""

    basis: Basis
    output: str
    at: At


@dataclass(frozen=True, slots=True)
class ReasonContent:
    """A `because` cell: `inferred: the text [codes, hospitals]`. `text` is the words alone, maybe empty.

    Where single outputs have `marks`, the `basis` is that of all others.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    basis: Basis = Basis.STATED
    marks: tuple[Mark, ...] = ()
