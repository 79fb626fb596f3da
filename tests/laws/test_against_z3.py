"""An independent prover, on tables too large to enumerate, says the same."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from gapless.analysis.building import build_units
from gapless.analysis.decision.diagram import GAP, NEVER
from gapless.analysis.overlaps import overlaps
from gapless.analysis.regions import regions
from gapless.analysis.unit import Unit
from gapless.model import HitPolicy, RuleKind, Table, precedence
from tests.amounts import so_many
from tests.random_tables import LETTERS, random_table
from tests.z3_meaning import Reading, case_of, is_possible

SEEDS = range(so_many(40))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_gap_exists_where_z3_finds_one(seed: int) -> None:
    for table, unit in _tables(seed):
        assert bool(unit.tally.get(GAP)) == is_possible(Reading(table).gap())


@pytest.mark.parametrize("seed", SEEDS)
def test_z3_agrees_that_each_witness_is_a_gap(seed: int) -> None:
    for table, unit in _tables(seed):
        reading = Reading(table)
        for region in regions(unit, GAP, limit=5).boxes:
            sample = {
                axis.column.name: axis.sample((mask & -mask).bit_length() - 1)
                for axis, mask in zip(unit.axes, region.box, strict=False)
            }
            ruled_out = not is_possible(_and(case_of(sample, reading), *reading.facts))

            assert ruled_out or is_possible(_and(case_of(sample, reading), reading.gap()))


@pytest.mark.parametrize("seed", SEEDS)
def test_conflicts_are_those_that_z3_finds(seed: int) -> None:
    for table, unit in _tables(seed):
        rules = unit.rules(RuleKind.RULE)
        pairs = ((a, b) for a in rules for b in rules if a < b)
        expected = {pair for pair in pairs if _disagree(table, *pair)}

        assert {(o.earlier, o.later) for o in overlaps(unit) if o.outputs} == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rule_decides_something_where_z3_finds_a_case(seed: int) -> None:
    for table, unit in _tables(seed):
        reading = Reading(table)
        ranked = precedence(table).order
        for place, number in enumerate(ranked):
            before = [_not(reading.matches(table.rules[n])) for n in ranked[:place]]
            decides = _and(*reading.facts, reading.matches(table.rules[number]), *before)

            assert bool(unit.tally.get(number)) == is_possible(decides)


def _disagree(table: Table, one: int, other: int) -> bool:
    """Whether two rules answer some case differently that neither the other nor a third one decides."""
    beats = precedence(table).beats
    if beats(one, other) or beats(other, one):
        return False
    reading, a, b = Reading(table), table.rules[one], table.rules[other]
    third = [
        _not(reading.matches(rule))
        for number, rule in enumerate(table.rules)
        if rule.kind is RuleKind.RULE and (beats(number, one) or beats(number, other))
    ]
    return is_possible(_and(reading.both(a, b), reading.apart(a, b), *third))


def _tables(seed: int) -> Iterator[tuple[Table, Unit]]:
    """A table of some twenty rules, and one of a few that calls it."""
    random = Random(seed)
    callee = random_table(
        random, "callee", policy=HitPolicy.FIRST, columns=5, rules=20, plain=True, any_share=0.5
    )
    caller = random_table(
        random, "caller", outcome_type=LETTERS, callee=callee, columns=4, rules=8, plain=True
    )
    units = build_units([caller]).units
    for table in (callee, caller):
        if table in units:
            assert NEVER not in units[table].tally or table is caller
            yield table, units[table]


def _and(*formulas: object) -> object:
    import z3

    return z3.And(*formulas)


def _not(formula: object) -> object:
    import z3

    return z3.Not(formula)
