"""A table in memory: what rows can get, numbered, and grids of cells that lead there.

Each grid has a row for every place of the decision that it begins in, and a cell for every combination
of groups of its columns. One grid is a plain table in mixed radix; one grid for each column is the
decision walked level by level; in between, places that go on alike share their rows.

Tables are offered to whole columns that look up, pass on and compare, but calculate nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from math import inf, prod
from typing import NamedTuple, TypeAlias

from gapless.analysis.by_inputs import Ending, Tabulation, tabulation
from gapless.analysis.decision.diagram import GAP, NEVER, Leaf, Node, renumbered
from gapless.analysis.decision.tables import Classes, Layers, classes, layers
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.answers import Fixed, Same, Several
from gapless.analysis.domain.derived import Ordering
from gapless.analysis.domain.partition import Run
from gapless.analysis.unit import Unit
from gapless.backends import rejections as refusing
from gapless.backends.traces import basis_told, rows_told
from gapless.model import ColumnValue, Constant, DecimalType, OptionalType, SetType, Table
from gapless.model.copies import becomes_decimal
from gapless.text.words import listed

PLAIN = 16
"""Up to so many members are groups of their own: then a code is its group, and nothing is looked up."""

LARGEST = 4_000_000
"""No grid has more cells than this."""

GATHERING = ((32_768, 1.1), (400_000, 1.4), (2_000_000, 2.2), (16_000_000, 5.0))
"""What one look into a grid of up to so many bytes costs, in ns, as caches have room for it."""

JOINING = 0.4
"""What it costs to go from one grid to the next."""


Values: TypeAlias = tuple[Fixed | Same, ...]
"""One value, or one input that is passed on, for each output."""


class Answer(NamedTuple):
    """What a code stands for: values, the rows that these rest on, and their basis."""

    values: Values
    rules: str
    basis: str | None


@dataclass(frozen=True, slots=True)
class Coded:
    """`root` is the decision, whose leaves number the answers and, after them, the reasons."""

    answers: tuple[Answer, ...]
    reasons: tuple[str, ...]
    root: Node

    @property
    def codes(self) -> int:
        return len(self.answers) + len(self.reasons)


def coded(unit: Unit, known: Tabulation) -> Coded:
    """The endings of a table that calculates nothing."""
    answers = {_answer(unit, each): None for each in known.endings if each.answers is not None}
    reasons = {refusing.refused(unit, each): None for each in known.endings if each.answers is None}
    numbered: list[Answer | str] = [*answers, *reasons]
    numbers = {each: number for number, each in enumerate(numbered)}
    named = {
        number: numbers[
            refusing.refused(unit, each) if each.answers is None else _answer(unit, each)
        ]
        for number, each in enumerate(known.endings)
    }
    # Where no case is, any code does: the one that most likely makes nodes alike is the first.
    root = renumbered(known.decision.root, {**named, NEVER: 0, GAP: 0})
    return Coded(tuple(answers), tuple(reasons), root)


def _answer(unit: Unit, ending: Ending) -> Answer:
    assert ending.answers is not None
    values = tuple(each for each in ending.answers if isinstance(each, Fixed | Same))
    return Answer(values, rows_told(unit.table, ending), basis_told(unit.table, ending))


def groups(known: Tabulation, root: Node) -> dict[int, Classes]:
    """Which atoms of each axis that is asked for are looked up as one.

    Numbers are told apart by where groups begin, so these are stretches; a missing value, the last
    atom, is a group alone.
    """
    return {
        each.place: _grouped(each) for each in classes(root, known.axes, range(len(known.axes)))
    }


def _grouped(column: Classes) -> Classes:
    optional = isinstance(column.axis.column.type, OptionalType)
    present = len(column.axis.atoms) - optional
    alike = column.of[:present]
    if isinstance(column.axis.atoms[0], Run):
        found = [0]
        for before, after in pairwise(alike):
            found.append(found[-1] + (before != after))
    elif present <= PLAIN or len(set(alike)) > present // 2:
        found = list(range(present))
    else:
        found = [*alike]
    return replace(column, of=(*found, *[max(found) + 1] * optional))


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
    root: Node, order: Sequence[int], groups: Mapping[int, Classes], codes: int
) -> Shape | None:
    """The cheapest shape; None where even one column alone would need too large a grid."""
    if isinstance(root, Leaf):
        return Shape((Stage((), (root.rule,)),), 1)
    laid = layers(root, [groups[axis] for axis in order if axis in groups])
    ends = laid.cut(lambda start, end: _cost(laid, start, end, codes) + JOINING * (start > 0))
    if ends is None:
        return None
    stages = tuple(
        Stage(
            tuple(column.place for column in laid.columns[i:j]),
            tuple(laid.merged(i, j)),
        )
        for i, j in pairwise(ends)
    )
    return Shape(stages, prod(each.count for each in laid.columns))


def _cost(laid: Layers, start: int, end: int, codes: int) -> float:
    cells = len(laid.rows[start]) * prod(each.count for each in laid.columns[start:end])
    if cells > LARGEST:
        return inf
    held = codes if end == len(laid.columns) else len(laid.rows[end])
    size = cells * (1 if held <= 256 else 2 if held <= 65_536 else 4)
    return next((cost for bound, cost in GATHERING if size <= bound), inf) + size * 1e-8


# ---------------------------------------------------------------- which tables are offered

WIDEST = 10**15
"""Numbers of two columns are compared in steps that fit 64 bits, with room for what is counted."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What rows can get, how the values of each axis that is asked for go together, and the grids."""

    coded: Coded
    groups: Mapping[int, Classes]
    shape: Shape
    orders: Mapping[int, Ordering]
    """How the axes that are no inputs compare two of them."""


