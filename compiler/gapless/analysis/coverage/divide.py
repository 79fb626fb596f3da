"""One step of divide and conquer: a part of the inputs, and the boxes that reach into it, made smaller.

A box that spans a part in all columns but one is cut off, and so are slices that disjoint boxes fill:
a part whose boxes are disjoint and add up to it is proved filled without any search. What remains is cut
where no box is cut in two; where there is no such place, where the boxes are divided best.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from operator import and_, ne
from typing import NamedTuple

from gapless.analysis.coverage.intersections import by_cell
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Box, volume

FEW = 4
"""Below so many boxes, finding out which of them are disjoint costs more than it saves."""

TRIED = 3
"""In how many columns the best place for a cut is looked for."""


class Part(NamedTuple):
    """A box, and the boxes that reach into it, clipped to it; `numbers` tells them apart."""

    box: Box
    clipped: Sequence[Box]
    numbers: Sequence[int]
    are_disjoint: bool


def smaller(part: Part, met: Sequence[int] | None) -> Iterable[Part]:
    """Disjoint parts of a part, together all that is open in it; none where it is filled.

    `met` has the partners of each box by its number, as bits; None where they are not known. Some box
    reaches into the part.
    """
    if part.box in part.clipped:
        return ()
    if len(part.clipped) == 1:
        return _remainder(part.box, part.clipped[0])
    narrowed = _narrowed(part, met)
    if narrowed is None or len(narrowed.clipped) < 2:
        return () if narrowed is None else (narrowed,)
    return _apart(narrowed) or _halves(narrowed)


def _remainder(part: Box, taken: Box) -> Iterator[Part]:
    """`part` without `taken`, which lies within it."""
    rest = list(part)
    for axis, (mask, inner) in enumerate(zip(part, taken, strict=True)):
        if mask != inner:
            yield Part((*rest[:axis], mask & ~inner, *rest[axis + 1 :]), (), (), True)
            rest[axis] = inner


def _narrowed(part: Part, met: Sequence[int] | None) -> Part | None:
    """The part without slices that are seen to be filled, or None if all of it is."""
    if met is not None and (part.are_disjoint or _are_disjoint(part.numbers, met)):
        box = _without_filled(part.box, part.clipped)
        return None if box is None else _within(box, part, are_disjoint=True)
    return _without_slices(part)


def _without_slices(part: Part) -> Part | None:
    """The part without every box that spans it in all columns but one, as long as there are any."""
    while True:
        box = list(part.box)
        for each in part.clipped:
            if sum(map(ne, each, part.box)) == 1:
                axis = next(axis for axis, mask in enumerate(each) if mask != part.box[axis])
                box[axis] &= ~each[axis]
        if not all(box):
            return None
        if tuple(box) == part.box:
            return part
        part = _within(tuple(box), part, are_disjoint=part.are_disjoint)
        if part.box in part.clipped:
            return None


def _within(box: Box, part: Part, *, are_disjoint: bool) -> Part:
    """What of a part lies within `box`."""
    if box == part.box:
        return part._replace(are_disjoint=are_disjoint)
    clipped, numbers = [], []
    for number, each in zip(part.numbers, part.clipped, strict=True):
        shared = tuple(map(and_, each, box))
        if 0 not in shared:
            clipped.append(shared)
            numbers.append(number)
    return Part(box, clipped, numbers, are_disjoint)


def _are_disjoint(numbers: Sequence[int], met: Sequence[int]) -> bool:
    """Whether no two of these boxes meet, each box's partners given as bits."""
    if not any(map(met.__getitem__, numbers)):
        return True
    those = 0
    for number in numbers:
        those |= 1 << number
    return not any(met[number] & those for number in numbers)


def _without_filled(part: Box, boxes: Sequence[Box]) -> Box | None:
    """`part` without the slices that disjoint boxes fill, or None if they fill it."""
    sizes = [volume(box) for box in boxes]
    whole = volume(part)
    if sum(sizes) == whole:
        return None
    return tuple(
        mask & ~_filled(mask, zip((box[axis] for box in boxes), sizes, strict=True), whole)
        for axis, mask in enumerate(part)
    )


def _filled(mask: int, cells: Iterable[tuple[int, int]], whole: int) -> int:
    """The atoms of a column at which disjoint boxes, of these cells and sizes, fill the part."""
    filled, wanted = 0, whole // mask.bit_count()
    for stretch, load in loads(mask, cells):
        if load == wanted:
            filled |= stretch
    return filled


