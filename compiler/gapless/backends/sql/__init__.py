"""The SQL target: tables as expressions, views and functions of the databases where the rows are."""

from __future__ import annotations

from gapless.backends.sql.expressions import Expressions, Output, Typed, Unsupported, expressions
from gapless.backends.sql.flavor import Flavor

__all__ = ["Expressions", "Flavor", "Output", "Typed", "Unsupported", "expressions"]
