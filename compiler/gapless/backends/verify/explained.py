"""What explanations say of the rows that answers rest on, held against the reference meaning, on some cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from gapless.analysis.composition.calls import with_called
from gapless.analysis.unit import Unit
from gapless.backends.verify.cases import Case, readable, some
from gapless.model import Table
from gapless.semantics import Answered, evaluate, trace
from gapless.text.traces import bases_named, rows_named

TOLD = 50
"""On so many cases of a table explanations are read, on fewer where there are many rules."""
WALKED = 100
"""Of so many tables the rows are followed: one case of a table that asks others is told by the rows of all."""

Reading: TypeAlias = Callable[[Case], tuple[str, str]]
"""The rows that an explanation names for a case, and their basis."""


def misread(unit: Unit, reading: Reading) -> str | None:
    """The first case that is explained by other rows than it rests on, in words; None where none is."""
    table = unit.table
    names = [column.name for column in table.inputs]
    followed = WALKED // len([*with_called(table)])
    for case in some(unit.axes[: len(names)], min(TOLD, readable(unit), max(1, followed))):
        meant = _meant(table, case)
        if meant is None:
            continue
        said = reading(case)
        if said != meant:
            given = ", ".join(f"{n} = {value}" for n, value in zip(names, case, strict=True))
            told, due = (f"{rule} ({basis})" for rule, basis in (said, meant))
            return f"for {given} it is explained by {told}, and the table rests on {due}"
    return None


def _meant(table: Table, case: Case) -> tuple[str, str] | None:
    """The same by the reference meaning; None for a case without an answer."""
    inputs = {column.name: value for column, value in zip(table.inputs, case, strict=True)}
    meaning = evaluate(table, inputs)
    if not isinstance(meaning, Answered):
        return None
    traced = trace(table, inputs)
    rows = [[(row.table.name, row.rule.name) for row in each] for each in traced.outcomes]
    own = ", ".join(rule.name for rule in meaning.rules)
    return rows_named(table, rows, own), bases_named(table, traced.bases)
