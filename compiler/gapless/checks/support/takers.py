"""How it is told which rules hide another: what each of them takes, and what each alone would free."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.decision.claims import disjoint
from gapless.analysis.domain.partition import Box, cases
from gapless.analysis.unit import Unit
from gapless.checks.support import wording as said
from gapless.checks.support.hiding import Hiding, freed
from gapless.text import words
from gapless_dsl.diagnostic import Label


def taking(
    unit: Unit,
    own: Sequence[Box],
    hiders: Sequence[int],
    boxes: Mapping[int, Sequence[Box]],
    verb: str = "takes",
) -> Iterator[Label]:
    """The rows that hide a rule with the cases `own`, and how many each takes that none before it did."""
    left = list(own)
    more = ""
    for hider in hiders[: 2 * said.SHOWN]:
        rest = disjoint(left, boxes[hider])
        taken = cases(left) - cases(rest)
        much = f"{taken:,}{more}" if unit.following is None else f"some{more}"
        yield Label(unit.table.rules[hider].span, f"{verb} {much}")
        left, more = rest, " more"


def hidden(
    unit: Unit, own: Sequence[Box], found: Hiding, boxes: Mapping[int, Sequence[Box]], work: Work
) -> Iterator[str]:
    """Whether fewer rules would do, and what the rule would answer without each of them."""
    more = len(found.rules) - 2 * said.SHOWN
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
            yield from _freeing(unit, own, found.rules, boxes, work)


def _freeing(
    unit: Unit,
    own: Sequence[Box],
    hiders: Sequence[int],
    boxes: Mapping[int, Sequence[Box]],
    work: Work,
) -> Iterator[str]:
    total, in_vain = cases(own), []
    for hider in hiders[: said.SHOWN]:
        name, free = f"`{unit.table.rules[hider].name}`", freed(own, boxes, hider, work)
        if not free:
            in_vain.append(name)
        elif cases(free) < total:
            region = said.where(unit, said.widest(free))
            could = "would" if unit.following is None else "may"
            yield f"removing {name} alone {could} free {said.count(unit, cases(free))}: {region}"
    if in_vain:
        listed = words.listed(in_vain, "or")
        yield f"removing {listed} alone would free nothing: other rows take the same cases"
