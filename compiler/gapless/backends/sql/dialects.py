"""The databases whose own words are written: how each is read, and what of our SQL it says otherwise.

Columns are read in the flavor of a database. What a dialect writes otherwise than we do is translated
by sqlglot, which nothing else needs; what that cannot say exactly is an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
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


@dataclass(frozen=True, slots=True)
class Dialect:
    """`function` is the statement that makes an expression a function, where there are such.

    `parameters` is how a function reads what it is handed, and `rounds` says that numbers lose digits
    on the way in. `translated` says that our own text is not the dialect's, `splits` that the
    fraction of a second is told.
    """

    name: str
    flavor: Flavor
    parameters: Flavor
    translated: bool = False
    rounds: bool = False
    splits: bool = True
    function: str | None = None

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

    def made(self, name: str, parameters: Sequence[tuple[str, str]], type: str, body: str) -> str:
        """A function of parameters, (name, type) of each; all words as the dialect writes them."""
        assert self.function is not None, "the caller asks whether there are functions"
        return self.function.format(
            name=name,
            names=", ".join(each for each, _ in parameters),
            typed=", ".join(f"{each} {kind}" for each, kind in parameters),
            plain=", ".join(f"{each} {kind.partition('(')[0]}" for each, kind in parameters),
            type=type,
            plain_type=type.partition("(")[0],
            body=body,
            escaped=body.replace("\\", "\\\\").replace("'", "\\'"),
        )


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


ALL: Mapping[str, Dialect] = {
    each.name: each
    for each in (
        Dialect(
            "duckdb",
            Flavor.DUCKDB,
            Flavor.DUCKDB,
            function="CREATE OR REPLACE MACRO {name}({names}) AS\n{body};\n",
        ),
        Dialect(
            "postgres",
            Flavor.POSTGRES,
            Flavor.STANDARD,
            function="CREATE OR REPLACE FUNCTION {name}({typed}) RETURNS {type}\n"
            "LANGUAGE sql IMMUTABLE PARALLEL SAFE\nRETURN {body};\n",
        ),
        Dialect("sqlite", Flavor.SQLITE, Flavor.SQLITE),
        # Spark casts whatever a function is handed, texts and yes or no too, before it can be refused.
        Dialect("spark", Flavor.SPARK, Flavor.SPARK, translated=True),
        Dialect(
            "snowflake",
            Flavor.STANDARD,
            Flavor.STANDARD,
            translated=True,
            rounds=True,
            splits=False,
            function="CREATE OR REPLACE FUNCTION {name}({typed}) RETURNS {type}\n"
            "AS '\n{escaped}\n';\n",
        ),
        # BigQuery takes no figures in the types of a function.
        Dialect(
            "bigquery",
            Flavor.STANDARD,
            Flavor.STANDARD,
            translated=True,
            splits=False,
            function="CREATE TEMP FUNCTION {name}({plain}) RETURNS {plain_type}\nAS ({body});\n",
        ),
    )
}