@lru_cache(maxsize=256)
def offered(unit: Unit) -> Offer | str:
    """What a table offers to whole columns, or why it is left out."""
    if not unit.table.inputs:
        return "it has no inputs, so nothing says how many rows there are"
    if any(isinstance(column.type, SetType) for column in unit.table.inputs):
        return "it takes in a list of members, and columns hold one value each"
    known = tabulation(unit, is_traced=True)
    if known is None:
        return "its cases are too many to be told by inputs alone"
    given = [each for end in known.endings for each in end.answers or ()]
    if any(isinstance(each, Several) for each in given):
        return "it answers with lists that hold values of the case"
    passed = {each.input for each in given if isinstance(each, Same)}
    calculated = [  # derived columns that the answers need, other than comparisons
        known.axes[place].column.name
        for place in sorted(known.asked | passed)
        if place >= known.inputs and (place in passed or order(unit, place) is None)
    ]
    if calculated:
        return f"it calculates {listed(calculated)}"
    if numbers := _among_decimals(unit, known):
        return f"whole numbers become decimals where it answers with {listed(numbers)}"
    found = coded(unit, known)
    grouped = groups(known, found.root)
    shaped = shape(found.root, known.decision.order, grouped, found.codes + 2 * known.inputs)
    if shaped is None:
        return "its grids would be too large"
    orders = {place: order(unit, place) for place in grouped if place >= known.inputs}
    compared = {place: each for place, each in orders.items() if each is not None}
    return Offer(found, grouped, shaped, compared)


def _among_decimals(unit: Unit, known: Tabulation) -> list[str]:
    """The whole numbers that are answered with where decimals are due."""
    found = (
        known.axes[each.input].column
        for end in known.endings
        for each, into in zip(end.answers or (), unit.table.outputs, strict=False)
        if isinstance(each, Same) and becomes_decimal(known.axes[each.input].column.type, into.type)
    )
    return [*dict.fromkeys(column.name for column in found)]


def order(unit: Unit, place: int) -> Ordering | None:
    """How an axis compares two inputs, or an input and a constant; None where it is no such axis."""
    definition = unit.lowered.derived[place - len(unit.table.inputs)].definition
    names = {column.name for column in unit.table.inputs}
    if not isinstance(definition, Ordering):
        return None
    for end in (definition.left, definition.right):
        if not isinstance(end, Constant) and end.column not in names:
            return None
        if 10 ** digits(end, unit.table) > WIDEST:
            return None
    return definition


def digits(end: Constant | ColumnValue, table: Table) -> int:
    """How many digits after the point one side of a comparison has."""
    if isinstance(end, ColumnValue):
        of = ranks.ordered(next(each.type for each in table.inputs if each.name == end.column))
        return of.digits if isinstance(of, DecimalType) else 0
    return max(0, -int(end.value.as_tuple().exponent)) if isinstance(end.value, Decimal) else 0
