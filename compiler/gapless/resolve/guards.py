"""What follows `when`: its tests, the columns as they are where these hold, and what slips through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from operator import and_
from typing import NamedTuple

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Axis, Cuts, axis, cuts, joined
from gapless.model import (
    AnyOf,
    Between,
    Column,
    Condition,
    DateType,
    DecimalType,
    EnumerationType,
    Equals,
    Guard,
    IntType,
    IsMissing,
    IsPresent,
    ListType,
    OptionalType,
    ScalarType,
    SetType,
    Test,
    Type,
)
from gapless.resolve import grid as grids
from gapless.resolve.conditions import condition
from gapless.resolve.context import Columns, Context, Step
from gapless.resolve.literals import slot
from gapless.text.words import cell, literal
from gapless_dsl.diagnostic import Edit, Help, decision
from gapless_dsl.nodes import GuardNode, LetNode
from gapless_dsl.source import Span


def guarding(node: GuardNode, context: Context) -> Guard | None:
    """A test after `when`, which compares with values only; None where it is not understood."""
    name, columns = node.column, context.columns
    if name.text in columns.barred and name.text not in columns.known:
        return context.barred(name.text, name.span)
    if name.text not in columns.known:
        return context.unknown("GAP012", "input or `let` column", name, columns.known)
    column = columns.known[name.text]
    if column is None:
        return None
    if not grids.may_be_asked(column):
        grids.refuse_list(name, context)
        return None
    span = node.cell.span
    here = context._replace(span=span, columns=Columns())
    test = condition(node.cell.content, slot(column, context), here)
    if test is None:
        return None
    return Guard(column.name, Condition(test, node.cell.text, span))


def narrowed(node: LetNode, guard: Sequence[Guard], context: Context) -> Context:
    """The columns as they are where the guard holds: each with the values that pass its own tests.

    The type of each is the least that has them all: within the bounds of another type lie all values
    between two ends, or not all, so nothing is lost by that.
    """
    known: dict[str, Column | None] = dict(context.columns.known)
    for name in dict.fromkeys(each.column for each in guard):
        column = known[name]
        if column is not None:
            known[name] = replace(column, type=_least(column, _on(name, guard)))
    end = node.guard[-1].cell.span if node.guard else node.span
    step = Step(tuple(guard), context.columns.known, Span(end.path, end.end, end.end))
    return context.seeing(replace(context.columns, known=known, step=step))


def _on(name: str, guard: Sequence[Guard]) -> list[Test]:
    return [tested.test for column, tested in guard if column == name]


def _least(column: Column, tests: Sequence[Test]) -> Type:
    """The least type that has the values which pass all tests; the column's own, where none does.

    Sets keep their type: no type says which sets these are.
    """
    if isinstance(column.type, ListType | SetType):
        return column.type
    held, mask = _passing(column, tests)
    present = mask & ~held.atom_of(None)
    if not mask:
        return column.type
    least = _with(held, present) if present else column.type.scalar
    return OptionalType(least) if mask != present else least


def _with(held: Axis, present: int) -> ScalarType:
    """The least type with the values in some atoms, bounds and members cut off."""
    of = held.column.type.scalar
    if isinstance(of, EnumerationType):
        return replace(of, members=tuple(of.members[number] for number in bits(present)))
    if held.kind is None:
        return of
    runs = [*joined(held, present)]
    low, high = runs[0].low, runs[-1].high
    ends = {
        "low": None if low is None else ranks.value_at(held.kind, low),
        "high": None if high is None else ranks.value_at(held.kind, high),
    }
    return replace(held.kind, **ends)  # type: ignore[arg-type]


def _passing(column: Column, tests: Sequence[Test], *others: Test) -> tuple[Axis, int]:
    """The column, cut for the tests and the others, and the atoms whose values pass all the tests."""
    held = axis(
        column, reduce(Cuts.__or__, (cuts(column, each) for each in (*tests, *others)), Cuts())
    )
    return held, reduce(and_, map(held.mask, tests), held.whole)


# ---------------------------------------------------------------- what slips through


class Slips(NamedTuple):
    """What is to be said of an argument that does not fit: the column as declared, a value, and what to do.

    `nothing` slips through where no value passes, but for the missing one that is taken.
    """

    declared: Column | None = None
    label: str = ""
    helps: tuple[Help, ...] = ()
    nothing: bool = False


def slipping(name: str, wanted: Type, step: Step | None) -> Slips:
    """The value that passes the guard and is none of `wanted`, and the test that would keep it out."""
    column = None if step is None else step.declared[name]
    if step is None or column is None:
        return Slips()
    fitting = _fitting(column.type.present, wanted.present)
    if fitting is None:
        return Slips(column)
    if isinstance(wanted, OptionalType):
        fitting = AnyOf((fitting, IsMissing()))
    held, mask = _passing(column, _on(name, step.guard), fitting)
    inside = held.mask(fitting)
    if not mask & ~inside:
        return Slips(column, nothing=not mask & ~held.atom_of(None))
    label = f"it may be `{literal(held.example(mask & ~inside))}` where the guard holds"
    helps: tuple[Help, ...] = ()
    if mask & inside:
        plain = axis(column, cuts(column, fitting))
        test = f"{'and' if step.guard else 'when'} {name} = {cell(plain, plain.mask(fitting))}"
        says = "narrow the guard" if step.guard else "ask only where it fits"
        helps = (decision(f"{says}: `{test}`", Edit(step.end, f" {test}")),)
    return Slips(column, label if step.guard else "", helps)


def _fitting(given: Type, wanted: Type) -> Test | None:
    """The test that just those present values pass which `wanted` has; None where that is no question of values."""
    match given, wanted:
        case EnumerationType(), EnumerationType():
            common = tuple(Equals(each.name) for each in given.members if each.name in wanted.names)
            return AnyOf(common) if common else None
        case DecimalType(digits), DecimalType(kept) if digits > kept:
            return None
        case (
            (IntType(), IntType() as of)
            | (DateType(), DateType() as of)
            | (DecimalType(), DecimalType() as of)
        ):
            return Between(of.low, of.high)
    return IsPresent() if given == wanted else None
