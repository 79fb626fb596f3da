"""One way to write a set of cells as disjoint boxes, whichever boxes it is given as.

The set is told column by column: atoms with the same rest share a branch, and equal rests are one
node. Such a diagram is the only one of its set (Bryant, 1986), so its ways down are too: what is
shown of a gap does not depend on how it was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.coverage.divide import stretches
from gapless.analysis.coverage.intersections import by_cell
from gapless.analysis.domain.partition import Box, bits
from gapless.analysis.domain.recursion import Unrolled, unroll

Node: TypeAlias = int
"""The number of a node; the ways of each are kept by it. All cells are LAST, at the end."""

LAST = -1


def canonical(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Disjoint boxes of the same cells, in the one way to write them; `boxes` as they are, if that is too hard."""
    if len(boxes) < 2:
        return tuple(boxes)
    diagram = _Diagram(boxes, Work.aside(len(boxes)))
    try:
        root = unroll(diagram.node(0, (1 << len(boxes)) - 1))
        return tuple(diagram.paths(root))
    except OverBudget:
        return tuple(boxes)


class _Diagram:
    def __init__(self, boxes: Sequence[Box], work: Work) -> None:
        self.columns = list(zip(*boxes, strict=True))
        self.work = work
        self.ways: list[tuple[tuple[int, Node], ...]] = []
        self.numbers: dict[tuple[int, tuple[tuple[int, Node], ...]], Node] = {}
        self.known: dict[tuple[int, int], Node] = {}

    def node(self, level: int, alive: int) -> Unrolled[Node]:
        """The cells from column `level` on of the boxes `alive`, of which there are some."""
        if level == len(self.columns):
            return LAST
        if (level, alive) not in self.known:
            branches = yield self.branches(level, alive)
            self.known[level, alive] = self.numbered(level, branches)
        return self.known[level, alive]

    def branches(self, level: int, alive: int) -> Unrolled[dict[Node, int]]:
        """For each rest, the atoms of column `level` that have it."""
        column, numbers = self.columns[level], [*bits(alive)]
        self.work.spend(len(numbers))
        cells = {
            cell: sum(1 << numbers[place] for place in bits(places))
            for cell, places in by_cell([column[number] for number in numbers]).items()
        }
        whole = 0
        for cell in cells:
            whole |= cell
        found: dict[Node, int] = {}
        for mask, here in stretches(whole, cells):
            if here:
                rest = yield self.node(level + 1, here)
                found[rest] = found.get(rest, 0) | mask
        return found

    def numbered(self, level: int, branches: dict[Node, int]) -> Node:
        ways = tuple(sorted((mask, rest) for rest, mask in branches.items()))
        number = self.numbers.setdefault((level, ways), len(self.ways))
        if number == len(self.ways):
            self.ways.append(ways)
        return number

    def paths(self, root: Node) -> Iterator[Box]:
        waiting: list[tuple[Node, Box]] = [(root, ())]
        while waiting:
            node, path = waiting.pop()
            if node == LAST:
                self.work.spend(len(path))
                yield path
            else:
                waiting.extend((rest, (*path, mask)) for mask, rest in reversed(self.ways[node]))
