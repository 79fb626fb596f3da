"""The ways in which our own SQL is written: as the standard has it, and as each database needs it."""

from __future__ import annotations

from enum import Enum


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
