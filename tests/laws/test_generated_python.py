"""What generated Python answers is what the table says, and nothing else gets an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gapless.analysis.domain.ordinals import bounds, value_at
from gapless.model import (
    BoolType,
    Column,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    OptionalType,
    Policy,
    Value,
)
from tests.amounts import so_many
from tests.generated_python import (
    Function,
    compiled,
    every,
    functions,
    looked_up,
    meant,
    real,
    uses_meant,
    uses_of,
)
from tests.strategies import cases, policies, probes
from tests.strategies.types import inner

BY_HYPOTHESIS = 2_000
"""Up to so many cases Hypothesis tries every one; it takes a millisecond for each."""

ONE_BY_ONE = 100_000
"""Up to so many cases are tried one by one."""

EDGES = so_many(5_000)
"""Up to so many combinations of values beside edges are all tried."""

COMPANY = so_many(100, 4)
"""Of more, each value is tried beside so many others."""

slow = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def _is_closed(column: Column) -> bool:
    """Whether a column has so few values that each can be tried."""
    of = column.type.of if isinstance(column.type, OptionalType) else column.type
    if isinstance(of, IntType | DecimalType | DateType):
        low, high = bounds(of)
        return low is not None and high is not None and high - low < ONE_BY_ONE
    return isinstance(of, EnumerationType | BoolType)


def _values(column: Column) -> list[Value]:
    """Every value of a column that is closed."""
    of = column.type.of if isinstance(column.type, OptionalType) else column.type
    missing: list[Value] = [None] if isinstance(column.type, OptionalType) else []
    match of:
        case EnumerationType(_, members):
            return [*(member.name for member in members), *missing]
        case IntType() | DecimalType() | DateType():
            low, high = bounds(of)
            assert low is not None and high is not None
            return [*(value_at(of, rank) for rank in range(low, high + 1)), *missing]
        case _:
            return [False, True, *missing]


def _is_tried_whole(columns: Sequence[Column]) -> bool:
    """Not where days or numbers, each of them, make too many combinations: edges are tried of these."""
    if not all(map(_is_closed, columns)):
        return False
    listed = all(isinstance(inner(each.type), EnumerationType | BoolType) for each in columns)
    return listed or prod(len(_values(each)) for each in columns) <= ONE_BY_ONE


NAMES = sorted(every())
CLOSED = [name for name in NAMES if _is_tried_whole(every()[name].table.inputs)]


@settings(slow, max_examples=so_many(90))
@given(policies(), st.data())
def test_generated_python_is_the_reference_meaning_looked_up_or_not(
    policy: Policy, data: st.DataObject
) -> None:
    """Rules as they are, and those of every table looked up, however few."""
    result = compiled(policy)
    for function, other in zip(functions(result), looked_up(result), strict=True):
        for case in data.draw(st.lists(cases(function.table), min_size=5, max_size=20)):
            _agrees(function, case)
            _agrees(other, case)


def test_rules_of_real_tables_answer_alike_when_they_are_looked_up() -> None:
    chance = Random(0)
    for function in looked_up(real()):
        columns = [probes(function.table, column) for column in function.table.inputs]
        for values in {tuple(map(chance.choice, columns)) for _ in range(200)}:
            _agrees(function, _case(function, values))


@pytest.mark.parametrize("name", CLOSED)
def test_every_case_of_a_closed_table_is_tried_and_gets_the_answer_of_its_rows(name: str) -> None:
    function = every()[name]
    closed = [_values(column) for column in function.table.inputs]
    size = prod(map(len, closed))
    assert size <= ONE_BY_ONE, "too many cases to try each: add a way to divide them"

    tried = _by_hypothesis(function, closed) if size <= BY_HYPOTHESIS else _by_one(function, closed)

    assert len(tried) == size


@pytest.mark.parametrize("name", NAMES)
def test_both_sides_of_every_edge_get_the_answer_of_their_rows(name: str) -> None:
    function = every()[name]
    columns = [probes(function.table, column) for column in function.table.inputs]
    for values in _spread(columns):
        _agrees(function, _case(function, values))


@pytest.mark.parametrize("name", NAMES)
def test_a_case_drawn_anywhere_gets_the_answer_of_its_rows(name: str) -> None:
    function = every()[name]

    @given(cases(function.table))
    def agrees(case: dict[str, Value]) -> None:
        _agrees(function, case)

    agrees()


def test_every_table_is_tried() -> None:
    tables = [table for policy in real().policies for table in policy.tables]
    assert len(NAMES) == len(tables) > 0


def _agrees(function: Function, case: dict[str, Value]) -> None:
    asked = function.asked(case)

    assert asked == meant(function.table, case)
    if asked.values is not None:
        explanation = function.explain(*case.values())
        assert uses_of(explanation) == uses_meant(function.table, case)


def _by_hypothesis(
    function: Function, domains: Sequence[Sequence[Value]]
) -> set[tuple[Value, ...]]:
    """Hypothesis stops when there is nothing left to try; what it tried proves that it did."""
    tried: set[tuple[Value, ...]] = set()

    @settings(max_examples=prod(map(len, domains)), phases=[Phase.generate], database=None)
    @given(st.tuples(*map(st.sampled_from, domains)))
    def agrees(values: tuple[Value, ...]) -> None:
        tried.add(values)
        _agrees(function, _case(function, values))

    agrees()
    return tried


def _by_one(function: Function, domains: Sequence[Sequence[Value]]) -> set[tuple[Value, ...]]:
    tried: set[tuple[Value, ...]] = set()
    for values in product(*domains):
        tried.add(values)
        _agrees(function, _case(function, values))
    return tried


def _spread(columns: Sequence[Sequence[Value]]) -> Iterator[tuple[Value, ...]]:
    """Every combination; of very many, enough to see each value in much different company."""
    if prod(map(len, columns)) <= EDGES:
        yield from product(*columns)
        return
    chance = Random(0)
    for number, column in enumerate(columns):
        for value in column:
            for _ in range(COMPANY):
                others = [chance.choice(each) for each in columns]
                yield (*others[:number], value, *others[number + 1 :])


def _case(function: Function, values: Sequence[Value]) -> dict[str, Value]:
    names = [column.name for column in function.table.inputs]
    return dict(zip(names, values, strict=True))
