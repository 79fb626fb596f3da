"""In which order a look-up takes its columns, and by which means each of them is read.

A column of two members costs least to compare with, then tables by member or small number;
numbers that must be compared with edges cost most, and come last: what they find is the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from math import prod

from gapless.analysis.by_inputs import Tabulation
from gapless.analysis.decision.tables import Layers, classes, layers
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.partition import Axis
from gapless.model import EnumerationType, IntType

NUMBERS = 2_048
"""Whole numbers from 0 to below this are found in a table; others are compared with edges."""

FEW = 2
"""Columns of so many members are compared with them; of three, a dict is faster where words are known."""

BRANCHES = 16
"""So many ways in all are taken by comparing members."""

TRIED = 6_000
"""Of decisions with more nodes than this one order of columns is tried."""


class Means(Enum):
    """How a column's class is found."""

    MEMBERS = "by comparing it with its members"
    TABLE = "in a table"
    EDGES = "by comparing it with edges"


def means(axis: Axis) -> Means:
    """The means that suit a column on its own."""
    type = axis.column.type
    if ranks.ordered(type) is not None:
        return Means.TABLE if is_small(axis) else Means.EDGES
    few = isinstance(type, EnumerationType) and len(type.members) <= FEW
    return Means.MEMBERS if few else Means.TABLE


def is_small(axis: Axis) -> bool:
    """Whether a column holds whole numbers, all of them present, few of them and none negative."""
    type = axis.column.type
    if not isinstance(type, IntType):
        return False
    low, high = ranks.bounds(type)
    return low is not None and high is not None and low >= 0 and high < NUMBERS


def compared_with_members(found: Tabulation) -> tuple[int, ...]:
    """The first columns of a look-up: as many as make few ways in all, the shortest first."""
    short = [place for place in found.asked if means(found.axes[place]) is Means.MEMBERS]
    chosen: list[int] = []
    for place in sorted(short, key=lambda place: (len(found.axes[place].atoms), place)):
        sizes = [len(found.axes[each].atoms) for each in (*chosen, place)]
        if prod(sizes) <= BRANCHES:
            chosen.append(place)
    return tuple(chosen)


def laid(found: Tabulation, first: tuple[int, ...]) -> Layers | None:
    """The layers with fewest entries that begin with the columns `first` and end with compared edges."""
    tried = []
    for order in _orders(found, first):
        if (decision := found.in_order(order)) is not None:
            columns = classes(decision.root, found.axes, order)
            tried.append(layers(decision.root, columns))
        if found.decision.nodes > TRIED:
            break
    return min(tried, key=lambda each: each.entries, default=None)


def _orders(found: Tabulation, first: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    places = [place for place in found.decision.order if place not in first]
    tables = [place for place in places if means(found.axes[place]) is not Means.EDGES]
    edges = [place for place in places if means(found.axes[place]) is Means.EDGES]
    sizes = [len(axis.atoms) for axis in found.axes]
    edges.sort(key=lambda place: (sizes[place], place))
    up = sorted(tables, key=lambda place: (sizes[place], place))
    orders = [tables, sorted(tables), up, up[::-1]]
    yield from dict.fromkeys((*first, *order, *edges) for order in orders)
