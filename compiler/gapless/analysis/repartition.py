"""A column cut at other places, where every box agrees: the same boxes said in the new atoms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from gapless.analysis.domain.axes import Axis, Box


class Recut:
    """From the atoms of one axis to those of another of the same column.

    What is told must not tell atoms apart that have become one; one of them speaks for all.
    """

    def __init__(self, old: Axis, new: Axis) -> None:
        self.old, self.new = old, new
        self.is_none = old is new

    @cached_property
    def source(self) -> Sequence[int]:
        """For each new atom, an old one that has values in it."""
        if self.is_none:
            return range(len(self.old.atoms))
        found = [self.old.locate(self.new.sample(atom)) for atom in range(len(self.new.atoms))]
        return [atom for atom in found if atom is not None]

    @cached_property
    def _stretches(self) -> list[tuple[int, int, int]]:
        """(first old atom, how many, first new atom): where old neighbors are new neighbors."""
        found: list[tuple[int, int, int]] = []
        for new, old in enumerate(self.source):
            if found and old == found[-1][0] + found[-1][1]:
                found[-1] = (found[-1][0], found[-1][1] + 1, found[-1][2])
            else:
                found.append((old, 1, new))
        return found

    def told(self, mask: int) -> int:
        """A set of old atoms as one of new atoms."""
        told = 0
        for old, many, new in self._stretches:
            told |= (mask >> old & (1 << many) - 1) << new
        return told


def recut_boxes(recuts: Sequence[Recut], boxes: Iterable[Box]) -> list[Box]:
    """The boxes in the new atoms, one column after the other."""
    told = list(boxes)
    for axis, recut in enumerate(recuts):
        if not recut.is_none:
            known = {mask: recut.told(mask) for mask in {box[axis] for box in told}}
            told = [(*box[:axis], known[box[axis]], *box[axis + 1 :]) for box in told]
    return told
