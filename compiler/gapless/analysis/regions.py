"""Which inputs get a certain answer, as few large readable boxes: together exact, each as wide as can be.

Or as boxes that share no case, so that their counts add up: each as wide as those before it leave room.

The disjoint parts that lead to the answer are widened column by column as far as they meet nothing
that leads elsewhere; from what results, boxes are taken that show most of what is not yet shown,
until all is. What never happens may lie in any box and is not counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush, nlargest
from operator import itemgetter
from typing import NamedTuple

from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.coverage.cover import disjoint, open_parts
from gapless.analysis.coverage.intersections import Intersections
from gapless.analysis.decision.diagram import GAP, NEVER
from gapless.analysis.decision.first_match import canonical
from gapless.analysis.domain.partition import Axis, Box, Other, cases, covers, meet, volume
from gapless.analysis.unit import Unit

SEEDS_PER_REGION = 4
"""How many parts are widened for each region that a limit leaves room for."""


class Region(NamedTuple):
    """A box over a table's inputs, and how many cases in it have the answer that was asked for."""

    box: Box
    cases: int


@dataclass(frozen=True, slots=True)
class Regions:
    """Boxes, the largest first; none lies within the others together.

    `total` counts the cases that have the answer; of these, `unshown` lie in no box, for the limit's sake.
    """

    boxes: tuple[Region, ...]
    total: int
    unshown: int


def regions(unit: Unit, rule: int, *, limit: int | None = None) -> Regions:
    """The inputs that lead to `rule`, a rule's number, GAP or NEVER.

    With a `limit`, at most that many boxes, made of the largest parts only, or, where choosing is too
    much work, these parts. Where the search for the
    gap was given up, what is known of it. Raises OverBudget.
    """
    asked = _gap(unit, is_limited=limit is not None) if rule == GAP else _won(unit, rule)
    axes = unit.axes[: unit.inputs]
    return _told(asked, *_widest(axes, asked, Intersections.of(asked.elsewhere), limit))


def disjoint_regions(unit: Unit, rule: int, *, limit: int | None = None) -> Regions:
    """The same, but no two of them share a case, so that their counts add up to what is shown."""
    asked = _gap(unit, is_limited=limit is not None) if rule == GAP else _won(unit, rule)
    return apart(unit.axes[: unit.inputs], asked, limit=limit)


def apart(axes: Sequence[Axis], asked: Asked, *, limit: int | None = None) -> Regions:
    """What is asked for in boxes of which no two share a case, the largest first. Raises OverBudget."""
    elsewhere = Intersections.of(asked.elsewhere)
    found: list[Box] = []
    boxes, _ = _widest(axes, asked, elsewhere, limit)
    for box in sorted(boxes, key=lambda each: -_counted(each, asked.never)):
        while True:
            parts = ((_counted(part, asked.never), part) for part in open_parts(box, found))
            most, left = max(parts, key=itemgetter(0), default=(0, box))
            if not most or len(found) == limit:
                break
            barred = (elsewhere, Intersections.of(found))
            ways = [_grown(axes, left, way, barred) for way in _ways(left)]
            found.append(max(ways, key=lambda each: _counted(each, asked.never)))
    return _told(asked, found, sum(_counted(box, asked.never) for box in found))


def _widest(
    axes: Sequence[Axis], asked: Asked, elsewhere: Intersections, limit: int | None
) -> tuple[list[Box], int]:
    """Boxes as wide as can be that together show what is asked for, or as much of it as a limit allows.

    And how many cases they show. Where choosing is too much work, the largest parts as they were proved.
    """
    seeds = (
        asked.parts if limit is None else nlargest(SEEDS_PER_REGION * limit, asked.parts, volume)
    )
    candidates = _candidates(axes, seeds, elsewhere)
    work = Work.on(len(candidates))
    try:
        needed = kept = _chosen(candidates, asked.never, limit, work)
        for box in kept:  # without those that the others together show
            others = [other for other in needed if other != box]
            if others and not _gain(box, others, asked.never, work):
                needed = others
        gains = (_gain(box, needed[:n], asked.never, work) for n, box in enumerate(needed))
        return needed, sum(gains)
    except OverBudget:
        if limit is None:
            raise
        needed = nlargest(limit, asked.parts, volume)
        return needed, sum(_counted(box, asked.never) for box in needed)


def _told(asked: Asked, boxes: Sequence[Box], shown: int) -> Regions:
    total = max(asked.total, shown)
    counted = [Region(box, _counted(box, asked.never)) for box in boxes]
    counted.sort(key=lambda region: (-region.cases, region.box))
    return Regions(tuple(counted), total, total - shown)


