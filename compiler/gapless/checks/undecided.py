"""GAP109: a question about a table could not be decided within the budget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gapless.checks import said
from gapless.model import Policy, Table
from gapless.unit import Unit, calls
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity


def given_up(unit: Unit) -> Diagnostic:
    """The finding that a question was given up: never silence, never a guess."""
    return Diagnostic(
        "GAP109",
        Severity.ERROR,
        f"not every question about `{unit.table.name}` could be decided",
        (Label(unit.table.span),),
        subject=said.subject(unit),
        notes=("the search was given up after a fixed number of steps; nothing is built unproved",),
        helps=(Help(Repair.DECISION, "split the table, or narrow the cells that are `-`"),),
    )


def unproved(policy: Policy, units: Mapping[Table, Unit]) -> Iterator[Diagnostic]:
    """The finding that a table has no unit, because a table it calls has no decision."""
    for table in policy.tables:
        intricate = [call.table for call in calls(table) if call.table.complete]
        if table.complete and table not in units and intricate:
            callee = intricate[0].name
            yield Diagnostic(
                "GAP109",
                Severity.ERROR,
                f"`{table.name}` could not be analyzed",
                (Label(table.span),),
                subject=f"table {table.name}",
                notes=(f"what `{callee}` answers is too intricate to be followed",),
                helps=(Help(Repair.DECISION, f"split `{callee}`"),),
            )
