"""Who claims which inputs, who wins them, and which are left: exact, over all columns together.

Claims are boxes of inputs in the order in which they win. Most tables claim every input just once,
and then a claim wins all it claims, and volumes that add up prove that nothing is left. Only where
boxes share cells is there anything to search: by divide and conquer, and by a diagram of the sets of
claims still alive, the one that promises more first; both within a budget of steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from gapless.cover import OverBudget, open_parts
from gapless.decision import GAP, Claim, Decision, decide, orders, paths
from gapless.meeting import partners
from gapless.space import Box, bits, cases, volume

CROWDED = 8
"""With so many partners to a claim, sets of live claims recur, and the diagram is the faster search."""


@dataclass(frozen=True, eq=False)
class Claims:
    """What is claimed of the box `whole`, the winner of shared cells first.

    Everything that is worked out is worked out once, when it is first asked for, and may raise
    OverBudget.
    """

    whole: Box
    claims: tuple[Claim, ...]

    @cached_property
    def partners(self) -> list[int]:
        """For each claim, the others that share a cell with it, as bits."""
        return partners([claim.box for claim in self.claims])

    @cached_property
    def won(self) -> dict[int, tuple[Box, ...]]:
        """For each rule, GAP and NEVER: disjoint boxes, the inputs that lead to it; all that have any."""
        searches = [self._searched, self._walked]
        if sum(those.bit_count() for those in self.partners) > CROWDED * len(self.claims):
            searches.reverse()
        try:
            return searches[0]()
        except OverBudget:
            return searches[1]()

    @cached_property
    def tally(self) -> dict[int, int]:
        """How many cells lead to each."""
        return {rule: cases(boxes) for rule, boxes in self.won.items()}

    @cached_property
    def gap(self) -> tuple[Box, ...]:
        """Disjoint boxes: what nothing claims."""
        return self.won.get(GAP, ())

    def before(self, number: int) -> list[Box]:
        """The boxes of the claims that win what they share with claim `number`."""
        earlier = self.partners[number] & (1 << number) - 1
        return [self.claims[other].box for other in bits(earlier)]

    def _searched(self) -> dict[int, tuple[Box, ...]]:
        won: dict[int, list[Box]] = {}
        for number, claim in enumerate(self.claims):
            parts = list(open_parts(claim.box, self.before(number)))
            if parts:
                won.setdefault(claim.rule, []).extend(parts)
        taken = sum(cases(boxes) for boxes in won.values())
        if taken < volume(self.whole):
            disjoint = [box for boxes in won.values() for box in boxes]
            won[GAP] = list(open_parts(self.whole, disjoint))
        return {rule: tuple(boxes) for rule, boxes in won.items()}

    def _walked(self) -> dict[int, tuple[Box, ...]]:
        won: dict[int, list[Box]] = {}
        for box, rule in paths(self._diagram()):
            won.setdefault(rule, []).append(box)
        return {rule: tuple(boxes) for rule, boxes in won.items()}

    def _diagram(self) -> Decision:
        axes = range(len(self.whole))
        for order in orders(axes, self.claims, self.whole):
            found = decide(self.claims, self.whole, order, elastic_from=len(axes))
            if found is not None:
                return found
        raise OverBudget


def disjoint(claims: Sequence[Box], against: Sequence[Box]) -> list[Box]:
    """The parts of disjoint boxes that are in none of `against`. Raises OverBudget."""
    return [part for box in claims for part in open_parts(box, against)]
