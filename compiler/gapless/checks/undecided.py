"""GAP109: whether a table is complete could not be decided within the budget."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.checks import said
from gapless.unit import Unit
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity


def check(unit: Unit) -> Iterator[Diagnostic]:
    if unit.by_inputs is not None:
        return
    yield Diagnostic(
        "GAP109",
        Severity.ERROR,
        f"whether `{unit.table.name}` is complete could not be decided",
        (Label(unit.table.span),),
        subject=said.subject(unit),
        notes=("the search was given up after a fixed number of steps; nothing is built unproved",),
        helps=(Help(Repair.DECISION, "split the table, or narrow the cells that are `-`"),),
    )
