"""Values and types as an author would write them, for findings to quote."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import assert_never

from gapless.model import (
    Scalar,
)
from gapless_dsl.lexis import word


def value(given: Scalar | None) -> str:
    """One value; an enumeration's member and a text are words."""
    match given:
        case None:
            return "missing"
        case bool():
            return "yes" if given else "no"
        case str():
            return word(given)
        case Decimal():
            return f"{given:f}"
        case int() | date():
            return str(given)
    assert_never(given)
