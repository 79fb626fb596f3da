"""GAP118: a rule is called an exception to another, and no case is answered otherwise for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gapless.analysis.overlaps import differ
from gapless.analysis.unit import Unit
from gapless.checks.support import finding
from gapless.checks.support.masking import sets_free, shared
from gapless.model import Rule, RuleKind, Table
from gapless_dsl.diagnostic import Diagnostic, Label


def check(unit: Unit) -> Iterator[Diagnostic]:
    """Only of what a row names itself, and where nothing that follows from that would change either."""
    numbers = {rule.name: number for number, rule in enumerate(unit.table.rules)}
    for number, rule in enumerate(unit.table.rules):
        for name in rule.over:
            general = numbers[name]
            both = shared(unit, number, general)
            if both and {number, general} & {*unit.rules(RuleKind.DRAFT)}:
                continue  # what it will answer there is not known
            matters = any(differ(unit, number, general, box) for box in both)
            if matters or sets_free(unit, _no_exception(unit.table, rule, name)):
                continue
            why = "they never apply to the same case"
            if both:
                why = "they give the same answer wherever both apply"
            yield finding.warning(
                unit,
                "GAP118",
                f"`{rule.name}` is no exception to `{name}`",
                Label(rule.span, why),
                Label(unit.table.rules[general].span, "this row"),
                rule=rule,
                helps=(
                    f"leave out `over {name}`",
                    "or fix the cells, if one of the rows covers too little",
                ),
            )


def _no_exception(table: Table, rule: Rule, name: str) -> Table:
    over = tuple(other for other in rule.over if other != name)
    rules = (replace(each, over=over) if each is rule else each for each in table.rules)
    return replace(table, rules=tuple(rules))
