"""The diagram of a table in which the first rule that matches wins.

The claims of a table, in the order in which they win, are walked column by column. What is
remembered on the way is only the set of claims still alive, without those that an earlier one hides
for good; equal sets lead to one shared node. The set of *all* matching rules is never kept: it
explodes where the decided function stays small.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    paths,
)
from gapless.analysis.domain.partition import Box

ATOMS_PER_STEP = 2
"""Branching over so many atoms is counted as one step."""


class Claim(NamedTuple):
    """A box and what it leads to: a rule's number or NEVER."""

    box: Box
    rule: int


def decide(
    claims: Sequence[Claim],
    wholes: Box,
    order: Sequence[int],
    *,
    elastic_from: int,
    work: Work | None = None,
) -> Decision | None:
    """The decision that `claims`, the first match winning, make over the box `wholes`.

    From level `elastic_from` of `order` on, what NEVER happens may go any way, so that a column
    matters only where it can. None if the budget does not suffice, which is `work` where it is given.
    """
    levels = Levels.of(claims, wholes, order)
    build = _Build(claims, levels, elastic_from, work or Work.aside(len(claims)))
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


def canonical(boxes: Sequence[Box], whole: Box) -> tuple[Box, ...]:
    """Disjoint boxes of the same cells, in the one way to write them; `boxes` as they are, if that is too hard.

    A diagram is the only one of its set (Bryant, 1986), so its paths are too: what is shown of a gap
    does not depend on how it was found.
    """
    if len(boxes) < 2:
        return tuple(boxes)
    axes = range(len(whole))
    found = decide([Claim(box, 0) for box in boxes], whole, axes, elastic_from=len(axes))
    if found is None:
        return tuple(boxes)
    work = Work.aside(len(boxes))
    try:
        return tuple(sorted(box for box, rule in paths(found.root, whole, work) if rule != GAP))
    except OverBudget:
        return tuple(boxes)


def orders(axes: Sequence[int], claims: Sequence[Claim], wholes: Box) -> list[tuple[int, ...]]:
    """Orders worth trying: as given, and those columns first that most claims look at."""
    looked_at = {axis: sum(c.box[axis] != wholes[axis] for c in claims) for axis in axes}
    busiest = sorted(axes, key=lambda axis: (-looked_at[axis], wholes[axis].bit_length()))
    return list(dict.fromkeys([tuple(axes), tuple(busiest)]))


@dataclass(frozen=True, slots=True)
class Levels:
    """Claims asked column by column: at which atoms each is alive, and which ask nothing more.

    `whole_from` has for each level, and past the last, the claims that are whole from there on.
    """

    order: tuple[int, ...]
    live: tuple[Sequence[tuple[int, int]], ...]
    atoms: tuple[int, ...]
    whole_from: tuple[int, ...]

    @staticmethod
    def of(claims: Sequence[Claim], wholes: Box, order: Sequence[int]) -> Levels:
        columns = [[claim.box[axis] for claim in claims] for axis in order]
        live = [by_live(wholes[axis], column) for axis, column in zip(order, columns, strict=True)]
        suffix = [(1 << len(claims)) - 1]
        for axis, column in zip(reversed(order), reversed(columns), strict=True):
            whole = wholes[axis]
            here = sum(1 << number for number, mask in enumerate(column) if mask == whole)
            suffix.append(suffix[-1] & here)
        atoms = (wholes[axis].bit_length() for axis in order)
        return Levels(tuple(order), tuple(live), tuple(atoms), tuple(suffix[::-1]))

    def ways(self, level: int, alive: int, work: Work) -> Iterable[tuple[int, int]]:
        """Which of some claims are left, and at which atoms of a level. Raises OverBudget."""
        work.spend(1 + self.atoms[level] // ATOMS_PER_STEP)
        found: dict[int, int] = {}
        for mask, here in self.live[level]:
            left = alive & here
            found[left] = found.get(left, 0) | mask
        return found.items()


@dataclass(frozen=True, slots=True)
class _Build:
    """One build, and the nodes that it has made."""

    claims: Sequence[Claim]
    levels: Levels
    elastic_from: int
    work: Work
    unique: UniqueTable = field(default_factory=UniqueTable)

    def root(self) -> Node:
        """The diagram, a column after the other: down to what is met, and back up to nodes.

        Raises OverBudget.
        """
        start = self.met(0, (1 << len(self.claims)) - 1)
        layers: list[dict[int, list[tuple[int, Leaf | int]]]] = []
        waiting = [] if isinstance(start, Leaf) else [start]
        for level in range(len(self.levels.order)):
            layers.append({alive: self.ways(level, alive) for alive in waiting})
            led = (after for ways in layers[-1].values() for _, after in ways)
            waiting = [*dict.fromkeys(after for after in led if not isinstance(after, Leaf))]
        known: dict[int, Node] = {}
        for level, layer in reversed([*enumerate(layers)]):
            known = {alive: self.shared(level, ways, known) for alive, ways in layer.items()}
        return start if isinstance(start, Leaf) else known[start]

    def met(self, level: int, alive: int) -> Leaf | int:
        """The claims of `alive` that may still decide at `level`, or what is decided there."""
        hiders = alive & self.levels.whole_from[level]
        if hiders:
            hider = hiders & -hiders
            alive &= (hider << 1) - 1
            if hider == alive & -alive:
                return self.unique.leaf(self.claims[hider.bit_length() - 1].rule)
        return alive or self.unique.leaf(GAP)

    def ways(self, level: int, alive: int) -> list[tuple[int, Leaf | int]]:
        """Where the cells lead for which just the claims `alive` are left at `level`."""
        led = self.levels.ways(level, alive, self.work)
        return [(mask, self.met(level + 1, left)) for left, mask in led]

    def shared(
        self, level: int, led: Sequence[tuple[int, Leaf | int]], known: Mapping[int, Node]
    ) -> Node:
        """The node that leads where `led` says."""
        ways = merged(
            (mask, after if isinstance(after, Leaf) else known[after]) for mask, after in led
        )
        if level >= self.elastic_from:
            ways = _without_never(ways)
        return self.unique.distinct(self.levels.order[level], ways)


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
