"""GAP123: a hit policy that promises less than is true. And what other policies would make of conflicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.domain.partition import covers
from gapless.analysis.overlaps import Overlap, some_meet
from gapless.analysis.unit import Unit
from gapless.checks.support import finding
from gapless.model import DecimalType, HitPolicy, IntType, ListType, SetType
from gapless_dsl.diagnostic import Diagnostic, Label

MOST = 2
"""Points overlap nearly all with all; so that one in so many pairs of rows does is asked for."""


def check(unit: Unit) -> Iterator[Diagnostic]:
    """Only of tables that are sound: rows that never meet need no word for what happens if they do."""
    table = unit.table
    if table.policy is HitPolicy.UNIQUE or len(unit.rows) < MOST:
        return
    if not unit.precedence.over and not some_meet(unit):
        yield finding.note(
            unit,
            "GAP123",
            f"no two rows of `{table.name}` ever apply together, so `{table.policy}` says too little",
            Label(table.span, "just one row applies to each case"),
            helps=("make the hit policy `unique`, which keeps it so",),
        )


def is_narrower(unit: Unit, one: int, other: int) -> bool:
    """Whether a row applies only where another does too, which applies to more."""
    inner, outer = unit.boxes[one], unit.boxes[other]
    return inner is not None and outer is not None and inner != outer and covers(outer, inner)


def others(unit: Unit, conflicts: Sequence[Overlap]) -> Iterator[str]:
    """What another hit policy would make of all conflicts of a table."""
    if unit.table.policy is HitPolicy.UNIQUE and not unit.precedence.over:
        condition = "or, if the row that comes first is to win everywhere, "
        if all(is_narrower(unit, each.earlier, each.later) for each in conflicts):
            condition = (
                "or, as every conflict here is between an exception and a wider row below it, "
            )
        yield f"{condition}make the hit policy `first`{_under_first(unit)}"
    # Rows that nearly all meet each other, none within another, may be meant to answer together.
    rows = len(unit.rows)
    if rows < 1 + MOST or MOST * len(conflicts) < rows * (rows - 1) // 2:
        return
    for each in conflicts:
        if is_narrower(unit, *each[:2]) or is_narrower(unit, *each[1::-1]):
            return
    types = [column.type for column in unit.table.outputs]
    that_apply = "or, if what all rows say that apply is to be"
    if all(isinstance(type, IntType | DecimalType) for type in types):
        yield f"{that_apply} added up, make the hit policy `collect sum`"
    elif all(isinstance(type, ListType | SetType) for type in types):
        yield f"{that_apply} listed, make the hit policy `collect`"


def _under_first(unit: Unit) -> str:
    """Which rows would then be left with nothing; claims stand in the file's order already."""
    try:
        deciding = unit.claims.deciding
    except OverBudget:
        return ""
    hidden = [n for n in unit.rows if unit.boxes[n] is not None and n not in deciding]
    if hidden:
        return f", under which {finding.names(unit, hidden)} would decide nothing"
    return ", under which every row still decides something"
