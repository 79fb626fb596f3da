"""Which part of a box some boxes leave open: divide and conquer, within a budget of steps.

A part is done with when one box covers it or none reaches into it. Where the boxes are disjoint, they
are counted: slices of the part that are filled are cut away without any search, so a table whose
rules are disjoint and complete is proved at a glance. What remains is cut where no box is cut in two;
where there is no such place, where the boxes are divided best.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gapless.meeting import by_cell, partners
from gapless.space import Box, bits, meet, volume

BUDGET = 300_000
"""How many parts one question may look at."""

FEW = 4
"""Below so many boxes, finding out which of them are disjoint costs more than it saves."""


class OverBudget(Exception):
    """The question is too hard; says nothing about its answer."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A box, and the boxes that reach into it, clipped to it; `numbers` tells them apart."""

    box: Box
    clipped: Sequence[Box]
    numbers: Sequence[int]
    are_disjoint: bool


def open_parts(box: Box, covering: Sequence[Box]) -> Iterator[Box]:
    """Disjoint boxes: exactly the cells of `box` that are in none of `covering`.

    Raises OverBudget, perhaps after some parts, when more than BUDGET parts were looked at.
    """
    inside = [shared for each in covering if (shared := meet(box, each)) is not None]
    met = partners(inside) if len(inside) >= FEW else None
    stack = [_Part(box, inside, range(len(inside)), False)]
    steps = BUDGET
    while stack:
        steps -= 1
        if steps < 0:
            raise OverBudget
        part = stack.pop()
        if not part.clipped:
            yield part.box
        elif len(part.clipped) == 1:
            yield from _remainder(part.box, part.clipped[0])
        elif part.box not in part.clipped:
            stack.extend(_smaller(part, met))


def first_open(box: Box, covering: Sequence[Box]) -> Box | None:
    """Some open part of `box`, or None if it is covered. Raises OverBudget."""
    return next(open_parts(box, covering), None)


def _remainder(part: Box, taken: Box) -> Iterator[Box]:
    """`part` without `taken`, which lies within it."""
    rest = list(part)
    for axis, (mask, inner) in enumerate(zip(part, taken, strict=True)):
        if mask != inner:
            yield (*rest[:axis], mask & ~inner, *rest[axis + 1 :])
            rest[axis] = inner


def _smaller(part: _Part, met: Sequence[int] | None) -> Iterator[_Part]:
    """Parts of a part, disjoint, together all that is open in it."""
    if met is not None and (part.are_disjoint or _are_disjoint(part.numbers, met)):
        narrowed = _narrowed(part.box, part.clipped)
        if narrowed is None:
            return
        part = _within(narrowed, part)
        if len(part.clipped) < 2:
            yield part
            return
    yield from _apart(part) or _halves(part)


def _within(box: Box, part: _Part) -> _Part:
    """What of a part, whose boxes are disjoint, lies within `box`."""
    if box == part.box:
        return _Part(box, part.clipped, part.numbers, True)
    clipped, numbers = [], []
    for number, each in zip(part.numbers, part.clipped, strict=True):
        shared = tuple([a & b for a, b in zip(each, box, strict=True)])
        if 0 not in shared:
            clipped.append(shared)
            numbers.append(number)
    return _Part(box, clipped, numbers, True)


def _are_disjoint(numbers: Sequence[int], met: Sequence[int]) -> bool:
    """Whether no two of these boxes meet, each box's partners given as bits."""
    those = 0
    for number in numbers:
        those |= 1 << number
    return not any(met[number] & those for number in numbers)


def _narrowed(part: Box, boxes: Sequence[Box]) -> Box | None:
    """`part` without the slices that disjoint boxes fill, or None if they fill it."""
    sizes = [volume(box) for box in boxes]
    whole = volume(part)
    if sum(sizes) == whole:
        return None
    return tuple(
        mask & ~_filled(mask, zip((box[axis] for box in boxes), sizes, strict=True), whole)
        for axis, mask in enumerate(part)
    )


def _filled(mask: int, cells: Iterator[tuple[int, int]], whole: int) -> int:
    """The atoms of a column at which disjoint boxes, of these cells and sizes, fill the part."""
    sizes: dict[int, int] = {}
    for cell, size in cells:
        sizes[cell] = sizes.get(cell, 0) + size
    change: dict[int, int] = {}
    for cell, size in sizes.items():
        each = size // cell.bit_count()
        for edge in bits(cell ^ cell << 1):
            change[edge] = change.get(edge, 0) + each
            each = -each
    filled, now, wanted = 0, 0, whole // mask.bit_count()
    for low, high in itertools.pairwise(sorted(change)):
        now += change[low]
        if now == wanted:
            filled |= (1 << high) - (1 << low)
    return filled


def _apart(part: _Part) -> Iterator[_Part] | None:
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


def _along(part: _Part, axis: int, groups: Sequence[int]) -> Iterator[_Part]:
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
        yield _Part(box, boxes, numbers, part.are_disjoint)


def _halves(part: _Part) -> Iterator[_Part]:
    """The part cut in two where fewest boxes reach into both, each half with the boxes that reach it."""
    _, axis, left, lefts, rights = min(
        (cut for axis in range(len(part.box)) for cut in _cuts(part.box, axis, part.clipped)),
        key=lambda cut: cut[0],
    )
    for mask, those in ((part.box[axis] & ~left, rights), (left, lefts)):
        boxes = [part.clipped[index] for index in bits(those)]
        clipped = [(*box[:axis], box[axis] & mask, *box[axis + 1 :]) for box in boxes]
        numbers = [part.numbers[index] for index in bits(those)]
        half = (*part.box[:axis], mask, *part.box[axis + 1 :])
        yield _Part(half, clipped, numbers, part.are_disjoint)


def _cuts(part: Box, axis: int, clipped: Sequence[Box]) -> Iterator[tuple[int, int, int, int, int]]:
    """Every cut of one column at an edge of some box: its price, the axis, what lies left, who does."""
    stretches = _stretches(part[axis], by_cell([box[axis] for box in clipped]))
    after, those = [], 0
    for _, here in reversed(stretches):
        after.append(those)
        those |= here
    left = lefts = 0
    for (mask, here), rights in zip(stretches[:-1], reversed(after[1:]), strict=True):
        left |= mask
        lefts |= here
        price = lefts.bit_count() ** 2 + rights.bit_count() ** 2
        yield price, axis, left, lefts, rights


def _stretches(whole: int, those: dict[int, int]) -> list[tuple[int, int]]:
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
