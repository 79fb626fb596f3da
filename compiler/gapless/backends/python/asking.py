"""Questions put to columns: which condition tells some atoms from the others that are still possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.derived import Ordering
from gapless.analysis.domain.partition import Axis
from gapless.analysis.unit import Unit
from gapless.backends.code.conditions import Condition, Number, Side, Tested, joined
from gapless.backends.code.scope import TableNames
from gapless.backends.code.values import Constants
from gapless.backends.python.comparing import compared
from gapless.backends.python.membership import membership, truth
from gapless.backends.python.steps import Question
from gapless.backends.python.stretches import stretches
from gapless.model import (
    AnyOf,
    Between,
    BoolType,
    ColumnValue,
    Equals,
    NoneOf,
    OptionalType,
    Test,
)


def tested(unit: Unit, names: TableNames) -> tuple[Tested, ...]:
    """The condition columns of a table, as its code tests them."""
    return tuple(
        Tested(axis, names.arguments.get(axis.column.name, ""), _written(unit, number))
        if (order := ordering(unit, number)) is None
        else _compared(unit, axis, order, names)
        for number, axis in enumerate(unit.axes)
    )


def ordering(unit: Unit, number: int) -> Ordering | None:
    """How two columns stand, where that is what an axis is about."""
    inputs, derived = len(unit.table.inputs), unit.lowered.derived
    if not inputs <= number < inputs + len(derived):
        return None
    definition = derived[number - inputs].definition
    return definition if isinstance(definition, Ordering) else None


def _compared(unit: Unit, axis: Axis, order: Ordering, names: TableNames) -> Tested:
    columns = {column.name: column for column in unit.table.columns}
    sides = tuple(
        Side(names.arguments[end.column], isinstance(columns[end.column].type, OptionalType))
        for end in (order.left, order.right)
        if isinstance(end, ColumnValue) and end.column in columns
    )
    return Tested(axis, "", frozenset(), sides, order.members)


def asked(
    questions: Iterable[Question], columns: tuple[Tested, ...], constants: Constants
) -> Condition:
    """What every question asks, in one condition."""
    found = (_condition(columns[each.axis], each, constants) for each in questions)
    return joined("and", found)


def _condition(tested: Tested, question: Question, constants: Constants) -> Condition:
    mask, possible = question.mask & question.possible, question.possible
    assert mask != possible, "a question with one answer"
    if tested.sides:
        return compared(tested, mask, possible, constants)
    if ranks.ordered(tested.axis.column.type) is not None:
        return stretches(tested, mask, possible, constants)
    if isinstance(tested.inner, BoolType):
        return truth(tested, mask, possible)
    return membership(tested, mask, possible, constants)


def _written(unit: Unit, number: int) -> frozenset[Number]:
    """The numbers and dates that the cells on an axis name, those of guards too."""
    name = unit.axes[number].column.name
    tests = [cells[number].test for cells in unit.lowered.cells]
    tests += [
        each.condition.test for let in unit.table.lets for each in let.guard if each.column == name
    ]
    return frozenset(value for test in tests for value in _named(test))


def _named(test: Test) -> Iterator[Number]:
    match test:
        case Equals(value) if not isinstance(value, str | bool):
            yield value
        case Between(low, high):
            yield from (end for end in (low, high) if end is not None)
        case AnyOf(tests) | NoneOf(tests):
            for each in tests:
                yield from _named(each)
        case _:
            return
