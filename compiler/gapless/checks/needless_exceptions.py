"""GAP118: a rule is called an exception to another, and no case is answered otherwise for it."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.checks import said
from gapless.checks.hiding import neighbors
from gapless.claims import disjoint
from gapless.model import RuleKind
from gapless.overlaps import differ
from gapless.space import Box, meet
from gapless.unit import Unit
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity


def check(unit: Unit) -> Iterator[Diagnostic]:
    """Only of what a row names itself: what follows from that it did not ask for."""
    numbers = {rule.name: number for number, rule in enumerate(unit.table.rules)}
    for number, rule in enumerate(unit.table.rules):
        for name in rule.over:
            shared = _shared(unit, number, numbers[name])
            general = numbers[name]
            if shared and {number, general} & {*unit.rules(RuleKind.DRAFT)}:
                continue  # what it will answer there is not known
            if not any(differ(unit, number, general, box) for box in shared):
                yield _finding(unit, number, general, meets=bool(shared))


def _shared(unit: Unit, one: int, other: int) -> list[Box]:
    """The cases, of those that can happen, to which both rules apply."""
    impossible = neighbors(unit, one, unit.rules(RuleKind.IMPOSSIBLE))
    never = [*unit.excluded, *(box for boxes in impossible.values() for box in boxes)]
    both = (meet(a, b) for a in unit.parts[one] for b in unit.parts[other])
    return disjoint((box for box in both if box is not None), never)


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
