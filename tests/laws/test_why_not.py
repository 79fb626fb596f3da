"""What is told of losing rules and of changes is what the reference meaning says of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapless.model import Policy, RuleKind, Table, Value, precedence
from gapless.report import why_not as report
from gapless.resolve import resolve
from gapless.run import Step, put
from gapless.semantics import Answered, Contradicted, evaluate, holds, matches, trace
from gapless.why_not import Asked, Beaten, WhyNot, said, why_not
from gapless_dsl.parser import parse
from tests.amounts import so_many
from tests.laws.test_collecting import TYPES, sheet
from tests.laws.test_nearest_change import models, written
from tests.random_policies import random_policy
from tests.sql_cases import real
from tests.strategies import cases, policies, probes

slow = settings(
    max_examples=so_many(60, 4),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

Case = Mapping[str, Value]


def known(table: Table, inputs: Case) -> dict[str, Value]:
    """Every column of a case that could be worked out."""
    case = dict(inputs)
    for step in put(table, inputs).steps:
        if not isinstance(step, Step):
            case[step.computation.column.name] = step.value
        elif step.meaning is None:
            case[step.column.name] = None
        elif isinstance(step.meaning, Answered):
            case[step.column.name] = step.meaning.values[step.call.output]
    return case


def told_as_meant(asked: Asked) -> None:
    """Each rule answers or loses; a losing one has a cross, or is beaten by one that answers."""
    table, case = asked.table, known(asked.table, asked.inputs)
    meaning = evaluate(table, asked.inputs)
    losing = {each.rule.name: each for each in asked.losing}
    assert len(losing) == len(asked.losing)
    if meaning.table is table and not isinstance(meaning, Answered | Contradicted):
        winning = [getattr(meaning, "rule", None)]
    else:
        winning = [*getattr(meaning, "rules", ())]
    if meaning.table is table:
        expected = {rule.name for rule in table.rules if rule not in winning}
        assert losing.keys() == expected, table.name
    wins = precedence(table)
    numbers = {rule.name: number for number, rule in enumerate(table.rules)}
    for each in asked.losing:
        applies = matches(table, each.rule, case)
        assert applies == (each.failed == 0) == (each.beaten is not None)
        for tested in each.conditions:
            assert tested.holds == holds(tested.condition.test, case[tested.column.name], case)
        if each.by is not None:
            beaten_too = losing[each.by.name].beaten if each.by.name in losing else None
            assert matches(table, each.by, case) and beaten_too in (None, Beaten.AGREEING)
        if each.beaten in (Beaten.FIRST, Beaten.PRIORITY, Beaten.EXCEPTION):
            assert each.by and wins.beats(numbers[each.by.name], numbers[each.rule.name])
        assert (each.beaten is Beaten.OTHERWISE) == (
            applies and each.rule.kind is RuleKind.OTHERWISE
        )
    rows = [each.failed for each in asked.losing if each.beaten is not Beaten.OTHERWISE]
    assert rows == sorted(rows)


def all_told_as_meant(table: Table, case: Case) -> WhyNot:
    why = why_not(table, case)
    for asked in why.asked:
        told_as_meant(asked)
    flowing = {row.table for row in trace(table, case).rows}
    if flowing:
        assert {asked.table for asked in why.asked if asked.decides} == flowing
    deciding = [asked.decides for asked in why.asked]
    assert deciding == sorted(deciding, reverse=True)
    for change in why.changes:
        meaning = evaluate(table, {**case, **change.values})
        assert meaning == change.meaning
        assert said(meaning) != said(why.meaning)
        assert all(value != case[name] for name, value in change.values.items())
    assert len({len(change.values) for change in why.changes}) < 2
    return why


def nothing_near_is_missed(table: Table, case: Case, why: WhyNot) -> None:
    """No value at or beside what a table names changes the answer where none was found to."""
    alone = {name for change in why.changes for name in change.values if len(change.values) == 1}
    unknown = {name for some in why.given_up for name in some if len(some) == 1}
    for column in table.inputs:
        for value in probes(table, column):
            name = column.name
            if name not in alone | unknown and why.is_whole:
                assert said(evaluate(table, {**case, name: value})) == said(why.meaning)


def drawn(table: Table, chance: Random) -> dict[str, Value]:
    return {column.name: chance.choice(probes(table, column)) for column in table.inputs}


@slow
@given(policies(), st.data())
def test_of_models(policy: Policy, data: st.DataObject) -> None:
    for table in policy.tables:
        case = data.draw(cases(table))
        nothing_near_is_missed(table, case, all_told_as_meant(table, case))


@pytest.mark.parametrize("batch", range(4))
def test_of_small_tables(batch: int) -> None:
    for seed in range(30 * batch, 30 * batch + so_many(30, 4)):
        for table in models(seed):
            for _ in range(3):
                all_told_as_meant(table, drawn(table, Random(seed)))
        for table in written(TYPES + sheet(Random(seed)).text):
            all_told_as_meant(table, drawn(table, Random(seed)))


def random_tables(seed: int) -> Iterator[Table]:
    sources = random_policy(seed)
    found, _ = resolve([parse(each)[0] for each in sources], {each.path: each for each in sources})
    yield from (table for policy in found for table in policy.tables if table.complete)


@pytest.mark.parametrize("batch", range(5))
def test_of_random_policies(batch: int) -> None:
    tried = 0
    for seed in range(20 * batch, 20 * batch + so_many(20, 4)):
        chance = Random(seed)
        sources = {each.path: each for each in random_policy(seed)}
        for table in random_tables(seed):
            case = drawn(table, chance)
            why = all_told_as_meant(table, case)
            nothing_near_is_missed(table, case, why)
            assert report.text(why, sources)
            assert json.dumps(report.machine(why, sources))
            tried += 1
    assert tried > so_many(20, 4)


def test_of_every_policy_in_the_tree() -> None:
    """The first example of each table, and cases at or beside what it names."""
    chance, tried = Random(1), 0
    for policy in real().policies:
        for table in policy.tables:
            shown = [dict(example.inputs) for example in table.examples[:1]]
            for case in (*shown, drawn(table, chance)):
                nothing_near_is_missed(table, case, all_told_as_meant(table, case))
                tried += 1
    assert tried > 100
