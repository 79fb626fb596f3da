"""One word to one value, by what the column's type makes of it and never by how it looks."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias, assert_never

from gapless.model import (
    BoolType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    Scalar,
    ScalarType,
    TextType,
)
from gapless.resolve import writing
from gapless_dsl import lexis
from gapless_dsl.suggest import nearest

_WHOLE = re.compile(r"-?[0-9]+(?:_[0-9]+)*")
_EXACT = re.compile(r"(-?[0-9]+(?:_[0-9]+)*)(?:\.([0-9]+))?")
_PADDED = re.compile(r"(-?)(?:0_?)+(?=[0-9])")
_POINTED = re.compile(r"-?[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

MOST_DIGITS = 1_000
"""No number is written longer: far beyond any use, and within what Python reads and prints."""


class Fault(NamedTuple):
    """Why a word is no value of a type, and `right`, the word that was surely meant, if one was.

    `offers` are words of which one may have been meant.
    """

    code: str
    title: str
    label: str
    right: str | None = None
    offers: tuple[str, ...] = ()


Read: TypeAlias = Scalar | Fault


def read(text: str, of: ScalarType) -> Read:
    """The value that `text` is in a column of type `of`."""
    match of:
        case TextType():
            return text
        case EnumerationType():
            return _member(text, of)
        case BoolType():
            return _truth(text)
        case IntType():
            return _whole(text, of)
        case DecimalType():
            return _exact(text, of)
        case DateType():
            return _day(text, of)
    assert_never(of)


def _member(text: str, of: EnumerationType) -> Read:
    if text in of.names:
        return text
    names = tuple(member.name for member in of.members)
    called = [member.name for member in of.members if member.label == text]
    right = called[0] if len(called) == 1 else nearest(text, names)
    label = f"not one of the {len(names)} values of `{of.name}`"
    if right is not None:
        label = f"did you mean `{lexis.word(right)}`?"
    title = f"`{text}` is not a value of `{of.name}`"
    return Fault("GAP011", title, label, _word(right))


def _word(right: str | None) -> str | None:
    return None if right is None else lexis.word(right)


_TRUTHS = {"yes": True, "no": False}
_NEARLY = {"y": "yes", "true": "yes", "t": "yes", "n": "no", "false": "no", "f": "no"}


def _truth(text: str) -> Read:
    if text in _TRUTHS:
        return _TRUTHS[text]
    folded = text.casefold()
    right = folded if folded in _TRUTHS else _NEARLY.get(folded)
    return Fault("GAP021", f"`{text}` is neither `yes` nor `no`", "a bool is `yes` or `no`", right)


def _whole(text: str, of: IntType) -> Read:
    if not _WHOLE.fullmatch(text):
        right = text[: text.index(".")] if re.fullmatch(r"-?[0-9_]+\.0+", text) else None
        title = f"`{text}` is not a whole number"
        label = "a whole number belongs here, such as `20`"
        return Fault("GAP021", title, label, *_or_thousands(text, right))
    if len(text) > MOST_DIGITS:
        return _long(text)
    if _PADDED.match(text):
        return _padded(text)
    return _within(text, int(text), of.low, of.high)


def _exact(text: str, of: DecimalType) -> Read:
    found = _EXACT.fullmatch(text)
    if not found:
        example = writing.value(Decimal(f"20.{'0' * of.digits}"))
        label = f"a number belongs here, such as `{example}`"
        return Fault("GAP021", f"`{text}` is not a number", label)
    if len(text) > MOST_DIGITS:
        return _long(text)
    if _PADDED.match(text):
        return _padded(text)
    whole, part = found[1], found[2] or ""
    if len(part) > of.digits:
        return _fine(text, whole, part, of.digits)
    padded = f"{whole}.{part:0<{of.digits}}" if of.digits else whole
    return _within(text, _unsigned_zero(Decimal(padded)), of.low, of.high)


def _unsigned_zero(number: Decimal) -> Decimal:
    return number if number else abs(number)


def _fine(text: str, whole: str, part: str, digits: int) -> Fault:
    kept, dropped = part[:digits], part[digits:]
    right = None
    if not dropped.strip("0"):
        right = f"{whole}.{kept}" if kept else whole
    title = f"`{text}` has {len(part)} digits after the point where {digits} are kept"
    label = f"at most {digits} after the point"
    return Fault("GAP022", title, label, *_or_thousands(text, right))


def _or_thousands(text: str, right: str | None) -> tuple[str | None, tuple[str, ...]]:
    """What was meant, or might have been: `1.000` is a thousand where a comma stands for the point."""
    if not _POINTED.fullmatch(text):
        return right, ()
    thousands = text.replace(".", "_")
    return None, ((thousands,) if right is None else (right, thousands))


def _padded(text: str) -> Fault:
    """A number is not written with leading zeros: `000` after a comma is the rest of `1,000`."""
    right = _PADDED.sub(r"\1", text)
    return Fault("GAP021", f"`{text}` begins with a zero", f"a number is written `{right}`", right)


def _long(text: str) -> Fault:
    title = f"a number of {len(text)} characters is longer than any this language reads"
    return Fault("GAP022", title, f"at most {MOST_DIGITS} characters")


def _day(text: str, of: DateType) -> Read:
    if not _DAY.fullmatch(text):
        return Fault("GAP021", f"`{text}` is not a date", "a date is written `2026-01-31`")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return Fault("GAP021", f"there is no day `{text}`", "the calendar has no such day")
    low = None if of.low == date.min else of.low
    return _within(text, day, low, None if of.high == date.max else of.high)


def _within(text: str, given: Scalar, low: Scalar | None, high: Scalar | None) -> Read:
    """`given` if it lies between the bounds, which are of its own kind."""
    if low is not None and given < low:  # type: ignore[operator]
        return Fault("GAP022", _outside(text, low, high), f"the least is `{writing.value(low)}`")
    if high is not None and given > high:  # type: ignore[operator]
        return Fault("GAP022", _outside(text, low, high), f"the most is `{writing.value(high)}`")
    return given


def _outside(text: str, low: Scalar | None, high: Scalar | None) -> str:
    return f"`{text}` is outside `{writing.span(low, high)}`"
