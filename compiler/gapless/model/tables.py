"""Tables, their rules, and the policies they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from gapless.model.conditions import Condition
from gapless.model.expressions import ColumnValue, Computed, Constant, Expression
from gapless.model.types import Column, NamedType, Value
from gapless_dsl.nodes.cells import Basis
from gapless_dsl.source import Span

# ---------------------------------------------------------------- outcomes


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


OutcomeValue: TypeAlias = Constant | ColumnValue | Call | Items | Computed


@dataclass(frozen=True, slots=True)
class Outcome:
    value: OutcomeValue
    text: str
    span: Span

    @property
    def parts(self) -> tuple[Constant | ColumnValue | Call | Computed, ...]:
        """The items of a list or set, or the one value that it is."""
        return self.value.items if isinstance(self.value, Items) else (self.value,)


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
    """Why a rule says what it says, and on what it rests. All empty where the author wrote nothing.

    `marks` are (output, basis) of single outputs, in the table's order; where there are any, all
    others are stated.
    """

    text: str = ""
    citations: tuple[Section, ...] = ()
    basis: Basis = Basis.STATED
    marks: tuple[tuple[str, Basis], ...] = ()

    def basis_of(self, output: str) -> Basis:
        """How what the rule says in one output rests on its source."""
        return dict(self.marks).get(output, self.basis)

    @property
    def weakest(self) -> Basis:
        """How the rule rests on its source as a whole."""
        return weakest(basis for _, basis in (("", self.basis), *self.marks)) or self.basis


def weakest(bases: Iterable[Basis]) -> Basis | None:
    """Silent before inferred before stated; None of none."""
    held = set(bases)
    return next((each for each in reversed(Basis) if each in held), None)


@dataclass(frozen=True, slots=True)
class Impossibility:
    """What a policy says of all its tables: no case of any happens in which all `conditions` hold.

    `conditions` are (input, cell); `reason.text` is the title where the author wrote no other words.
    """

    name: str
    title: str | None
    conditions: tuple[tuple[str, Condition], ...]
    reason: Reason
    span: Span


class RuleKind(StrEnum):
    RULE = "rule"
    IMPOSSIBLE = "impossible"
    DRAFT = "draft"
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row.

    `conditions` has one entry per condition column of the table (`Table.columns`), `Anything` where
    the grid has no such column; all `Anything` for `otherwise`. `outcomes` has one entry per output,
    and is empty for `impossible` and `draft`. `annotations` are (column, text) without `because`. `over` names
    the rules of the table to which this one is an exception. `declared` is what the policy says of
    all tables, where that is what this rule says of its own.
    """

    name: str
    kind: RuleKind
    conditions: tuple[Condition, ...]
    outcomes: tuple[Outcome, ...]
    reason: Reason
    annotations: tuple[tuple[str, str], ...]
    span: Span
    over: tuple[str, ...] = ()
    declared: Impossibility | None = None


class HitPolicy(StrEnum):
    """DMN's names. `unique`: one rule may answer; `any`: several may, alike; `first`: the first one answers;
    `priority`: the one answers whose outputs stand first in the lists that declare them.

    Of the others, all rules that apply answer together, `hit_policies.together`.
    """

    UNIQUE = "unique"
    ANY = "any"
    FIRST = "first"
    PRIORITY = "priority"
    COLLECT = "collect"
    SUM = "collect sum"
    MIN = "collect min"
    MAX = "collect max"
    COUNT = "collect count"
    RULE_ORDER = "rule order"
    OUTPUT_ORDER = "output order"

    @property
    def is_ordered(self) -> bool:
        """Whether rules may well differ where several apply: then one of them wins."""
        return self in (HitPolicy.FIRST, HitPolicy.PRIORITY)

    @property
    def is_collecting(self) -> bool:
        """Whether all rules that apply answer together."""
        return self not in (HitPolicy.UNIQUE, HitPolicy.ANY) and not self.is_ordered

    @property
    def lists(self) -> bool:
        """Whether what they answer together is a list or a set."""
        return self in (HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)


class Guard(NamedTuple):
    """A test of an input or of a let column declared before."""

    column: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Computation:
    """A column worked out from others; `after` is how many of the table's lets are known before it."""

    column: Column
    expression: Expression
    after: int


@dataclass(frozen=True, slots=True)
class Let:
    """A looked-up column: what another table answers.

    It is asked only where every test of the `guard` holds; elsewhere the column is missing.
    """

    column: Column
    call: Call
    guard: tuple[Guard, ...] = ()


class Note(NamedTuple):
    """What readers are told; `address` is where more of it stands, as the author wrote it."""

    text: str
    address: str | None = None

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.text, self.address)))


@dataclass(frozen=True, slots=True)
class Example:
    """`gives` is (output, value) for the outputs named, or None where the case is `impossible` or a `draft`."""

    title: str | None
    inputs: tuple[tuple[str, Value], ...]
    gives: tuple[tuple[str, Value], ...] | None
    span: Span
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class Show:
    """A grid of answers for readers: inputs at the side, the last of `rows` a line each and those before it
    as headings, others `across` the top, and what is `fixed`.
    """

    rows: tuple[str, ...]
    across: tuple[str, ...]
    title: str | None
    fixed: tuple[Guard, ...]
    span: Span


# ---------------------------------------------------------------- tables


@dataclass(frozen=True, slots=True)
class CrossedRow:
    """`name` is the row's own; `rules` are the names of its rules, head by head, None where none stands."""

    name: str
    rules: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class CrossedRules:
    """The rules of a table but for its `otherwise`, each in one place; `across` is the column at the top.

    All rules below one head have the same condition on `across`, all rules of a row the same on every
    other column. No row and no head is without a rule.
    """

    across: str
    rows: tuple[CrossedRow, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One table. `written` are the condition columns of the grid, in the order the author chose.

    `rules` holds rules, drafts, `impossible` rows and at most one `otherwise`, last, in the file's order;
    before all of them what the policy declares impossible.
    Two tables are equal only if they are the same object.
    """

    name: str
    title: str | None
    notes: tuple[Note, ...]
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
    is_decision: bool = False
    """Whether it has no grid: its one rule always answers, with what its lets computed."""
    computed: tuple[Computation, ...] = ()
    day: str | None = None
    """The input whose day says which version or which row is in force, where the table says so."""
    by_version: bool = False
    """Whether each rule asks a version of the table: what that calls impossible is impossible here."""
    crosstab: CrossedRules | None = None
    """Where its rules stand, if the author drew it as a crosstab."""
    shows: tuple[Show, ...] = ()

    columns: tuple[Column, ...] = field(init=False, compare=False, repr=False)
    """The condition columns: inputs, computed ones, then lets, as in `Rule.conditions`."""

    def __post_init__(self) -> None:
        computed = (each.column for each in self.computed)
        columns = (*self.inputs, *computed, *(let.column for let in self.lets))
        object.__setattr__(self, "columns", columns)

    @property
    def steps(self) -> Iterator[Computation | Let]:
        """What is worked out and looked up, in the author's order: each needs only what comes before."""
        for place, let in enumerate(self.lets):
            yield from (each for each in self.computed if each.after == place)
            yield let
        yield from (each for each in self.computed if each.after == len(self.lets))


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
    impossibilities: tuple[Impossibility, ...] = ()
    notes: tuple[Note, ...] = ()
    """What holds for each of its tables, and is told beside their own notes."""
