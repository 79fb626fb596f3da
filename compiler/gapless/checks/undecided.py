"""GAP109: a question about a table could not be decided within the budget.

Where a table has no decision, its completeness can still be proved, or disproved, by dividing the
space of its inputs; only the number of cases is then not known.
"""

from __future__ import annotations

from collections.abc import Iterator

from gapless import words
from gapless.checks import said
from gapless.cover import OverBudget, first_open
from gapless.model import Rule, RuleKind
from gapless.reach import boxes_of
from gapless.unit import Unit
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity


def check(unit: Unit) -> Iterator[Diagnostic]:
    if unit.by_inputs is not None:
        return
    try:
        gap = first_open(unit.wholes, [*unit.never, *boxes_of(unit, *RuleKind).values()])
    except OverBudget:
        yield undecided(unit, f"whether `{unit.table.name}` is complete could not be decided")
        return
    if gap is not None:
        region = said.region(unit, gap[: unit.inputs])
        yield Diagnostic(
            "GAP101",
            Severity.ERROR,
            "no rule answers some cases",
            (Label(unit.table.span),),
            subject=said.subject(unit),
            notes=(
                f"uncovered, among others: {words.sentence(region.cells)}",
                "the table is too intricate to count them",
            ),
            witness=region.witness,
            regions=(region,),
        )


def undecided(unit: Unit, title: str, rule: Rule | None = None) -> Diagnostic:
    """The finding that a question was given up: never silence, never a guess."""
    return Diagnostic(
        "GAP109",
        Severity.ERROR,
        title,
        (Label(unit.table.span if rule is None else rule.span),),
        subject=said.subject(unit, rule),
        notes=("the search was given up after a fixed number of steps; nothing is built unproved",),
        helps=(Help(Repair.DECISION, "split the table, or narrow the cells that are `-`"),),
    )
