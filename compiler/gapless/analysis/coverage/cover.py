"""Which part of a box some boxes leave open: exactly, or, where that is too hard, how much at least and at most.

Two searches take turns, and the one that finishes first decides: divide and conquer, the largest part
first, and a layered diagram of what is still to be asked. The first is good at boxes that are mostly
disjoint, the second at grids and at boxes that ask the same in many places. Where both are given up,
open cells are looked for by sampling.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import heappop, heappush
from itertools import chain
from operator import and_

from gapless.analysis.coverage.budget import Work
from gapless.analysis.coverage.divide import FEW, Part, loads, smaller
from gapless.analysis.coverage.intersections import Intersections, at_atoms, by_live, partners
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Box, cases, meet, volume

HARD = 4
"""Which boxes meet is found out where so many parts have not settled a question."""

PER_PART = 3
"""A part costs as much as so many looks at a box, whatever reaches into it."""

WIDE = 32
"""A look at a box of so many columns more takes a step more."""

TAIL = 20
"""Dividing goes on for so many steps a box when the diagram has counted what is open, to say where."""

LISTED = 2_000
"""A diagram may tell its open cells in so many boxes; where it has more, dividing tells them in fewer."""


@dataclass(frozen=True, slots=True)
class Open:
    """What some boxes leave open of another, as far as the search went.

    `parts` are disjoint boxes, open for certain; `undecided` are disjoint boxes in which cells may be
    open that no part holds. Between `at_least` and `at_most` cells are open.
    """

    parts: tuple[Box, ...] = ()
    undecided: tuple[Box, ...] = ()
    at_least: int = 0
    at_most: int = 0

    @property
    def is_exact(self) -> bool:
        """Whether every open cell lies in a part."""
        return not self.undecided

    @property
    def is_counted(self) -> bool:
        """Whether it is known how many cells are open, though perhaps not of each where."""
        return self.at_least == self.at_most


def open_parts(
    box: Box, covering: Sequence[Box], work: Work | None = None, met: Sequence[int] | None = None
) -> Iterator[Box]:
    """Disjoint boxes: exactly the cells of `box` that are in none of `covering`.

    `met` has for each of those the others that it meets, as bits, if that is known. Raises OverBudget,
    perhaps after some parts, when `work` does not suffice.
    """
    numbers = [number for number, each in enumerate(covering) if all(map(and_, box, each))]
    inside = [tuple(map(and_, box, covering[number])) for number in numbers]
    return open_in(Part(box, inside, numbers, False), work or Work.on(len(inside)), met)


def open_in(part: Part, work: Work, met: Sequence[int] | None) -> Iterator[Box]:
    """The same of a part that was made ready."""
    stack, first, looks, price = [part], part, 0, _price(part.box)
    while stack:
        part = stack.pop()
        if not part.clipped:
            yield part.box
            continue
        work.spend(price * (1 + len(part.clipped)))
        looks += 1
        if met is None and looks == HARD and len(first.clipped) >= FEW:
            met = _met_by_number(first)
        stack.extend(smaller(part, met))


def _price(box: Box) -> int:
    """The steps that a look at one box is."""
    return 1 + len(box) // WIDE


def _met_by_number(part: Part) -> Sequence[int]:
    """For each box of a part, the others that it meets: by the numbers that the part has for them."""
    met = partners(part.clipped)
    if part.numbers[-1] == len(met) - 1:
        return met
    found = [0] * (part.numbers[-1] + 1)
    for number, those in zip(part.numbers, met, strict=True):
        found[number] = sum(1 << part.numbers[other] for other in bits(those))
    return found


def first_open(box: Box, covering: Sequence[Box], work: Work | None = None) -> Box | None:
    """Some open part of `box`, or None if it is covered. Raises OverBudget."""
    return next(open_parts(box, covering, work), None)


def disjoint(boxes: Iterable[Box], against: Sequence[Box], work: Work | None = None) -> list[Box]:
    """The parts of boxes that are in none of `against`. Raises OverBudget."""
    work = work or Work.on(len(against))
    return [part for box in boxes for part in open_parts(box, against, work)]


def uncovered(box: Box, covering: Sequence[Box], met: Sequence[int], work: Work) -> Open:
    """What `covering`, boxes within `box`, leave open of it, as far as `work` suffices.

    `met` has for each of them the others that it meets, as bits.
    """
    dividing = _Dividing(Part(box, covering, range(len(covering)), False), met)
    layers = _raced(dividing, box, work.left)
    work.spend(min(work.left, dividing.spent + (layers.spent if layers else 0)))
    if layers is None or not layers.is_done:
        return dividing.found()
    if not dividing.parts:
        return Open(tuple(dividing.open), (), layers.open, layers.open)
    if layers.parts <= LISTED:
        return Open(tuple(layers.paths()), (), layers.open, layers.open)
    parts = tuple(dividing.open) or (next(layers.paths()),)
    return Open(parts, dividing.undecided(), layers.open, layers.open)


def _raced(dividing: _Dividing, box: Box, limit: int) -> Layers | None:
    """Lets both searches take turns until one is done or the steps are spent; the diagram, if begun.

    Where a finished diagram would tell what is open in too many boxes, dividing goes on a little: it
    tells it in fewer.
    """
    layers: Layers | None = None
    while dividing.parts:
        if dividing.spent + (layers.spent if layers else 0) > limit:
            break
        if layers is None and dividing.spent > len(dividing.inside):
            layers = Layers(box, dividing.inside)
        if layers is None or layers.is_done or layers.spent > dividing.due:
            dividing.advance()
            continue
        layers.advance()
        if layers.is_done and layers.parts <= LISTED:
            break
        if layers.is_done:
            spent = dividing.spent + layers.spent
            limit = min(limit, spent + spent // 8 + TAIL * len(dividing.inside))
    return layers


class _Dividing:
    """Divide and conquer, one part at a time, the largest first: so what is undecided shrinks fastest."""

    def __init__(self, part: Part, met: Sequence[int]) -> None:
        self.inside = part.clipped
        self.met = met
        self.parts: list[tuple[int, int, Part]] = []
        self.open: list[Box] = []
        self.spent = 0
        self.made = 0
        self.pending, self.whole = 0, volume(part.box)
        self.price = _price(part.box)
        self._keep(part)

    @property
    def due(self) -> int:
        """The steps, cheaper ones, that the diagram may have taken by now: few, once most is settled here."""
        return self.spent // 4 if 2 * self.pending < self.whole else 2 * self.spent

    def advance(self) -> None:
        """Look at one part more."""
        size, _, part = heappop(self.parts)
        self.pending += size
        self.spent += self.price * (PER_PART + len(part.clipped))
        for each in smaller(part, self.met):
            self._keep(each)

    def _keep(self, part: Part) -> None:
        if part.clipped:
            self.made += 1
            size = volume(part.box)
            self.pending += size
            heappush(self.parts, (-size, self.made, part))
        else:
            self.open.append(part.box)

    def undecided(self) -> tuple[Box, ...]:
        """Parts not looked at yet, the largest first."""
        return tuple(part.box for _, _, part in sorted(self.parts))

    def found(self) -> Open:
        """What is known by now."""
        known, least, most = cases(self.open), 0, 0
        for _, _, part in self.parts:
            sizes = [volume(box) for box in part.clipped]
            least += max(0, volume(part.box) - sum(sizes))
            most += volume(part.box) - max(sizes)
        return Open(tuple(self.open), self.undecided(), known + least, known + most)


# ---------------------------------------------------------------- the layered diagram


WORD = 1024
"""Sets of so many boxes take about twice as long to intersect as small ones."""


class Layers:
    """What boxes leave open, counted column by column: `advance` until `is_done`. `spent` counts steps.

    After some columns, all that matters of the cells behind is which boxes they are still in, and of
    these only the columns ahead: boxes that ask the same from here on are one. Cells with equal
    remainders are one state, which carries how many they are; so equal work is done once, however many
    ways lead to it. After Bryant's diagrams (1986), level by level.

    `open` counts the cells found open so far; with `is_done`, all of them.
    """

    def __init__(self, whole: Box, boxes: Sequence[Box]) -> None:
        self.order = _order(whole, boxes)
        self.wholes = [whole[axis] for axis in self.order]
        self.at = [by_live(whole[axis], [box[axis] for box in boxes]) for axis in self.order]
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
        back = [self.order.index(axis) for axis in range(len(self.order))]

        def walk(level: int, state: int, masks: tuple[int, ...]) -> Iterator[Box]:
            if not state:
                full = (*masks, *self.wholes[level:])
                yield tuple(full[level] for level in back)
                return
            for after, mask in self.ways[level][state].items():
                if self._boxes[level + 1].get(after):
                    yield from walk(level + 1, after, (*masks, mask))

        start = next(iter(self.ways[0]), None) if self.ways else None
        return walk(0, start, ()) if start is not None else iter(())

    @property
    def parts(self) -> int:
        """How many boxes `paths` has; only when the search is done."""
        return sum(self._boxes[0][state] for state in self.ways[0]) if self.ways else 1

    @cached_property
    def _boxes(self) -> list[dict[int, int]]:
        """For each level, and past the last, in how many boxes a state's open cells are told."""
        found: list[dict[int, int]] = [{0: 1}]
        for ways in reversed(self.ways):
            below = found[-1]
            counts = {
                state: sum(below.get(after, 0) for after in led) for state, led in ways.items()
            }
            found.append({0: 1, **counts})
        return found[::-1]

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


