"""Which row comes nearest to answering some cases, and the one cell that keeps it from them."""

from __future__ import annotations

from typing import NamedTuple

from gapless.analysis.domain.partition import Box
from gapless.analysis.unit import Unit
from gapless.model import RuleKind


class Near(NamedTuple):
    """Rule `rule` would answer the cases, but for its cell in column `axis`."""

    rule: int
    axis: int


def nearest(unit: Unit, box: Box) -> Near | None:
    """Of the rules that one cell alone keeps from a box of inputs, the one that asks for most.

    A row of many `-` is near to everything: that it misses these cases, too, says little of them.
    """
    near = [
        (_asked(unit, mine), number, blocking[0])
        for number in unit.rules(RuleKind.RULE)
        if (mine := unit.boxes[number]) is not None
        and len(blocking := _blocking(box, mine[: unit.inputs])) == 1
    ]
    if not near:
        return None
    _, rule, axis = min(near, key=lambda each: (-each[0], each[1]))
    return Near(rule, axis)


def _asked(unit: Unit, rule: Box) -> int:
    """How many columns a rule does not leave at `-`."""
    return sum(mask != axis.whole for mask, axis in zip(rule, unit.axes, strict=True))


def _blocking(box: Box, rule: Box) -> list[int]:
    """The columns in which a rule shares nothing with the box."""
    return [axis for axis, (a, b) in enumerate(zip(box, rule, strict=True)) if not a & b]
