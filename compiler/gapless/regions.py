"""Which inputs get a certain answer, as few large readable boxes: together exact, each as wide as can be.

The disjoint paths of the decision that lead to the answer are widened column by column as far as
they lead to nothing else; from what results, boxes are taken that show most of what is not yet
shown, until all is. What never happens may lie in any box and is not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush, nlargest
from itertools import islice
from typing import NamedTuple, TypeAlias

from gapless import ranks
from gapless.cover import OverBudget, open_parts
from gapless.decision import NEVER, Decision, Leaf, Node, paths
from gapless.space import Axis, Box, Other, volume
from gapless.unit import Unit

PATHS = 20_000
"""How many paths are looked at where the caller set a limit."""

SEEDS_PER_REGION = 4
"""How many paths are widened for each region that a limit leaves room for."""

Accepted: TypeAlias = Callable[[int], bool]


class Region(NamedTuple):
    """A box over a table's inputs, and how many cases in it have the answer that was asked for."""

    box: Box
    cases: int


@dataclass(frozen=True, slots=True)
class Regions:
    """Boxes, the largest first, that may overlap; none lies within the others together.

    `total` counts the cases that have the answer; of these, `unshown` lie in no box, for the limit's sake.
    """

    boxes: tuple[Region, ...]
    total: int
    unshown: int


def regions(unit: Unit, accepted: Accepted, *, limit: int | None = None) -> Regions:
    """The inputs that `unit`, which must have a decision, leads to an `accepted` rule number.

    With a `limit`, at most that many boxes, made of the largest paths only.
    """
    decision = unit.by_inputs
    assert decision is not None, "a table without a decision has no known regions"
    axes = unit.axes[: unit.inputs]
    total = sum(cases for rule, cases in unit.tally.items() if accepted(rule))
    candidates = _candidates(decision, axes, _seeds(decision, axes, accepted, limit), accepted)
    chosen = _chosen(decision, candidates, accepted, limit)
    needed = _irredundant(decision, chosen, accepted)
    counted = [Region(box, cases_in(decision, box, accepted)) for box in needed]
    shown = sum(_gains(decision, needed, accepted))
    return Regions(tuple(sorted(counted, key=_size)), total, total - shown)


def cases_in(decision: Decision, box: Box, accepted: Accepted) -> int:
    """How many cells of `box` lead to an accepted rule; the decision tests no axes beyond the box."""
    whole = volume(box)
    known: dict[int, int] = {}

    def count(node: Node) -> int:
        """Cells as if every axis were still free below: exact multiples of what branches divide."""
        if isinstance(node, Leaf):
            return whole if accepted(node.rule) else 0
        if id(node) not in known:
            here = box[node.axis]
            cells = sum((mask & here).bit_count() * count(child) for mask, child in node.ways)
            known[id(node)] = cells // here.bit_count()
        return known[id(node)]

    return count(decision.root)


def room(decision: Decision, box: Sequence[int], axis: int, accepted: Accepted) -> int:
    """The atoms of `axis` that `box` may have there and still lead to accepted rules only."""
    whole = decision.wholes[axis]
    known: dict[int, int] = {}

    def walk(node: Node) -> int:
        if isinstance(node, Leaf):
            return whole if accepted(node.rule) else 0
        if id(node) not in known:
            atoms = 0 if node.axis == axis else whole
            for mask, child in node.ways:
                if node.axis == axis:
                    atoms |= mask & walk(child)
                elif mask & box[node.axis]:
                    atoms &= walk(child)
            known[id(node)] = atoms
        return known[id(node)]

    return walk(decision.root)


def _seeds(
    decision: Decision, axes: Sequence[Axis], accepted: Accepted, limit: int | None
) -> list[Box]:
    """The paths to widen: all of them, or the largest."""
    found = (box[: len(axes)] for box, rule in paths(decision) if accepted(rule))
    if limit is None:
        return list(found)
    return nlargest(SEEDS_PER_REGION * limit, islice(found, PATHS), key=volume)


def _candidates(
    decision: Decision, axes: Sequence[Axis], seeds: Sequence[Box], accepted: Accepted
) -> list[Box]:
    """Every seed, widened with its first column first and with its last column first."""
    order = range(len(axes))

    def tolerated(rule: int) -> bool:
        return accepted(rule) or rule == NEVER

    grown = (
        _grown(decision, axes, seed, way, tolerated)
        for seed in seeds
        for way in (order, order[::-1])
    )
    return list(dict.fromkeys(grown))


def _grown(
    decision: Decision, axes: Sequence[Axis], seed: Box, order: Sequence[int], accepted: Accepted
) -> Box:
    """A largest box around `seed`: columns are freed, then stretched, then given what else there is.

    What an axis has no room for now it has no room for later, so one pass of each kind suffices.
    """
    box = list(seed)
    for widened in (_freed, _stretched, _filled):
        for number in order:
            if box[number] != axes[number].whole:
                free = room(decision, box, number, accepted)
                box[number] = widened(axes[number], box[number], free)
    return tuple(box)


def _freed(axis: Axis, mask: int, free: int) -> int:
    return axis.whole if free == axis.whole else mask


def _stretched(axis: Axis, mask: int, free: int) -> int:
    """All that is free in a column without order; else the free stretches that `mask` touches."""
    if ranks.ordered(axis.column.type) is None:
        return free
    missing = 1 << len(axis.atoms) - 1 if axis.atoms[-1] is Other.MISSING else 0
    runs = free & ~missing
    reached = mask & runs
    while (wider := (reached | reached << 1 | reached >> 1) & runs) != reached:
        reached = wider
    return reached | free & missing


def _filled(axis: Axis, mask: int, free: int) -> int:
    return free


def _chosen(
    decision: Decision, candidates: Sequence[Box], accepted: Accepted, limit: int | None
) -> list[Box]:
    """Boxes, each the one that shows most of what those before it do not, until nothing is left.

    A gain only shrinks, so a box whose gain is still the best known needs no look at the others.
    """
    heap = [(-cases_in(decision, box, accepted), i) for i, box in enumerate(candidates)]
    heapify(heap)
    chosen: list[Box] = []
    while heap and (limit is None or len(chosen) < limit):
        _, number = heappop(heap)
        gain = _gain(decision, candidates[number], chosen, accepted)
        if gain and heap and gain < -heap[0][0]:
            heappush(heap, (-gain, number))
        elif gain:
            chosen.append(candidates[number])
    return chosen


def _irredundant(decision: Decision, boxes: Sequence[Box], accepted: Accepted) -> list[Box]:
    """`boxes` without those that the others together show."""
    kept = list(boxes)
    for box in boxes:
        others = [other for other in kept if other != box]
        if not _gain(decision, box, others, accepted):
            kept = others
    return kept


def _gains(decision: Decision, boxes: Sequence[Box], accepted: Accepted) -> Iterator[int]:
    """What each box shows beyond those before it."""
    for number, box in enumerate(boxes):
        yield _gain(decision, box, boxes[:number], accepted)


def _gain(decision: Decision, box: Box, shown: Sequence[Box], accepted: Accepted) -> int:
    """How many accepted cells `box` has that are not in `shown`; 0 where that is too hard to tell."""
    try:
        return sum(cases_in(decision, part, accepted) for part in open_parts(box, shown))
    except OverBudget:
        return 0


def _size(region: Region) -> tuple[int, Box]:
    return -region.cases, region.box
