"""Masked rules: which rules could go without changing an answer, and which rules mask them.

A rule is idle where rules that come first decide all its cases, redundant where others answer them
alike. The masking rules told of are the fewest that suffice: a small exact search, and what it
settles for otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.coverage.cover import disjoint, first_open
from gapless.analysis.domain.partition import Box, cases, covers, meet
from gapless.analysis.overlaps import Overlap, differ
from gapless.analysis.unit import Unit, applicable
from gapless.checks.support import finding
from gapless.model import RuleKind, Table
from gapless.model.hit_policies import exceptions
from gapless.text import words
from gapless_dsl.diagnostic import Label

SEARCH = 300
"""How many sets of rules one search may try."""


# ---------------------------------------------------------------- which rules could go


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
        for number, rule in enumerate(unit.table.rules)
        if rule.kind is not RuleKind.OTHERWISE and unit.boxes[number] is not None
        if not decides(unit, number) and not sets_free(unit, _without(unit.table, number))
    ]
    disputed = _disputed(overlaps) if found else frozenset[int]()
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
    disputed = _disputed(overlaps) if found else frozenset[int]()
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
                masked = _open(own, others, others, work) is None
            except OverBudget:
                return
            if masked and not sets_free(unit, _without(unit.table, number)):
                yield Redundant(number, own, others)
                left.remove(number)


def _beside(unit: Unit, number: int, rules: Collection[int]) -> Collection[int]:
    """Those of the rules that neither beat a rule nor are beaten by it."""
    if not unit.precedence.over:
        return rules
    beats = unit.precedence.beats
    return {other for other in rules if not beats(number, other) and not beats(other, number)}


def decides(unit: Unit, number: int) -> bool:
    """Whether a rule answers some case, alone or together with others. Raises OverBudget."""
    if unit.table.policy.is_collecting and unit.table.rules[number].kind is RuleKind.RULE:
        return bool(applicable(unit, number))
    return number in unit.claims.deciding


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
    both = (meet(a, b) for a in unit.parts[one] for b in unit.parts[other])
    return disjoint((box for box in both if box is not None), unit.never)


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


def _disputed(overlaps: Iterable[Overlap]) -> frozenset[int]:
    """Rules in a conflict."""
    return frozenset(rule for pair in overlaps if pair.outputs for rule in pair[:2])


# ---------------------------------------------------------------- which rules mask a rule


class Masking(NamedTuple):
    """Rules that together answer every case of some other, in the order of their numbers.

    Where `fewest` is False a smaller set may do: none of these can be left out, but the search
    for another was given up.
    """

    rules: tuple[int, ...]
    fewest: bool


def neighbors(unit: Unit, rule: int, among: Container[int]) -> dict[int, list[Box]]:
    """The boxes that share a cell with a rule, by rule, of the rules in `among`."""
    found: dict[int, list[Box]] = {}
    for claim in unit.claims.met_by(rule):
        if claim.rule in among:
            found.setdefault(claim.rule, []).append(claim.box)
    return found


def masking(cases: Sequence[Box], boxes: Mapping[int, Sequence[Box]], work: Work) -> Masking:
    """The fewest of the rules with these boxes that hold all the cases, which all of them do."""
    search = _Search(cases, boxes, work)
    with suppress(OverBudget):
        for size in range(len(boxes) + 1):
            found = search.extended((), size)
            if found is not None:
                return Masking(tuple(sorted(found)), fewest=True)
    return Masking(_irredundant(cases, boxes, work), fewest=False)


@dataclass(slots=True)
class _Search:
    """One search, and how many sets it may still try."""

    cases: Sequence[Box]
    boxes: Mapping[int, Sequence[Box]]
    work: Work
    left: int = SEARCH

    def extended(self, chosen: tuple[int, ...], size: int) -> tuple[int, ...] | None:
        """`chosen` with at most `size` more rules, so that they hold every case.

        Whatever set does holds the first case that is still open, so only rules that hold it
        need be tried.
        """
        self.left -= 1
        if self.left < 0:
            raise OverBudget
        open_ = _open(self.cases, self.boxes, chosen, self.work)
        if open_ is None:
            return chosen
        if size == 0:
            return None
        case = tuple(mask & -mask for mask in open_)
        holding = [r for r, boxes in self.boxes.items() if any(covers(box, case) for box in boxes)]
        tried = (self.extended((*chosen, rule), size - 1) for rule in holding)
        return next((found for found in tried if found is not None), None)


def _open(
    cases: Sequence[Box], boxes: Mapping[int, Sequence[Box]], rules: Collection[int], work: Work
) -> Box | None:
    """Some part of the cases that none of the rules holds. Raises OverBudget."""
    held = [box for rule in rules for box in boxes[rule]]
    found = (first_open(part, held, work) for part in cases)
    return next((left for left in found if left is not None), None)


def _irredundant(
    cases: Sequence[Box], boxes: Mapping[int, Sequence[Box]], work: Work
) -> tuple[int, ...]:
    """The rules, without those that the others leave nothing to, the last of them first."""
    kept = sorted(boxes)
    for rule in sorted(boxes, reverse=True):
        others = [other for other in kept if other != rule]
        try:
            if _open(cases, boxes, others, work) is None:
                kept = others
        except OverBudget:
            break
    return tuple(kept)


# ---------------------------------------------------------------- how that is told


def labels(
    unit: Unit,
    own: Sequence[Box],
    rules: Sequence[int],
    boxes: Mapping[int, Sequence[Box]],
    verb: str = "takes",
) -> Iterator[Label]:
    """The rows that mask a rule with the cases `own`, and how many each takes that none before it did."""
    left = list(own)
    more = ""
    for rule in rules[: 2 * finding.SHOWN]:
        rest = disjoint(left, boxes[rule])
        taken = cases(left) - cases(rest)
        much = f"{taken:,}{more}" if unit.following is None else f"some{more}"
        yield Label(unit.table.rules[rule].span, f"{verb} {much}")
        left, more = rest, " more"


def notes(
    unit: Unit, own: Sequence[Box], found: Masking, boxes: Mapping[int, Sequence[Box]], work: Work
) -> Iterator[str]:
    """Whether fewer rules would do, and what the rule would answer without each of them."""
    more = len(found.rules) - 2 * finding.SHOWN
    if more > 0:
        yield f"and {words.count(more, 'more rule')} {'take' if more > 1 else 'takes'} the rest"
    if len(found.rules) > 1 and not found.fewest:
        yield "fewer rules may hide it: the search for them was given up"
    elif len(found.rules) == 2:
        yield "no single rule hides it"
    elif len(found.rules) > 2:
        yield f"no fewer than {len(found.rules)} rules hide it"
    if found.fewest:
        with suppress(OverBudget):
            yield from _freed(unit, own, found.rules, boxes, work)


def _freed(
    unit: Unit,
    own: Sequence[Box],
    rules: Sequence[int],
    boxes: Mapping[int, Sequence[Box]],
    work: Work,
) -> Iterator[str]:
    """What the rule would decide if one of those that mask it were removed."""
    in_vain = []
    for rule in rules[: finding.SHOWN]:
        name = f"`{unit.table.rules[rule].name}`"
        others = [box for other, each in boxes.items() if other != rule for box in each]
        free = disjoint(own, others, work)
        if not free:
            in_vain.append(name)
        elif cases(free) < cases(own):
            region = finding.where(unit, finding.widest(free))
            could = "would" if unit.following is None else "may"
            yield f"removing {name} alone {could} free {finding.count(unit, cases(free))}: {region}"
    if in_vain:
        listed = words.listed(in_vain, "or")
        yield f"removing {listed} alone would free nothing: other rows take the same cases"
