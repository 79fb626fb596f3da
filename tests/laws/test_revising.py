"""One row edited, again and again: what is known afterwards is what a full run finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from benchmarks.analysis.generator import loans
from gapless import checks
from gapless.analysis.building import build_units
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Box
from gapless.analysis.revising import revised, standing
from gapless.analysis.unit import Unit
from gapless.model import Rule, Table
from tests.random_tables import random_table, random_test

EDITS = 8


def edited(random: Random, table: Table) -> Iterator[tuple[Table, int]]:
    """The table after one edit and another, and the number of the rule that was changed."""
    for _ in range(EDITS):
        number = random.randrange(len(table.rules))
        rules = list(table.rules)
        rules[number] = _changed(random, table, rules[number])
        table = replace(table, rules=tuple(rules))
        yield table, number


def _changed(random: Random, table: Table, rule: Rule) -> Rule:
    """Another rule in its place, or one cell or the outcome of it changed."""
    conditions = list(rule.conditions)
    for place in (
        range(len(conditions)) if random.random() < 0.3 else [random.randrange(len(conditions))]
    ):
        test = random_test(random, table.columns[place].type)
        conditions[place] = conditions[place]._replace(test=test)
    other = random.choice(table.rules)
    outcomes = (
        other.outcomes if other.kind is rule.kind and random.random() < 0.2 else rule.outcomes
    )
    return replace(rule, conditions=tuple(conditions), outcomes=outcomes)


@pytest.mark.parametrize("seed", range(120))
def test_a_revision_knows_what_a_full_run_finds(seed: int) -> None:
    random = Random(seed)
    rules = random.choice([3, 8, 20])
    table = random_table(random, "t", columns=4, rules=rules, any_share=random.choice([0.2, 0.6]))
    if not table.rules:
        return
    now = standing(build_units([table]).units[table])
    for after, number in edited(random, table):
        now = revised(now, after, number, {})
        fresh = build_units([after]).units[after]

        assert _said(now.unit) == _said(fresh)
        assert list(checks.findings(now.unit)) == list(checks.findings(fresh))


def test_a_revision_of_a_large_table_looks_only_at_what_the_row_reaches() -> None:
    """Numbers that cut a column anew, and what nobody names any longer, in a table of many rows."""
    planted = loans(3, 600, 5, gaps=12, overlaps=12)
    table, random = planted.table, Random(7)
    now = standing(build_units([table]).units[table])
    for _ in range(12):
        number = random.randrange(len(table.rules))
        other = random.choice(table.rules)
        place = random.randrange(len(table.columns))
        conditions = list(table.rules[number].conditions)
        conditions[place] = other.conditions[place]
        rules = list(table.rules)
        rules[number] = replace(rules[number], conditions=tuple(conditions))
        table = replace(table, rules=tuple(rules))
        now = revised(now, table, number, {})
        fresh = build_units([table]).units[table]

        assert _said(now.unit) == _said(fresh)
        assert list(checks.findings(now.unit)) == list(checks.findings(fresh))


def _said(unit: Unit) -> tuple[object, ...]:
    """All that the checks start from, the gap cell by cell where that is not too much."""
    claims = unit.claims
    return (
        [axis.atoms for axis in unit.axes],
        unit.boxes,
        claims.claims,
        list(claims.partners),
        claims.gap.at_least,
        claims.gap.at_most,
        claims.deciding,
        _cells(unit, claims.gap.parts),
    )


def _cells(unit: Unit, parts: tuple[Box, ...]) -> object:
    if unit.cases > 20_000:
        return None
    cells: set[tuple[int, ...]] = set()
    for part in parts:
        found: list[tuple[int, ...]] = [()]
        for mask in part:
            found = [(*cell, atom) for cell in found for atom in bits(mask)]
        cells.update(found)
    return cells
