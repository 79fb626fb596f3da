"""Our two searches, taking turns and each alone, with their steps counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from unittest.mock import patch

from gapless.analysis.coverage import cover
from gapless.analysis.coverage.budget import Work
from gapless.analysis.coverage.cover import Layers, Open
from gapless.analysis.coverage.divide import Part
from gapless.analysis.decision.claims import Claims
from gapless.analysis.domain.partition import Box


class Alone(NamedTuple):
    """What one search spent, and how many cells it found open; None where its budget was over."""

    steps: int
    open: int | None


class Race(NamedTuple):
    """What both searches together know of what no box holds, by whom, and at which price."""

    gap: Open
    steps: int
    budget: int
    by: str

    @property
    def is_decided(self) -> bool:
        """Whether it is known if there is a gap."""
        return bool(self.gap.at_least) or not self.gap.at_most


def race(claims: Claims) -> Race:
    """The gap as the prover finds it, watched."""
    budget = Work.on(len(claims.claims)).left
    _ = claims.partners
    with _watched() as (dividing, layers):
        gap = claims.gap
    steps = sum(each.spent for each in dividing) + sum(each.spent for each in layers)
    return Race(gap, steps, budget, _decider(gap, dividing, layers))


def dividing_alone(claims: Claims) -> Alone:
    """Divide and conquer, within the same budget."""
    boxes, met = _boxes(claims), claims.partners
    search = cover._Dividing(Part(claims.whole, boxes, range(len(boxes)), False), met)
    budget = Work.on(len(boxes)).left
    while search.parts and search.spent <= budget:
        search.advance()
    return Alone(search.spent, None if search.parts else search.found().at_least)


def layers_alone(claims: Claims) -> Alone:
    """The layered diagram, within the same budget; it only counts."""
    boxes = _boxes(claims)
    search = Layers(claims.whole, boxes)
    budget = Work.on(len(boxes)).left
    while not search.is_done and search.spent <= budget:
        search.advance()
    return Alone(search.spent, search.open if search.is_done else None)


@contextmanager
def _watched() -> Iterator[tuple[list[cover._Dividing], list[Layers]]]:
    """The searches that are begun meanwhile."""
    dividing: list[cover._Dividing] = []
    layers: list[Layers] = []
    begun = cover._Dividing

    def divide(part: Part, met: Sequence[int]) -> cover._Dividing:
        dividing.append(begun(part, met))
        return dividing[-1]

    def layer(whole: Box, boxes: Sequence[Box]) -> Layers:
        layers.append(Layers(whole, boxes))
        return layers[-1]

    with patch.object(cover, "_Dividing", divide), patch.object(cover, "Layers", layer):
        yield dividing, layers


def _decider(gap: Open, dividing: Sequence[cover._Dividing], layers: Sequence[Layers]) -> str:
    if any(each.is_done for each in layers):
        return "diagram"
    if gap.is_exact or any(not each.parts for each in dividing):
        return "dividing"
    return "nobody"


def _boxes(claims: Claims) -> list[Box]:
    return [claim.box for claim in claims.claims]
