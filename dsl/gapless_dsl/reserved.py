"""Words of the language that stand bare where a value stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from gapless_dsl.complaint import complaint, mend
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.nodes import (
    At,
    Call,
    Comparison,
    Duration,
    Elapsed,
    Expression,
    Function,
    Literal,
    Operation,
    Presence,
    Range,
    Rounding,
)
from gapless_dsl.vocabulary import RESERVED

Meant: TypeAlias = Presence | Comparison | Range | Expression

_PROPER = {
    "missing": "it is no value to compare with",
    "present": "it stands in conditions only",
    "not": "it stands in conditions only, once, before the values",
    "impossible": "it stands alone in the outcomes",
    "draft": "it stands alone in the outcomes",
    "otherwise": "it stands alone in the conditions",
}


def reserved_words(values: Iterable[Meant]) -> Diagnostic | None:
    """A complaint about the first of them."""
    for value in values:
        if (found := _reserved_word(value)) is not None:
            return found
    return None


def _reserved_word(value: Meant) -> Diagnostic | None:
    match value:
        case Literal(text, at, False) if text in RESERVED:
            return _complaint(text, at, may_be_quoted=True)
        case Call(_, arguments):
            return reserved_words(arguments)
        case Operation(_, operands) | Function(_, operands):
            return reserved_words(operands)
        case Rounding(of) | Duration(of):
            return _reserved_word(of)
        case Elapsed(_, start, end):
            return reserved_words((start, end))
        case Comparison(_, Literal(text, at, False)) if text in RESERVED:
            return _complaint(text, at, may_be_quoted=False)
        case Range(low, high):
            ends = (end for end in (low, high) if end and not end.quoted and end.text in RESERVED)
            return next((_complaint(end.text, end.at, may_be_quoted=False) for end in ends), None)
        case _:
            return None


def _complaint(text: str, at: At, *, may_be_quoted: bool) -> Diagnostic:
    title = f"`{text}` cannot stand here"
    if not may_be_quoted:
        return complaint("GAP002", title, at, "expected a number or a date")
    helps = (mend(f'write `"{text}"` to mean the value', (at, f'"{text}"')),)
    return complaint("GAP002", title, at, _PROPER[text], helps=helps)
