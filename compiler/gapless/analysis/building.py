"""From tables to units: columns cut, calls followed, what derived columns can never be together barred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, islice
from typing import NamedTuple

from gapless.analysis.arithmetic.dependent import Exactly, Following, Intervals, Part, Undefined
from gapless.analysis.arithmetic.linear import cycle
from gapless.analysis.arithmetic.solver import Answer, widened
from gapless.analysis.composition.calls import Callee, Caller, calls, flatten, guarded, handed_on
from gapless.analysis.composition.partition import Lifted, axes_of, boxes_of, lifted
from gapless.analysis.coverage.budget import OverBudget, Work, spending
from gapless.analysis.coverage.cover import open_parts
from gapless.analysis.domain.answers import Piece
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.derived import Derived, Ordering, at, lowered
from gapless.analysis.domain.partition import Axis, Box, meet
from gapless.analysis.domain.subsets import ManyKinds
from gapless.analysis.overlaps import overlaps
from gapless.analysis.unit import Unit, answers
from gapless.model import Call, Column, ColumnValue, Constant, Table


class Intricate(NamedTuple):
    """The call in which following what tables call took too many steps, or the column whose sets are too many.

    `parts` are those into which the answers of the called table fall; None where they were not listed.
    """

    place: Call | Column
    parts: int | None = None


class Built(NamedTuple):
    """The units of tables, and of those that have none for the steps it would have taken, why."""

    units: dict[Table, Unit]
    intricate: dict[Table, Intricate]


def build_units(tables: Iterable[Table]) -> Built:
    """The units of `tables`, and of every table they call, callees first; chains may be long."""
    units: dict[Table, Unit] = {}
    intricate: dict[Table, Intricate] = {}
    done: set[Table] = set()
    waiting = [*tables][::-1]
    while waiting:
        table = waiting[-1]
        callees = [call.table for call in calls(table) if call.table not in done]
        if table not in done and callees:
            waiting.extend(callees)
            continue
        waiting.pop()
        if table not in done:
            done.add(table)
            match build_unit(table, units):
                case Unit() as unit:
                    units[table] = unit
                case Intricate() as why:
                    intricate[table] = why
    return Built(units, intricate)


def build_unit(table: Table, units: Mapping[Table, Unit]) -> Unit | Intricate | None:
    """The unit of `table`; `units` has those of the tables it calls.

    None for a table that was not read whole, or calls one without a unit, where what could be said
    would only be a consequence of what is already reported.
    """
    if not table.complete or any(call.table not in units for call in calls(table)):
        return None
    work = Work.for_all(len(table.rules))
    with spending(work):
        return _built(table, units, work)


def _built(table: Table, units: Mapping[Table, Unit], work: Work) -> Unit | Intricate:
    sometimes = {id(let.call) for let in table.lets if let.guard}
    first = first_alike(table)
    callees: list[Callee] = []
    hanging: dict[str, Derived] = {}  # what calls derive; what several have in common once
    for place, call in enumerate(calls(table)):
        unit, is_guarded = units[call.table], id(call) in sometimes
        each = lifted_from(unit, call, first[place], is_guarded=is_guarded)
        hanging.update((derived.column.name, derived) for derived in each.derived)
        names = {each.names[name]: pieces for name, pieces in unit.looked_up.items()}
        try:
            pieces = () if call.table.policy.is_collecting else tuple(answers(unit, call.output))
        except OverBudget:
            return Intricate(call)
        callees.append(Callee(call, unit.axes[: unit.inputs], pieces, each.arguments, names))
    whole = lowered(table).with_hidden([*hanging.values()], table)
    try:
        axes = axes_of(table, whole, callees)
    except ManyKinds as many:
        return Intricate(many.column)
    lets: dict[str, tuple[Piece, ...]] = {}
    hidden: dict[str, tuple[Piece, ...]] = {}
    called: dict[int, tuple[Piece, ...]] = {}
    followed: list[tuple[Unit, Callee]] = []
    handed = handed_on(table)
    caller = Caller(axes[: len(table.inputs) + len(whole.derived)], lets)
    for place, callee in enumerate(callees):
        is_let = place < len(table.lets)
        name = table.lets[place].column.name if is_let else ""
        asked = units[callee.call.table]
        if asked.table.policy.is_collecting:
            # only as far as the axis of the let tells answers apart, unless they are handed on
            axis = axes[len(caller.inputs) + place] if is_let and name not in handed else None
            found = asked.collected[callee.call.output].seen_on(axis)
            try:
                callee = callee._replace(pieces=tuple(found.pieces(asked.undecided)))
            except OverBudget:
                return Intricate(callee.call)
        followed.append((asked, callee))
        try:
            for inner_name, pieces in callee.lets.items():
                if inner_name not in hidden:
                    inside = callee._replace(pieces=pieces)
                    hidden[inner_name] = as_asked(table, place, inside, caller, axes)
            answer = as_asked(table, place, callee, caller, axes)
        except OverBudget:
            return Intricate(callee.call, len(callee.pieces))
        if is_let:
            lets[name] = answer
        else:
            called[id(callee.call)] = answer
    boxes = tuple(boxes_of(axes, whole))
    unit = Unit(table, axes, boxes, caller, called, whole, hidden, work=work)
    return feasible(replace(unit, callees=tuple(followed)))


def first_alike(table: Table) -> list[int]:
    """For each call the first one like it: results of one step derive the same, once."""
    guards = [tuple((name, tested.test) for name, tested in let.guard) for let in table.lets]
    seen: dict[object, int] = {}
    found = []
    for place, call in enumerate(calls(table)):
        guard = guards[place] if place < len(guards) else ()
        found.append(seen.setdefault((call.table, call.arguments, guard), place))
    return found


def as_asked(
    table: Table, place: int, callee: Callee, caller: Caller, axes: Sequence[Axis]
) -> tuple[Piece, ...]:
    """What call number `place` comes to: nothing outside its guard, where it has one."""
    pieces = flatten(callee, caller)
    return guarded(table.lets[place], pieces, caller, axes) if place < len(table.lets) else pieces


def lifted_from(unit: Unit, call: Call, place: int, *, is_guarded: bool = False) -> Lifted:
    """What call number `place` of a table derives within the table that it calls."""
    derived, looked_up = unit.lowered.derived, unit.looked_up
    return lifted(call, derived, looked_up, place, is_guarded=is_guarded)


# ---------------------------------------------------------------- what can never be


MOST = 400
"""So many parts of gaps and conflicts are asked for cases; about others nothing is said."""

PATIENCE = 8
"""After so many of them that were not decided no more are asked: they are much alike."""


def feasible(unit: Unit) -> Unit:
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
    missing = following.axes[place].atom_of(None)
    if missing and (rest := following.wholes[place] & ~missing):
        yield at(following.wholes, place, rest)


def _only(following: Following, place: int) -> Iterator[Box]:
    """All atoms but one of a column that follows from constants alone."""
    try:
        atom = Exactly(following, ()).atom(place)
    except Undefined:
        return
    if rest := following.wholes[place] & ~(1 << atom):
        yield at(following.wholes, place, rest)


def _apart(following: Following, place: int, left: int, right: int) -> Iterator[Box]:
    """For each atom of one column and each order, the atoms of the other that do not go with both."""
    wholes = following.wholes
    order = following.axes[place]
    for atom in range(len(following.axes[left].atoms)):
        allowed = dict.fromkeys(range(len(order.atoms)), 0)
        for other in range(len(following.axes[right].atoms)):
            masks = [*wholes]
            masks[left], masks[right] = 1 << atom, 1 << other
            for number in bits(Intervals(following, Part(masks, {})).order(place)):
                allowed[number] |= 1 << other
        for number, mask in allowed.items():
            if mask != wholes[right]:
                box = [*wholes]
                box[left], box[right], box[place] = 1 << atom, wholes[right] & ~mask, 1 << number
                yield tuple(box)
