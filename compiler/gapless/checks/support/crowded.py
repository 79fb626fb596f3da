"""One rule that meets many others, told once: in conflict with all of them, or alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from gapless.analysis.domain.partition import Box
from gapless.analysis.overlaps import Overlap
from gapless.analysis.unit import Unit
from gapless.checks.support import wording as said
from gapless.checks.support.hubs import Hub, concerned
from gapless.checks.support.narrowing import narrowing
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Region, Repair, Severity, Witness

Told: TypeAlias = Callable[[Unit, Overlap, Box], Region]
"""How a region in which two rules meet is told."""


def conflict(unit: Unit, hub: Hub, told: Told) -> Diagnostic:
    """GAP102: a rule differs from many others."""
    found, least = _size(unit, hub)
    rule = unit.table.rules[hub.rule]
    outputs = sorted({number for each in hub.meetings for number in each.overlap.outputs})
    column = unit.table.outputs[hub.meetings[0].overlap.outputs[0]].name
    return Diagnostic(
        "GAP102",
        Severity.ERROR,
        f"rule `{rule.name}` answers {least}{said.count(unit, found)} differently from "
        f"{len(hub.others)} other rules",
        tuple(_answers(unit, hub)),
        subject=said.subject(unit, rule, column),
        notes=(*_with(unit, hub), *said.agreeing(unit, outputs)),
        helps=tuple(_ways_out(unit, hub)),
        size=said.size(unit, found),
        witness=_witness(unit, hub, told),
        regions=tuple(_regions(unit, hub, told)),
    )


def harmless(unit: Unit, hub: Hub, policy: Help, told: Told) -> Diagnostic:
    """GAP104: a rule overlaps with many others, and agrees with them."""
    found, least = _size(unit, hub)
    rule = unit.table.rules[hub.rule]
    others = hub.others[: said.SHOWN]
    narrower = narrowing(unit, hub.rule, hub.others)
    return Diagnostic(
        "GAP104",
        Severity.WARNING,
        f"rule `{rule.name}` and {len(hub.others)} other rules answer {least}"
        f"{said.count(unit, found)} alike",
        (
            Label(rule.span, "this row"),
            *(Label(unit.table.rules[other].span, "and this one") for other in others),
        ),
        subject=said.subject(unit, rule),
        notes=(*_with(unit, hub), said.PROMISED),
        helps=(narrower or Help(Repair.DECISION, "narrow the other rows to what they add"), policy),
        size=said.size(unit, found),
        witness=_witness(unit, hub, told),
        regions=tuple(_regions(unit, hub, told)),
    )


def _size(unit: Unit, hub: Hub) -> tuple[int, str]:
    found, is_all = concerned(unit, hub)
    return found, "" if is_all or unit.following else "at least "


def _answers(unit: Unit, hub: Hub) -> Iterator[Label]:
    """What the rule says, then what those say that share most cases with it."""
    shown = hub.meetings[: said.SHOWN]
    own = dict.fromkeys(each.overlap.outputs[0] for each in shown)
    for rule, output in (
        *((hub.rule, output) for output in own),
        *((each.other, each.overlap.outputs[0]) for each in shown),
    ):
        yield said.answer(unit.table.rules[rule], output)


def _with(unit: Unit, hub: Hub) -> Iterator[str]:
    for each in hub.meetings[: said.SHOWN]:
        more = f", and {words.count(len(each.boxes) - 1, 'more region')}" * (len(each.boxes) > 1)
        where = said.where(unit, said.widest(each.boxes))
        name = unit.table.rules[each.other].name
        yield f"with `{name}` in {said.count(unit, each.cases)}: {where}{more}"
    if len(hub.meetings) > said.SHOWN:
        yield f"and with {words.count(len(hub.meetings) - said.SHOWN, 'more rule')}"


def _ways_out(unit: Unit, hub: Hub) -> Iterator[Help]:
    name = unit.table.rules[hub.rule].name
    narrower = narrowing(unit, hub.rule, hub.others, "if the others are right there, ")
    if narrower is not None:
        yield narrower
    else:
        text = f"if the others are right there, split `{name}` into rows beside them, or delete it"
        yield Help(Repair.DECISION, text)
    yield Help(Repair.DECISION, f"if `{name}` is right there, narrow each of the others")


def _witness(unit: Unit, hub: Hub, told: Told) -> Witness:
    most = hub.meetings[0]
    return told(unit, most.overlap, said.widest(most.boxes)).witness


def _regions(unit: Unit, hub: Hub, told: Told) -> Iterator[Region]:
    for each in hub.meetings:
        boxes = each.boxes if unit.following is None else each.boxes[:1]  # a case is searched for
        yield from (told(unit, each.overlap, box) for box in boxes)
