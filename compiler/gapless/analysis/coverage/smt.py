"""Asked last, where our own searches gave up: whether z3, if it is installed, knows an open cell.

A cell that it names is looked at by us. That there is none is its word, which nothing here confirms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from gapless.analysis.coverage.cover import Open
from gapless.analysis.domain.partition import Box, bits

STEPS = 40_000_000
"""What z3 may spend, in units of its own: some ten seconds, and the same on every machine."""

Formula = Any  # z3 has no usable types


def with_last_word(known: Open, whole: Box, boxes: Sequence[Box]) -> Open:
    """What is `known` of what `boxes` leave open of `whole`, and what z3 says to it."""
    try:
        import z3  # slow to load, and mostly absent
    except ImportError:
        return known
    numbers = [z3.Int(f"column {axis}") for axis in range(len(whole))]
    solver = z3.Solver()
    solver.set("rlimit", STEPS)
    solver.add(*(_within(z3, number, mask) for number, mask in zip(numbers, whole, strict=True)))
    solver.add(z3.Not(z3.Or(*_rules(z3, numbers, whole, boxes))))
    verdict = solver.check()
    if verdict == z3.unsat:
        return replace(known, closed_according_to="z3")
    if verdict == z3.sat:
        model = solver.model()
        cell = tuple(1 << model.eval(number, True).as_long() for number in numbers)
        if _is_open(cell, whole, boxes):
            return replace(known, parts=(*known.parts, cell), at_least=max(1, known.at_least))
    return known


def _rules(
    z3: Formula, numbers: Sequence[Formula], whole: Box, boxes: Sequence[Box]
) -> Iterator[Formula]:
    cells: dict[tuple[int, int], Formula] = {}
    for box in boxes:
        asked = []
        for axis, mask in enumerate(box):
            if mask != whole[axis]:
                if (axis, mask) not in cells:
                    cells[axis, mask] = _within(z3, numbers[axis], mask)
                asked.append(cells[axis, mask])
        yield z3.And(*asked)


def _within(z3: Formula, number: Formula, mask: int) -> Formula:
    """That the number of an atom is one of those in `mask`."""
    runs = (list(run) for _, run in groupby(enumerate(bits(mask)), lambda each: each[1] - each[0]))
    return z3.Or(*(z3.And(number >= run[0][1], number <= run[-1][1]) for run in runs))


def _is_open(cell: Box, whole: Box, boxes: Sequence[Box]) -> bool:
    inside = all(atom & mask for atom, mask in zip(cell, whole, strict=True))
    return inside and not any(all(map(int.__and__, cell, box)) for box in boxes)
