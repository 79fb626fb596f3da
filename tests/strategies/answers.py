"""What outcome cells say: constants, columns, calls, and several of these."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from gapless.model import (
    Call,
    Column,
    ColumnValue,
    Constant,
    Items,
    ListType,
    OptionalType,
    Outcome,
    SetType,
    Table,
    Type,
)
from tests.strategies.types import values
from tests.strategies.words import NOWHERE, words


@st.composite
def outcomes(
    draw: st.DrawFn, type: Type, columns: Sequence[Column], callees: Sequence[Table]
) -> Outcome:
    """A constant, a column's value, what another table answers, or a list or set of these."""
    if isinstance(type, ListType | SetType) and draw(st.booleans()):
        parts = tuple(
            draw(_operands(type.of, columns, callees)) for _ in range(draw(st.integers(1, 2)))
        )
        several = not all(isinstance(part, Constant) for part in parts)
        if several:
            return Outcome(Items(parts, isinstance(type, SetType)), "items", NOWHERE)
    return Outcome(draw(_operands(type, columns, callees)), draw(words), NOWHERE)


@st.composite
def _operands(
    draw: st.DrawFn, type: Type, columns: Sequence[Column], callees: Sequence[Table]
) -> Constant | ColumnValue | Call:
    choices: list[st.SearchStrategy[Constant | ColumnValue | Call]] = [values(type).map(Constant)]
    fitting = [column.name for column in columns if _fits(column.type, type)]
    if fitting:
        choices.append(st.sampled_from(fitting).map(ColumnValue))
    answering = [
        (callee, number)
        for callee in callees
        for number, output in enumerate(callee.outputs)
        if _fits(output.type, type)
    ]
    if answering:
        choices.append(
            st.sampled_from(answering).flatmap(lambda pair: calls(pair[0], pair[1], columns))
        )
    return draw(st.one_of(choices))


def _fits(given: Type, wanted: Type) -> bool:
    return given == wanted or (isinstance(wanted, OptionalType) and given == wanted.of)


@st.composite
def calls(draw: st.DrawFn, callee: Table, output: int, columns: Sequence[Column]) -> Call:
    """A call whose arguments are columns before it where they fit, and values elsewhere."""
    arguments: list[Constant | ColumnValue] = []
    for wanted in callee.inputs:
        fitting = [column.name for column in columns if _fits(column.type, wanted.type)]
        if fitting and draw(st.integers(0, 3)) > 0:
            arguments.append(ColumnValue(draw(st.sampled_from(fitting))))
        else:
            arguments.append(Constant(draw(values(wanted.type))))
    return Call(callee, output, tuple(arguments), NOWHERE)
