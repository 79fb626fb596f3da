"""GAP120: what a rule is to answer is not decided yet."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.analysis.domain.partition import cases
from gapless.analysis.unit import Unit
from gapless.checks.support import finding
from gapless.model import RuleKind
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Label


def check(unit: Unit) -> Iterator[Diagnostic]:
    """A draft that decides nothing is a finding of another kind."""
    for number in unit.rules(RuleKind.DRAFT):
        rule, boxes = unit.table.rules[number], unit.claims.won.get(number, ())
        if not boxes:
            continue
        held, counted = cases(boxes), "still to be decided"
        if unit.following is None:
            has = "has" if held == 1 else "have"
            counted = f"{words.of(held, unit.cases)} {has} no answer yet"
        yield finding.error(
            unit,
            "GAP120",
            f"rule `{rule.name}` is a draft: {counted}",
            Label(rule.span, "still to be decided"),
            rule=rule,
            notes=(f"undecided: {finding.where(unit, finding.widest(boxes))}",),
            helps=(
                "write the answer in the place of `draft`",
                "or build without it by `gapless build --allow-drafts`",
            ),
            cases=held,
            boxes=boxes,
        )
