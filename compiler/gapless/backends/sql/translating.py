"""Our own SQL in the words of another database, by sqlglot: what that cannot say exactly is an error."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

OURS = "duckdb"
"""The dialect in which sqlglot reads our text: it has every form that we write."""


class Untranslated(Exception):
    """Why a text has no exact form in another dialect."""


class NoTranslator(Exception):
    """sqlglot is not installed."""


def statement(text: str, dialect: str) -> str:
    """A statement or expression of ours in another dialect. Raises Untranslated, NoTranslator."""
    sqlglot = _sqlglot()
    try:
        tree = sqlglot.parse_one(text, read=OURS)
        if dialect == "bigquery":
            tree = tree.transform(_exact)
        return str(
            tree.sql(dialect=dialect, pretty=True, unsupported_level=sqlglot.ErrorLevel.RAISE)
        )
    except sqlglot.errors.SqlglotError as reason:
        raise Untranslated(str(reason)) from reason


def _sqlglot() -> ModuleType:
    """Imported here, so that our own dialects need nothing."""
    try:
        import sqlglot
    except ImportError as reason:
        raise NoTranslator from reason
    return sqlglot


def kind(text: str, dialect: str) -> str:
    """A type of ours in another dialect."""
    from sqlglot import exp

    return exp.DataType.build(text, dialect=OURS).sql(dialect=dialect)


def identifier(text: str, dialect: str) -> str:
    """A name as we quote it, quoted as another dialect does."""
    return str(_sqlglot().parse_one(text, read=OURS).sql(dialect=dialect))


def _exact(node: exp.Expression) -> exp.Expression:
    """BigQuery reads 4.90 as a binary fraction, so numbers with a point are said to be NUMERIC."""
    from sqlglot import exp

    if isinstance(node, exp.Literal) and not node.is_string and "." in str(node.this):
        return exp.cast(exp.Literal.string(str(node.this)), "DECIMAL")
    return node