class Asked(NamedTuple):
    """Disjoint boxes that have the answer, how many cases do at least, and what regions keep away from.

    What never happens, disjoint boxes, may lie in any region.
    """

    parts: Sequence[Box]
    total: int
    elsewhere: Sequence[Box]
    never: Sequence[Box]


def _won(unit: Unit, rule: int) -> Asked:
    won = unit.claims.won
    elsewhere = [box for other in won if other not in (rule, NEVER) for box in won[other]]
    never = () if rule == NEVER else won.get(NEVER, ())
    return Asked(won.get(rule, ()), unit.tally.get(rule, 0), elsewhere, never)


def _gap(unit: Unit, *, is_limited: bool) -> Asked:
    """What is asked of the gap: nothing that would need to know which rule wins what."""
    gap = unit.claims.gap
    never: list[Box] = []
    for box in unit.excluded:
        never.extend(disjoint([box], never))
    ruled = (claim.box for claim in unit.claims.claims if claim.rule != NEVER)
    elsewhere = disjoint(ruled, never) if never else list(ruled)
    parts: Sequence[Box] = gap.parts
    if gap.is_exact or (gap.is_counted and not is_limited):
        parts = canonical(unit.claims.gap_parts, unit.claims.whole)
    return Asked(parts, gap.at_least, elsewhere, never)


def _counted(box: Box, never: Sequence[Box]) -> int:
    """How many cells of `box`, which holds what is asked for or never happens, can happen."""
    return volume(box) - cases(both for each in never if (both := meet(box, each)) is not None)


def _candidates(axes: Sequence[Axis], seeds: Sequence[Box], elsewhere: Intersections) -> list[Box]:
    """Seeds widened with their first column first and with their last column first, the largest before.

    One that lies within a box found by then is not widened: it has been.
    """
    found: dict[Box, None] = {}
    for seed in sorted(seeds, key=lambda each: (-volume(each), each)):
        if not any(covers(box, seed) for box in found):
            found.update({_grown(axes, seed, way, (elsewhere,)): None for way in _ways(seed)})
    return list(found)


def _ways(box: Box) -> tuple[Sequence[int], Sequence[int]]:
    """The columns, the first first and the last first."""
    order = range(len(box))
    return order, order[::-1]


def _grown(
    axes: Sequence[Axis], seed: Box, order: Sequence[int], elsewhere: Sequence[Intersections]
) -> Box:
    """A largest box around `seed`: columns are freed, then stretched, then given what else there is.

    What an axis has no room for now it has no room for later, so one pass of each kind suffices.
    """
    box = list(seed)
    for widening in ("freed", "stretched", "filled"):
        for number in order:
            axis = axes[number]
            if box[number] != axis.whole:
                free = axis.whole
                for each in elsewhere:
                    free &= ~each.blocked(box, number)
                if free == axis.whole or widening == "filled":
                    box[number] = free
                elif widening == "stretched":
                    box[number] = _stretched(axis, box[number], free)
    return tuple(box)


def _stretched(axis: Axis, mask: int, free: int) -> int:
    """All that is free in a column without order; else the free stretches that `mask` touches."""
    if axis.kind is None:
        return free
    missing = 1 << len(axis.atoms) - 1 if axis.atoms[-1] is Other.MISSING else 0
    runs = free & ~missing
    reached = mask & runs
    while (wider := (reached | reached << 1 | reached >> 1) & runs) != reached:
        reached = wider
    return reached | free & missing


def _chosen(
    candidates: Sequence[Box], never: Sequence[Box], limit: int | None, work: Work
) -> list[Box]:
    """Boxes, each the one that shows most of what those before it do not, until nothing is left.

    A gain only shrinks, so a box whose gain is still the best known needs no look at the others.
    """
    heap = [(-_counted(box, never), i) for i, box in enumerate(candidates)]
    heapify(heap)
    chosen: list[Box] = []
    while heap and (limit is None or len(chosen) < limit):
        _, number = heappop(heap)
        gain = _gain(candidates[number], chosen, never, work)
        if gain and heap and gain < -heap[0][0]:
            heappush(heap, (-gain, number))
        elif gain:
            chosen.append(candidates[number])
    return chosen


def _gain(box: Box, shown: Sequence[Box], never: Sequence[Box], work: Work) -> int:
    """How many cases of `box` can happen and are not in `shown`. Raises OverBudget."""
    gain = 0
    for part in open_parts(box, shown):
        work.spend(1 + len(never))
        gain += _counted(part, never)
    return gain
