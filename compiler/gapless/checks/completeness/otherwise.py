"""GAP106: an `otherwise` stands for nothing."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.analysis.unit import Unit
from gapless.checks.support import wording as said
from gapless.model import RuleKind
from gapless_dsl.diagnostic import Diagnostic, Label, Severity


def check(unit: Unit) -> Iterator[Diagnostic]:
    for number in unit.rules(RuleKind.OTHERWISE):
        if number not in unit.claims.deciding:
            rule = unit.table.rules[number]
            yield Diagnostic(
                "GAP106",
                Severity.WARNING,
                "`otherwise` stands for no case at all",
                (Label(rule.span, "the rows above answer everything"),),
                subject=said.subject(unit, rule),
                notes=("left in, it would silently answer whatever a later change forgets",),
                helps=(said.deleting(unit, rule, "the row", is_free=not rule.reason.citations),),
            )
