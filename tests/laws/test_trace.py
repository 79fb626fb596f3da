"""The rows that an answer rests on are those of the reference meaning, wherever they are told."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapless.analysis.arithmetic.dependent import Exactly, Following
from gapless.analysis.by_inputs import tabulation
from gapless.analysis.domain.answers import Row
from gapless.analysis.unit import Unit
from gapless.driver import Result, compile_sources
from gapless.model import Policy, Value
from gapless.semantics import Answered, evaluate, trace
from tests.amounts import so_many
from tests.generated_python import compiled
from tests.random_policies import random_policy
from tests.random_tables import rule_at
from tests.sql_cases import real
from tests.strategies import cases, policies, probes

Rows: TypeAlias = tuple[tuple[Row, ...], ...]

slow = settings(
    max_examples=so_many(60),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def told(unit: Unit, case: Mapping[str, Value], as_analyzed: Rows | None) -> Rows:
    """The rows by the reference meaning; collecting tables as a whole where the analysis has them so."""
    whole = {row.table for rows in as_analyzed or () for row in rows if row.rule is None}
    found = []
    for rows in trace(unit.table, case).outcomes:
        as_rows = (Row(t, None if t in whole else t.rules.index(rule)) for t, rule in rows)
        found.append(tuple(dict.fromkeys(as_rows)))
    return tuple(found)


def analyzed(unit: Unit, case: Mapping[str, Value]) -> Rows | None:
    """The rows by the tabulation; None where that was not worked out."""
    found = tabulation(unit, is_traced=True)
    if found is None:
        return None
    values = tuple(case[column.name] for column in unit.table.inputs)
    following = Following(unit.axes[: unit.inputs], len(values), (), {})
    exactly = Exactly(unit.following or following, values)  # type: ignore[arg-type]
    cell = [exactly.atom(place) for place in range(len(found.axes))]
    return found.endings[rule_at(found.decision.root, cell)].rows


def _agree(result: Result, chance: Random, most: int) -> int:
    """How many cases were held against the reference."""
    tried = 0
    for unit in result.units.values():
        values = [probes(unit.table, column) for column in unit.table.inputs]
        for _ in range(most):
            case = {
                column.name: chance.choice(of)
                for column, of in zip(unit.table.inputs, values, strict=True)
            }
            if isinstance(evaluate(unit.table, case), Answered):
                rows = analyzed(unit, case)
                assert rows is None or rows == told(unit, case, rows), (unit.table.name, case)
                tried += rows is not None
    return tried


@slow
@given(policies(), st.data())
def test_the_analysis_traces_as_the_reference_does(policy: Policy, data: st.DataObject) -> None:
    for unit in compiled(policy).units.values():
        case = data.draw(cases(unit.table))
        if isinstance(evaluate(unit.table, case), Answered):
            rows = analyzed(unit, case)
            assert rows is None or rows == told(unit, case, rows)


@pytest.mark.parametrize("seed", range(so_many(40)))
def test_of_random_policies_too(seed: int) -> None:
    result = compile_sources(random_policy(seed))
    _agree(result, Random(seed), 60)


def test_of_every_policy_in_the_tree() -> None:
    assert _agree(real(), Random(1), 80) > 2_000
