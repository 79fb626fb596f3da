"""The last step of a look-up whose last column is compared with edges: each stretch returns its answer."""

from __future__ import annotations

from gapless.analysis.decision.tables import Classes
from gapless.backends.code.scope import Scope
from gapless.backends.python.fast.searching import search, statements
from gapless.model import Table


def last(column: Classes, row: str, behind: str, table: Table, scope: Scope) -> list[str]:
    """Statements that return the entry of `row` for the column's class; the one of `behind` that it numbers."""
    name = scope.tables[table].arguments[column.axis.column.name]
    found = search(column, name, lambda code: f"{row}[{code}]", scope.constants)
    answer = f"return {behind}[{{}}]" if behind else "return {}"
    return statements(found, lambda word: answer.replace("{}", word), returning=True)
