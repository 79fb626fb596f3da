"""GAP118: a rule is called an exception to another, and no case is answered otherwise for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gapless.analysis.overlaps import differ
from gapless.analysis.unit import Unit
from gapless.checks.support import wording as said
from gapless.checks.support.needless import sets_free, shared
from gapless.model import Rule, RuleKind, Table
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity


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
            if not matters and not sets_free(unit, _no_exception(unit.table, rule, name)):
                yield _finding(unit, number, general, meets=bool(both))


def _no_exception(table: Table, rule: Rule, name: str) -> Table:
    over = tuple(other for other in rule.over if other != name)
    rules = (replace(each, over=over) if each is rule else each for each in table.rules)
    return replace(table, rules=tuple(rules))


def _finding(unit: Unit, one: int, other: int, *, meets: bool) -> Diagnostic:
    rule, general = unit.table.rules[one], unit.table.rules[other]
    why = "they never apply to the same case"
    if meets:
        why = "they give the same answer wherever both apply"
    return Diagnostic(
        "GAP118",
        Severity.WARNING,
        f"`{rule.name}` is no exception to `{general.name}`",
        (Label(rule.span, why), Label(general.span, "this row")),
        subject=said.subject(unit, rule),
        helps=(
            Help(Repair.DECISION, f"leave out `over {general.name}`"),
            Help(Repair.DECISION, "or mend the cells, if one of the rows says too little"),
        ),
    )
