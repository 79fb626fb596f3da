"""Decision diagrams: what each cell of a box leads to, as a graph in which equal parts are one.

    fee | weight | zone        weight ─ ..5 ──────────────── Leaf(0)
    ----|--------|-----                 6.. ── zone ─ home ── Leaf(0)
     0  |  ..5   |  -                                 world ─ Leaf(1)
     0  |   -    | home
     1  |  6..   | world       one Leaf(0); zone is not asked below `..5`, where it does not matter

These are Bryant's diagrams (1986) with many branches at a node and numbers at the leaves. Every path
asks its axes in one order, and a node has its children by sets of atoms, so that together they are
all of the axis. Nodes are made by a unique table, which makes equal nodes one object: two nodes of one
diagram do the same only if they are the same. Checks, backends and diff read the diagrams; only
`first_match` and `aggregate` make them from rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from gapless.analysis.coverage.budget import Work
from gapless.analysis.domain.partition import Box

GAP = -1
"""A leaf where no rule answers."""
NEVER = -2
"""A leaf that no input reaches, because a called table cannot answer so."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """`rule` is the number of a rule in its table, or of an answer; or GAP, or NEVER."""

    rule: int


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """Where axis `axis` matters: (atoms, where they lead), together every atom of the axis."""

    axis: int
    ways: Ways


Node: TypeAlias = Leaf | Branch
Ways: TypeAlias = tuple[tuple[int, Node], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """`order` are the axes as met from the root; `nodes` counts the distinct nodes."""

    root: Node
    order: tuple[int, ...]
    wholes: Box
    nodes: int


@dataclass(frozen=True, slots=True)
class UniqueTable:
    """The nodes of one diagram, by what is in them."""

    leaves: dict[int, Leaf] = field(default_factory=dict)
    branches: dict[tuple[int, Ways], Branch] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.leaves) + len(self.branches)

    def leaf(self, number: int) -> Leaf:
        return self.leaves.setdefault(number, Leaf(number))

    def branch(self, axis: int, ways: Iterable[tuple[int, Node]]) -> Node:
        """The node with these ways; none where all of them lead to the same."""
        return self.distinct(axis, merged(ways))

    def distinct(self, axis: int, ways: Sequence[tuple[int, Node]]) -> Node:
        """The same for ways that lead to different nodes."""
        if len(ways) == 1:
            return ways[0][1]
        key = axis, tuple(sorted(ways, key=lambda way: way[0] & -way[0]))
        if key not in self.branches:
            self.branches[key] = Branch(*key)
        return self.branches[key]


def merged(ways: Iterable[tuple[int, Node]]) -> list[tuple[int, Node]]:
    """Ways that lead to the same node as one, with the atoms of them all."""
    found: dict[Node, int] = {}
    for mask, child in ways:
        found[child] = found.get(child, 0) | mask
    return [(mask, child) for child, mask in found.items()]


def fold(
    root: Node,
    leaf: Callable[[int], Result],
    branch: Callable[[Branch, Sequence[tuple[int, Result]]], Result],
    ways: Callable[[Branch], Ways] = lambda node: node.ways,
) -> Result:
    """What a diagram comes to, from the leaves up, every node once.

    `branch` is given what its `ways` came to, with their atoms.
    """
    known: dict[Node, Result] = {}
    waiting = [root]
    while waiting:
        node = waiting[-1]
        if node not in known:
            if isinstance(node, Leaf):
                known[node] = leaf(node.rule)
            else:
                below = ways(node)
                if unknown := [child for _, child in below if child not in known]:
                    waiting.extend(reversed(unknown))
                    continue
                known[node] = branch(node, [(mask, known[child]) for mask, child in below])
        waiting.pop()
    return known[root]


def branches(root: Node) -> list[Branch]:
    """Every branch of a diagram, once each, none before one that leads to it."""
    found: list[Branch] = []
    fold(root, lambda _: None, lambda node, _: found.append(node))
    return found[::-1]


def renumbered(root: Node, numbers: Mapping[int, int], unique: UniqueTable | None = None) -> Node:
    """The diagram with other numbers in its leaves, where `numbers` has them."""
    unique = unique or UniqueTable()
    return fold(
        root,
        lambda rule: unique.leaf(numbers.get(rule, rule)),
        lambda node, ways: unique.branch(node.axis, ways),
    )


def restricted(root: Node, axis: int, mask: int, unique: UniqueTable) -> Node:
    """The diagram where an axis has only the atoms of `mask`."""

    def held(node: Branch) -> Ways:
        if node.axis != axis:
            return node.ways
        return tuple((atoms & mask, child) for atoms, child in node.ways if atoms & mask)

    return fold(root, unique.leaf, lambda node, ways: unique.branch(node.axis, ways), held)


def paths(root: Node, whole: Box, work: Work | None = None) -> Iterator[tuple[Box, int]]:
    """Disjoint boxes, together the whole, and what each leads to.

    Each node on the way costs a step of `work`, if there is any. Raises OverBudget.
    """
    waiting: list[tuple[Node, Box]] = [(root, whole)]
    while waiting:
        node, box = waiting.pop()
        if work is not None:
            work.spend(1)
        if isinstance(node, Leaf):
            yield box, node.rule
            continue
        axis = node.axis
        waiting.extend(
            (child, (*box[:axis], mask, *box[axis + 1 :])) for mask, child in reversed(node.ways)
        )
