"""What is found out about two states of tables: pure data, for reports and for whoever counts rows by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from gapless.analysis.arithmetic.dependent import Following
from gapless.analysis.domain.answers import Fixed, Same, Several
from gapless.analysis.domain.partition import Axis, Box
from gapless.model import Basis, Table, Value


class Verdict(StrEnum):
    """How the new answers stand to the old ones, over the cases that both know.

    `widened`: some cases that had no answer have one now, and no other differs; `narrowed`: the reverse.
    """

    SAME = "same"
    WIDENED = "widened"
    NARROWED = "narrowed"
    CHANGED = "changed"
    UNDECIDED = "undecided"


class Effect(StrEnum):
    """What a difference in a signature means for callers of the generated code."""

    COMPATIBLE = "compatible"
    """Every call goes on as it is, and answers hold nothing new."""
    WIDENING = "widening"
    """Every call goes on; more can go in than before, or come out."""
    BREAKING = "breaking"
    """Some calls no longer go through, or no longer get what they are made for."""


class Shape(NamedTuple):
    """One difference in what a table takes or gives: `what` is said of the input or output `column`.

    `grows` says whether it has more values for it, or fewer; None: neither.
    """

    column: str
    is_input: bool
    what: str
    effect: Effect
    grows: bool | None = None


class Silence(StrEnum):
    """Why a case has no answer."""

    REFUSED = "impossible"
    DRAFT = "draft"
    GAP = "no rule"


@dataclass(frozen=True, slots=True)
class Answers:
    """What all cases of a region get on one side: an answer for each output that differs, in the region's order."""

    given: tuple[Fixed | Same | Several, ...]
    """Places of passed-on columns are those of `Difference.axes`."""
    text: tuple[str, ...]
    """The same as the language writes it; `= weight` where a column is passed on."""


@dataclass(frozen=True, slots=True)
class Because:
    """On what the answer to a region's witness rests, on one side: rows that an author wrote."""

    rules: tuple[str, ...]
    """`letter`, or `band.light` of another table."""
    reason: str
    citations: tuple[str, ...]
    basis: Basis | None


@dataclass(frozen=True, slots=True)
class Region:
    """Cases in which the two sides differ in one way: a box, exact, that shares no case with other regions.

    `outputs` are those that differ: all of them where one side does not answer.
    """

    box: Box
    cases: int
    cells: tuple[tuple[str, str], ...]
    """(column, cell) for each column that the box narrows."""
    outputs: tuple[str, ...]
    before: Answers | Silence
    after: Answers | Silence
    old: Because
    new: Because
    witness: Mapping[str, Value]
    """One case of the region, by inputs of both sides; the reference meaning was asked, and it does differ."""


class Where(NamedTuple):
    """Cases of which all differ, in one way or several: a box, by the columns that it narrows."""

    cells: tuple[tuple[str, str], ...]
    cases: int


class Undecided(NamedTuple):
    """What was not found out: why, in words."""

    why: str


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows of some data get another answer: `changed` has a number for each region, in order.

    `refused` are the rows that are no cases of both sides: those that only the old side
    refuses, those that only the new one does, and those that both do.
    """

    data: str
    total: int
    changed: tuple[int, ...]
    refused: tuple[int, int, int]

    @property
    def same(self) -> int:
        """The rows that get from both what they got."""
        return self.total - sum(self.changed) - sum(self.refused)


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs in one table; `old` or `new` is None where there is no such table.

    `axes` are the inputs that are shared, and those of one side, as many as `inputs`, each cut wherever
    a rule of either makes a difference; then what is `following` from them. Boxes are over these.
    """

    name: str
    old: Table | None
    new: Table | None
    shapes: tuple[Shape, ...] = ()
    axes: tuple[Axis, ...] = ()
    inputs: int = 0
    following: Following | None = None
    regions: tuple[Region, ...] = ()
    where: tuple[Where, ...] = ()
    """Where there are many regions, all of their cases in as few boxes; no two share a case."""
    outputs: Mapping[str, Verdict] | None = None
    """The verdict on each output that both have; None where nothing was compared."""
    total: int = 0
    """How many cases were compared."""
    undecided: Undecided | None = None
    through: tuple[str, ...] = ()
    """The called tables, near or far, whose answers differ."""
    days: tuple[date | None, date | None] = (None, None)
    """The days on which each side was asked, where the question was about days."""
    rows: Rows | None = None
    """What comes to rows of the asker's own, where they were counted."""

    @property
    def changed(self) -> int:
        """How many of the compared cases differ."""
        return sum(region.cases for region in self.regions)

    @property
    def verdict(self) -> Verdict:
        """Of the table as a whole: of its outputs, and of what it takes and gives."""
        if self.old is None or self.new is None:
            return Verdict.WIDENED if self.old is None else Verdict.NARROWED
        if self.regions:
            found = {*(self.outputs or {}).values()} - {Verdict.SAME, Verdict.UNDECIDED}
            if self.shapes or len(found) != 1:
                return Verdict.CHANGED
            return found.pop()
        if self.undecided is not None:
            return Verdict.CHANGED if self.shapes else Verdict.UNDECIDED
        match [*{each.grows for each in self.shapes}]:
            case []:
                return Verdict.SAME
            case [True]:
                return Verdict.WIDENED
            case [False]:
                return Verdict.NARROWED
        return Verdict.CHANGED


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two states of tables, table by table, in the order of the new files."""

    tables: tuple[Difference, ...]

    @property
    def verdict(self) -> Verdict:
        """Same only if everything is, and that was proved; a change that was found outweighs what was not."""
        found = {each.verdict for each in self.tables} - {Verdict.SAME}
        if found - {Verdict.UNDECIDED}:
            return Verdict.CHANGED
        return Verdict.UNDECIDED if found else Verdict.SAME

    @property
    def exit_code(self) -> int:
        """0 same, 1 changed, 2 could not say."""
        return {Verdict.SAME: 0, Verdict.UNDECIDED: 2}.get(self.verdict, 1)

    def of(self, verdict: Verdict) -> Iterator[Difference]:
        """The tables with that verdict."""
        return (each for each in self.tables if each.verdict is verdict)
