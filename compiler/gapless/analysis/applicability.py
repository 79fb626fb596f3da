"""To which cases a rule of a table that collects applies: it need not be the first of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.decision.claims import disjoint
from gapless.analysis.domain.axes import Box, cases
from gapless.analysis.unit import Unit
from gapless.model import RuleKind


def taking_part(unit: Unit, number: int) -> list[Box]:
    """Disjoint boxes: the cases to which a rule applies, of those that can happen. Raises OverBudget."""
    impossible = unit.rules(RuleKind.IMPOSSIBLE)
    never = [part for other in impossible for part in unit.parts[other]]
    return disjoint(unit.parts[number], [*unit.excluded, *never])


def answered_by(unit: Unit) -> Mapping[int, Sequence[Box]]:
    """For each rule, GAP and NEVER: disjoint boxes, the cases in which it answers, alone or with others.

    Raises OverBudget.
    """
    if not unit.table.policy.is_collecting:
        return unit.claims.won
    together = {number: taking_part(unit, number) for number in unit.rules(RuleKind.RULE)}
    return {**unit.claims.won, **{number: boxes for number, boxes in together.items() if boxes}}


def shares(unit: Unit) -> Mapping[int, int] | None:
    """How many cases lead to each row; one case may lead to several. None where that is not counted.

    It is not where it would take too long, nor of columns that follow from others: more cells than
    cases are known of these.
    """
    if unit.following is not None:
        return None
    try:
        if not unit.table.policy.is_collecting:
            return unit.tally
        found = {number: cases(taking_part(unit, number)) for number in unit.rows}
    except OverBudget:
        return None
    with suppress(OverBudget):
        return {**unit.tally, **found}
    return found
