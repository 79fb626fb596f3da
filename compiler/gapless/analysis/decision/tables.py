"""A diagram as tables of numbers, a column after the other: what look-ups are laid out from.

What a column need not tell apart is one class. A row has an entry for every class of its column: the
number of a row of the next column's, and at the last column the number of a leaf. This is a decision
diagram of which no level is skipped (Wegener, 2000, quasi-reduced): a row that does not ask its column
has the same entry everywhere.

    weight   | zone    | leaf      classes: ..5, 6..  of weight;  home, world  of zone
    ---------|---------|-----
    0: 0  1  | 0: 0  0 | 0         rows[0] = ((0, 1),)
             | 1: 0  1 | 1         rows[1] = ((0, 0), (0, 1))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeAlias

from gapless.analysis.decision.diagram import Leaf, Node, branches
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Axis

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
    """`rows[n]` are the rows of `columns[n]`, each of them what `nodes[n]` has at its place.

    The walk begins at row 0 of the first column, which has one.
    """

    columns: tuple[Classes, ...]
    rows: tuple[tuple[Row, ...], ...]
    nodes: tuple[tuple[Node, ...], ...]

    @property
    def entries(self) -> int:
        """How many numbers there are in all rows."""
        return sum(len(row) for rows in self.rows for row in rows)

    def cut(self, cost: Callable[[int, int], float]) -> tuple[int, ...] | None:
        """Where to cut the columns into lists, each of columns as one, for the least sum of costs.

        The last place is behind all columns. `cost` is asked of a first column and the one after the
        last, and infinite where these cannot be a list; None where there is no way to have lists. By
        dynamic programming over where lists end.
        """
        best: list[tuple[float, tuple[int, ...]]] = [(0, (0,))]
        for after in range(1, len(self.columns) + 1):
            best.append(
                min(
                    (known + cost(first, after), (*ends, after))
                    for first, (known, ends) in enumerate(best)
                )
            )
        least, ends = best[-1]
        return ends if least < inf else None

    def ending(self, classes: Sequence[int]) -> int:
        """Where classes, one for each column, lead to."""
        number = 0
        for rows, here in zip(self.rows, classes, strict=True):
            number = rows[number][here]
        return number

    def row(self, number: int, first: int, after: int) -> Row:
        """A row of column `first` with the columns up to before `after` as one: entries for all classes.

        The classes of the last of them change fastest.
        """
        found: Row = (number,)
        for rows in self.rows[first:after]:
            found = tuple(entry for each in found for entry in rows[each])
        return found

    def merged(self, first: int, after: int) -> list[int]:
        """All rows of column `first` so, one after the other."""
        return [
            entry
            for number in range(len(self.rows[first]))
            for entry in self.row(number, first, after)
        ]


def classes(root: Node, axes: Sequence[Axis], order: Iterable[int]) -> list[Classes]:
    """The classes of the axes that a diagram asks, in an order, numbered as their atoms come.

    Atoms that every branch sends the same way are one class.
    """
    told: dict[int, list[list[int]]] = {}
    for branch in branches(root):
        ways = told.setdefault(branch.axis, [[] for _ in axes[branch.axis].atoms])
        for number, (mask, _) in enumerate(branch.ways):
            for atom in bits(mask):
                ways[atom].append(number)
    found = []
    for place in order:
        if place in told:
            alike = [tuple(each) for each in told[place]]
            numbers = {ways: number for number, ways in enumerate(dict.fromkeys(alike))}
            found.append(Classes(place, axes[place], tuple(numbers[ways] for ways in alike)))
    return found


def layers(root: Node, columns: Sequence[Classes]) -> Layers:
    """A diagram as tables, its columns in the order in which it asks them."""
    nodes: list[tuple[Node, ...]] = [(root,)]
    rows: list[tuple[Row, ...]] = []
    for column in columns:
        numbers: dict[Node, int] = {}
        found = []
        for node in nodes[-1]:
            led = _led(node, column)
            found.append(tuple(numbers.setdefault(child, len(numbers)) for child in led))
        rows.append(tuple(found))
        nodes.append(tuple(numbers))
    leaves = [node.rule for node in nodes[-1] if isinstance(node, Leaf)]
    assert len(leaves) == len(nodes[-1]), "all columns that are asked have been"
    if rows:
        rows[-1] = tuple(tuple(leaves[number] for number in row) for row in rows[-1])
    return Layers(tuple(columns), tuple(rows), tuple(nodes))


def _led(node: Node, column: Classes) -> list[Node]:
    """Where each class of a column leads from a node."""
    led = [node] * column.count
    if not isinstance(node, Leaf) and node.axis == column.place:
        for mask, child in node.ways:
            for atom in bits(mask):
                led[column.of[atom]] = child
    return led
