"""A large decision as tables to join: each step takes a state and some columns to the next state.

A state is a node of the diagram. The values of a column that no node tells apart are one class, and
the classes of a step's columns are counted through in one number, together with the state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import NamedTuple, TypeAlias

from gapless.analysis.decision.diagram import Branch, Decision, Leaf, Node, branches
from gapless.backends.sql.layout import lay
from gapless.backends.sql.tree import Operand, choice

ROWS = 4096
"""Columns are taken together in one step while it has no more rows than that."""

Classes: TypeAlias = tuple[int, ...]
"""Sets of atoms that no node of the column tells apart, as bits."""


class Step(NamedTuple):
    """The row of a case is `factor` times its state, plus `place`; there stands its next state.

    A state that has no row stays as it is.
    """

    factor: int
    place: str
    rows: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """The state of every case before the steps; after them it is the number of its ending."""

    first: int
    steps: tuple[Step, ...]

    @property
    def rows(self) -> int:
        return sum(len(step.rows) for step in self.steps)


def lookup(
    decision: Decision, operands: Mapping[int, Operand], number: Callable[[int], int], free: int
) -> Lookup:
    """A decision as steps; `number` says what a leaf is called, and from `free` on none is called so."""
    asked: dict[int, list[Branch]] = {}
    for branch in branches(decision.root):
        asked.setdefault(branch.axis, []).append(branch)
    axes = [axis for axis in decision.order if axis in asked]
    found = _Steps(operands, number, free, {axis: [*_classes(asked[axis])] for axis in axes})
    first = found.state(decision.root)
    return Lookup(first, tuple(found.steps(decision.root, axes)))


def _classes(nodes: Sequence[Branch]) -> Iterator[int]:
    """The atoms of a column, those together that lead from every node to one place."""
    classes = [sum(mask for mask, _ in nodes[0].ways)]
    for node in nodes:
        classes = [part for each in classes for mask, _ in node.ways if (part := each & mask)]
    yield from sorted(classes, key=lambda mask: mask & -mask)


@dataclass(slots=True)
class _Steps:
    """What nodes are called, in the order in which they are met."""

    operands: Mapping[int, Operand]
    number: Callable[[int], int]
    free: int
    classes: Mapping[int, Sequence[int]]
    named: dict[int, int] = field(default_factory=dict)

    def state(self, node: Node) -> int:
        """Leaves have the numbers of endings, nodes those from `free` on."""
        if isinstance(node, Leaf):
            return self.number(node.rule)
        return self.named.setdefault(id(node), self.free + len(self.named))

    def steps(self, root: Node, axes: Sequence[int]) -> Iterator[Step]:
        states: dict[int, Node] = {id(root): root}
        waiting = [*axes]
        while waiting:
            group = [waiting.pop(0)]
            while waiting and self.rows(states, [*group, waiting[0]]) <= ROWS:
                group.append(waiting.pop(0))
            entered = [n for n in states.values() if isinstance(n, Branch) and n.axis in group]
            yield self.step(entered, group)
            for node in entered:
                del states[id(node)]
            cells = [*self.cells(group)]
            reached = (self.after(node, group, cell) for node in entered for cell in cells)
            states |= {id(node): node for node in reached}

    def rows(self, states: Mapping[int, Node], group: Sequence[int]) -> int:
        """How many rows a step would have."""
        entered = sum(isinstance(n, Branch) and n.axis in group for n in states.values())
        return entered * prod(len(self.classes[axis]) for axis in group)

    def step(self, entered: Iterable[Branch], group: Sequence[int]) -> Step:
        factor = prod(len(self.classes[axis]) for axis in group)
        rows = [
            (factor * self.state(node) + place, self.state(self.after(node, group, cell)))
            for node in entered
            for place, cell in enumerate(self.cells(group))
        ]
        return Step(factor, " + ".join(self.counted(group)), tuple(sorted(rows)))

    def cells(self, group: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """One class of each column, the last column counting fastest."""
        yield from product(*(self.classes[axis] for axis in group))

    def after(self, node: Node, group: Sequence[int], cell: Sequence[int]) -> Node:
        """Where a cell leads to, as far as the columns of the group say."""
        here = dict(zip(group, cell, strict=True))
        while isinstance(node, Branch) and node.axis in here:
            held = here[node.axis]
            node = next(child for mask, child in node.ways if mask & held)
        return node

    def counted(self, group: Sequence[int]) -> Iterator[str]:
        """The place of a case's cell among those of a step, as SQL: a term for each column."""
        factor = prod(len(self.classes[axis]) for axis in group)
        for axis in group:
            factor //= len(self.classes[axis])
            ways = [(mask, str(place)) for place, mask in enumerate(self.classes[axis])]
            said = lay(choice(self.operands[axis], ways), 8)
            yield said if factor == 1 else f"{factor} * {said}"
