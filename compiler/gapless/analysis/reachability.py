"""Reachability: which cases of a table some program asks for, from its decisions down through every call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import reduce
from operator import or_
from typing import NamedTuple, TypeAlias

from gapless.analysis.composition.calls import (
    asked,
    calls,
    calls_of,
    held_together,
    pushed_forward,
    together,
)
from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.coverage.intersections import meetings
from gapless.analysis.domain.answers import Answer, Fixed, Nothing, Same, Several
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Axis, Box, covers, meet
from gapless.analysis.unit import Unit
from gapless.model import Call, Policy, RuleKind, Table

Reached: TypeAlias = Mapping[Table, Sequence[Box] | None]
"""Boxes of a table's inputs, which may meet; None where they are too many to be worked out."""


def entries(policies: Iterable[Policy]) -> tuple[Table, ...]:
    """The tables that a program asks: of a file its decisions, or, where it has none, all its tables."""
    return tuple(
        table
        for policy in policies
        for table in policy.tables
        if table.is_decision or not any(each.is_decision for each in policy.tables)
    )


def reached(asked_first: Iterable[Table], units: Mapping[Table, Unit]) -> Reached:
    """What is reached of every table; `units` has callees first."""
    known: dict[Table, dict[Box, None] | None] = {}
    for table in asked_first:
        if table in units:
            known[table] = {units[table].caller.whole: None}
    for table in [*units][::-1]:
        unit, callees = units[table], dict.fromkeys(call.table for call in calls(table))
        sites: list[_Site] | None = None
        if callees and (own := known.get(table, {})) is not None:
            with suppress(OverBudget):
                sites = [*_sites(unit, tuple(own))]
        for callee in callees:
            before, known[callee] = known.get(callee, {}), None
            if sites is not None and before is not None:
                axes = units[callee].axes[: units[callee].inputs]
                asking = (site for site in sites if site.call.table is callee)
                with suppress(OverBudget):
                    led = [image for site in asking for image in _images(site, unit, axes)]
                    known[callee] = _widest([*before, *led])
    return {table: None if boxes is None else tuple(boxes) for table, boxes in known.items()}


class _Site(NamedTuple):
    """A call, and the boxes of inputs in which it is made."""

    call: Call
    boxes: Sequence[Box]


def _sites(unit: Unit, own: Sequence[Box]) -> Iterator[_Site]:
    """A case that is impossible leads nowhere, for nobody puts it."""
    rules = unit.table.rules
    live = {
        number: tuple(_meetings(boxes, own))
        for number, boxes in unit.claims.won.items()
        if number >= 0 and rules[number].kind is not RuleKind.IMPOSSIBLE
    }
    every = [box for boxes in live.values() for box in boxes]
    for let in unit.table.lets:
        inside = asked(let.guard, unit.caller, unit.axes)[0] if let.guard else [unit.caller.whole]
        yield _Site(let.call, tuple(_meetings(every, inside)))
    for number, boxes in live.items():
        yield from (_Site(call, boxes) for call in calls_of(rules[number]))


def _meetings(some: Sequence[Box], others: Sequence[Box]) -> Iterator[Box]:
    Work.on(len(some)).spend(len(some) * len(others))
    for _, _, both in meetings(some, others):
        yield both


def _images(site: _Site, unit: Unit, axes: Sequence[Axis]) -> Iterator[Box]:
    """What the arguments are, in the called table's atoms."""
    bound = [*together([*map(unit.caller.held, site.call.arguments)], unit.caller.whole)]
    work = Work.on(len(bound))
    work.spend(len(bound) * len(site.boxes))
    for box, pieces in bound:
        arguments = [piece.answer for piece in pieces]
        if any(isinstance(argument, Nothing) for argument in arguments):
            continue
        for asked_in in site.boxes:
            both = meet(box, asked_in)
            for part in _apart(both, arguments, work) if both else ():
                masks = [
                    _mask(argument, axis, part, unit)
                    for argument, axis in zip(arguments, axes, strict=False)
                ]
                if all(masks):
                    # What is derived there may be anything, as far as is asked here.
                    yield (*masks, *(axis.whole for axis in axes[len(masks) :]))


def _apart(box: Box, arguments: Sequence[Answer], work: Work) -> Iterator[Box]:
    """The box, cut into single atoms where one input is handed on twice, and so is the same twice, and
    where it is in a set that is handed on.
    """
    numbers = [argument.input for argument in arguments if isinstance(argument, Same)]
    several = (each.items for each in arguments if isinstance(each, Several))
    held = {item.input for items in several for item in items if isinstance(item, Same)}
    apart = sorted(held | {number for number in numbers if numbers.count(number) > 1})
    found = [box]
    for number in apart:
        work.spend(len(found) * box[number].bit_count())
        found = [
            (*each[:number], 1 << atom, *each[number + 1 :])
            for each in found
            for atom in bits(each[number])
        ]
    yield from found


def _mask(argument: Answer, axis: Axis, box: Box, unit: Unit) -> int:
    """The atoms of `axis` that the argument can be in a box of the caller's inputs."""
    match argument:
        case Fixed(value):
            return axis.atom_of(value)
        case Same(number):
            return pushed_forward(box[number], unit.axes[number], axis)
        case Several():
            return reduce(or_, (atom for _, atom in held_together(box, argument, axis, unit.axes)))
    raise AssertionError("an argument without a value is not handed on")


def _widest(boxes: Sequence[Box]) -> dict[Box, None]:
    """The boxes without those that lie in another."""
    different = [*dict.fromkeys(boxes)]
    Work.on(len(different)).spend(len(different) ** 2)
    return {
        box: None
        for box in different
        if not any(other is not box and covers(other, box) for other in different)
    }
