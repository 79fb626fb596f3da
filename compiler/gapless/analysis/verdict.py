"""What is proved of one table, in numbers: cases by what they lead to, and by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from gapless.analysis.arithmetic.solver import Answer
from gapless.analysis.building import MOST
from gapless.analysis.composition.calls import calls, calls_of
from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.coverage.cover import disjoint, uncovered
from gapless.analysis.coverage.intersections import partners
from gapless.analysis.domain.answers import DRAFT
from gapless.analysis.domain.partition import Box, cases
from gapless.analysis.unit import Unit, applicable
from gapless.model import HitPolicy, RuleKind


@dataclass(frozen=True, slots=True)
class Split:
    """Cases by what they lead to; of the answered, how many by `otherwise`."""

    answered: int
    by_otherwise: int
    impossible: int
    ruled_out: int
    """Cases that a called table says cannot happen, or has no answer to."""
    undecided: int
    """Cases that lead to a draft."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`rules` are those that answer; of the `cases`, from `gaps` to `gaps_at_most` have no answer.

    `split` is None where it is too hard to say which rule answers how many.
    """

    rules: int
    is_draft: bool
    cases: int
    gaps: int
    gaps_at_most: int
    split: Split | None
    policy: HitPolicy
    asks: tuple[str, ...] | None = None
    """Of a decision, the tables that it asks."""
    is_derived: bool = False
    """Whether columns follow from others, so that counts are of more than can happen."""
    is_open: bool = False
    """Whether some case without an answer is known to happen, where columns follow from others."""

    @property
    def is_decided(self) -> bool:
        """Whether it is known if any case is without an answer."""
        return bool(self.gaps) or not self.gaps_at_most


def verdict(unit: Unit) -> Verdict:
    gap = unit.claims.gap
    answering = [*unit.rules(RuleKind.RULE), *unit.rules(RuleKind.OTHERWISE)]
    return Verdict(
        len(answering),
        _is_draft(unit),
        unit.cases,
        gap.at_least,
        gap.at_most,
        None if unit.following else _split(unit),
        unit.table.policy,
        asks(unit) if unit.table.is_decision else None,
        unit.following is not None,
        unit.following is not None and _is_open(unit),
    )


def _is_open(unit: Unit) -> bool:
    shown = (unit.happening(part) for part in unit.claims.gap.parts[:MOST])
    return any(not isinstance(case, Answer) for case in shown)


def asks(unit: Unit) -> tuple[str, ...]:
    """The names of the tables that a table calls, each once."""
    return tuple(dict.fromkeys(call.table.name for call in calls(unit.table)))


def _split(unit: Unit) -> Split | None:
    """Counted by kind, without asking which rule wins what."""
    ruled = [*unit.never, *(part for number in unit.rows for part in unit.parts[number])]
    ruled_out = _taken(unit, unit.excluded)
    excluded = _taken(unit, unit.never) if len(unit.never) > len(unit.excluded) else ruled_out
    gap = unit.claims.gap
    answered = unit.cases - gap.at_least
    by_rules = _taken(unit, ruled) if unit.rules(RuleKind.OTHERWISE) else answered
    if ruled_out is None or excluded is None or by_rules is None or not gap.is_counted:
        return None
    try:
        undecided = cases(_undecided(unit)) if _is_draft(unit) else 0
    except OverBudget:
        return None
    handed_on = cases(unit.undecided)
    return Split(
        answered - excluded - (undecided - handed_on),
        answered - by_rules,
        excluded - ruled_out,
        ruled_out - handed_on,
        undecided,
    )


def _is_draft(unit: Unit) -> bool:
    """Whether some case is still to be decided, here or by a table that is called."""
    called = (piece.answer for pieces in unit.called.values() for piece in pieces)
    return bool(unit.rules(RuleKind.DRAFT) or unit.undecided or DRAFT in called)


def _undecided(unit: Unit) -> list[Box]:
    """Disjoint boxes: the cases that are still to be decided. Raises OverBudget."""
    found = list(unit.undecided)
    for number, boxes in unit.claims.won.items():
        rule = unit.table.rules[number] if number >= 0 else None
        if rule is not None and rule.kind is RuleKind.DRAFT:
            found.extend(boxes)
        elif rule is not None:
            pieces = (unit.called[id(call)] for call in calls_of(rule))
            silent = [part.box for each in pieces for part in each if part.answer == DRAFT]
            left = disjoint(boxes, silent) if silent else boxes
            found.extend(disjoint(boxes, left) if silent else ())
    return found


def _taken(unit: Unit, boxes: Sequence[Box]) -> int | None:
    """How many cases lie in some of these boxes, if that can be counted soon."""
    if not boxes:
        return 0
    left = uncovered(unit.caller.whole, boxes, partners(boxes), Work.aside(len(boxes)))
    return unit.cases - left.at_least if left.is_counted else None


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
        found = {number: cases(applicable(unit, number)) for number in unit.rows}
    except OverBudget:
        return None
    with suppress(OverBudget):
        return {**unit.tally, **found}
    return found
