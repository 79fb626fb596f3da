"""Which rules could go without changing an answer, each of them counted once: idle, or redundant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.decision.claims import disjoint
from gapless.analysis.domain.partition import Box, cases, meet
from gapless.analysis.overlaps import Overlap, differ
from gapless.analysis.unit import Unit, taking_part
from gapless.checks.support.hiding import is_hidden, neighbors
from gapless.model import RuleKind, Table
from gapless.model.hit_policies import exceptions


class Redundant(NamedTuple):
    """A rule, disjoint boxes of the cases that it answers, and the boxes of the rules that do too."""

    rule: int
    cases: list[Box]
    others: dict[int, list[Box]]


def idle(unit: Unit, overlaps: Iterable[Overlap]) -> tuple[int, ...]:
    """Rules that decide nothing, because others come first; those in a conflict are its finding.

    `overlaps`, those of the unit, are looked at only where there is need. Raises OverBudget.
    """
    found = [
        number
        for number in range(len(unit.table.rules))
        if _is_idle(unit, number) and not sets_free(unit, _without(unit.table, number))
    ]
    disputed = _disputed(unit, overlaps) if found else frozenset[int]()
    return tuple(number for number in found if number not in disputed)


def redundant(
    unit: Unit, gone: Collection[int], overlaps: Iterable[Overlap]
) -> tuple[Redundant, ...]:
    """Rules that decide something, all of which others answer alike, though they come later.

    The rules `gone` are taken to be deleted, as is each one found before the next is looked for:
    they can all go together. What would take too long to find is not. Raises OverBudget where
    the overlaps do.
    """
    if unit.table.policy.is_ordered or unit.table.policy.is_collecting:
        return ()
    found = tuple(_redundant(unit, gone))
    disputed = _disputed(unit, overlaps) if found else frozenset[int]()
    if not disputed.isdisjoint(each.rule for each in found):
        found = tuple(_redundant(unit, gone, disputed))
    return found


def _redundant(
    unit: Unit, gone: Collection[int], disputed: frozenset[int] = frozenset()
) -> Iterator[Redundant]:
    """The smallest rules are tried first, and of equals the last."""
    work = Work.on(len(unit.claims.claims))
    impossible = set(unit.rules(RuleKind.IMPOSSIBLE))
    claims = unit.claims.claims
    met = {claim.rule for claim, those in zip(claims, unit.claims.partners, strict=True) if those}
    left = met.intersection(unit.rules(RuleKind.RULE)).difference(gone)
    tried = [number for number in left if number in unit.claims.deciding and number not in disputed]
    for number in sorted(tried, key=lambda each: (cases(unit.parts[each]), -each)):
        others = neighbors(unit, number, _beside(unit, number, left))
        if others:
            excluding = neighbors(unit, number, impossible)
            boxes = [*unit.excluded, *(box for each in excluding.values() for box in each)]
            try:
                own = disjoint(unit.parts[number], boxes, work)
                hidden = is_hidden(own, others, work)
            except OverBudget:
                return
            if hidden and not sets_free(unit, _without(unit.table, number)):
                yield Redundant(number, own, others)
                left.remove(number)


def _beside(unit: Unit, number: int, rules: Collection[int]) -> Collection[int]:
    """Those of the rules that neither beat a rule nor are beaten by it."""
    if not unit.precedence.over:
        return rules
    beats = unit.precedence.beats
    return {other for other in rules if not beats(number, other) and not beats(other, number)}


def _is_idle(unit: Unit, number: int) -> bool:
    kind = unit.table.rules[number].kind
    has_box = unit.boxes[number] is not None
    return kind is not RuleKind.OTHERWISE and has_box and not decides(unit, number)


def sets_free(unit: Unit, changed: Table) -> bool:
    """Whether two rules differ somewhere of which one is an exception to the other, and then no longer.

    `changed` is the unit's table with fewer exceptions. Raises OverBudget.
    """
    before, after = exceptions(unit.table), exceptions(changed)
    return any(
        differ(unit, one, other, box)
        for one, others in before.items()
        for other in others - after.get(one, frozenset())
        for box in shared(unit, one, other)
    )


def shared(unit: Unit, one: int, other: int) -> list[Box]:
    """The cases, of those that can happen, to which both rules apply. Raises OverBudget."""
    impossible = neighbors(unit, one, unit.rules(RuleKind.IMPOSSIBLE))
    never = [*unit.excluded, *(box for boxes in impossible.values() for box in boxes)]
    both = (meet(a, b) for a in unit.parts[one] for b in unit.parts[other])
    return disjoint((box for box in both if box is not None), never)


def _without(table: Table, number: int) -> Table:
    """The table in which a rule is no exception, and none is one to it."""
    gone = table.rules[number]
    if not any(rule.over for rule in table.rules):
        return table
    rules = (
        replace(
            rule, over=tuple(name for name in rule.over if name != gone.name and rule is not gone)
        )
        for rule in table.rules
    )
    return replace(table, rules=tuple(rules))


def decides(unit: Unit, number: int) -> bool:
    """Whether a rule answers some case, alone or together with others. Raises OverBudget."""
    if unit.table.policy.is_collecting and unit.table.rules[number].kind is RuleKind.RULE:
        return bool(taking_part(unit, number))
    return number in unit.claims.deciding


def _disputed(unit: Unit, overlaps: Iterable[Overlap]) -> frozenset[int]:
    """Rules in a conflict."""
    pairs = [each for each in overlaps if each.outputs]
    return frozenset(number for pair in pairs for number in (pair.earlier, pair.later))
