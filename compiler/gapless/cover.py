"""Which part of a box some boxes leave open, by divide and conquer, within a budget of steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gapless.space import Box, covers, meet, volume

BUDGET = 300_000
"""How many parts one question may look at."""


class OverBudget(Exception):
    """The question is too hard; says nothing about its answer."""


def open_parts(box: Box, covering: Sequence[Box]) -> Iterator[Box]:
    """Disjoint boxes: exactly the cells of `box` that are in none of `covering`.

    Raises OverBudget, perhaps after some parts, when more than BUDGET parts were looked at.
    """
    budget = BUDGET
    stack = [(box, _inside(box, covering))]
    while stack:
        budget -= 1
        if budget < 0:
            raise OverBudget
        part, left = stack.pop()
        if not left:
            yield part
            continue
        widest = max(left, key=volume)
        if widest == part:
            continue
        inner, outer = _cut(part, widest)
        stack.append((inner, _inside(inner, left)))
        stack.append((outer, _inside(outer, left)))


def first_open(box: Box, covering: Sequence[Box]) -> Box | None:
    """Some open part of `box`, or None if it is covered. Raises OverBudget."""
    return next(open_parts(box, covering), None)


def _inside(box: Box, covering: Sequence[Box]) -> list[Box]:
    """The parts of `covering` within `box`; only one where one is enough."""
    parts = [part for each in covering if (part := meet(box, each)) is not None]
    whole = next((part for part in parts if covers(part, box)), None)
    return parts if whole is None else [whole]


def _cut(box: Box, by: Box) -> tuple[Box, Box]:
    """`box` cut in two along the first column that `by` narrows: within `by`, and without."""
    axis = next(i for i, (mask, inner) in enumerate(zip(box, by, strict=True)) if mask & ~inner)
    inner = (*box[:axis], by[axis], *box[axis + 1 :])
    outer = (*box[:axis], box[axis] & ~by[axis], *box[axis + 1 :])
    return inner, outer
