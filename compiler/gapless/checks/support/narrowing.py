"""How one cell of a rule could say less, so that it leaves other rules their cases, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

from gapless.analysis.decision.claims import disjoint
from gapless.analysis.domain.partition import Box, cases
from gapless.analysis.unit import Unit
from gapless.checks.support import wording as said
from gapless.model import RuleKind
from gapless.text import words
from gapless_dsl.diagnostic import Edit, Help, Repair


def narrowing(unit: Unit, narrowed: int, kept: Sequence[int], condition: str = "") -> Help | None:
    """The cheapest way to take the cases of the rules `kept` out of one cell of `narrowed`."""
    mine = _box(unit, narrowed)
    theirs = [_box(unit, number) for number in kept]
    ways = []
    for axis, mask in enumerate(mine):
        other = reduce(or_, (box[axis] for box in theirs))
        if mask & ~other and unit.axes[axis].column.name in unit.table.written:
            removed = (*mine[:axis], mask & other, *mine[axis + 1 :])
            ways.append((_opened(unit, narrowed, removed), axis, mask & ~other))
    if not ways:
        return None
    opened, axis, mask = min(ways)
    rule, text = unit.table.rules[narrowed], words.cell(unit.axes[axis], mask)
    price = "opens no gap"
    if opened:
        found, may = said.count(unit, opened), "may " if unit.following is not None else ""
        price = f"{may}open{'' if may else 's'} {found}"
        if unit.rules(RuleKind.OTHERWISE):
            price = f"{may}leave{'' if may else 's'} {found} to `otherwise`"
    column = unit.axes[axis].column.name
    return Help(
        Repair.DECISION,
        f"{condition}let `{rule.name}` say {words.code(text)} under `{column}` ({price})",
        edits=(Edit(unit.lowered.cells[narrowed][axis].span, text),),
    )


def _box(unit: Unit, rule: int) -> Box:
    box = unit.boxes[rule]
    assert box is not None, "a rule that shares a case applies to one"
    return box


def _opened(unit: Unit, rule: int, removed: Box) -> int:
    """How many cases of `removed`, a part of a rule's box, only `otherwise` is left for, or nothing."""
    besides = {rule, *unit.rules(RuleKind.OTHERWISE)}
    others = [each.box for each in unit.claims.met_by(rule) if each.rule not in besides]
    return cases(disjoint(unit.inputs_in(removed), others))
