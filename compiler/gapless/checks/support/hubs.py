"""Which rules meet so many others that it is said once: the hub, and all pairs that it takes part in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
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


class Gathered(NamedTuple):
    """Pairs sorted by cause: every pair is one hub's, or one of those told by themselves."""

    hubs: tuple[Hub, ...]
    pairs: tuple[Overlap, ...]


def gathered(overlaps: Sequence[Overlap]) -> Gathered:
    """The rule with most pairs takes them all, then the one with most of those that are left.

    Of rules with as many, the one that shares more cases, then the first.
    """
    crowd = _Crowd(overlaps)
    hubs: list[Hub] = []
    while (rule := crowd.foremost()) is not None:
        hubs.append(Hub(rule, tuple(sorted(crowd.taken(rule), key=_rank))))
    taken = {id(each.overlap) for hub in hubs for each in hub.meetings}
    rest = tuple(each for each in overlaps if id(each) not in taken)
    return Gathered(tuple(hubs), rest)


def told(overlap: Overlap) -> tuple[Box, ...]:
    """What is told of a pair: the cases in which it differs, or, if in none, those that it shares."""
    return overlap.differing or overlap.boxes


def concerned(unit: Unit, hub: Hub) -> tuple[int, bool]:
    """How many cases the hub shares with any of the others, each counted once, and whether that is all.

    Where counting them takes too long, those shared with one other, at least so many.
    """
    boxes = list(chain.from_iterable(each.boxes for each in hub.meetings))
    work = Work.on(len(boxes))
    try:
        return sum(_covered(part, boxes, work) for part in unit.parts[hub.rule]), True
    except OverBudget:
        return hub.meetings[0].cases, False


def _covered(part: Box, boxes: Sequence[Box], work: Work) -> int:
    inside = [both for box in boxes if (both := meet(part, box)) is not None]
    return cases([part]) - cases(open_parts(part, inside, work))


class _Crowd:
    """The pairs that no hub took yet, by rule; how many cases a rule shares is added up as they go."""

    def __init__(self, overlaps: Sequence[Overlap]) -> None:
        self.left: dict[int, dict[int, Meeting]] = defaultdict(dict)
        self.shared: dict[int, int] = defaultdict(int)
        for each in overlaps:
            boxes = told(each)
            for rule, other in ((each.earlier, each.later), (each.later, each.earlier)):
                self.left[rule][other] = Meeting(other, each, boxes, cases(boxes))
                self.shared[rule] += cases(boxes)
        self.heap = [self._weight(rule) for rule in self.left]
        heapify(self.heap)

    def foremost(self) -> int | None:
        """The rule that is in most pairs, if they are many."""
        while self.heap:
            weight = heappop(self.heap)
            rule = weight[-1]
            if weight != self._weight(rule):
                heappush(self.heap, self._weight(rule))  # a hub took some of its pairs
            else:
                return rule if len(self.left[rule]) >= MANY else None
        return None

    def taken(self, rule: int) -> Iterator[Meeting]:
        """The pairs of a rule, which are then no longer there."""
        for meeting in self.left.pop(rule).values():
            del self.left[meeting.other][rule]
            self.shared[meeting.other] -= meeting.cases
            yield meeting

    def _weight(self, rule: int) -> tuple[int, int, int]:
        return -len(self.left[rule]), -self.shared[rule], rule


def _rank(meeting: Meeting) -> tuple[int, int]:
    return -meeting.cases, meeting.other
