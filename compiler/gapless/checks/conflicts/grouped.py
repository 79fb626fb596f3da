"""Grouped conflicts: a rule that meets many others is the one cause of all these pairs, told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from itertools import chain
from typing import NamedTuple

from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.coverage.cover import open_parts
from gapless.analysis.domain.partition import Box, cases, meet
from gapless.analysis.overlaps import Overlap
from gapless.analysis.unit import Unit

MANY = 3
"""A rule in so many pairs is a cause of its own; two pairs are told as quickly as one hub."""


class Meeting(NamedTuple):
    """Rule `other` shares disjoint `boxes` of so many cases with a hub, as `overlap` says."""

    other: int
    overlap: Overlap
    boxes: tuple[Box, ...]
    cases: int


class Hub(NamedTuple):
    """A rule that meets many: with each of them, those first with which it shares most cases."""

    rule: int
    meetings: tuple[Meeting, ...]

    @property
    def others(self) -> tuple[int, ...]:
        return tuple(each.other for each in self.meetings)


class Grouped(NamedTuple):
    """Pairs sorted by cause: every pair is one hub's, or one of those told by themselves."""

    hubs: tuple[Hub, ...]
    pairs: tuple[Overlap, ...]


def grouped(overlaps: Sequence[Overlap]) -> Grouped:
    """The rule with most pairs takes them all, then the one with most of those that are left.

    Of rules with as many, the one that shares more cases, then the first.
    """
    left: dict[int, dict[int, Meeting]] = defaultdict(dict)
    shared: dict[int, int] = defaultdict(int)
    for each in overlaps:
        boxes = told(each)
        for rule, other in (each[:2], each[1::-1]):
            left[rule][other] = Meeting(other, each, boxes, cases(boxes))
            shared[rule] += cases(boxes)

    def weight(rule: int) -> tuple[int, int, int]:
        return -len(left[rule]), -shared[rule], rule

    heap = [weight(rule) for rule in left]
    heapify(heap)
    hubs: list[Hub] = []
    while heap:
        known = heappop(heap)
        rule = known[-1]
        if known != weight(rule):
            heappush(heap, weight(rule))  # a hub took some of its pairs
            continue
        if len(left[rule]) < MANY:
            break
        taken = left.pop(rule).values()
        for meeting in taken:
            del left[meeting.other][rule]
            shared[meeting.other] -= meeting.cases
        hubs.append(Hub(rule, tuple(sorted(taken, key=lambda each: (-each.cases, each.other)))))
    gone = {id(each.overlap) for hub in hubs for each in hub.meetings}
    return Grouped(tuple(hubs), tuple(each for each in overlaps if id(each) not in gone))


def told(overlap: Overlap) -> tuple[Box, ...]:
    """What is told of a pair: the cases in which it differs, or, if in none, those that it shares."""
    return overlap.differing or overlap.boxes


def concerned(unit: Unit, hub: Hub) -> tuple[int, bool]:
    """How many cases the hub shares with any of the others, each counted once, and whether that is all.

    Where counting them takes too long, those shared with one other, at least so many.
    """
    boxes = list(chain.from_iterable(each.boxes for each in hub.meetings))
    work = Work.on(len(boxes))
    found = 0
    try:
        for part in unit.parts[hub.rule]:
            inside = [both for box in boxes if (both := meet(part, box)) is not None]
            found += cases([part]) - cases(open_parts(part, inside, work))
    except OverBudget:
        return hub.meetings[0].cases, False
    return found, True
