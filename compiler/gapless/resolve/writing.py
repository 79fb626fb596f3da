"""Values and types as an author would write them, for findings to quote."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import assert_never

from gapless.model import (
    Scalar,
)
from gapless_dsl.spelled import quoted
from gapless_dsl.vocabulary import BARE, RESERVED


def word(text: str) -> str:
    """`text` as a word of the language, quoted where it has to be."""
    if BARE.fullmatch(text) and text not in RESERVED:
        return text
    return quoted(text)


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
