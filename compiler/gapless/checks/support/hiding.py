"""The fewest rules that together hide a rule: a small exact search, and what it settles for otherwise."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.coverage.cover import first_open
from gapless.analysis.decision.claims import disjoint
from gapless.analysis.domain.partition import Box, covers
from gapless.analysis.unit import Unit

SEARCH = 300
"""How many sets of rules one search may try."""


class Hiding(NamedTuple):
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


def is_hidden(cases: Sequence[Box], boxes: Mapping[int, Sequence[Box]], work: Work) -> bool:
    """Whether the rules with these boxes together hold all the cases. Raises OverBudget."""
    return _open(cases, boxes, boxes, work) is None


def hiding(cases: Sequence[Box], boxes: Mapping[int, Sequence[Box]], work: Work) -> Hiding:
    """The fewest of the rules with these boxes that hold all the cases, which all of them do."""
    search = _Search(cases, boxes, work)
    try:
        for size in range(len(boxes) + 1):
            found = search.extended((), size)
            if found is not None:
                return Hiding(tuple(sorted(found)), fewest=True)
    except OverBudget:
        pass
    return Hiding(_irredundant(cases, boxes, work), fewest=False)


def freed(
    cases: Sequence[Box], boxes: Mapping[int, Sequence[Box]], rule: int, work: Work
) -> list[Box]:
    """Disjoint boxes: the cases that no rule but `rule` holds. Raises OverBudget."""
    others = [box for other, each in boxes.items() if other != rule for box in each]
    return disjoint(cases, others, work)


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
    """Some part of the cases that none of the rules holds."""
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
