"""What an ending is told to rest on: its rows by name, and how these rest on the sources."""

from __future__ import annotations

from collections.abc import Sequence

from gapless.analysis.by_inputs import Ending
from gapless.analysis.domain.answers import Row
from gapless.model import Basis, Reason, Table
from gapless.text.traces import EVERY, by_output, rows_named, weakest

UNTOLD = "?"
"""What stands for the rows of an answer of which it was not followed on which it rests."""


def rows_told(table: Table, ending: Ending) -> str:
    """The rows that the outputs rest on, as `text.traces` names them; UNTOLD where these were too many."""
    if not ending.rows:
        return UNTOLD
    own = table.rules[ending.rule].name if ending.rule is not None else EVERY
    return rows_named(table, [[_name(row) for row in rows] for rows in ending.rows], own)


def basis_told(table: Table, ending: Ending) -> str | None:
    """How the outputs rest on the sources, each like the weakest of its rows; None where that is not told."""
    if not ending.rows:
        return None
    bases = [_basis(rows) for rows in ending.rows]
    told = [each for each in bases if each is not None]
    if len(told) < len(bases):
        return None
    return by_output([column.name for column in table.outputs], told) or Basis.STATED.value


def _basis(rows: Sequence[Row]) -> str | None:
    """None for a collecting table that is told as a whole, where its rules differ."""
    reasons: list[Reason] = []
    for table, number in rows:
        own = [rule.reason for rule in (table.rules if number is None else [table.rules[number]])]
        if len({reason.basis for reason in own}) > 1:
            return None
        reasons += own
    return weakest(reasons).value if reasons else ""


def _name(row: Row) -> tuple[str, str]:
    return row.table.name, EVERY if row.rule is None else row.table.rules[row.rule].name
