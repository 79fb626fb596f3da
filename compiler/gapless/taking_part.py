"""To which cases a rule of a table that collects applies: it need not be the first of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gapless.claims import disjoint
from gapless.model import RuleKind
from gapless.space import Box, cases
from gapless.unit import Unit


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


def shares(unit: Unit) -> Mapping[int, int]:
    """How many cases lead to each rule; one case may lead to several. Raises OverBudget."""
    if not unit.table.policy.is_collecting:
        return unit.tally
    return {number: cases(boxes) for number, boxes in answered_by(unit).items()}
