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

Node: TypeAlias = int
"""The number of a node; the ways of each are kept by it. All cells are LAST, at the end."""

LAST = -1

Ways: TypeAlias = tuple[tuple[int, Node], ...]


def canonical(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Disjoint boxes of the same cells, in the one way to write them; `boxes` as they are, if that is too hard."""
    if len(boxes) < 2 or not boxes[0]:
        return tuple(boxes[:1])
    try:
        return tuple(_paths(boxes, Work.aside(len(boxes))))
    except OverBudget:
        return tuple(boxes)


def _paths(boxes: Sequence[Box], work: Work) -> Iterator[Box]:
    """The ways down the diagram: which boxes are still met, level by level, and back up which rests are one."""
    layers: list[dict[int, list[tuple[int, int]]]] = []
    waiting: Iterable[int] = [(1 << len(boxes)) - 1]
    for column in zip(*boxes, strict=True):
        layers.append({alive: _stretches(column, alive, work) for alive in waiting})
        waiting = dict.fromkeys(here for met in layers[-1].values() for _, here in met)
    nodes: list[Ways] = []
    known: dict[int, Node] = dict.fromkeys(waiting, LAST)
    for layer in reversed(layers):
        numbers: dict[Ways, Node] = {}
        numbered: dict[int, Node] = {}
        for alive, met in layer.items():
            rests: dict[Node, int] = {}
            for mask, here in met:
                rest = known[here]
                rests[rest] = rests.get(rest, 0) | mask
            ways = tuple(sorted((mask, rest) for rest, mask in rests.items()))
            if ways not in numbers:
                numbers[ways] = len(nodes)
                nodes.append(ways)
            numbered[alive] = numbers[ways]
        known = numbered
    going: list[tuple[Node, Box]] = [(node, ()) for node in known.values()]
    while going:
        node, path = going.pop()
        if node == LAST:
            work.spend(len(path))
            yield path
        else:
            going.extend((rest, (*path, mask)) for mask, rest in reversed(nodes[node]))


def _stretches(column: Sequence[int], alive: int, work: Work) -> list[tuple[int, int]]:
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
    work.spend(count)
    found = cells.items() if is_divided else stretches(whole, cells)
    return [(mask, here) for mask, here in found if here]
