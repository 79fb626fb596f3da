"""The databases whose own words are written, and how each makes an expression a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gapless.backends.sql.flavor import Flavor

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
