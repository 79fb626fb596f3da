"""What is proved of one table, in numbers and in one line."""

from __future__ import annotations

from dataclasses import dataclass

from gapless.cover import OverBudget
from gapless.decision import GAP, NEVER
from gapless.model import RuleKind
from gapless.unit import Unit
from gapless.words import count


@dataclass(frozen=True, slots=True)
class Verdict:
    """Cases by what they lead to; `cases` is their sum. `rules` are those that answer."""

    rules: int
    cases: int
    answered: int
    by_otherwise: int
    """How many of the answered are answered by `otherwise`."""
    impossible: int
    ruled_out: int
    """Cases that a called table says cannot happen."""
    gaps: int


def verdict(unit: Unit) -> Verdict | None:
    """The verdict on a table, or None if its analysis was given up."""
    try:
        tally = unit.tally
    except OverBudget:
        return None
    by_kind = dict.fromkeys(RuleKind, 0)
    for number, cases in tally.items():
        if number >= 0:
            by_kind[unit.table.rules[number].kind] += cases
    otherwise = by_kind[RuleKind.OTHERWISE]
    answering = [rule for rule in unit.table.rules if rule.kind is not RuleKind.IMPOSSIBLE]
    return Verdict(
        rules=len(answering),
        cases=unit.cases,
        answered=by_kind[RuleKind.RULE] + otherwise,
        by_otherwise=otherwise,
        impossible=by_kind[RuleKind.IMPOSSIBLE],
        ruled_out=tally.get(NEVER, 0),
        gaps=tally.get(GAP, 0),
    )


def sentence(verdict: Verdict) -> str:
    """`complete: 5 rules answer all 96 cases, no conflicts`; for tables without errors."""
    said = f"complete: {count(verdict.rules, 'rule')} answer{'s' * (verdict.rules == 1)}"
    excluded = verdict.impossible + verdict.ruled_out
    if excluded:
        said += f" {verdict.answered:,} of {count(verdict.cases)}, {excluded:,} cannot happen"
    else:
        said += f" all {count(verdict.cases)}" if verdict.cases > 1 else " the only case"
    if verdict.by_otherwise:
        said += f" ({verdict.by_otherwise:,} by otherwise)"
    return f"{said}, no conflicts"
