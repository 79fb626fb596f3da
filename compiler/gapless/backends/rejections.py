"""Why a row gets no answer, in the same words wherever rows are decided: columns, databases, clusters.

A reason names the first column, in the order in which the table takes them in, whose value is missing
or outside; it does not repeat the value, which engines would write in ways of their own.
"""

from __future__ import annotations

from gapless.analysis.by_inputs import Ending
from gapless.analysis.unit import Unit
from gapless.model import (
    Column,
)
from gapless.text.types import allowed


def missing(column: Column) -> str:
    """The reason where a column that must have a value has none."""
    return f"{column.name} is missing"


def outside(column: Column) -> str:
    """The reason where a value is none of its column's."""
    return f"{column.name} must be {allowed(column.type)}"


def refused(unit: Unit, ending: Ending) -> str:
    """The reason where the table itself has no answer."""
    said = "still to be decided" if ending.is_draft else "cannot happen"
    if ending.rule is None:
        return f"{said}: so says a table that {unit.table.name} asks"
    return f"{said}: rule {unit.table.rules[ending.rule].name}"
