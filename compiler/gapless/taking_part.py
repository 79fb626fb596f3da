"""To which cases a rule of a table that collects applies: it need not be the first of them."""

from __future__ import annotations

from collections.abc import Mapping

from gapless.claims import disjoint
from gapless.model import RuleKind
from gapless.space import Box, cases
from gapless.unit import Unit


def taking_part(unit: Unit, number: int) -> list[Box]:
    """Disjoint boxes: the cases to which a rule applies, of those that can happen. Raises OverBudget."""
    impossible = unit.rules(RuleKind.IMPOSSIBLE)
    never = [part for other in impossible for part in unit.parts[other]]
    return disjoint(unit.parts[number], [*unit.excluded, *never])


def shares(unit: Unit) -> Mapping[int, int]:
    """How many cases lead to each rule; several may lead to one case. Raises OverBudget."""
    if not unit.table.policy.is_collecting:
        return unit.tally
    together = {n: cases(taking_part(unit, n)) for n in unit.rules(RuleKind.RULE)}
    return {**unit.tally, **together}