def loads(mask: int, cells: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The atoms of a column in stretches, and how many cells boxes of these cells and sizes have at each.

    A cell that two boxes share counts twice.
    """
    sizes: dict[int, int] = {}
    for cell, size in cells:
        sizes[cell] = sizes.get(cell, 0) + size
    change: dict[int, int] = dict.fromkeys(bits(mask ^ mask << 1), 0)
    for cell, size in sizes.items():
        each = size // cell.bit_count()
        for edge in bits(cell ^ cell << 1):
            change[edge] = change.get(edge, 0) + each
            each = -each
    now = 0
    for low, high in itertools.pairwise(sorted(change)):
        now += change[low]
        stretch = (1 << high) - (1 << low) & mask
        if stretch:
            yield stretch, now


def _apart(part: Part) -> Iterator[Part] | None:
    """The part cut along one column so that no box is cut, or None if there is no such column."""
    best: list[int] = []
    for axis, mask in enumerate(part.box):
        groups = _groups(mask, {box[axis] for box in part.clipped})
        if len(groups) > max(1, len(best)):
            best, along = groups, axis
    return _along(part, along, best) if best else None


def _groups(mask: int, cells: set[int]) -> list[int]:
    """The atoms of a column, grouped so that each cell lies within a group; as many as possible."""
    if mask in cells:
        return []
    groups: list[int] = []
    rest = mask
    for cell in sorted(cells):
        rest &= ~cell
        reached = [group for group in groups if group & cell]
        if reached:
            groups = [group for group in groups if not group & cell]
            for group in reached:
                cell |= group
        groups.append(cell)
    return [*groups, rest] if rest else groups


def _along(part: Part, axis: int, groups: Sequence[int]) -> Iterator[Part]:
    """The part cut into groups of one column's atoms, each box in the group that holds its cell."""
    those: list[tuple[list[Box], list[int]]] = [([], []) for _ in groups]
    place: dict[int, int] = {}
    for number, box in zip(part.numbers, part.clipped, strict=True):
        cell = box[axis]
        if cell not in place:
            place[cell] = next(n for n, group in enumerate(groups) if group & cell)
        boxes, numbers = those[place[cell]]
        boxes.append(box)
        numbers.append(number)
    for group, (boxes, numbers) in zip(groups, those, strict=True):
        box = (*part.box[:axis], group, *part.box[axis + 1 :])
        yield Part(box, boxes, numbers, part.are_disjoint)


def _halves(part: Part) -> Iterator[Part]:
    """The part cut in two where fewest boxes reach into both, each half with the boxes that reach it."""
    cuts = (cut for axis in _busiest(part) for cut in _cuts(part.box, axis, part.clipped))
    _, axis, left, lefts, rights = min(cuts, key=lambda cut: cut[0])
    for mask, those in ((part.box[axis] & ~left, rights), (left, lefts)):
        boxes = [part.clipped[index] for index in bits(those)]
        clipped = [(*box[:axis], box[axis] & mask, *box[axis + 1 :]) for box in boxes]
        numbers = [part.numbers[index] for index in bits(those)]
        half = (*part.box[:axis], mask, *part.box[axis + 1 :])
        yield Part(half, clipped, numbers, part.are_disjoint)


def _busiest(part: Part) -> list[int]:
    """The columns that most boxes narrow: only there can a cut keep many boxes to one side."""
    narrow = [
        sum(1 for box in part.clipped if box[axis] != mask) for axis, mask in enumerate(part.box)
    ]
    axes = [axis for axis, looks in enumerate(narrow) if looks]
    return sorted(axes, key=lambda axis: -narrow[axis])[:TRIED]


def _cuts(part: Box, axis: int, clipped: Sequence[Box]) -> Iterator[tuple[int, int, int, int, int]]:
    """Every cut of one column at an edge of some box: its price, the axis, what lies left, who does."""
    found = stretches(part[axis], by_cell([box[axis] for box in clipped]))
    after, those = [], 0
    for _, here in reversed(found):
        after.append(those)
        those |= here
    left = lefts = 0
    for (mask, here), rights in zip(found[:-1], reversed(after[1:]), strict=True):
        left |= mask
        lefts |= here
        price = lefts.bit_count() ** 2 + rights.bit_count() ** 2
        yield price, axis, left, lefts, rights


def stretches(whole: int, those: dict[int, int]) -> list[tuple[int, int]]:
    """A column cut at every edge of its cells: (atoms, the boxes that hold there), from left to right."""
    change: dict[int, int] = dict.fromkeys(bits(whole ^ whole << 1), 0)
    for cell, boxes in those.items():
        for edge in bits(cell ^ cell << 1):
            change[edge] = change.get(edge, 0) ^ boxes
    edges = sorted(change)
    found, now = [], 0
    for low, high in itertools.pairwise(edges):
        now ^= change[low]
        mask = (1 << high) - (1 << low) & whole
        if mask:
            found.append((mask, now))
    return found
