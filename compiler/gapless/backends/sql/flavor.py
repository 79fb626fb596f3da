"""The two ways in which our own SQL is written: as the standard has it, and as SQLite needs it."""

from __future__ import annotations

from enum import Enum


class Flavor(Enum):
    """SQLite has no DATE, BOOLEAN or DECIMAL, and its columns hold values of any type."""

    STANDARD = "standard"
    SQLITE = "SQLite"
