"""A column's type as those see it who know what people type by habit."""

from __future__ import annotations

from typing import assert_never
from unicodedata import combining, name, normalize

from gapless.model import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    ScalarType,
    TextType,
    TimeType,
)
from gapless_dsl.nodes import Literal
from gapless_dsl.parser.cells import condition
from gapless_dsl.recovery.habits import Kind


def kind_of(of: ScalarType) -> Kind:
    match of:
        case IntType() | DecimalType():
            return Kind.NUMBER
        case DateType():
            return Kind.DAY
        case TimeType() | DatetimeType():
            return Kind.CLOCK
        case BoolType():
            return Kind.TRUTH
        case TextType():
            return Kind.TEXT
        case EnumerationType():
            return Kind.LIST
    assert_never(of)


def says_more(text: str) -> bool:
    """Whether a cell can be read as a condition that is more than one word."""
    content = condition(text).content
    return content is not None and not any(isinstance(each, Literal) for each in content.either)


def look_alike(typed: str, meant: str) -> str:
    """How two words differ in letters that look alike, `ü` and `u` with dots; nothing where they do not."""
    if typed == meant or (typed.isascii() and meant.isascii()):
        return ""
    at = next(
        (at for at, pair in enumerate(zip(typed, meant, strict=False)) if len({*pair}) > 1), None
    )
    at = min(len(typed), len(meant)) if at is None else at
    here, there = typed[at : at + 1], meant[at : at + 1]
    if normalize("NFKD", typed) == normalize("NFKD", meant):
        ours, theirs = (sum(map(bool, map(combining, each))) for each in (typed, meant))
        parts = {
            True: "its accents are letters of their own",
            False: "its letters have accents in one",
        }
        return parts[ours > theirs]
    if not here or not there or here.isascii() == there.isascii():
        return ""
    return f"`{here}` is {_called(here)}, and not {_called(there)}"


def _called(letter: str) -> str:
    said = name(letter, "").lower()
    return f"U+{ord(letter):04X}, {said}" if said else f"U+{ord(letter):04X}"
