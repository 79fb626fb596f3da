"""GAP120: what a rule is to answer is not decided yet."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.analysis.domain.partition import cases
from gapless.analysis.unit import Unit
from gapless.checks.support import wording as said
from gapless.model import RuleKind
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity


def check(unit: Unit) -> Iterator[Diagnostic]:
    """A draft that decides nothing is a finding of another kind."""
    for number in unit.rules(RuleKind.DRAFT):
        held = unit.claims.won.get(number, ())
        if held:
            yield _finding(unit, number, cases(held))


def _finding(unit: Unit, number: int, held: int) -> Diagnostic:
    rule, boxes = unit.table.rules[number], unit.claims.won[number]
    largest = said.region(unit, said.widest(boxes))
    has = "has" if held == 1 else "have"
    counted = "still to be decided"
    if unit.following is None:
        counted = f"{words.of(held, unit.cases)} {has} no answer yet"
    return Diagnostic(
        "GAP120",
        Severity.ERROR,
        f"rule `{rule.name}` is a draft: {counted}",
        (Label(rule.span, "still to be decided"),),
        subject=said.subject(unit, rule),
        notes=(f"undecided: {said.where(unit, said.widest(boxes))}",),
        helps=(
            Help(Repair.DECISION, "write the answer in the place of `draft`"),
            Help(Repair.DECISION, "or build without it by `gapless build --allow-drafts`"),
        ),
        size=said.size(unit, held),
        witness=largest.witness,
        regions=tuple(said.region(unit, box) for box in boxes),
    )
