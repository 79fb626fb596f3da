"""Values that are read and cannot be meant: bare words of the language, and numbers in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias

from gapless_dsl.diagnostic import Diagnostic, Edit, Label, decision, error
from gapless_dsl.lexis import RESERVED
from gapless_dsl.nodes.cells import (
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
    parts,
)
from gapless_dsl.source import stretch

Meant: TypeAlias = Presence | Comparison | Range | Expression

_PROPER = {
    "missing": "it is no value to compare with",
    "present": "it stands in conditions only",
    "not": "it stands in conditions only, once, before the values",
    "impossible": "it stands alone in the outcomes",
    "draft": "it stands alone in the outcomes",
    "otherwise": "it stands alone in the conditions",
}


MOST_DEEP = 100
"""Nobody reads arithmetic that goes deeper, and what walks through it must come to an end."""


_BELOW_ZERO = re.compile(r"\(+\s*([0-9][0-9_]*(?:\.[0-9]+)?)\s*\)+")


def not_to_be_meant(values: Iterable[Meant], text: str) -> Diagnostic | None:
    """A complaint about the first of the values that a line or cell `text` says and that cannot be meant."""
    values = tuple(values)
    for value in values:
        if isinstance(value, Literal) and (found := in_brackets(text, value.at)) is not None:
            return found
    return reserved_words(values)


def in_brackets(text: str, at: At) -> Diagnostic | None:
    """GAP002, for `(4.90)`: a number below zero to accountants, and nothing of the kind to a compiler."""
    typed = text[slice(*at)]
    found = _BELOW_ZERO.fullmatch(typed)
    if found is None:
        return None
    title = f"`{typed}` may be a number below zero, or just a number"
    label = "a number stands without brackets"
    helps = (
        decision(f"write `-{found[1]}` for the one below zero", Edit(stretch(*at), f"-{found[1]}")),
        decision(f"or `{found[1]}`", Edit(stretch(*at), found[1])),
    )
    return error("GAP002", title, Label(stretch(*at), label), helps=helps)


def reserved_words(values: Iterable[Meant]) -> Diagnostic | None:
    """A complaint about the first of them, or about arithmetic that is too deep to look for any."""
    for value in values:
        if _is_deep(value):
            label = "give its parts `let` columns of their own"
            title = f"arithmetic of more than {MOST_DEEP} steps within each other"
            return error("GAP002", title, Label(stretch(*value.at), label))
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
            return _unquoted(reserved_words(operands))
        case Rounding(of) | Duration(of):
            return _unquoted(_reserved_word(of))
        case Elapsed(_, start, end):
            return _unquoted(reserved_words((start, end)))
        case Comparison(_, Literal(text, at, False)) if text in RESERVED:
            return _complaint(text, at, may_be_quoted=False)
        case Range(low, high):
            ends = (end for end in (low, high) if end and not end.quoted and end.text in RESERVED)
            return next((_complaint(end.text, end.at, may_be_quoted=False) for end in ends), None)
        case _:
            return None


def _unquoted(found: Diagnostic | None) -> Diagnostic | None:
    """Within arithmetic a word in quotes would be no better."""
    return replace(found, helps=()) if found is not None else None


def _is_deep(value: Meant) -> bool:
    """Looked at level by level: what is too deep cannot be walked through."""
    level: list[Meant] = [value]
    for _ in range(MOST_DEEP):
        level = [part for each in level for part in parts(each)]
        if not level:
            return False
    return True


def _complaint(text: str, at: At, *, may_be_quoted: bool) -> Diagnostic:
    title = f"`{text}` cannot stand here"
    if not may_be_quoted:
        return error("GAP002", title, Label(stretch(*at), "expected a number or a date"))
    helps = (decision(f'write `"{text}"`, if the value is meant', Edit(stretch(*at), f'"{text}"')),)
    return error("GAP002", title, Label(stretch(*at), _PROPER[text]), helps=helps)
