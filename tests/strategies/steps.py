"""The steps of a table: columns that other tables compute, one or several of them, with and without a guard."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from hypothesis import strategies as st

from gapless.model import (
    Anything,
    Between,
    Column,
    ColumnValue,
    Condition,
    Constant,
    DateType,
    DecimalType,
    Guard,
    HitPolicy,
    IntType,
    Let,
    ListType,
    OptionalType,
    Outcome,
    Reason,
    Rule,
    RuleKind,
    ScalarType,
    SetType,
    Table,
    TextType,
    Type,
)
from gapless.semantics import holds
from tests.strategies.answers import calls, fits
from tests.strategies.cells import is_not_asked, tests
from tests.strategies.types import inner, output_types, values
from tests.strategies.words import NOWHERE, words


@st.composite
def steps(draw: st.DrawFn, callee: Table, name: str, known: Sequence[Column]) -> list[Let]:
    """One answer of a table, or all its answers at once; perhaps only where a guard holds."""
    guard = draw(_guards(known)) if draw(st.integers(0, 2)) == 0 else ()
    usable = [
        number
        for number, out in enumerate(callee.outputs)
        if not guard or not isinstance(out.type, ListType | SetType)
    ]
    if not usable:
        return []
    chosen = usable if draw(st.booleans()) else [draw(st.sampled_from(usable))]
    inside = [_narrowed(column, guard) for column in known]
    narrow = _narrowing(callee, known)
    if narrow and guard and draw(st.booleans()):
        column, test = draw(st.sampled_from(narrow))
        guard = (*guard, Guard(column.name, Condition(test, "", NOWHERE)))
        inside = [column if each.name == column.name else each for each in inside]
    asked = draw(calls(callee, chosen[0], inside))
    found: list[Let] = []
    for output in chosen:
        answered = callee.outputs[output]
        spelt = name if len(chosen) == 1 else f"{name}.{answered.name}"
        kind = _or_missing(answered.type) if guard else answered.type
        call = type(asked)(callee, output, asked.arguments, NOWHERE)
        found.append(Let(Column(spelt, kind, None, None, NOWHERE), call, guard))
    return found


@st.composite
def _guards(draw: st.DrawFn, known: Sequence[Column]) -> tuple[Guard, ...]:
    tested = [column for column in known if not is_not_asked(column.type)]
    chosen = draw(st.lists(st.sampled_from(tested), max_size=2)) if tested else []
    return tuple(
        Guard(column.name, Condition(draw(tests(column.type)), "", NOWHERE)) for column in chosen
    )


def _narrowed(column: Column, guard: Sequence[Guard]) -> Column:
    """The column, which is not missing where the guard asks it to be there."""
    there = any(
        name == column.name and not holds(condition.test, None) for name, condition in guard
    )
    if there and isinstance(column.type, OptionalType):
        return Column(column.name, column.type.of, None, None, NOWHERE)
    return column


def _narrowing(callee: Table, known: Sequence[Column]) -> list[tuple[Column, Between]]:
    """Columns that have the type of an input of the table asked where they are within its bounds."""
    found = []
    for column, wanted in product(known, callee.inputs):
        own, of = inner(column.type), inner(wanted.type)
        if isinstance(column.type, ListType | SetType) or own == of or not _are_alike(own, of):
            continue
        lows: list[Any] = [each for each in (own.low, of.low) if each is not None]  # type: ignore[union-attr]
        highs: list[Any] = [each for each in (own.high, of.high) if each is not None]  # type: ignore[union-attr]
        low, high = max(lows, default=None), min(highs, default=None)
        if low is None or high is None or low <= high:
            narrowed = Column(column.name, of, None, None, NOWHERE)
            found.append((narrowed, Between(low, high)))
    return found


def _are_alike(own: ScalarType, of: ScalarType) -> bool:
    """Whether both are numbers of as many digits, or days."""
    match own, of:
        case (IntType(), IntType()) | (DateType(), DateType()):
            return True
        case DecimalType(digits), DecimalType(kept):
            return digits == kept
    return False


def _or_missing(kind: Type) -> Type:
    assert not isinstance(kind, ListType | SetType)
    return kind if isinstance(kind, OptionalType) else OptionalType(kind)


WIDER: tuple[Type, ...] = tuple(
    kind
    for of in (TextType(), IntType(), DecimalType(3), DateType())
    for kind in (of, OptionalType(of))
)
"""What an output of a decision may be declared as, if that takes all values of its column."""


@st.composite
def decided(draw: st.DrawFn, head: Table) -> Table:
    """The decision with these inputs and steps: each output is one of its columns, or a value."""
    outputs: list[Column] = []
    outcomes: list[Outcome] = []
    for column in head.outputs:
        if draw(st.integers(0, 3)) > 0 and len(head.columns) > 0:
            taken = draw(st.sampled_from(head.columns))
            kind = taken.type
            if draw(st.booleans()):
                kind = draw(st.sampled_from([each for each in WIDER if fits(kind, each)] or [kind]))
            outputs.append(Column(column.name, kind, column.label, None, NOWHERE))
            outcomes.append(Outcome(ColumnValue(taken.name), taken.name, NOWHERE))
        else:
            kind = draw(output_types)
            outputs.append(Column(column.name, kind, column.label, None, NOWHERE))
            outcomes.append(Outcome(Constant(draw(values(kind))), draw(words), NOWHERE))
    always = tuple(Condition(Anything(), "-", NOWHERE) for _ in head.columns)
    rule = Rule(head.name, RuleKind.RULE, always, tuple(outcomes), Reason(), (), NOWHERE)
    return Table(
        *(head.name, head.title, head.notes, head.inputs, head.lets, tuple(outputs), ()),
        *(HitPolicy.UNIQUE, (rule,), (), NOWHERE),
        is_decision=True,
    )
