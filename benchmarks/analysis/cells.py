"""Columns and cells of the generated tables, as plain ranges and sets, and what they are in the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import TypeAlias

from gapless.model import (
    AnyOf,
    Anything,
    Between,
    Column,
    Condition,
    Constant,
    DecimalType,
    EnumerationType,
    Equals,
    HitPolicy,
    IntType,
    Member,
    Outcome,
    Reason,
    Rule,
    RuleKind,
    Table,
    Test,
)
from gapless_dsl.source import Span

NOWHERE = Span("", 0, 0)
GRADES = EnumerationType("Grade", tuple(Member(name) for name in ("a", "b", "c", "d")))

Cell: TypeAlias = range | frozenset[int]
"""Numbers next to each other, or members of a list by their numbers; never empty."""

Cells: TypeAlias = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A column to be: all of its values, and, for numbers, the distance between places to cut."""

    name: str
    whole: Cell
    step: int = 1
    digits: int = 0

    def column(self) -> Column:
        return Column(self.name, self._type(), None, None, NOWHERE)

    def condition(self, cell: Cell) -> Condition:
        test = self.test(cell)
        return Condition(test, written(test), NOWHERE)

    def test(self, cell: Cell) -> Test:
        if cell == self.whole:
            return Anything()
        if isinstance(cell, frozenset):
            each = tuple(Equals(f"{self.name}{number}") for number in sorted(cell))
            return each[0] if len(each) == 1 else AnyOf(each)
        assert isinstance(self.whole, range)
        if len(cell) == 1:
            return Equals(self._number(cell[0]))
        low = None if cell[0] == self.whole[0] else self._number(cell[0])
        high = None if cell[-1] == self.whole[-1] else self._number(cell[-1])
        return Between(low, high)

    def _type(self) -> IntType | DecimalType | EnumerationType:
        if isinstance(self.whole, frozenset):
            members = (Member(f"{self.name}{number}") for number in sorted(self.whole))
            return EnumerationType(self.name.title(), tuple(members))
        low, high = self.whole[0], self.whole[-1]
        if self.digits:
            return DecimalType(self.digits, Decimal(self._number(low)), Decimal(self._number(high)))
        return IntType(low, high)

    def _number(self, rank: int) -> int | Decimal:
        return Decimal(rank).scaleb(-self.digits) if self.digits else rank


def written(test: Test) -> str:
    """A test as an author writes it."""
    match test:
        case Anything():
            return "-"
        case Equals(value):
            return str(value)
        case AnyOf(tests):
            return ", ".join(written(each) for each in tests)
        case Between(None, high):
            return f"<= {high}"
        case Between(low, None):
            return f">= {low}"
        case Between(low, high):
            return f"{low}..{high}"
    raise AssertionError("no such cell is generated")


def table_of(
    kinds: Sequence[Kind],
    rows: Sequence[Cells],
    random: Random,
    *,
    policy: HitPolicy = HitPolicy.UNIQUE,
    catch_all: bool = False,
) -> Table:
    """A table of these rows, each with some grade as its outcome."""
    conditions: dict[tuple[int, Cell], Condition] = {}

    def condition(axis: int, cell: Cell) -> Condition:
        known = conditions.get((axis, cell))
        if known is None:
            known = conditions[axis, cell] = kinds[axis].condition(cell)
        return known

    rules = [
        Rule(
            f"r{number}",
            RuleKind.RULE,
            tuple(condition(axis, cell) for axis, cell in enumerate(row)),
            (_grade(random),),
            Reason(),
            (),
            NOWHERE,
        )
        for number, row in enumerate(rows)
    ]
    if catch_all:
        all_of_it = tuple(condition(axis, kind.whole) for axis, kind in enumerate(kinds))
        reason = Reason("all the rest")
        rules.append(
            Rule(
                "otherwise",
                RuleKind.OTHERWISE,
                all_of_it,
                (_grade(random),),
                reason,
                (),
                NOWHERE,
            )
        )
    return Table(
        name="generated",
        title=None,
        notes=(),
        inputs=tuple(kind.column() for kind in kinds),
        lets=(),
        outputs=(Column("grade", GRADES, None, None, NOWHERE),),
        written=tuple(kind.name for kind in kinds),
        policy=policy,
        rules=tuple(rules),
        examples=(),
        span=NOWHERE,
    )


def _grade(random: Random) -> Outcome:
    name = random.choice(GRADES.members).name
    return Outcome(Constant(name), name, NOWHERE)
