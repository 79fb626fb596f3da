"""The shape of a table in memory: one grid of all columns, or several, one leading into the next.

Each grid has a row for every place of the decision that it begins in, and a cell for every combination
of groups of its columns. One grid is a plain table in mixed radix; one grid for each column is the
decision walked level by level; in between, places that go on alike share their rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, prod

from gapless.analysis.decision.diagram import Branch, Leaf, Node
from gapless.analysis.domain.recursion import Unrolled, unroll
from gapless.backends.columns.grouping import Groups

LARGEST = 4_000_000
"""No grid has more cells than this."""

GATHERING = ((32_768, 1.1), (400_000, 1.4), (2_000_000, 2.2), (16_000_000, 5.0))
"""What one look into a grid of up to so many bytes costs, in ns, as caches have room for it."""

JOINING = 0.4
"""What it costs to go from one grid to the next."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The axes of a grid, and its cells: the row of the next grid, or in the last one a code."""

    axes: tuple[int, ...]
    cells: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """`cells` is how many one grid of everything would have."""

    stages: tuple[Stage, ...]
    cells: int

    @property
    def reason(self) -> str:
        """Why the shape is this one, in a sentence."""
        held = [f"{len(stage.cells):,}" for stage in self.stages]
        if len(held) == 1:
            cells = f"{held[0]} cell{'s' * (held[0] != '1')}"
            return f"One grid of {cells}: it fits the cache, so one look into it costs least."
        told = f"{', '.join(held[:-1])} and {held[-1]}"
        return (
            f"{len(held)} grids of {told} cells, rows that go on alike shared: one of all columns"
            f" would have {self.cells:,} and not fit the cache."
        )


def shape(
    root: Node, order: Sequence[int], groups: Mapping[int, Groups], codes: int
) -> Shape | None:
    """The cheapest shape; None where even one column alone would need too large a grid."""
    asked = [axis for axis in order if axis in groups]
    build = _Build(asked, [groups[axis] for axis in asked], root)
    parts = _cheapest(build, codes)
    if parts is None:
        return None
    stages = tuple(Stage(tuple(asked[i:j]), build.cells(i, j)) for i, j in parts)
    return Shape(stages, prod(each.width for each in build.groups))


def _cheapest(build: _Build, codes: int) -> list[tuple[int, int]] | None:
    """Where to cut the columns into grids, by the sum of what looking into them costs."""
    count = len(build.axes)
    best: dict[int, tuple[float, list[tuple[int, int]]]] = {0: (0.0, [])}
    for end in range(1, count + 1):
        for start in range(end):
            if start in best:
                cost = best[start][0] + _cost(build, start, end, codes) + JOINING * (start > 0)
                if cost < best.get(end, (inf, []))[0]:
                    best[end] = (cost, [*best[start][1], (start, end)])
    if not count:
        return [(0, 0)]
    return best[count][1] if count in best else None


def _cost(build: _Build, start: int, end: int, codes: int) -> float:
    cells = len(build.states[start]) * prod(each.width for each in build.groups[start:end])
    if cells > LARGEST:
        return inf
    held = codes if end == len(build.axes) else len(build.states[end])
    size = cells * (1 if held <= 256 else 2 if held <= 65_536 else 4)
    return next((cost for bound, cost in GATHERING if size <= bound), inf) + size * 1e-8


@dataclass(slots=True)
class _Build:
    """`states` are, for each column and past the last, the nodes in which it may be asked for."""

    axes: Sequence[int]
    groups: Sequence[Groups]
    root: Node
    states: list[list[Node]] = field(init=False)

    def __post_init__(self) -> None:
        self.states = [[self.root]]
        for level in range(len(self.axes)):
            after = (each for node in self.states[-1] for each in self.after(node, level))
            self.states.append(list({id(each): each for each in after}.values()))

    def after(self, node: Node, level: int) -> Sequence[Node]:
        """Where each group of a column leads from a node."""
        if isinstance(node, Leaf) or node.axis != self.axes[level]:
            return [node] * self.groups[level].width
        return [_child(node, self.groups[level].atom(g)) for g in range(self.groups[level].width)]

    def cells(self, start: int, end: int) -> tuple[int, ...]:
        """The cells of the grid of the columns from `start` to `end`, its first column the outermost."""
        places = {id(node): place for place, node in enumerate(self.states[end])}
        known: dict[tuple[int, int], tuple[int, ...]] = {}

        def walk(node: Node, level: int) -> Unrolled[tuple[int, ...]]:
            if level == end:
                is_code = end == len(self.axes) and isinstance(node, Leaf)
                return (node.rule if is_code and isinstance(node, Leaf) else places[id(node)],)
            key = (id(node), level)
            if key not in known:
                inner: list[int] = []
                for each in self.after(node, level):
                    inner.extend((yield walk(each, level + 1)))
                known[key] = tuple(inner)
            return known[key]

        return tuple(cell for node in self.states[start] for cell in unroll(walk(node, start)))


def _child(branch: Branch, atom: int) -> Node:
    return next(child for mask, child in branch.ways if mask & atom)
