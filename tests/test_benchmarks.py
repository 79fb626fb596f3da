"""The benchmarks measure what they say: everyone who is timed answers as the table does."""

from __future__ import annotations

from decimal import Context, Inexact, Rounded, localcontext
from functools import cache
from random import Random

import pytest

from benchmarks.lookups import agreeing, audit
from benchmarks.lookups.contenders import BARE, HAND, OURS, Contender, by_hand, ours, peers
from benchmarks.lookups.generated import generated
from benchmarks.lookups.inputs import constants, document, drawn, parsed
from benchmarks.lookups.timing import QUICK, measured
from benchmarks.lookups.workloads import NAMES, PLAIN, workload
from tests.amounts import LONG

TRIED = NAMES if LONG else tuple(name for name in NAMES if name != "w3")
"""The largest is of the kind of the other two, and takes as long to compile as all others together."""
SAMPLES = 40
FEW = 6
"""For the engines that take long."""
ENGINES = ("zen", "business_rules", "rule_engine", "SpiffWorkflow")


@cache
def everyone(name: str) -> tuple[Contender, ...]:
    asked = workload(name)
    return (*ours(asked.grid, generated(asked)), *by_hand(asked.grid))


@pytest.mark.parametrize("name", TRIED)
def test_code_by_hand_and_generated_code_answer_as_the_table_does(name: str) -> None:
    asked = agreeing.samples(workload(name), SAMPLES)

    assert len(asked) == SAMPLES
    assert {each.name: agreeing.strays(each, asked) for each in everyone(name)} == {
        each.name: [] for each in everyone(name)
    }


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", TRIED)
def test_other_engines_answer_as_the_table_does(name: str) -> None:
    """Their own warnings are theirs."""
    for engine in ENGINES:
        pytest.importorskip(engine)
    asked = agreeing.samples(workload(name), FEW)
    engines = list(peers(workload(name).grid))

    assert {each.name: agreeing.strays(each, asked) for each in engines} == {
        each.name: [] for each in engines
    }


@pytest.mark.parametrize("name", TRIED)
def test_whoever_has_a_door_refuses_every_bad_input(name: str) -> None:
    found = {
        each.name: audit.is_safe(audit.audit(workload(name).grid, each))
        for each in everyone(name)
        if each.group in (HAND, OURS)
    }

    assert found == dict.fromkeys(found, True)


@pytest.mark.parametrize("name", TRIED)
def test_without_a_door_some_bad_input_is_answered(name: str) -> None:
    """Else the audit would not look closely enough."""
    bare = [each for each in everyone(name) if each.group == BARE]

    assert bare
    assert not any(audit.is_safe(audit.audit(workload(name).grid, each)) for each in bare)


@pytest.mark.parametrize("name", sorted({*PLAIN} & {*TRIED}))
def test_code_by_hand_answers_in_a_narrow_context_of_decimals(name: str) -> None:
    asked = agreeing.samples(workload(name), SAMPLES)
    hands = [each for each in everyone(name) if each.group == HAND]

    with localcontext(Context(prec=3, traps=[Inexact, Rounded])):
        found = {each.name: agreeing.strays(each, asked) for each in hands}

    assert found == {each.name: [] for each in hands}


def test_fresh_inputs_are_objects_of_their_own_and_constants_are_the_table_s() -> None:
    grid = workload("w1").grid
    text = document(grid, drawn(grid, Random(1), 20), 1)
    words = {id(value) for column in grid.columns for value in column.values}

    assert parsed(grid, text) == constants(grid, text)
    assert not words & {id(value) for row in parsed(grid, text) for value in row}
    assert words >= {id(value) for row in constants(grid, text) for value in row}


def test_every_mode_is_measured_for_whom_it_is_meant() -> None:
    found = measured(workload("w1").grid, everyone("w1"), QUICK, 1)

    assert set(found) == {"fresh", "constants"}
    assert set(found["constants"]) == {each.name for each in everyone("w1")}
    assert set(found["fresh"]) == {each.name for each in everyone("w1") if each.group != BARE}
