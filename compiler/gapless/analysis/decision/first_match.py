"""The diagram of a table in which the first rule that matches wins.

The claims of a table, in the order in which they win, are walked column by column. What is
remembered on the way is only the set of claims still alive, without those that an earlier one hides
for good; equal sets lead to one shared node. The set of *all* matching rules is never kept: it
explodes where the decided function stays small.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.coverage.intersections import by_live
from gapless.analysis.decision.diagram import (
    GAP,
    NEVER,
    Decision,
    Leaf,
    Node,
    UniqueTable,
    merged,
)
from gapless.analysis.domain.partition import Box

ATOMS_PER_STEP = 2
"""Branching over so many atoms is counted as one step."""


class Claim(NamedTuple):
    """A box and what it leads to: a rule's number or NEVER."""

    box: Box
    rule: int


def decide(
    claims: Sequence[Claim], wholes: Box, order: Sequence[int], *, elastic_from: int
) -> Decision | None:
    """The decision that `claims`, the first match winning, make over the box `wholes`.

    From level `elastic_from` of `order` on, what NEVER happens may go any way, so that a column
    matters only where it can. None if the budget does not suffice.
    """
    build = _Build(claims, wholes, tuple(order), elastic_from, Work.aside(len(claims)))
    try:
        root = build.root()
    except OverBudget:
        return None
    return Decision(root, tuple(order), wholes, len(build.unique))


def smallest(claims: Sequence[Claim], wholes: Box, first: Sequence[int]) -> Decision | None:
    """The decision with fewest nodes of those that ask for the axes `first` before the others."""
    rest = [number for number in range(len(wholes)) if number not in first]
    tried = [
        decide(claims, wholes, (*order, *rest), elastic_from=0)
        for order in orders(first, claims, wholes)
    ]
    found = [decision for decision in tried if decision is not None]
    return min(found, key=lambda decision: decision.nodes, default=None)


def orders(axes: Sequence[int], claims: Sequence[Claim], wholes: Box) -> list[tuple[int, ...]]:
    """Orders worth trying: as given, and those columns first that most claims look at."""
    looked_at = {axis: sum(c.box[axis] != wholes[axis] for c in claims) for axis in axes}
    busiest = sorted(axes, key=lambda axis: (-looked_at[axis], wholes[axis].bit_length()))
    return list(dict.fromkeys([tuple(axes), tuple(busiest)]))


@dataclass(slots=True)
class _Build:
    """The tables and memory of one build."""

    claims: Sequence[Claim]
    wholes: Box
    order: tuple[int, ...]
    elastic_from: int
    work: Work
    alive_at: list[list[tuple[int, int]]] = field(init=False)
    whole_from: list[int] = field(init=False)
    unique: UniqueTable = field(default_factory=UniqueTable)

    def __post_init__(self) -> None:
        self.alive_at = [
            by_live(self.wholes[axis], [claim.box[axis] for claim in self.claims])
            for axis in self.order
        ]
        self.whole_from = whole_from(self.claims, self.wholes, self.order)

    def root(self) -> Node:
        """The diagram, a column after the other: down to what is met, and back up to nodes.

        Raises OverBudget.
        """
        start = self.met(0, (1 << len(self.claims)) - 1)
        layers: list[dict[int, list[tuple[int, Leaf | int]]]] = []
        waiting = [] if isinstance(start, Leaf) else [start]
        for level in range(len(self.order)):
            layers.append({alive: self.branch(level, alive) for alive in waiting})
            led = (after for ways in layers[-1].values() for _, after in ways)
            waiting = [*dict.fromkeys(after for after in led if not isinstance(after, Leaf))]
        known: dict[int, Node] = {}
        for level, layer in reversed([*enumerate(layers)]):
            known = {alive: self.shared(level, ways, known) for alive, ways in layer.items()}
        return start if isinstance(start, Leaf) else known[start]

    def met(self, level: int, alive: int) -> Leaf | int:
        """The claims of `alive` that may still decide at `level`, or what is decided there."""
        hiders = alive & self.whole_from[level]
        if hiders:
            hider = hiders & -hiders
            alive &= (hider << 1) - 1
            if hider == alive & -alive:
                return self.unique.leaf(self.claims[hider.bit_length() - 1].rule)
        return alive or self.unique.leaf(GAP)

    def branch(self, level: int, alive: int) -> list[tuple[int, Leaf | int]]:
        """Where the cells lead for which just the claims `alive` are left at `level`."""
        atoms = self.wholes[self.order[level]].bit_length()
        self.work.spend(1 + atoms // ATOMS_PER_STEP)
        groups: dict[int, int] = {}
        for mask, here in self.alive_at[level]:
            left = alive & here
            groups[left] = groups.get(left, 0) | mask
        return [(mask, self.met(level + 1, left)) for left, mask in groups.items()]

    def shared(
        self, level: int, led: Sequence[tuple[int, Leaf | int]], known: Mapping[int, Node]
    ) -> Node:
        """The node that leads where `led` says."""
        ways = merged(
            (mask, after if isinstance(after, Leaf) else known[after]) for mask, after in led
        )
        if level >= self.elastic_from:
            ways = _without_never(ways)
        return self.unique.distinct(self.order[level], ways)


def _without_never(ways: list[tuple[int, Node]]) -> list[tuple[int, Node]]:
    """The ways that can be taken; the widest of them takes in what never happens."""
    real = [way for way in ways if not (isinstance(way[1], Leaf) and way[1].rule == NEVER)]
    if not real or len(real) == len(ways):
        return ways
    never = next(mask for mask, child in ways if isinstance(child, Leaf) and child.rule == NEVER)
    widest = max(range(len(real)), key=lambda i: (real[i][0].bit_count(), -i))
    mask, child = real[widest]
    real[widest] = (mask | never, child)
    return real


def whole_from(claims: Sequence[Claim], wholes: Box, order: tuple[int, ...]) -> list[int]:
    """For each level, and past the last, the claims that are whole on every axis from there on."""
    whole_here = [0] * len(order)
    for number, claim in enumerate(claims):
        for level, axis in enumerate(order):
            if claim.box[axis] == wholes[axis]:
                whole_here[level] |= 1 << number
    suffix = [(1 << len(claims)) - 1]
    for here in reversed(whole_here):
        suffix.append(suffix[-1] & here)
    return suffix[::-1]
