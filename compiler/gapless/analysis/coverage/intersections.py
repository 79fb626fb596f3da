"""Which boxes share a cell: column by column with sets of boxes as bits, never pair by pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Box, meet

MANY = 12
"""With so many boxes on a side, an index of them is made before they are met."""


def meetings(some: Sequence[Box], others: Sequence[Box]) -> Iterator[tuple[int, int, Box]]:
    """(number, number of the other, what they share) for each two boxes that share a cell, in order."""
    index = Intersections.of(others) if min(len(some), len(others)) >= MANY else None
    for one, box in enumerate(some):
        for other in range(len(others)) if index is None else bits(index.met(box)):
            shared = meet(box, others[other])
            if shared is not None:
                yield one, other, shared


def partners(boxes: Sequence[Box]) -> list[int]:
    """For each box, the other boxes that share a cell with it, as bits.

    For every column and every distinct cell in it, the boxes that meet the cell are one set; a
    box's partners are the intersection of its cells' sets over all columns.
    """
    columns = sorted(zip(*boxes, strict=True), key=lambda column: -len(set(column)))
    met = [_met(column) for column in columns]
    everyone = (1 << len(boxes)) - 1
    found = []
    for number in range(len(boxes)):
        those = everyone ^ 1 << number
        for in_column in met:
            those &= in_column[number]
            if not those:
                break
        found.append(those)
    return found


def at_atoms(column: Sequence[int], atoms: int) -> list[int]:
    """For each of the `atoms` of a column, the boxes that hold there, as bits."""
    change: dict[int, int] = {}
    for cell, those in by_cell(column).items():
        for edge in bits(cell ^ cell << 1):
            change[edge] = change.get(edge, 0) ^ those
    alive, now = [], 0
    for atom in range(atoms):
        now ^= change.get(atom, 0)
        alive.append(now)
    return alive


def by_live(whole: int, column: Sequence[int]) -> list[tuple[int, int]]:
    """The atoms of a column in sets that the boxes do not tell apart, and the boxes that hold there."""
    found: dict[int, int] = {}
    for atom, here in enumerate(at_atoms(column, whole.bit_length())):
        if whole >> atom & 1:
            found[here] = found.get(here, 0) | 1 << atom
    return [(mask, here) for here, mask in found.items()]


def by_cell(column: Iterable[int]) -> dict[int, int]:
    """For each distinct cell of a column, the boxes that have it, as bits."""
    those: dict[int, int] = {}
    for number, cell in enumerate(column):
        those[cell] = those.get(cell, 0) | 1 << number
    return those


def _met(column: Sequence[int]) -> list[int]:
    """For each cell of a column, the boxes whose cells meet it, as bits."""
    cells = set(column)
    whole = reduce(or_, cells, 0)
    met = {whole: (1 << len(column)) - 1}
    cells.discard(whole)
    levels = _levels(column, max((cell.bit_count() for cell in cells), default=0))
    met.update((cell, _union(levels, cell)) for cell in cells)
    return [met[cell] for cell in column]


def _levels(column: Sequence[int], longest: int | None = None) -> list[list[int]]:
    """For each atom, and every 2, 4, 8 … neighbors, the boxes that hold in any of them, as bits.

    As far as is needed for stretches of up to `longest` atoms.
    """
    levels = [at_atoms(column, max(column, default=0).bit_length())]
    reach, longest = 1, len(levels[0]) if longest is None else longest
    while 2 * reach <= longest:
        last = levels[-1]
        levels.append([a | b for a, b in zip(last, last[reach:], strict=False)])
        reach *= 2
    return levels


def _union(levels: Sequence[Sequence[int]], cell: int) -> int:
    """The union over the atoms of `cell`; `levels[n]` has that of every 2**n neighbors."""
    union = 0
    cell &= (1 << len(levels[0])) - 1
    while cell:
        low = (cell & -cell).bit_length() - 1
        run = cell >> low
        length = (~run & run + 1).bit_length() - 1
        level = levels[length.bit_length() - 1]
        union |= level[low] | level[low + length - (1 << length.bit_length() - 1)]
        cell &= ~((1 << length) - 1 << low)
    return union


@dataclass(frozen=True, slots=True)
class Intersections:
    """Boxes, made ready to be asked which of them a box meets."""

    columns: tuple[tuple[int, ...], ...]
    levels: tuple[list[list[int]], ...]
    everyone: int

    @staticmethod
    def of(boxes: Sequence[Box]) -> Intersections:
        columns = tuple(zip(*boxes, strict=True))
        return Intersections(columns, tuple(map(_levels, columns)), (1 << len(boxes)) - 1)

    def blocked(self, box: Sequence[int], axis: int) -> int:
        """The atoms of `axis` that `box` cannot have there without meeting some of the boxes."""
        blocked = 0
        for number in bits(self._met(box, axis)):
            blocked |= self.columns[axis][number]
        return blocked

    def met(self, box: Sequence[int]) -> int:
        """The boxes that share a cell with `box`, as bits."""
        return self._met(box, None)

    def _met(self, box: Sequence[int], but_for: int | None) -> int:
        those = self.everyone
        for number, (mask, levels) in enumerate(zip(box, self.levels, strict=False)):
            if number != but_for:
                those &= _union(levels, mask)
        return those
