"""What derived columns can never be together, found out where it matters: in gaps and in conflicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, islice

from gapless.analysis.arithmetic.cycles import cycle
from gapless.analysis.arithmetic.dependent import Exactly, Following, Undefined
from gapless.analysis.arithmetic.propagation import Part, Reaching
from gapless.analysis.arithmetic.solver import Answer, widened
from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.coverage.cover import open_parts
from gapless.analysis.domain.axes import Box, meet
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.derived import Ordering, at
from gapless.analysis.overlaps import overlaps
from gapless.analysis.unit import Unit
from gapless.model import ColumnValue, Constant

MOST = 400
"""So many parts of gaps and conflicts are asked for cases; about others nothing is said."""

PATIENCE = 8
"""After so many of them that were not decided no more are asked: they are much alike."""


def grounded(unit: Unit) -> Unit:
    """The unit, its boxes without cases barred: all that two columns' order forbids, and what is found.

    A gap that is left has a case, or it was not found out whether it has one.
    """
    if unit.following is None:
        return unit
    never = dict.fromkeys((*apart(unit.following), *_going_round(unit, unit.following)))
    known = replace(unit, barred=tuple(never))
    found: list[Box] = []
    unknown = 0
    for box in _doubtful(known):
        for part in open_parts(box, found):
            answer = unit.case(part) if unknown < PATIENCE else Answer.UNKNOWN
            unknown += answer is Answer.UNKNOWN
            if answer is Answer.NEVER:
                found.append(widened(unit.following, part))
    return replace(known, barred=(*known.barred, *found))


def _doubtful(unit: Unit) -> Iterator[Box]:
    """The largest doubts come first: what nothing answers, then what two rules do."""
    try:
        boxes = [*unit.claims.gap.parts]
        for overlap in () if unit.table.policy.is_collecting else overlaps(unit):
            boxes.extend(overlap.boxes)
    except OverBudget:
        pass
    yield from boxes[:MOST]


def _going_round(unit: Unit, following: Following) -> Iterator[Box]:
    """What rules ask that no case has, since the orders they ask for go round: alone, and two together.

    So found, it takes out with one box what would else be met in very many parts.
    """
    orders = [n for n in following.derived if isinstance(following.definition(n), Ordering)]
    wholes = unit.caller.whole
    asked = dict.fromkeys(
        tuple(mask if n in orders else wholes[n] for n, mask in enumerate(box))
        for boxes in unit.parts
        for box in boxes
    )
    alone: list[Box] = []
    for box in asked:
        if cycle(following, box, orders):
            yield widened(following, box)
        else:
            alone.append(box)
    for one, other in islice(combinations(alone, 2), MOST):
        both = meet(one, other)
        if both is not None and cycle(following, both, orders):
            yield widened(following, both)


def apart(following: Following) -> Iterator[Box]:
    """Boxes that never are: of what no input changes, all but its value; of orders, what two stretches forbid.

    An order forbids what its columns, both in known stretches, do not meet in.
    """
    for place in range(following.inputs, len(following.axes)):
        definition = following.definition(place)
        if all(each >= following.inputs for each in following.rests_on([place])):
            yield from _only(following, place)
        elif isinstance(definition, Ordering):
            ends = (definition.left, definition.right)
            if Constant(None) in ends:
                yield from _missing(following, place)
            elif all(isinstance(e, ColumnValue) and e.column in following.places for e in ends):
                left, right = (
                    following.places[e.column] for e in ends if isinstance(e, ColumnValue)
                )
                yield from _apart(following, place, left, right)


def _missing(following: Following, place: int) -> Iterator[Box]:
    """All atoms but the missing one, of an order with nothing on one side."""
    missing = following.axes[place].locate(None)
    wholes = tuple(axis.whole for axis in following.axes)
    if missing is not None and (rest := wholes[place] & ~(1 << missing)):
        yield at(wholes, place, rest)


def _only(following: Following, place: int) -> Iterator[Box]:
    """All atoms but one of a column that follows from constants alone."""
    try:
        atom = Exactly(following, ()).atom(place)
    except Undefined:
        return
    wholes = tuple(axis.whole for axis in following.axes)
    if rest := wholes[place] & ~(1 << atom):
        yield at(wholes, place, rest)


def _apart(following: Following, place: int, left: int, right: int) -> Iterator[Box]:
    """For each atom of one column and each order, the atoms of the other that do not go with both."""
    wholes = [axis.whole for axis in following.axes]
    order = following.axes[place]
    for atom in range(len(following.axes[left].atoms)):
        allowed = dict.fromkeys(range(len(order.atoms)), 0)
        for other in range(len(following.axes[right].atoms)):
            masks = [*wholes]
            masks[left], masks[right] = 1 << atom, 1 << other
            for number in bits(Reaching(following, Part(masks, {})).order(place)):
                allowed[number] |= 1 << other
        for number, mask in allowed.items():
            if mask != wholes[right]:
                box = [*wholes]
                box[left], box[right], box[place] = 1 << atom, wholes[right] & ~mask, 1 << number
                yield tuple(box)
