"""One way to write a set of cells as disjoint boxes, whichever boxes it is given as.

The set is told column by column: atoms with the same rest share a branch, and equal rests are one
node. Such a diagram is the only one of its set (Bryant, 1986), so its ways down are too: what is
shown of a gap does not depend on how it was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.coverage.divide import stretches
from gapless.analysis.domain.partition import Box, bits
from gapless.analysis.domain.recursion import Unrolled, unroll

Node: TypeAlias = int
"""The number of a node; the ways of each are kept by it. All cells are LAST, at the end."""

LAST = -1


def canonical(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Disjoint boxes of the same cells, in the one way to write them; `boxes` as they are, if that is too hard."""
    if len(boxes) < 2 or not boxes[0]:
        return tuple(boxes[:1])
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
        below = level + 1
        is_last = below == len(self.columns)
        rests: dict[Node, int] = {}
        for mask, here in self.stretches(self.columns[level], alive):
            if here:
                rest = LAST if is_last else self.known.get((below, here))
                if rest is None:
                    rest = yield self.node(below, here)
                rests[rest] = rests.get(rest, 0) | mask
        ways = tuple(sorted((mask, rest) for rest, mask in rests.items()))
        number = self.numbers.setdefault((level, ways), len(self.ways))
        if number == len(self.ways):
            self.ways.append(ways)
        self.known[level, alive] = number
        return number

    def stretches(self, column: Sequence[int], alive: int) -> Iterable[tuple[int, int]]:
        """The atoms of a column that the boxes `alive` do not tell apart, and those that hold there."""
        cells: dict[int, int] = {}
        count = whole = 0
        is_divided = True  # no atom lies in two cells
        for number in bits(alive):
            cell = column[number]
            count += 1
            if cell in cells:
                cells[cell] |= 1 << number
            else:
                is_divided = is_divided and not cell & whole
                whole |= cell
                cells[cell] = 1 << number
        self.work.spend(count)
        return cells.items() if is_divided else stretches(whole, cells)

    def paths(self, root: Node) -> Iterator[Box]:
        waiting: list[tuple[Node, Box]] = [(root, ())]
        while waiting:
            node, path = waiting.pop()
            if node == LAST:
                self.work.spend(len(path))
                yield path
            else:
                waiting.extend((rest, (*path, mask)) for mask, rest in reversed(self.ways[node]))
