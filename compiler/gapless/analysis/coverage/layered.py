"""What boxes leave open, counted column by column: a layered diagram of what is still to be asked.

After some columns, all that matters of the cells behind is which boxes they are still in, and of these only
the columns ahead: boxes that ask the same from here on are one. Cells with equal remainders are one
state, which carries how many they are; so equal work is done once, however many ways lead to it. After
Bryant's diagrams (1986), level by level, with the cells counted on the way down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from gapless.analysis.coverage.intersections import at_atoms
from gapless.analysis.domain.axes import Box
from gapless.analysis.domain.bitsets import bits

WORD = 1024
"""Sets of so many boxes take about twice as long to intersect as small ones."""


class Layers:
    """The search; `advance` until `is_done`. `spent` counts steps.

    `open` counts the cells found open so far; with `is_done`, all of them.
    """

    def __init__(self, whole: Box, boxes: Sequence[Box]) -> None:
        self.order = _order(whole, boxes)
        self.wholes = [whole[axis] for axis in self.order]
        self.at = [_by_live(whole[axis], [box[axis] for box in boxes]) for axis in self.order]
        self.rest = _suffixes(whole, boxes, self.order)
        self.below = _volumes(self.wholes)
        self.ways: list[dict[int, dict[int, int]]] = []
        self.open = 0
        self.spent = 0
        self.is_done = False
        self._steps = self._run((1 << len(boxes)) - 1)

    def advance(self) -> None:
        """Look at one state more."""
        self.is_done = next(self._steps, None) is None

    def paths(self) -> Iterator[Box]:
        """Disjoint boxes: the cells that are open; only when the search is done."""
        leading = self._leading()
        back = [self.order.index(axis) for axis in range(len(self.order))]

        def walk(level: int, state: int, masks: tuple[int, ...]) -> Iterator[Box]:
            if not state:
                full = (*masks, *self.wholes[level:])
                yield tuple(full[level] for level in back)
                return
            for after, mask in self.ways[level][state].items():
                if not after or after in leading[level + 1]:
                    yield from walk(level + 1, after, (*masks, mask))

        start = next(iter(self.ways[0]), None) if self.ways else None
        return walk(0, start, ()) if start is not None else iter(())

    @cached_property
    def parts(self) -> int:
        """How many boxes `paths` has; only when the search is done."""
        known: dict[int, int] = {0: 1}
        for ways in reversed(self.ways):
            counts = {
                state: sum(known.get(after, 0) for after in led) for state, led in ways.items()
            }
            known = {0: 1, **counts}
        return sum(known[state] for state in self.ways[0]) if self.ways else known[0]

    def _leading(self) -> list[set[int]]:
        """At each level, the states from which some cell is open."""
        leading: list[set[int]] = [set() for _ in range(len(self.ways) + 1)]
        for level in range(len(self.ways) - 1, -1, -1):
            for state, ways in self.ways[level].items():
                if any(not after or after in leading[level + 1] for after in ways):
                    leading[level].add(state)
        return leading

    def _run(self, everyone: int) -> Iterator[bool]:
        layer = {everyone: 1}
        for level, (at, rest) in enumerate(zip(self.at, self.rest[1:], strict=True)):
            price = 1 + (len(at) * (WORD + everyone.bit_length()) // WORD >> 4)
            ways: dict[int, dict[int, int]] = {}
            following: dict[int, int] = {}
            self.ways.append(ways)
            for state, cells in layer.items():
                found, repeated = _ways(at, rest, state)
                ways[state] = found
                for after, mask in found.items():
                    count = cells * mask.bit_count()
                    if after:
                        following[after] = following.get(after, 0) + count
                    else:
                        self.open += count * self.below[level + 1]
                self.spent += price + (repeated >> 2)
                yield True
            layer = following


class _Suffixes:
    """The columns from one on: which boxes ask the same there, and which ask nothing more."""

    __slots__ = ("first", "nothing_more", "repeated")

    def __init__(self, nothing_more: int, first: dict[int, int]) -> None:
        self.nothing_more = nothing_more
        self.first = first
        self.repeated = 0
        for number in first:
            self.repeated |= 1 << number

    def told(self, state: int) -> int:
        """The same state, each box that asks the same as an earlier one replaced by it."""
        again = state & self.repeated
        if again:
            state ^= again
            for number in bits(again):
                state |= 1 << self.first[number]
        return state


def _ways(at: Sequence[tuple[int, int]], rest: _Suffixes, state: int) -> tuple[dict[int, int], int]:
    """Where the atoms of a column lead from a state, and how many boxes were found to be repeated.

    Atoms are sets; those that lead to a box are left out.
    """
    ways: dict[int, int] = {}
    nothing_more = rest.nothing_more
    for mask, here in at:
        after = state & here
        if not after & nothing_more:
            ways[after] = ways.get(after, 0) | mask
    repeated = sum((after & rest.repeated).bit_count() for after in ways)
    if not repeated:
        return ways, 0
    told: dict[int, int] = {}
    for after, mask in ways.items():
        first = rest.told(after)
        told[first] = told.get(first, 0) | mask
    return told, repeated


def _order(whole: Box, boxes: Sequence[Box]) -> list[int]:
    """The columns that most boxes look at first; of equals, the smaller."""
    looks = [sum(box[axis] != mask for box in boxes) for axis, mask in enumerate(whole)]
    return sorted(range(len(whole)), key=lambda axis: (-looks[axis], whole[axis].bit_count()))


def _by_live(whole: int, column: Sequence[int]) -> list[tuple[int, int]]:
    """The atoms of a column in sets that the boxes do not tell apart, and the boxes that hold there."""
    found: dict[int, int] = {}
    for atom, here in enumerate(at_atoms(column, whole.bit_length())):
        if whole >> atom & 1:
            found[here] = found.get(here, 0) | 1 << atom
    return [(mask, here) for here, mask in found.items()]


def _volumes(wholes: Sequence[int]) -> list[int]:
    """For each level, and past the last, how many cells the columns from there on make."""
    volumes = [1]
    for mask in reversed(wholes):
        volumes.append(volumes[-1] * mask.bit_count())
    return volumes[::-1]


def _suffixes(whole: Box, boxes: Sequence[Box], order: Sequence[int]) -> list[_Suffixes]:
    """For each level, and past the last."""
    alike = [0] * len(boxes)
    nothing_more = (1 << len(boxes)) - 1
    found = [_Suffixes(nothing_more, {})]
    for axis in reversed(order):
        known: dict[tuple[int, int], int] = {}
        first: dict[int, int] = {}
        asks = 0
        for number, box in enumerate(boxes):
            key = (box[axis], alike[number])
            earliest = known.setdefault(key, number)
            alike[number] = earliest
            if earliest != number:
                first[number] = earliest
            if box[axis] != whole[axis]:
                asks |= 1 << number
        nothing_more &= ~asks
        found.append(_Suffixes(nothing_more, first))
    return found[::-1]
