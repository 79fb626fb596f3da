"""What is planted in a table is found, all of it, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from benchmarks.analysis.generator import Planted, grid, loans, look_up
from gapless.analysis.building import build_units
from gapless.analysis.decision.diagram import GAP
from gapless.analysis.domain.partition import Box, cases, covers, meet, volume
from gapless.analysis.overlaps import overlaps
from gapless.analysis.regions import regions
from gapless.analysis.unit import Unit

LOANS = [
    loans(seed, 24 * min(columns, 6), columns, gaps=gaps, overlaps=common, skew=skew)
    for seed, columns, gaps, common, skew in (
        (1, 1, 2, 2, 0.0),
        (2, 2, 5, 3, 0.0),
        (3, 3, 0, 7, 0.0),
        (4, 3, 9, 0, 0.5),
        (5, 4, 6, 6, 0.9),
        (6, 5, 1, 1, 0.0),
        (7, 7, 8, 8, 0.3),
        (8, 7, 0, 0, 0.9),
        (9, 10, 7, 5, 0.0),
        (10, 15, 6, 9, 0.6),
        (11, 20, 9, 9, 0.0),
        (12, 20, 4, 4, 0.9),
    )
]
HOLES = [grid(1, 6, 3, holes=0.2), look_up(1, 6, 3, holes=0.4), look_up(2, 20, 1, holes=0.3)]


@pytest.mark.parametrize("planted", [*LOANS, *HOLES])
def test_the_gap_is_what_was_dropped(planted: Planted) -> None:
    unit = build_units([planted.table]).units[planted.table]
    dropped = [_box(unit, planted, number) for number in range(len(planted.gaps))]

    assert unit.tally.get(GAP, 0) == cases(dropped)
    assert _shared(unit.claims.gap_parts, dropped) == cases(dropped)


@pytest.mark.parametrize("planted", [*LOANS, *HOLES])
def test_the_listed_regions_show_the_gap_and_nothing_else(planted: Planted) -> None:
    unit = build_units([planted.table]).units[planted.table]
    dropped = [_box(unit, planted, number) for number in range(len(planted.gaps))]
    found = regions(unit, GAP)

    assert found.unshown == 0
    assert all(_shared([each.box], dropped) == volume(each.box) for each in found.boxes)
    assert all(any(meet(each.box, box) for each in found.boxes) for box in dropped)


@pytest.mark.parametrize("planted", LOANS)
def test_the_overlaps_are_the_pairs_that_were_widened(planted: Planted) -> None:
    unit = build_units([planted.table]).units[planted.table]
    rules = planted.table.rules
    found = {(each.earlier, each.later): each for each in overlaps(unit)}

    assert sorted(found) == [(one, other) for one, other, _ in planted.overlaps]
    for one, other, cells in planted.overlaps:
        shared = tuple(
            axis.mask(kind.test(cell))
            for axis, kind, cell in zip(unit.axes, planted.kinds, cells, strict=True)
        )
        apart = rules[one].outcomes[0].value != rules[other].outcomes[0].value

        assert cases(found[one, other].boxes) == volume(shared)
        assert all(covers(shared, box) for box in found[one, other].boxes)
        assert bool(found[one, other].outputs) == apart


def _box(unit: Unit, planted: Planted, number: int) -> Box:
    """A planted gap in the atoms of the table; its neighbors cut the columns at its edges."""
    return tuple(
        axis.mask(kind.test(cell))
        for axis, kind, cell in zip(unit.axes, planted.kinds, planted.gaps[number], strict=True)
    )


def _shared(some: Sequence[Box], others: Sequence[Box]) -> int:
    """How many cells two sets of disjoint boxes have in common."""
    return cases(both for one in some for other in others if (both := meet(one, other)))
