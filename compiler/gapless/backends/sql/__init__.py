"""The SQL target: tables as expressions, views and functions of the databases where the rows are."""

from __future__ import annotations

from gapless.backends.artefact import Artefact
from gapless.backends.sql.expressions import (
    Expressions,
    Output,
    Row,
    Typed,
    Unsupported,
    expressions,
)
from gapless.backends.sql.flavor import Flavor
from gapless.backends.sql.page import page
from gapless.backends.sql.queries import Query, asked
from gapless.driver import Result

__all__ = [
    "Expressions",
    "Flavor",
    "Output",
    "Query",
    "Row",
    "Typed",
    "Unsupported",
    "asked",
    "emit",
    "expressions",
]


def emit(result: Result) -> tuple[Artefact, ...]:
    """A file of views for each policy with tables, in the order of the policies."""
    return tuple(
        Artefact(f"sql/{policy.name}.sql", page(policy, result))
        for policy in result.policies
        if policy.tables
    )
