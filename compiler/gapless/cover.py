"""Which part of a box some boxes leave open: divide and conquer, within a budget of steps.

A part is done with when one box covers it, when none reaches into it, or when those that do are
disjoint and their volumes add up to it: a table whose rules are disjoint and complete is proved so
without any search. Otherwise it is cut where the boxes are divided best, and what does not reach a
half is forgotten there.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from gapless.meeting import by_cell, partners
from gapless.space import Box, bits, covers, meet, volume

BUDGET = 300_000
"""How many parts one question may look at."""

FEW = 4
"""Below so many boxes, finding out which of them are disjoint costs more than it saves."""


class OverBudget(Exception):
    """The question is too hard; says nothing about its answer."""


def open_parts(box: Box, covering: Sequence[Box]) -> Iterator[Box]:
    """Disjoint boxes: exactly the cells of `box` that are in none of `covering`.

    Raises OverBudget, perhaps after some parts, when more than BUDGET parts were looked at.
    """
    inside = [part for each in covering if (part := meet(box, each)) is not None]
    met = partners(inside) if len(inside) >= FEW else None
    stack: list[tuple[Box, Sequence[int]]] = [(box, range(len(inside)))]
    steps = BUDGET
    while stack:
        steps -= 1
        if steps < 0:
            raise OverBudget
        part, numbers = stack.pop()
        live, clipped = _clipped(part, inside, numbers)
        if not clipped:
            yield part
        elif len(clipped) == 1:
            yield from _remainder(part, clipped[0])
        elif not covers(clipped[-1], part) and not _filled(part, live, clipped, met):
            stack.extend(_halves(part, live, clipped))


def first_open(box: Box, covering: Sequence[Box]) -> Box | None:
    """Some open part of `box`, or None if it is covered. Raises OverBudget."""
    return next(open_parts(box, covering), None)


def _clipped(
    part: Box, boxes: Sequence[Box], numbers: Sequence[int]
) -> tuple[list[int], list[Box]]:
    """The boxes that reach into `part`, clipped to it; ends with one that covers it, if there is one."""
    live: list[int] = []
    clipped: list[Box] = []
    for number in numbers:
        shared = tuple([a & b for a, b in zip(boxes[number], part, strict=True)])
        if 0 in shared:
            continue
        live.append(number)
        clipped.append(shared)
        if shared == part:
            break
    return live, clipped


def _remainder(part: Box, taken: Box) -> Iterator[Box]:
    """`part` without `taken`, which lies within it."""
    rest = list(part)
    for axis, (mask, inner) in enumerate(zip(part, taken, strict=True)):
        if mask != inner:
            yield (*rest[:axis], mask & ~inner, *rest[axis + 1 :])
            rest[axis] = inner


def _filled(
    part: Box, live: Sequence[int], clipped: Sequence[Box], met: Sequence[int] | None
) -> bool:
    """Whether the boxes are known to be disjoint and fill the part."""
    if met is None:
        return False
    those = 0
    for number in live:
        those |= 1 << number
    if any(met[number] & those for number in live):
        return False
    return sum(volume(box) for box in clipped) == volume(part)


def _halves(
    part: Box, live: Sequence[int], clipped: Sequence[Box]
) -> Iterator[tuple[Box, Sequence[int]]]:
    """`part` cut in two where fewest boxes reach into both, each half with the boxes that reach it."""
    _, axis, left, lefts, rights = min(
        (cut for axis in range(len(part)) for cut in _cuts(part, axis, clipped)),
        key=lambda cut: cut[0],
    )
    for mask, those in ((part[axis] & ~left, rights), (left, lefts)):
        half = (*part[:axis], mask, *part[axis + 1 :])
        yield half, [live[index] for index in bits(those)]


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
