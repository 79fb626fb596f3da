"""A tabulation as tables of numbers, one column after the other: what lookups are laid out from.

What a column need not tell apart is one class. A row has an entry for every class of its column: the
number of a row of the next column's, and at the last column the number of an ending. Rows that are
alike are one. This is a decision diagram of which no level is skipped (Wegener, 2000, quasi-reduced).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from gapless.analysis.by_inputs import Tabulation, branches
from gapless.analysis.decision.first_match import Leaf, Node
from gapless.analysis.domain.partition import Axis, bits
from gapless.analysis.domain.recursion import Unrolled, unroll

Row: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Classes:
    """What is told apart in one column: for each atom of axis number `place`, the number of its class."""

    place: int
    axis: Axis
    of: tuple[int, ...]

    @property
    def count(self) -> int:
        return max(self.of) + 1


@dataclass(frozen=True, slots=True)
class Layers:
    """`rows[n]` are the rows of `columns[n]`; the walk begins at row 0 of the first, which has one."""

    columns: tuple[Classes, ...]
    rows: tuple[tuple[Row, ...], ...]

    @property
    def entries(self) -> int:
        """How many numbers there are in all rows."""
        return sum(len(row) for rows in self.rows for row in rows)

    def ending(self, classes: Sequence[int]) -> int:
        """Where classes, one for each column, lead to."""
        number = 0
        for rows, here in zip(self.rows, classes, strict=True):
            number = rows[number][here]
        return number

    def merged(self, first: int, after: int) -> list[int]:
        """The columns from `first` to before `after` as one: every row's entries for all their classes.

        The classes of the last of them change fastest.
        """
        found: list[int] = []
        for number in range(len(self.rows[first])):
            at = [number]
            for rows in self.rows[first:after]:
                at = [entry for row in at for entry in rows[row]]
            found.extend(at)
        return found


def layers(tabulation: Tabulation, order: Sequence[int]) -> Layers | None:
    """The tabulation as layers, its asked columns in the order `order`; None where they are too many."""
    decision = tabulation.in_order(order)
    if decision is None:
        return None
    asked = [place for place in order if place in tabulation.asked]
    columns = [_classes(place, tabulation.axes[place], decision.root) for place in asked]
    return _Laying(columns).laid(decision.root)


def _classes(place: int, axis: Axis, root: Node) -> Classes:
    """Atoms that every branch sends the same way are one class; classes are numbered as they are met."""
    told: list[list[int]] = [[] for _ in axis.atoms]
    for branch in branches(root):
        if branch.axis == place:
            for number, (mask, _) in enumerate(branch.ways):
                for atom in bits(mask):
                    told[atom].append(number)
    numbers: dict[tuple[int, ...], int] = {}
    return Classes(
        place, axis, tuple(numbers.setdefault(tuple(each), len(numbers)) for each in told)
    )


@dataclass(slots=True)
class _Laying:
    """`known` has the number of each row by its level and its diagram's node, and by what is in it."""

    columns: list[Classes]
    rows: list[dict[Row, int]] = field(init=False)
    known: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows = [{} for _ in self.columns]

    def laid(self, root: Node) -> Layers:
        if not self.columns:
            assert isinstance(root, Leaf)
            return Layers((), ())
        unroll(self.number(0, root))
        return Layers(tuple(self.columns), tuple(tuple(rows) for rows in self.rows))

    def number(self, level: int, node: Node) -> Unrolled[int]:
        """The row at `level` that does what `node` does; past the last column, the ending."""
        if level == len(self.columns):
            assert isinstance(node, Leaf)
            return node.rule
        key = (level, id(node))
        if key not in self.known:
            row = yield self.row(level, node)
            self.known[key] = self.rows[level].setdefault(row, len(self.rows[level]))
        return self.known[key]

    def row(self, level: int, node: Node) -> Unrolled[Row]:
        column = self.columns[level]
        if isinstance(node, Leaf) or node.axis != column.place:
            return ((yield self.number(level + 1, node)),) * column.count
        children = [0] * column.count
        for mask, child in node.ways:
            number = yield self.number(level + 1, child)
            for atom in bits(mask):
                children[column.of[atom]] = number
        return tuple(children)
