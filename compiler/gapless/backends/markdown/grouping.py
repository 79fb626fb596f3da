"""Many rules as several short tables: by the column whose cells divide them best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gapless.analysis.domain.partition import Box
from gapless.analysis.unit import Unit
from gapless.model import HitPolicy

MANY = 8
"""A table with more rules than this is worth dividing."""


class Group(NamedTuple):
    """Rules by number, in the author's order.

    All of them have the same cell in column `axis`; in the group of the rest, which comes last,
    `axis` is None, and so it is in the one group of a table that is not divided.
    """

    axis: int | None
    rules: tuple[int, ...]


def groups(unit: Unit, rules: Sequence[int]) -> tuple[Group, ...]:
    """The rules, divided if there are many of them, if their order means nothing, and if it helps."""
    undivided = (Group(None, tuple(rules)),)
    if len(rules) <= MANY or unit.table.policy is HitPolicy.FIRST:
        return undivided
    boxes = {number: box for number in rules if (box := unit.boxes[number]) is not None}
    names = [column.name for column in unit.table.columns]
    divisions = [_divided(unit, names.index(name), boxes, rules) for name in unit.table.written]
    worthy = [division for division in divisions if _helps(division, len(rules))]
    return min(worthy, key=_unevenness, default=undivided)


def _divided(
    unit: Unit, axis: int, boxes: dict[int, Box], rules: Sequence[int]
) -> tuple[Group, ...]:
    """The rules by their cell in `axis`: the most frequent cells that do not overlap, and the rest."""
    by_cell: dict[int, list[int]] = {}
    for number, box in boxes.items():
        by_cell.setdefault(box[axis], []).append(number)
    frequent, taken = set[int](), 0
    for mask in sorted(by_cell, key=lambda cell: -len(by_cell[cell])):
        if len(by_cell[mask]) > 1 and not mask & taken and mask != unit.axes[axis].whole:
            frequent.add(mask)
            taken |= mask
    found = [Group(axis, tuple(those)) for cell, those in by_cell.items() if cell in frequent]
    named = {number for group in found for number in group.rules}
    rest = tuple(number for number in rules if number not in named)
    return (*found, Group(None, rest)) if rest else tuple(found)


def _helps(division: tuple[Group, ...], rules: int) -> bool:
    """Two groups at least, three rules in each on average, and few left over."""
    rest = sum(len(group.rules) for group in division if group.axis is None)
    named = sum(group.axis is not None for group in division)
    return named >= 2 and 3 * rest <= rules and rules >= 3 * len(division)


def _unevenness(division: tuple[Group, ...]) -> int:
    """Least where a reader who knows the cell has the fewest rules left to read."""
    return sum(len(group.rules) ** 2 for group in division)
