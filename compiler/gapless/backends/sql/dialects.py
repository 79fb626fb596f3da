"""The databases whose own words are written: how each is read, and what of our SQL it says otherwise.

Columns are read in the flavor of a database. What a dialect writes otherwise than we do is translated
by sqlglot, which nothing else needs; what that cannot say exactly is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import ModuleType
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from sqlglot import exp

OURS = "duckdb"
"""The dialect in which sqlglot reads our text: it has every form that we write."""


class Untranslated(Exception):
    """Why a text has no exact form in another dialect."""


class NoTranslator(Exception):
    """sqlglot is not installed."""


class Flavor(Enum):
    """How columns are read, which databases convert and compare in ways of their own.

    STANDARD is for columns that have the types due, such as the typed parameters of a function.
    SQLite has no DATE, BOOLEAN or DECIMAL, and its columns hold values of any type.
    """

    STANDARD = "standard"
    DUCKDB = "DuckDB"
    POSTGRES = "PostgreSQL"
    SPARK = "Spark"
    SQLITE = "SQLite"


Parameters: TypeAlias = Sequence[tuple[str, str]]
"""(name, type) of each, as they are written."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """`function` makes (name, parameters, type, expression) a statement; None where there are none.

    `parameters` is how a function reads what it is handed, and `rounds` says that numbers lose digits
    on the way in. `translated` says that our own text is not the dialect's.
    """

    name: str
    flavor: Flavor
    parameters: Flavor
    translated: bool
    rounds: bool
    function: Callable[[str, Parameters, str, str], str] | None

    def statement(self, text: str) -> str:
        """A statement or expression of ours. Raises Untranslated, NoTranslator."""
        if not self.translated:
            return text
        sqlglot = _sqlglot()
        try:
            tree = sqlglot.parse_one(text, read=OURS)
            if self.name == "bigquery":
                tree = tree.transform(_exact)
            level = sqlglot.ErrorLevel.RAISE
            return str(tree.sql(dialect=self.name, pretty=True, unsupported_level=level))
        except sqlglot.errors.SqlglotError as reason:
            raise Untranslated(str(reason)) from reason

    def identifier(self, name: str) -> str:
        """A name as we quote it."""
        if not self.translated:
            return name
        return str(_sqlglot().parse_one(name, read=OURS).sql(dialect=self.name))

    def type(self, name: str) -> str:
        """A type of ours."""
        if not self.translated:
            return name
        return str(_sqlglot().exp.DataType.build(name, dialect=OURS).sql(dialect=self.name))


def _sqlglot() -> ModuleType:
    """Imported here, so that our own dialects need nothing."""
    try:
        import sqlglot
    except ImportError as reason:
        raise NoTranslator from reason
    return sqlglot


def _exact(node: exp.Expression) -> exp.Expression:
    """BigQuery reads 4.90 as a binary fraction, so numbers with a point are said to be NUMERIC."""
    from sqlglot import exp

    if isinstance(node, exp.Literal) and not node.is_string and "." in str(node.this):
        return exp.cast(exp.Literal.string(str(node.this)), "DECIMAL")
    return node


def _macro(name: str, parameters: Parameters, type: str, body: str) -> str:
    given = ", ".join(each for each, _ in parameters)
    return f"CREATE OR REPLACE MACRO {name}({given}) AS\n{body};\n"


def _postgres(name: str, parameters: Parameters, type: str, body: str) -> str:
    head = f"CREATE OR REPLACE FUNCTION {name}({_typed(parameters)}) RETURNS {type}"
    return f"{head}\nLANGUAGE sql IMMUTABLE PARALLEL SAFE\nRETURN {body};\n"


def _snowflake(name: str, parameters: Parameters, type: str, body: str) -> str:
    quoted = body.replace("\\", "\\\\").replace("'", "\\'")
    head = f"CREATE OR REPLACE FUNCTION {name}({_typed(parameters)}) RETURNS {type}"
    return f"{head}\nAS '\n{quoted}\n';\n"


def _bigquery(name: str, parameters: Parameters, type: str, body: str) -> str:
    plain = type.partition("(")[0]  # BigQuery takes no figures in the type of a result
    given = ", ".join(f"{each} {kind.partition('(')[0]}" for each, kind in parameters)
    return f"CREATE TEMP FUNCTION {name}({given}) RETURNS {plain}\nAS ({body});\n"


def _typed(parameters: Parameters) -> str:
    return ", ".join(f"{name} {type}" for name, type in parameters)


ALL: Mapping[str, Dialect] = {
    each.name: each
    for each in (
        Dialect("duckdb", Flavor.DUCKDB, Flavor.DUCKDB, False, False, _macro),
        Dialect("postgres", Flavor.POSTGRES, Flavor.STANDARD, False, False, _postgres),
        Dialect("sqlite", Flavor.SQLITE, Flavor.SQLITE, False, False, None),
        # Spark casts whatever a function is handed, texts and yes or no too, before it can be refused.
        Dialect("spark", Flavor.SPARK, Flavor.SPARK, True, False, None),
        Dialect("snowflake", Flavor.STANDARD, Flavor.STANDARD, True, True, _snowflake),
        Dialect("bigquery", Flavor.STANDARD, Flavor.STANDARD, True, False, _bigquery),
    )
}
