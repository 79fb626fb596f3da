"""What outcome cells say: constants, columns, calls, and several of these."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from gapless.model import (
    Call,
    Column,
    ColumnValue,
    Constant,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    Items,
    ListType,
    OptionalType,
    Outcome,
    SetType,
    Table,
    TextType,
    Type,
)
from tests.strategies.types import inner, values
from tests.strategies.words import NOWHERE, words


@st.composite
def outcomes(
    draw: st.DrawFn, type: Type, columns: Sequence[Column], callees: Sequence[Table]
) -> Outcome:
    """A constant, a column's value, what another table answers, or a list or set of these."""
    if isinstance(type, ListType | SetType) and draw(st.booleans()):
        parts = tuple(
            draw(_operands(type.of, columns, callees, _fits_in_a_list))
            for _ in range(draw(st.integers(1, 2)))
        )
        several = not all(isinstance(part, Constant) for part in parts)
        if several:
            return Outcome(Items(parts, isinstance(type, SetType)), "items", NOWHERE)
    return Outcome(draw(_operands(type, columns, callees, fits)), draw(words), NOWHERE)


@st.composite
def _operands(
    draw: st.DrawFn,
    type: Type,
    columns: Sequence[Column],
    callees: Sequence[Table],
    fitting_in: Callable[[Type, Type], bool],
) -> Constant | ColumnValue | Call:
    choices: list[st.SearchStrategy[Constant | ColumnValue | Call]] = [values(type).map(Constant)]
    fitting = [column.name for column in columns if fitting_in(column.type, type)]
    if fitting:
        choices.append(st.sampled_from(fitting).map(ColumnValue))
    answering = [
        (callee, number)
        for callee in callees
        for number, output in enumerate(callee.outputs)
        if fitting_in(output.type, type)
    ]
    if answering:
        choices.append(
            st.sampled_from(answering).flatmap(lambda pair: calls(pair[0], pair[1], columns))
        )
    return draw(st.one_of(choices))


def fits(given: Type, wanted: Type) -> bool:
    """Whether every value of the one is one of the other, or becomes one and loses nothing."""
    if given == wanted:
        return True
    if any(isinstance(each, ListType | SetType) for each in (given, wanted)):
        return False
    if isinstance(given, OptionalType) and not isinstance(wanted, OptionalType):
        return False
    match inner(given), inner(wanted):
        case EnumerationType(), TextType():
            return True
        case IntType() | DecimalType() as one, DecimalType() as other:
            digits = one.digits if isinstance(one, DecimalType) else 0
            return digits <= other.digits and _lies_within(one, other)
        case (IntType() as one, IntType() as other) | (DateType() as one, DateType() as other):
            return _lies_within(one, other)
        case one, other:
            return one == other


def _lies_within(
    one: IntType | DecimalType | DateType, other: IntType | DecimalType | DateType
) -> bool:
    low = other.low is None or (one.low is not None and one.low >= other.low)  # type: ignore[operator]
    high = other.high is None or (one.high is not None and one.high <= other.high)  # type: ignore[operator]
    return low and high


def _fits_in_a_list(given: Type, wanted: Type) -> bool:
    return fits(given, wanted) and not (
        isinstance(inner(given), IntType) and isinstance(wanted, DecimalType)
    )


@st.composite
def calls(draw: st.DrawFn, callee: Table, output: int, columns: Sequence[Column]) -> Call:
    """A call whose arguments are columns before it where they fit, and values elsewhere."""
    arguments: list[Constant | ColumnValue] = []
    for wanted in callee.inputs:
        fitting = [column.name for column in columns if fits(column.type, wanted.type)]
        if fitting and draw(st.integers(0, 3)) > 0:
            arguments.append(ColumnValue(draw(st.sampled_from(fitting))))
        else:
            arguments.append(Constant(draw(values(wanted.type))))
    return Call(callee, output, tuple(arguments), NOWHERE)