# ---------------------------------------------------------------- sampling


PARTS = 40
"""In so many of the undecided parts, the largest, open cells are looked for."""

STARTS = 12
"""From so many starts in each."""

SPREAD = 0x9E3779B97F4A7C15
"""The golden section as a fraction of 2**64: its multiples are spread most evenly."""


def with_samples(known: Open, whole: Box, boxes: Sequence[Box]) -> Open:
    """What is `known` of what `boxes` leave open of `whole`, and what is found by trying in the undecided parts."""
    if not known.undecided:
        return known
    sampler = _Sampler(whole, boxes)
    tried = (sampler.open_box(part) for part in known.undecided[:PARTS])
    found = tuple(box for box in tried if box is not None)
    parts = (*known.parts, *found)
    return replace(known, parts=parts, at_least=max(known.at_least, cases(parts)))


class _Sampler:
    """Open cells found by trying: each is one for certain, however it was found.

    First the cell is taken at which, column after column, the boxes have the smallest share of what is
    left: if their volumes do not add up to the part, it is open (Erdős and Selfridge's conditional
    expectations, 1973). Then, from starts spread evenly over the part, one column after another is moved
    to where fewest boxes are left, until that is none. The starts are multiples of an irrational number
    (Weyl, 1916), so that every machine tries the same. `alive` has for each column and atom the boxes
    that hold there.
    """

    def __init__(self, whole: Box, boxes: Sequence[Box]) -> None:
        self.boxes = boxes
        self.everyone = (1 << len(boxes)) - 1
        self.meetings = Intersections.of(boxes)
        self.alive = [
            at_atoms([box[axis] for box in boxes], mask.bit_length())
            for axis, mask in enumerate(whole)
        ]

    def open_box(self, part: Box) -> Box | None:
        """An open box in a part, as wide as it can be there; None where none was found."""
        spread = ([_start(mask, axis, n) for axis, mask in enumerate(part)] for n in range(STARTS))
        for start in chain([self._least_filled(part)], spread):
            cell = self._descended(part, start)
            if cell is not None:
                return self._widened(part, [1 << atom for atom in cell])
        return None

    def _least_filled(self, part: Box) -> list[int]:
        """The cell reached by going, in each column, to the atom at which boxes fill least of what is left."""
        met = bits(self.meetings.met(part))
        left = [both for number in met if (both := meet(self.boxes[number], part)) is not None]
        cell: list[int] = []
        for axis, mask in enumerate(part):
            sized = ((box[axis], volume(box[axis:])) for box in left)
            stretch, _ = min(loads(mask, sized), key=lambda each: each[1])
            atom = stretch & -stretch
            cell.append(atom.bit_length() - 1)
            left = [box for box in left if box[axis] & atom]
        return cell

    def _descended(self, part: Box, cell: list[int]) -> list[int] | None:
        """An open cell reached from `cell` by moving one column at a time, if any is."""
        fewest = self._alive(cell).bit_count()
        while fewest:
            before = fewest
            for axis, mask in enumerate(part):
                others = self._alive(cell, but_for=axis)
                left = [
                    ((others & self.alive[axis][atom]).bit_count(), atom) for atom in bits(mask)
                ]
                fewest, cell[axis] = min(left)
            if fewest == before:
                return None
        return cell

    def _alive(self, cell: Sequence[int], but_for: int | None = None) -> int:
        """The boxes that hold a cell, whatever it is in column `but_for`."""
        those = self.everyone
        for axis, atom in enumerate(cell):
            if axis != but_for:
                those &= self.alive[axis][atom]
        return those

    def _widened(self, part: Box, box: list[int]) -> Box:
        for axis, mask in enumerate(part):
            box[axis] = mask & ~self.meetings.blocked(box, axis)
        return tuple(box)


def _start(mask: int, axis: int, start: int) -> int:
    """One of the atoms in `mask`."""
    atoms = list(bits(mask))
    place = (start + 1) * (2 * axis + 1) * SPREAD % 2**64
    return atoms[place * len(atoms) >> 64]
