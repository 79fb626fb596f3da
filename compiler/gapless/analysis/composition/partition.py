"""Which columns a table's space has, lifted ones among them, and where each is cut.

Cuts are the edges of the table's own cells and of every table it calls. What a called table derives is
lifted: it becomes a column of the caller, so that nothing of how columns hang together is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from gapless.analysis.composition.calls import Callee
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.answers import Same
from gapless.analysis.domain.derived import Derived, Lowered, arithmetic, put
from gapless.analysis.domain.partition import (
    Axis,
    Box,
    Cuts,
    axis,
    cuts,
    cuts_of,
    moved,
    value_cuts,
)
from gapless.model import (
    AnyOf,
    Between,
    Call,
    Column,
    ColumnValue,
    Computed,
    Constant,
    DateType,
    EnumerationType,
    OptionalType,
    Outcome,
    SetType,
    Table,
    Test,
)


def axes_of(table: Table, lowered: Lowered, callees: Sequence[Callee]) -> tuple[Axis, ...]:
    """One axis per column: inputs, derived ones, then lets; `callees` are the table's calls, in order.

    A call hands on the cuts of the columns it reads to the columns it is given. Calls name only
    columns before them, so one pass from the last to the first suffices.
    """
    columns = {column.name: column for column in columns_of(table, lowered)}
    cut = {name: Cuts() for name in columns}
    outcomes = _in_outcomes(table, lowered.outcomes, columns, callees)
    at_ends = [*_at_bounds(table, lowered), *(_at_lives(table, callees) if lowered.derived else ())]
    for column, found in (*_in_conditions(table, lowered), *outcomes, *at_ends):
        cut[column] |= found
    lets = {id(let.call): let.column for let in table.lets}
    for callee in reversed(callees):
        for argument, inner in zip(callee.arguments, callee.axes, strict=True):
            if isinstance(argument, ColumnValue):
                outer = columns[argument.column]
                cut[outer.name] |= moved(cuts_of(inner), inner.column, outer)
        let = lets.get(id(callee.call))
        for name in passed_on(callee) if let else ():
            assert let is not None
            cut[name] |= moved(cut[let.name], let, columns[name])
    return tuple(axis(column, cut[name]) for name, column in columns.items())


def _at_lives(table: Table, callees: Sequence[Callee]) -> Iterator[tuple[str, Cuts]]:
    """Where values begin and end, for dates that columns are worked out from: so that days are decided
    together with these. Elsewhere a box can be cut when that is asked.
    """
    asked = (column for callee in callees for column in callee.call.table.inputs)
    columns = (*table.inputs, *table.outputs, *asked)
    types = (column.type.scalar for column in columns)
    members = {each for type in types if isinstance(type, EnumerationType) for each in type.lived}
    firsts = {each.since.toordinal() for each in members if each.since}
    edges = Cuts(frozenset(firsts | {each.until.toordinal() + 1 for each in members if each.until}))
    yield from ((each.name, edges) for each in table.inputs if isinstance(each.type, DateType))


def columns_of(table: Table, lowered: Lowered) -> list[Column]:
    """The columns of all axes."""
    derived = [each.column for each in lowered.derived]
    return [*table.inputs, *derived, *(let.column for let in table.lets)]


def tests_of(lowered: Lowered, number: int) -> dict[int, Test]:
    """The tests of cell `number` of every rule by `id`, for cells that read alike share one."""
    tests = (cells[number].test for cells in lowered.cells)
    return {id(test): test for test in tests}


def boxes_of(axes: Sequence[Axis], lowered: Lowered) -> Iterator[Box | None]:
    """The box of each rule, None where a condition can never hold."""
    masks = [
        {key: axis.mask(test) for key, test in tests_of(lowered, number).items()}
        for number, axis in enumerate(axes)
    ]
    for cells in lowered.cells:
        found = zip(masks, cells, strict=True)
        box = tuple([known[id(condition.test)] for known, condition in found])
        yield box if all(box) else None


def passed_on(callee: Callee) -> Iterator[str]:
    """The columns whose values the callee may pass on as its answer."""
    numbers = {piece.answer.input for piece in callee.pieces if isinstance(piece.answer, Same)}
    for number in sorted(numbers):
        argument = callee.arguments[number]
        if isinstance(argument, ColumnValue):
            yield argument.column


def _in_conditions(table: Table, lowered: Lowered) -> Iterator[tuple[str, Cuts]]:
    for number, column in enumerate(columns_of(table, lowered)):
        tests = tests_of(lowered, number).values()
        yield column.name, cuts(column, AnyOf(tuple(tests)))
    for let in table.lets:
        for name, condition in let.guard:
            tested = next(column for column in table.columns if column.name == name)
            yield name, cuts(tested, condition.test)


def _at_bounds(table: Table, lowered: Lowered) -> Iterator[tuple[str, Cuts]]:
    """What is worked out for an output is cut where that ends."""
    columns = {each.column.name: each.column for each in lowered.derived}
    for computed in arithmetic(table.rules):
        column = columns[lowered.outcomes[id(computed)]]
        kind = ranks.ordered(computed.type)
        if kind is not None:
            yield column.name, cuts(column, Between(kind.low, kind.high))


def _in_outcomes(
    table: Table, named: Mapping[int, str], columns: dict[str, Column], callees: Sequence[Callee]
) -> Iterator[tuple[str, Cuts]]:
    """A column that one rule answers with is cut at the values that others answer with."""
    passing = {id(callee.call): tuple(passed_on(callee)) for callee in callees}
    for number in range(len(table.outputs)):
        parts = [
            part
            for rule in table.rules
            for outcome in rule.outcomes[number : number + 1]
            for part in _parts(outcome)
        ]
        values = {part.value for part in parts if isinstance(part, Constant)}
        whole = (rule.outcomes[number].value for rule in table.rules if rule.outcomes)
        sets = {each.value for each in whole if isinstance(each, Constant)}
        for name in _answering(parts, passing, named):
            is_set = isinstance(columns[name].type, SetType)
            for value in sets if is_set else values:
                if value is not None and not isinstance(value, tuple):
                    yield name, value_cuts(columns[name], value)


def _answering(
    parts: Sequence[Constant | ColumnValue | Call | Computed],
    passing: dict[int, tuple[str, ...]],
    named: Mapping[int, str],
) -> Iterator[str]:
    """The columns whose values the parts of outcomes may be."""
    for part in parts:
        if isinstance(part, ColumnValue):
            yield part.column
        elif isinstance(part, Computed):
            yield named[id(part)]
        elif isinstance(part, Call):
            yield from passing[id(part)]


def _parts(outcome: Outcome) -> tuple[Constant | ColumnValue | Call | Computed, ...]:
    match outcome.value:
        case Constant(tuple() | frozenset() as several):
            return tuple(Constant(each) for each in several)
    return outcome.parts


# ---------------------------------------------------------------- lifted columns


class Lifted(NamedTuple):
    """What a call derives within the called table, said in the caller's columns.

    `names` are what the caller calls that table's derived and looked-up columns; `arguments` go into
    its inputs and derived columns.
    """

    call: Call
    derived: tuple[Derived, ...]
    names: Mapping[str, str]
    arguments: tuple[Constant | ColumnValue, ...]


def lifted(
    call: Call,
    derived: Sequence[Derived],
    looked_up: Iterable[str],
    place: int,
    *,
    is_guarded: bool = False,
) -> Lifted:
    """The `derived` columns of the table that call number `place` calls, and of those it `looked_up`.

    Outside a guard an argument may be missing that is there inside, and so may be what follows from it.
    """
    columns = [each.column for each in derived]
    names = {
        name: f"{name} of {call.table.name} ({place + 1})"
        for name in (*(column.name for column in columns), *looked_up)
    }
    into: dict[str, Constant | ColumnValue] = {
        name: ColumnValue(own) for name, own in names.items()
    }
    for column, argument in zip(call.table.inputs, call.arguments, strict=True):
        into[column.name] = argument
    found = tuple(
        Derived(_named(column, names[column.name], is_guarded), put(definition, into))
        for column, definition in derived
    )
    own = (ColumnValue(each.column.name) for each in found)
    return Lifted(call, found, names, (*call.arguments, *own))


def _named(column: Column, name: str, is_guarded: bool) -> Column:
    kind = column.type
    if is_guarded and not isinstance(kind, OptionalType):
        kind = OptionalType(kind)  # type: ignore[arg-type]
    return replace(column, name=name, type=kind)
