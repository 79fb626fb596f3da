"""A table as the statements of one database: an expression, a view, functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from gapless.analysis.unit import Unit
from gapless.backends.sql.decision import decided
from gapless.backends.sql.dialects import Dialect, Flavor
from gapless.backends.sql.expressions import (
    Expressions,
    Typed,
    Unsupported,
    expressions,
    scalars,
)
from gapless.backends.sql.literals import LONG, LONGEST, Taken, quoted
from gapless.backends.sql.queries import query

ROOMY = 18
"""So many figures after its point has a parameter that would round, at least."""


class Form(StrEnum):
    """What a table becomes."""

    EXPRESSION = "expression"
    VIEW = "view"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class Written:
    """A table read for one dialect, under the name that its statements have."""

    said: Expressions
    dialect: Dialect

    @property
    def name(self) -> str:
        return self.said.decided.unit.table.name


def written(unit: Unit, dialect: Dialect) -> Written | Unsupported:
    """A table read for a dialect, or why it cannot be."""
    said = expressions(unit, dialect.flavor)
    if isinstance(said, Unsupported):
        return said
    return Written(said, dialect)


def expression(table: Written) -> Iterator[str]:
    """Each output, the rule, the basis and the reason as a column of a SELECT, by the inputs only."""
    for each in scalars(table.said.decided):
        select = f"SELECT\n{each.sql} AS {quoted(each.name)}"
        yield f"{table.dialect.statement(select)};\n"


def unviewed(table: Written) -> str | None:
    """Why a table has no view, though it has expressions."""
    inputs = {each.name for each in table.said.columns}
    both = next((each.name for each in table.said.outputs if each.name in inputs), None)
    return None if both is None else f"a view would have two columns called {both}"


def view(table: Written, source: str | None = None) -> tuple[str, str]:
    """A view of a relation with the answers beside its columns; and how they are found."""
    create = "CREATE VIEW" if table.dialect.flavor is Flavor.SQLITE else "CREATE OR REPLACE VIEW"
    asked = query(table.said, source or quoted(source_of(table.name)))
    text = f"{create} {quoted(view_of(table.name))} AS\n{asked.sql}"
    return f"{table.dialect.statement(text)};\n", asked.shape


def functions(table: Written) -> Iterator[str]:
    """A function for each output, for the rule, its basis, and for the reason why a case is refused."""
    dialect, names = table.dialect, Taken()
    outputs = [*scalars(decided(table.said.decided.unit, dialect.parameters))]
    parameters = [
        (dialect.identifier(quoted(each.name)), _taken_in(each, dialect))
        for each in table.said.columns
    ]
    for place, each in enumerate(outputs):
        own = table.name if len(outputs) == 4 and place == 0 else f"{table.name}_{each.name}"
        name = dialect.identifier(quoted(names.take(own[:LONGEST])))
        body = dialect.statement(f"SELECT {each.sql}").removeprefix("SELECT").strip()
        yield dialect.made(name, parameters, dialect.type(each.type), body)


def source_of(table: str) -> str:
    """The relation that a view reads, unless another is named."""
    return f"{table}_input"


def view_of(table: str) -> str:
    return f"{table}_answers"


def _taken_in(column: Typed, dialect: Dialect) -> str:
    """The type of a parameter, with room to see what must not be lost on the way in.

    A day is taken in with its hour, which PostgreSQL would drop from a literal without a word.
    """
    kind = column.type
    if dialect.rounds and kind.startswith(("BIGINT", "DECIMAL")):
        digits = int(kind.rstrip(")").rpartition(" ")[2]) if kind.endswith(")") else 0
        kind = f"DECIMAL({LONG}, {max(ROOMY, digits + 1)})"
    if kind == "DATE" and dialect.name != "bigquery":
        kind = "TIMESTAMP"
    return dialect.type(kind)
