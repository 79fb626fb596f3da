"""What an ending is told to rest on: its rows by name, and how these rest on the sources."""

from __future__ import annotations

from gapless.analysis.by_inputs import Ending
from gapless.analysis.domain.answers import Row
from gapless.model import Table, weakest
from gapless.text.traces import EVERY, bases_named, rows_named

UNTOLD = "?"
"""What stands for the rows of an answer of which it was not followed on which it rests."""


def rows_told(table: Table, ending: Ending) -> str:
    """The rows that the outputs rest on, as `text.traces` names them; UNTOLD where these were too many."""
    if not ending.rows:
        return UNTOLD
    own = table.rules[ending.rule].name if ending.rule is not None else EVERY
    return rows_named(table, [[_name(row) for row in rows] for rows in ending.rows], own)


def basis_told(table: Table, ending: Ending) -> str | None:
    """How the outputs rest on the sources, each like the weakest of what its rows say in it.

    None where a collecting table is told as a whole and its rules differ, or where it was not followed.
    """
    if not ending.rows or any(len(row.bases) > 1 for rows in ending.rows for row in rows):
        return None
    bases = [weakest(basis for row in rows for basis in row.bases) for rows in ending.rows]
    return bases_named(table, bases)


def _name(row: Row) -> tuple[str, str]:
    return row.table.name, EVERY if row.rule is None else row.table.rules[row.rule].name
