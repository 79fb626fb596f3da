"""Which part of a box some boxes leave open: exactly, or, where that is too hard, how much at least and at most.

Two searches take turns, and the one that finishes first decides: divide and conquer, the largest part
first, and a layered diagram of what is still to be asked. The first is good at boxes that are mostly
disjoint, the second at grids and at boxes that ask the same in many places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from operator import and_

from gapless.analysis.coverage.budget import Work
from gapless.analysis.coverage.divide import FEW, Part, smaller
from gapless.analysis.coverage.intersections import partners
from gapless.analysis.coverage.layered import Layers
from gapless.analysis.coverage.opened import Open
from gapless.analysis.domain.axes import Box, cases, volume
from gapless.analysis.domain.bitsets import bits

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
