"""Which tables answer whole columns: those that look up, pass on and compare, but calculate nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from gapless.analysis.by_inputs import Tabulation, tabulation
from gapless.analysis.decision.tables import Classes
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.answers import Same, Several
from gapless.analysis.domain.derived import Ordering
from gapless.analysis.unit import Unit
from gapless.backends.columns.shaping import Coded, Shape, coded, groups, shape
from gapless.model import ColumnValue, Constant, DecimalType, Table
from gapless.text.words import listed

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
    known = tabulation(unit, is_traced=True)
    if known is None:
        return "its cases are too many to be told by inputs alone"
    given = [each for end in known.endings for each in end.answers or ()]
    if any(isinstance(each, Several) for each in given):
        return "it answers with lists that hold values of the case"
    passed = {each.input for each in given if isinstance(each, Same)}
    calculated = [*_calculated(unit, known, passed)]
    if calculated:
        return f"it calculates {listed(calculated)}"
    found = coded(unit, known)
    grouped = groups(known, found.root)
    shaped = shape(found.root, known.decision.order, grouped, found.codes + 2 * known.inputs)
    if shaped is None:
        return "its grids would be too large"
    orders = {place: order(unit, place) for place in grouped if place >= known.inputs}
    compared = {place: each for place, each in orders.items() if each is not None}
    return Offer(found, grouped, shaped, compared)


def order(unit: Unit, place: int) -> Ordering | None:
    """How an axis compares two inputs, or an input and a constant; None where it is no such axis."""
    definition = unit.lowered.derived[place - len(unit.table.inputs)].definition
    names = {column.name for column in unit.table.inputs}
    if not isinstance(definition, Ordering):
        return None
    for end in (definition.left, definition.right):
        if not isinstance(end, Constant) and end.column not in names:
            return None
    return definition if not _is_long(unit, definition) else None


def _calculated(unit: Unit, known: Tabulation, passed: set[int]) -> Iterator[str]:
    """The derived columns that the answers need, other than comparisons, in order."""
    for place in sorted(known.asked | passed):
        if place >= known.inputs and (place in passed or order(unit, place) is None):
            yield known.axes[place].column.name


def _is_long(unit: Unit, ordering: Ordering) -> bool:
    """Whether a side has more digits after the point than steps of 64 bits leave room for."""
    ends = (ordering.left, ordering.right)
    return any(10 ** digits(end, unit.table) > WIDEST for end in ends)


def digits(end: Constant | ColumnValue, table: Table) -> int:
    """How many digits after the point one side of a comparison has."""
    if isinstance(end, ColumnValue):
        of = ranks.ordered(next(each.type for each in table.inputs if each.name == end.column))
        return of.digits if isinstance(of, DecimalType) else 0
    return max(0, -int(end.value.as_tuple().exponent)) if isinstance(end.value, Decimal) else 0
