"""Open cells found by trying, where a search was given up: each is one for certain, however it was found.

First the cell is taken at which, column after column, the boxes have the smallest share of what is left:
if their volumes do not add up to the part, it is open (Erdős and Selfridge's conditional expectations,
1973). Then, from starts spread evenly over the part, one column after another is moved to where fewest
boxes are left, until that is none. The starts are multiples of an irrational number (Weyl, 1916), so
that every machine tries the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from gapless.analysis.coverage.cover import Open
from gapless.analysis.coverage.divide import loads
from gapless.analysis.coverage.intersections import Meetings, at_atoms
from gapless.analysis.domain.partition import Box, bits, cases, meet, volume

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
    """Boxes, and for each column and atom those that hold there."""

    def __init__(self, whole: Box, boxes: Sequence[Box]) -> None:
        self.boxes = boxes
        self.everyone = (1 << len(boxes)) - 1
        self.meetings = Meetings.of(boxes)
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
