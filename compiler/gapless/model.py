"""What was meant: tables with every name bound and every cell typed. No syntax is left, only places."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from gapless_dsl.nodes import Basis
from gapless_dsl.source import Span

Scalar: TypeAlias = str | bool | int | Decimal | date
"""A present value: enumeration members and text are `str`, decimals are `Decimal`, never `float`."""

Value: TypeAlias = Scalar | tuple[Scalar | None, ...] | frozenset[Scalar | None] | None
"""Any value: `None` is missing; a list outcome is a tuple, a set outcome a frozenset."""

# ---------------------------------------------------------------- types


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class EnumerationType:
    """A closed list of members, at least one, names all different, in the author's order."""

    name: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class BoolType:
    """`yes` and `no`."""


@dataclass(frozen=True, slots=True)
class IntType:
    """Whole numbers; both bounds belong to the type; None is unbounded."""

    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class DecimalType:
    """Exact numbers with at most `digits` digits after the point; bounds belong to the type."""

    digits: int
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DateType:
    """Days, 0001-01-01 to 9999-12-31; bounds belong to the type."""

    low: date = date.min
    high: date = date.max


@dataclass(frozen=True, slots=True)
class TextType:
    """Any string whatever."""


ScalarType: TypeAlias = EnumerationType | BoolType | IntType | DecimalType | DateType | TextType


@dataclass(frozen=True, slots=True)
class OptionalType:
    """A value of `of`, or missing."""

    of: ScalarType


@dataclass(frozen=True, slots=True)
class ListType:
    """Outcomes only: values in an order."""

    of: ScalarType


@dataclass(frozen=True, slots=True)
class SetType:
    """Outcomes only: different values without an order."""

    of: ScalarType


Type: TypeAlias = ScalarType | OptionalType | ListType | SetType


@dataclass(frozen=True, slots=True)
class NamedType:
    """A `type` declaration."""

    name: str
    title: str | None
    type: Type
    span: Span


# ---------------------------------------------------------------- columns


@dataclass(frozen=True, slots=True)
class Column:
    """`type_name` is the declared name the column was given, `int` and its kin have none."""

    name: str
    type: Type
    label: str | None
    type_name: str | None
    span: Span


# ---------------------------------------------------------------- tests on one column
# A condition is a test of one value. `None`, the missing value, satisfies only `Anything`,
# `IsMissing`, and an `AnyOf` that holds one of these.


@dataclass(frozen=True, slots=True)
class Anything:
    """`-`: every value, the missing one too."""


@dataclass(frozen=True, slots=True)
class IsMissing:
    """`missing`."""


@dataclass(frozen=True, slots=True)
class IsPresent:
    """`present`."""


@dataclass(frozen=True, slots=True)
class Equals:
    value: Scalar


@dataclass(frozen=True, slots=True)
class Between:
    """From `low` to `high`; an absent end is open; for int, decimal and date columns only."""

    low: int | Decimal | date | None
    high: int | Decimal | date | None
    low_included: bool = True
    high_included: bool = True


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of `tests`."""

    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """A present value that passes none of `tests`; an author who means missing too writes `missing, not …`."""

    tests: tuple[Test, ...]


Test: TypeAlias = Anything | IsMissing | IsPresent | Equals | Between | AnyOf | NoneOf


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition cell: what it tests, how it is written (`text`), and where."""

    test: Test
    text: str
    span: Span


# ---------------------------------------------------------------- outcomes


@dataclass(frozen=True, slots=True)
class Constant:
    """A value written in the cell; it belongs to the outcome column's type."""

    value: Value


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """The value that input or `let` column `column` has in the case at hand."""

    column: str


@dataclass(frozen=True, slots=True)
class Call:
    """What `table` answers in its output number `output`, its inputs taken in order from `arguments`."""

    table: Table
    output: int
    arguments: tuple[Constant | ColumnValue, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Items:
    """Several values for a list or set column, of which at least one is not a constant."""

    items: tuple[Constant | ColumnValue | Call, ...]
    as_set: bool


OutcomeValue: TypeAlias = Constant | ColumnValue | Call | Items


@dataclass(frozen=True, slots=True)
class Outcome:
    value: OutcomeValue
    text: str
    span: Span


# ---------------------------------------------------------------- rules


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a source; `title` is what the document itself calls it."""

    source: str
    name: str
    title: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class SourceDocument:
    name: str
    title: str | None
    sections: tuple[Section, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule says what it says, and on what it rests. All empty where the author wrote nothing."""

    text: str = ""
    citations: tuple[Section, ...] = ()
    basis: Basis = Basis.STATED


class RuleKind(StrEnum):
    RULE = "rule"
    IMPOSSIBLE = "impossible"
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row.

    `conditions` has one entry per condition column of the table (inputs, then lets), `Anything` where
    the grid has no such column; all `Anything` for `otherwise`. `outcomes` has one entry per output,
    and is empty for `impossible`. `annotations` are (column, text) without `because`.
    """

    name: str
    kind: RuleKind
    conditions: tuple[Condition, ...]
    outcomes: tuple[Outcome, ...]
    reason: Reason
    annotations: tuple[tuple[str, str], ...]
    span: Span


class HitPolicy(StrEnum):
    """DMN's names. `unique`: one rule may answer; `any`: several may, alike; `first`: the first one answers."""

    UNIQUE = "unique"
    ANY = "any"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class Let:
    """A computed column: what another table answers."""

    column: Column
    call: Call


@dataclass(frozen=True, slots=True)
class Example:
    """`gives` is (output, value) for the outputs named, or None where the case is `impossible`."""

    title: str | None
    inputs: tuple[tuple[str, Value], ...]
    gives: tuple[tuple[str, Value], ...] | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One table. `written` are the condition columns of the grid, in the order the author chose.

    `rules` holds rules, `impossible` rows and at most one `otherwise`, last, in the file's order.
    Two tables are equal only if they are the same object.
    """

    name: str
    title: str | None
    notes: tuple[str, ...]
    inputs: tuple[Column, ...]
    lets: tuple[Let, ...]
    outputs: tuple[Column, ...]
    written: tuple[str, ...]
    policy: HitPolicy
    rules: tuple[Rule, ...]
    examples: tuple[Example, ...]
    span: Span
    """The table's name, where it is declared."""
    complete: bool = True
    """False where a row or cell could not be read: then the table is not analyzed."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The condition columns: inputs, then lets, as in `Rule.conditions`."""
        return (*self.inputs, *(let.column for let in self.lets))


@dataclass(frozen=True, slots=True)
class Policy:
    """One file: its own declarations; `uses` are the files it takes others from.

    `name` is the file's stem where there is no `policy` line. `digest` is the SHA-256 of the file's
    text and of every file it uses, in hexadecimal.
    """

    name: str
    title: str | None
    as_of: date | None
    review_by: date | None
    path: str
    digest: str
    uses: tuple[str, ...]
    sources: tuple[SourceDocument, ...]
    types: tuple[NamedType, ...]
    tables: tuple[Table, ...]
    span: Span
    cited: frozenset[tuple[str, str]] = field(default=frozenset())
    """(source, section) of every citation in this file and the files that use it."""
