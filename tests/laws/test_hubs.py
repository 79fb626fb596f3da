"""Pairs told together are the pairs that there are: none is lost, none told twice, no case counted twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product
from random import Random

import pytest

from gapless.analysis.building import build_units
from gapless.analysis.domain.partition import Box
from gapless.analysis.overlaps import Overlap, overlaps
from gapless.analysis.unit import Unit
from gapless.checks.conflicts import conflict
from gapless.checks.conflicts.conflict import MANY, boxes_of, grouped
from gapless.model import HitPolicy, RuleKind
from gapless_dsl.diagnostic import Diagnostic
from tests.amounts import so_many
from tests.random_tables import random_table

SEEDS = range(so_many(120))
Cell = tuple[int, ...]


def crowded(seed: int) -> Unit:
    """A table in which rules meet that many others: few columns, long rows of dashes."""
    random = Random(seed)
    policy = random.choice([HitPolicy.UNIQUE, HitPolicy.UNIQUE, HitPolicy.ANY])
    table = random_table(random, "t", columns=4, rules=14, policy=policy, plain=True, any_share=0.5)
    named = (replace(rule, name=f"r{rule.name}") for rule in table.rules)
    table = replace(table, rules=tuple(named))
    return build_units([table]).units[table]


def pair_findings(unit: Unit) -> list[Diagnostic]:
    return list(conflict.check(unit))


def cells(unit: Unit, boxes: tuple[Box, ...]) -> Iterator[Cell]:
    for cell in product(*(range(len(axis.atoms)) for axis in unit.axes[: unit.inputs])):
        if any(all(mask >> n & 1 for mask, n in zip(box, cell, strict=True)) for box in boxes):
            yield cell


def met(unit: Unit) -> dict[frozenset[str], set[Cell]]:
    """The pairs of rules that share cases which can happen, with these cases, one by one."""
    rules = unit.table.rules
    whole = tuple(axis.whole for axis in unit.axes)
    answering = [n for n, rule in enumerate(rules) if rule.kind is RuleKind.RULE]
    barred = [unit.boxes[n] for n, rule in enumerate(rules) if rule.kind is RuleKind.IMPOSSIBLE]
    found: dict[frozenset[str], set[Cell]] = {}
    for one, other in combinations(answering, 2):
        boxes = unit.boxes[one], unit.boxes[other]
        shared = {
            cell
            for cell in cells(unit, (whole,))
            if all(box and _holds(box, cell) for box in boxes)
            and not any(box and _holds(box, cell) for box in barred)
        }
        if shared:
            found[frozenset((rules[one].name, rules[other].name))] = shared
    return found


def _holds(box: Box, cell: Cell) -> bool:
    return all(mask >> n & 1 for mask, n in zip(box, cell, strict=True))


def test_every_pair_is_told_once_by_name() -> None:
    hubs = 0
    for seed in SEEDS:
        unit = crowded(seed)
        pairs = {frozenset(_names(unit, each)): bool(each.outputs) for each in overlaps(unit)}
        said: Counter[tuple[str, frozenset[str]]] = Counter()
        for finding in pair_findings(unit):
            named = {frozenset(region.rules) for region in finding.regions}
            said.update((finding.code, pair) for pair in named)
            hubs += len(named) >= MANY

        assert set(pairs) == set(met(unit))
        assert set(said.values()) <= {1}
        assert {p for code, p in said if code == "GAP102"} == {p for p in pairs if pairs[p]}
        assert {p for code, p in said if code == "GAP104"} <= {p for p in pairs if not pairs[p]}
    assert hubs > 20


def test_the_size_of_a_hub_counts_each_of_its_cases_once() -> None:
    seen = 0
    for seed in SEEDS:
        unit = crowded(seed)
        shared = met(unit)
        regions = {frozenset(_names(unit, each)): boxes_of(each) for each in overlaps(unit)}
        for finding in pair_findings(unit):
            pairs = {frozenset(region.rules) for region in finding.regions}
            once = {cell for pair in pairs for cell in cells(unit, regions[pair])}
            both = set().union(*(shared[pair] for pair in pairs))

            assert finding.size is not None
            assert finding.size.cases == len(once)
            assert once == both if finding.code == "GAP104" else once <= both
            seen += len(pairs) >= MANY
    assert seen > 20


def test_what_is_left_when_hubs_are_told_is_in_fewer_pairs_than_make_a_hub() -> None:
    for seed in SEEDS:
        unit = crowded(seed)
        for alike in (True, False):
            met = [each for each in overlaps(unit) if bool(each.outputs) is not alike]
            found = grouped(met)
            left = Counter(rule for each in found.pairs for rule in each[:2])
            taken = [each.overlap for hub in found.hubs for each in hub.meetings]

            assert all(number < MANY for number in left.values())
            assert sorted([*found.pairs, *taken]) == sorted(met)
            assert all(hub.rule in each.overlap[:2] for hub in found.hubs for each in hub.meetings)


def test_the_rule_in_most_pairs_is_the_hub_and_not_those_it_meets() -> None:
    met = [Overlap(0, n, ((1,),), (0,), ((1,),)) for n in range(1, 6)]
    met.append(Overlap(2, 3, ((1,),), (0,), ((1,),)))
    (hub,), pairs = grouped(met)

    assert hub.rule == 0
    assert hub.others == (1, 2, 3, 4, 5)
    assert [each[:2] for each in pairs] == [(2, 3)]


@pytest.mark.parametrize("rules", [300])
def test_a_clique_is_gathered_soon(rules: int) -> None:
    """Where all rules meet all others no time is lost over who is left."""
    pairs = combinations(range(rules), 2)
    met = [Overlap(one, other, ((1,),), (), ()) for one, other in pairs]
    hubs, rest = grouped(met)

    assert [hub.rule for hub in hubs] == list(range(rules - MANY))
    assert len(rest) == MANY


def _names(unit: Unit, overlap: Overlap) -> tuple[str, str]:
    one, other = overlap[:2]
    return unit.table.rules[one].name, unit.table.rules[other].name
