"""A diagram says the same however it is walked, and what is made of it says what it should."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapless.analysis.by_inputs import Tabulation, tabulation
from gapless.analysis.decision.diagram import (
    UniqueTable,
    branches,
    paths,
    renumbered,
    restricted,
)
from gapless.model import Policy
from tests.amounts import so_many
from tests.generated_python import compiled
from tests.random_tables import rule_at
from tests.strategies import policies

slow = settings(
    max_examples=so_many(20),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _tabulations(policy: Policy) -> Iterator[Tabulation]:
    for unit in compiled(policy).units.values():
        if (found := tabulation(unit)) is not None:
            yield found


def _cell(data: st.DataObject, found: Tabulation) -> list[int]:
    return [data.draw(st.integers(0, len(axis.atoms) - 1)) for axis in found.axes]


@slow
@given(policies(), st.data())
def test_every_law_holds_of_the_diagrams_of_a_policy(policy: Policy, data: st.DataObject) -> None:
    for found in _tabulations(policy):
        _each_cell_is_on_one_path(found, data)
        _a_restricted_diagram_says_the_same_where_it_says_anything(found, data)
        _numbers_are_changed_at_the_leaves_alone(found, data)
        _equal_nodes_are_one_and_none_leads_everywhere_to_the_same(found)


def _each_cell_is_on_one_path(found: Tabulation, data: st.DataObject) -> None:
    root, cell = found.decision.root, _cell(data, found)
    on = [
        number
        for box, number in paths(root, found.decision.wholes)
        if all(mask >> atom & 1 for mask, atom in zip(box, cell, strict=True))
    ]
    assert on == [rule_at(root, cell)]


def _a_restricted_diagram_says_the_same_where_it_says_anything(
    found: Tabulation, data: st.DataObject
) -> None:
    root, cell = found.decision.root, _cell(data, found)
    axis = data.draw(st.integers(0, len(found.axes) - 1))
    mask = 1 << cell[axis] | data.draw(st.integers(0, found.axes[axis].whole))
    part = restricted(root, axis, mask, UniqueTable())
    assert rule_at(part, cell) == rule_at(root, cell)
    alone = restricted(root, axis, 1 << cell[axis], UniqueTable())
    assert all(branch.axis != axis for branch in branches(alone))


def _numbers_are_changed_at_the_leaves_alone(found: Tabulation, data: st.DataObject) -> None:
    root, cell = found.decision.root, _cell(data, found)
    numbers = {number: data.draw(st.integers(0, 2)) for number in sorted(found.leaves)}
    assert rule_at(renumbered(root, numbers), cell) == numbers[rule_at(root, cell)]


def _equal_nodes_are_one_and_none_leads_everywhere_to_the_same(found: Tabulation) -> None:
    nodes = branches(renumbered(found.decision.root, {}))
    assert len({(node.axis, node.ways) for node in nodes}) == len(nodes)
    assert all(len({child for _, child in node.ways}) > 1 for node in nodes)
    for node in nodes:
        masks = [mask for mask, _ in node.ways]
        assert sum(masks) == found.axes[node.axis].whole
