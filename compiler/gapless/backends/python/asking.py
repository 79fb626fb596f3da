"""Questions put to columns: which condition tells some atoms from the others that are still possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gapless import ranks
from gapless.backends.python.conditions import Condition, Number, Tested, joined
from gapless.backends.python.membership import membership, truth
from gapless.backends.python.scope import TableNames
from gapless.backends.python.steps import Question
from gapless.backends.python.stretches import stretches
from gapless.backends.python.values import Constants
from gapless.model import AnyOf, Between, BoolType, Equals, NoneOf, Table, Test
from gapless.unit import Unit


def tested(unit: Unit, names: TableNames) -> tuple[Tested, ...]:
    """The condition columns of a table, as its code tests them."""
    return tuple(
        Tested(axis, names.arguments[axis.column.name], _written(unit.table, number))
        for number, axis in enumerate(unit.axes)
    )


def asked(
    questions: Iterable[Question], columns: tuple[Tested, ...], constants: Constants
) -> Condition:
    """What every question asks, in one condition."""
    found = (_condition(columns[each.axis], each, constants) for each in questions)
    return joined("and", found)


def _condition(tested: Tested, question: Question, constants: Constants) -> Condition:
    mask, possible = question.mask & question.possible, question.possible
    assert mask != possible, "a question with one answer"
    if ranks.ordered(tested.axis.column.type) is not None:
        return stretches(tested, mask, possible, constants)
    if isinstance(tested.inner, BoolType):
        return truth(tested, mask, possible)
    return membership(tested, mask, possible, constants)


def _written(table: Table, number: int) -> frozenset[Number]:
    """The numbers and dates that the conditions on column `number` name, those of guards too."""
    name = table.columns[number].name
    tests = [rule.conditions[number].test for rule in table.rules]
    tests += [
        each.condition.test for let in table.lets for each in let.guard if each.column == name
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
