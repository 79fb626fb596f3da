"""A large decision asked in another order, one that differs from branch to branch, to make it small.

A diagram asks its columns in one order for all; written out as a tree, it repeats what paths share.
Here every step halves a column where the endings that are left divide best, so that a table of many
narrow rules becomes a tree of little more than one leaf for each. Choosing greedily what divides best
is Quinlan's way (1986); what is divided is what is left of a diagram, so nothing is asked in vain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import log2
from typing import NamedTuple, TypeAlias

from gapless.analysis.decision.diagram import (
    Branch,
    Leaf,
    Node,
    UniqueTable,
    branches,
    fold,
    restricted,
)
from gapless.analysis.domain.partition import Axis, Run, bits

STEPS = 4_000_000
"""So many times a node and an atom are looked at; then the order stays as it is."""

Reached: TypeAlias = int | tuple[int, ...]
"""The endings below a node, as bits: of each atom of a column, or, if it does not matter, of all."""


class TooLong(Exception):
    """The search took its steps. Never leaves this module."""


class Cut(NamedTuple):
    """A cut of one column: the atoms on its one side, and what both sides cost."""

    axis: int
    near: int
    cost: float


def reordered(root: Node, axes: Sequence[Axis]) -> Node | None:
    """The same decision in halves; None where finding them would take too long."""
    try:
        return _Search(axes).halved(root)
    except TooLong:
        return None


@dataclass(slots=True)
class _Search:
    """What is known of the nodes met so far; equal nodes are one."""

    axes: Sequence[Axis]
    steps: int = 0
    unique: UniqueTable = field(default_factory=UniqueTable)
    halves: dict[Node, Node] = field(default_factory=dict)

    def halved(self, node: Node) -> Node:
        """The node as a tree of halves."""
        if isinstance(node, Leaf):
            return node
        if node not in self.halves:
            axis, near, _ = min(self.cuts(node), key=lambda cut: cut.cost)
            sides = (near, self.axes[axis].whole & ~near)
            parts = [(side, restricted(node, axis, side, self.unique)) for side in sides]
            ways = tuple((side, self.halved(part)) for side, part in parts)
            self.halves[node] = Branch(axis, ways)
        return self.halves[node]

    def cuts(self, root: Branch) -> Iterator[Cut]:
        """Every cut that the branches below make, with what it leaves to be told apart."""
        below = branches(root)
        nears: dict[int, set[int]] = {}
        held: dict[int, int] = {}
        for branch in below:
            for mask, _ in branch.ways:
                held[branch.axis] = held.get(branch.axis, 0) | mask
                nears.setdefault(branch.axis, set()).update(self.nears(branch.axis, mask))
        for axis in sorted(nears):
            self.steps += len(below) * len(self.axes[axis].atoms)
            if self.steps > STEPS:
                raise TooLong
            reached = _reached(root, axis, len(self.axes[axis].atoms))
            for near in sorted(nears[axis]):
                sides = held[axis] & near, held[axis] & ~near
                if all(sides):
                    yield Cut(axis, near, sum(_cost(reached, side) for side in sides))

    def nears(self, axis: int, mask: int) -> Iterator[int]:
        """The cells that a way ends at: of an ordered column all that is below, else the way itself."""
        if not isinstance(self.axes[axis].atoms[0], Run):
            yield mask
            return
        yield from ((1 << place) - 1 for place in bits(mask ^ mask << 1) if place)


def _reached(root: Branch, axis: int, atoms: int) -> Sequence[int]:
    """For each atom of a column that is asked, the endings that are left, as bits."""

    def joined(node: Branch, ways: Sequence[tuple[int, Reached]]) -> Reached:
        common, several = 0, []
        for mask, part in ways:
            if not isinstance(part, int):
                several.append(part)
            elif node.axis != axis:
                common |= part
            else:
                found = [0] * atoms
                for atom in bits(mask):
                    found[atom] = part
                several.append(tuple(found))
        if not several:
            return common
        found = [common] * atoms
        for each in several:
            found = [one | other for one, other in zip(found, each, strict=True)]
        return tuple(found)

    # NEVER is -2.
    found = fold(root, lambda rule: 1 << rule + 2, joined)
    assert isinstance(found, tuple), "the column is asked"
    return found


def _cost(reached: Sequence[int], mask: int) -> float:
    """The questions that some atoms leave, if the endings left could be halved each time."""
    ended = 0
    for place in bits(mask):
        ended |= reached[place]
    count = ended.bit_count()
    return count * log2(count + 1)
