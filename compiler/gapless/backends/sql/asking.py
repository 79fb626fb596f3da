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

from gapless.analysis.decision.diagram import Branch, Leaf, Node
from gapless.analysis.domain.partition import Axis, Run, bits
from gapless.analysis.domain.recursion import Unrolled, unroll

STEPS = 4_000_000
"""So many times a node and an atom are looked at; then the order stays as it is."""

Reached: TypeAlias = int | tuple[int, ...]
"""The endings below a node, as bits: of each atom of a column, or, if it does not matter, of all."""


class TooLong(Exception):
    """The search took its steps. Never leaves this module."""


class Way(NamedTuple):
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
    nodes: dict[tuple[int, tuple[tuple[int, int], ...]], Branch] = field(default_factory=dict)
    leaves: dict[int, Leaf] = field(default_factory=dict)
    halves: dict[int, Node] = field(default_factory=dict)
    endings: dict[int, int] = field(default_factory=dict)
    kept: list[Node] = field(default_factory=list)
    """Nodes whose `id` is remembered, so that no other object gets it."""

    def halved(self, node: Node) -> Node:
        """The node as a tree of halves."""
        if isinstance(node, Leaf):
            return node
        if id(node) not in self.halves:
            way = min(self.ways(node), key=lambda way: way.cost)
            rest = self.axes[way.axis].whole & ~way.near
            near, far = (self.within(node, way.axis, mask, {}) for mask in (way.near, rest))
            parts = ((way.near, self.halved(near)), (rest, self.halved(far)))
            self.kept.append(node)
            self.halves[id(node)] = Branch(way.axis, parts)
        return self.halves[id(node)]

    def ways(self, root: Branch) -> Iterator[Way]:
        """Every cut that the branches below make, with what it leaves to be told apart."""
        below = _below(root)
        cuts: dict[int, set[int]] = {}
        held: dict[int, int] = {}
        for branch in below:
            for mask, _ in branch.ways:
                held[branch.axis] = held.get(branch.axis, 0) | mask
                cuts.setdefault(branch.axis, set()).update(self.cuts(branch.axis, mask))
        for axis in sorted(cuts):
            reached = self.reached(below, axis)
            for cut in sorted(cuts[axis]):
                near, far = held[axis] & cut, held[axis] & ~cut
                if near and far:
                    yield Way(axis, cut, _cost(reached, near) + _cost(reached, far))

    def cuts(self, axis: int, mask: int) -> Iterator[int]:
        """The cells that a way ends at: of an ordered column all that is below, else the way itself."""
        if not isinstance(self.axes[axis].atoms[0], Run):
            yield mask
            return
        yield from ((1 << place) - 1 for place in bits(mask ^ mask << 1) if place)

    def reached(self, below: Sequence[Branch], axis: int) -> tuple[int, ...]:
        """For each atom of a column, the endings that are left, as bits."""
        atoms = len(self.axes[axis].atoms)
        self.steps += len(below) * atoms
        if self.steps > STEPS:
            raise TooLong
        known: dict[int, Reached] = {}
        for branch in reversed(below):
            known[id(branch)] = _joined(self, branch, axis, atoms, known)
        found = known[id(below[0])]
        assert isinstance(found, tuple)
        return found

    def ended(self, node: Node) -> int:
        """The endings below a node, as bits."""
        return unroll(self._ended(node))

    def _ended(self, node: Node) -> Unrolled[int]:
        if isinstance(node, Leaf):
            return 1 << node.rule + 2  # NEVER is -2
        if id(node) not in self.endings:
            found = 0
            for _, child in node.ways:
                found |= yield self._ended(child)
            self.kept.append(node)
            self.endings[id(node)] = found
        return self.endings[id(node)]

    def within(self, node: Node, axis: int, mask: int, known: dict[int, Node]) -> Node:
        """The node where a column is only in `mask`."""
        return unroll(self._within(node, axis, mask, known))

    def _within(self, node: Node, axis: int, mask: int, known: dict[int, Node]) -> Unrolled[Node]:
        if isinstance(node, Leaf):
            return self.leaves.setdefault(node.rule, node)
        if id(node) not in known:
            self.steps += 1
            ways = [
                (atoms & mask if node.axis == axis else atoms, child)
                for atoms, child in node.ways
                if node.axis != axis or atoms & mask
            ]
            made = []
            for atoms, child in ways:
                made.append((atoms, (yield self._within(child, axis, mask, known))))
            known[id(node)] = self.shared(node.axis, made)
        return known[id(node)]

    def shared(self, axis: int, ways: Sequence[tuple[int, Node]]) -> Node:
        """One node for equal branches, none where every way is the same."""
        merged: dict[int, tuple[int, Node]] = {}
        for mask, child in ways:
            merged[id(child)] = (merged.get(id(child), (0, child))[0] | mask, child)
        if len(merged) == 1:
            return next(iter(merged.values()))[1]
        both = tuple(sorted(merged.values(), key=lambda way: way[0] & -way[0]))
        key = (axis, tuple((mask, id(child)) for mask, child in both))
        return self.nodes.setdefault(key, Branch(axis, both))


def _below(root: Branch) -> list[Branch]:
    """Every branch of a diagram, once each, none before one that leads to it."""
    found: list[Branch] = []
    seen: set[int] = set()

    def walk(branch: Branch) -> Unrolled[None]:
        seen.add(id(branch))
        for _, child in branch.ways:
            if isinstance(child, Branch) and id(child) not in seen:
                yield walk(child)
        found.append(branch)

    unroll(walk(root))
    return found[::-1]


def _joined(
    search: _Search, branch: Branch, axis: int, atoms: int, known: dict[int, Reached]
) -> Reached:
    """What one branch makes of what is known of its children."""
    if branch.axis == axis:
        found = [0] * atoms
        for mask, child in branch.ways:
            ended = search.ended(child)
            for place in bits(mask):
                found[place] = ended
        return tuple(found)
    parts = [
        known[id(child)] if isinstance(child, Branch) else search.ended(child)
        for _, child in branch.ways
    ]
    common, several = 0, []
    for part in parts:
        if isinstance(part, int):
            common |= part
        else:
            several.append(part)
    if not several:
        return common
    joined = [common] * atoms
    for part in several:
        joined = [one | other for one, other in zip(joined, part, strict=True)]
    return tuple(joined)


def _cost(reached: Sequence[int], mask: int) -> float:
    """The questions that some atoms leave, if the endings left could be halved each time."""
    ended = 0
    for place in bits(mask):
        ended |= reached[place]
    count = ended.bit_count()
    return count * log2(count + 1)
