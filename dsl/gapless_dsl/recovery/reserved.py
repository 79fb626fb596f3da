"""Values that are read and cannot be meant: bare words of the language, and numbers in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias

from gapless_dsl import nodes
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, decision, error
from gapless_dsl.lexis import RESERVED
from gapless_dsl.source import stretch

Meant: TypeAlias = nodes.Presence | nodes.Comparison | nodes.Range | nodes.Expression

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


def first_unusable(values: Iterable[Meant], text: str) -> Diagnostic | None:
    """A finding about the first of the values that a line or cell `text` says and that cannot be meant."""
    values = tuple(values)
    for value in values:
        if isinstance(value, nodes.Literal) and (found := in_brackets(text, value.at)) is not None:
            return found
    return first_reserved(values)


def in_brackets(text: str, at: nodes.At) -> Diagnostic | None:
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


def first_reserved(values: Iterable[Meant]) -> Diagnostic | None:
    """A finding about the first of them, or about arithmetic that is too deep to look for any."""
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
        case nodes.Literal(text, at, False) if text in RESERVED:
            return _reserved(text, at, may_be_quoted=True)
        case nodes.Call(_, arguments):
            return first_reserved(arguments)
        case nodes.Operation(_, operands) | nodes.Function(_, operands):
            return _unquoted(first_reserved(operands))
        case nodes.Rounding(of) | nodes.Duration(of):
            return _unquoted(_reserved_word(of))
        case nodes.Elapsed(_, start, end):
            return _unquoted(first_reserved((start, end)))
        case nodes.Comparison(_, nodes.Literal(text, at, False)) if text in RESERVED:
            return _reserved(text, at, may_be_quoted=False)
        case nodes.Range(low, high):
            ends = (end for end in (low, high) if end and not end.quoted and end.text in RESERVED)
            return next((_reserved(end.text, end.at, may_be_quoted=False) for end in ends), None)
        case _:
            return None


def _unquoted(found: Diagnostic | None) -> Diagnostic | None:
    """Within arithmetic a word in quotes would be no better."""
    return replace(found, helps=()) if found is not None else None


def _is_deep(value: Meant) -> bool:
    """Looked at level by level: what is too deep cannot be walked through."""
    level: list[Meant] = [value]
    for _ in range(MOST_DEEP):
        level = [part for each in level for part in nodes.parts(each)]
        if not level:
            return False
    return True


def _reserved(text: str, at: nodes.At, *, may_be_quoted: bool) -> Diagnostic:
    title = f"`{text}` cannot stand here"
    if not may_be_quoted:
        return error("GAP002", title, Label(stretch(*at), "expected a number or a date"))
    helps = (decision(f'write `"{text}"`, if the value is meant', Edit(stretch(*at), f'"{text}"')),)
    return error("GAP002", title, Label(stretch(*at), _PROPER[text]), helps=helps)
