"""Which rule decides which inputs, and which inputs no rule covers: exact, over all columns together.

Claims are boxes of inputs in the order in which they win. Most tables claim every input just once,
and then a claim wins all it claims, and volumes that add up prove that nothing is left. Only where
boxes share cells is there anything to search. What is left is asked for without asking who wins; so
are the rules that decide anything at all. Every question has its own budget of steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from operator import and_

from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.coverage.cover import Open, open_in, open_parts, uncovered, with_samples
from gapless.analysis.coverage.divide import Part
from gapless.analysis.coverage.intersections import partners
from gapless.analysis.decision.diagram import GAP, Decision, paths
from gapless.analysis.decision.first_match import Claim, decide, orders
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Box

CROWDED = 8
"""With so many partners to a claim, sets of live claims recur, and the diagram is the faster search."""

SOON = 500
"""In so many steps it is mostly seen whether a claim wins anything."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beforehand of claims: as in `Claims`; None where it is not."""

    partners: Sequence[int]
    gap: Open | None
    deciding: frozenset[int] | None


@dataclass(frozen=True, eq=False)
class Claims:
    """What is claimed of the box `whole`, the winner of shared cells first.

    Everything is worked out once, when it is first asked for.
    """

    whole: Box
    claims: tuple[Claim, ...]
    known: Known | None = None

    @cached_property
    def partners(self) -> Sequence[int]:
        """For each claim, the others that share a cell with it, as bits."""
        if self.known is not None:
            return self.known.partners
        return partners([claim.box for claim in self.claims])

    @cached_property
    def gap(self) -> Open:
        """What nothing claims; where the search for it was given up, how much that is at least and at most."""
        if self.known is not None and self.known.gap is not None:
            return self.known.gap
        boxes = [claim.box for claim in self.claims]
        found = uncovered(self.whole, boxes, self.partners, Work.on(len(boxes)))
        if not found.is_counted or not found.parts:
            found = with_samples(found, self.whole, boxes)
        return found

    @cached_property
    def gap_parts(self) -> tuple[Box, ...]:
        """Disjoint boxes: all that nothing claims, though that may take longer than to count it.

        Raises OverBudget.
        """
        if self.gap.is_exact:
            return self.gap.parts
        boxes, work = [claim.box for claim in self.claims], Work.on(len(self.claims))
        return tuple(open_parts(self.whole, boxes, work, self.partners))

    @property
    def deciding(self) -> frozenset[int]:
        """What wins some case: rules, and NEVER. Raises OverBudget."""
        if self._deciding is None:
            raise OverBudget
        return self._deciding

    @cached_property
    def _deciding(self) -> frozenset[int] | None:
        if self.known is not None and self.known.deciding is not None:
            return self.known.deciding
        work = Work.on(len(self.claims))
        found: set[int] = set()
        try:
            for number, claim in enumerate(self.claims):
                if claim.rule not in found and self.wins(number, work):
                    found.add(claim.rule)
        except OverBudget:
            return None
        return frozenset(found)

    def wins(self, number: int, work: Work) -> bool:
        """Whether a claim wins any case: mostly that is seen soon. Raises OverBudget."""
        try:
            return next(self.first(number, Work.of(min(SOON, work.left))), None) is not None
        except OverBudget:
            part = self._clipped(number)
        left = uncovered(part.box, part.clipped, partners(part.clipped), work)
        if not left.at_least and left.at_most:
            left = with_samples(left, part.box, part.clipped)
        if not left.at_least and left.at_most:
            raise OverBudget
        return bool(left.at_least)

    @property
    def won(self) -> dict[int, tuple[Box, ...]]:
        """For each rule, GAP and NEVER: disjoint boxes, the inputs that lead to it; all that have any.

        Raises OverBudget.
        """
        if self._won is None:
            raise OverBudget
        return self._won

    @cached_property
    def _won(self) -> dict[int, tuple[Box, ...]] | None:
        searches = [self._searched, self._walked]
        if sum(those.bit_count() for those in self.partners) > CROWDED * len(self.claims):
            searches.reverse()
        for search in searches:
            with suppress(OverBudget):
                return search()
        return None

    @property
    def tally(self) -> dict[int, int]:
        """How many cells lead to each, those to which any do. Raises OverBudget."""
        if self._tally is None:
            raise OverBudget
        return self._tally

    @cached_property
    def _tally(self) -> dict[int, int] | None:
        """Counted, not listed: a rule may win many cells in many small parts."""
        work = Work.on(len(self.claims))
        found: dict[int, int] = {}
        for number, claim in enumerate(self.claims):
            part = self._clipped(number)
            met = partners(part.clipped) if part.clipped else ()
            left = uncovered(part.box, part.clipped, met, work)
            if not left.is_counted:
                return None
            if left.at_least:
                found[claim.rule] = found.get(claim.rule, 0) + left.at_least
        if not self.gap.is_counted:
            return None
        if self.gap.at_least:
            found[GAP] = self.gap.at_least
        return found

    @cached_property
    def of_rule(self) -> dict[int, tuple[int, ...]]:
        """The numbers of each rule's claims."""
        found: dict[int, list[int]] = {}
        for number, claim in enumerate(self.claims):
            found.setdefault(claim.rule, []).append(number)
        return {rule: tuple(numbers) for rule, numbers in found.items()}

    def met_by(self, rule: int) -> Iterator[Claim]:
        """The claims of others that share a cell with a rule's, in the order in which they win."""
        met = 0
        for number in self.of_rule.get(rule, ()):
            met |= self.partners[number]
        return (self.claims[n] for n in bits(met) if self.claims[n].rule != rule)

    def first(self, number: int, work: Work) -> Iterator[Box]:
        """Disjoint boxes: what claim `number` wins. Raises OverBudget."""
        return open_in(self._clipped(number), work, self.partners)

    def _clipped(self, number: int) -> Part:
        """A claim's box, with the claims that win what they share with it."""
        box = self.claims[number].box
        earlier = [*bits(self.partners[number] & (1 << number) - 1)]
        clipped = [tuple(map(and_, box, self.claims[other].box)) for other in earlier]
        return Part(box, clipped, earlier, False)

    def _searched(self) -> dict[int, tuple[Box, ...]]:
        work = Work.on(len(self.claims))
        won: dict[int, list[Box]] = {}
        for number, claim in enumerate(self.claims):
            parts = list(self.first(number, work))
            if parts:
                won.setdefault(claim.rule, []).extend(parts)
        if self.gap_parts:
            won[GAP] = list(self.gap_parts)
        return {rule: tuple(boxes) for rule, boxes in won.items()}

    def _walked(self) -> dict[int, tuple[Box, ...]]:
        won: dict[int, list[Box]] = {}
        work = Work.aside(len(self.claims))
        for box, rule in paths(self._diagram().root, self.whole):
            work.spend(1)
            won.setdefault(rule, []).append(box)
        return {rule: tuple(boxes) for rule, boxes in won.items()}

    def _diagram(self) -> Decision:
        axes = range(len(self.whole))
        for order in orders(axes, self.claims, self.whole):
            found = decide(self.claims, self.whole, order, elastic_from=len(axes))
            if found is not None:
                return found
        raise OverBudget
