"""The lexicon: keywords and reserved words, what a bare word is, quoting, days, commas in numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from gapless_dsl.nodes import At, Literal, Word

IMPOSSIBLE = "impossible"
DRAFT = "draft"
OTHERWISE = "otherwise"
BECAUSE = "because"
OVER = "over"

DITTO = "^"
DITTOS = (DITTO, "〃")
"""A cell that says what the one above says; the second is read and never printed, for few can type it."""

ALONE = (IMPOSSIBLE, DRAFT)
"""Words that stand alone in the outcomes."""

RESERVED = ("missing", "present", "not", IMPOSSIBLE, DRAFT, OTHERWISE)
"""Words that are quoted when they are meant as values."""

EFFECTIVE = re.compile(r"effective(?:\s+by\s+([A-Za-z_][A-Za-z0-9_]*))?")
"""The head of a column that says from when to when each row is in force, and by which date."""

BARE = re.compile(r"(?:-?[0-9]|[A-Za-z_])(?:[A-Za-z0-9_-]|\.[0-9]|:[0-9](?:[0-9]\+[0-9])?)*")
"""A word that needs no quotes; `BARE` of the grammar, for whoever must not wait for Lark.

A time with a zone, `09:00+01:00`, is one as well, so that a column can say what to do instead.
"""

DOTTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*")
"""One result of a step that has several: `line.code`; `DOTTED` of the grammar."""

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""What can name a table, type, column, source or section."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COMMA_BETWEEN_DIGITS = re.compile(
    r"(?<!\w)(?<!\w\.)-?[0-9][0-9_]*(?:\.[0-9]+)*(?:,[0-9]+(?:\.[0-9]+)*)+(?![\w-])"
)
_DECIMAL_COMMA = re.compile(r"-?[0-9]+(?:[._][0-9]{3})*,[0-9]+")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")


def is_bare(text: str) -> bool:
    """Whether `text` is a value without quotes."""
    return BARE.fullmatch(text) is not None and text not in RESERVED


def quoted(text: str) -> str:
    """`text` in quotes, with the escapes that the language knows."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def word(text: str) -> str:
    """`text` as a value of the language, quoted where it must be."""
    return text if is_bare(text) else quoted(text)


def spelled(value: Word | Literal) -> str:
    """As the author spelled it, but in quotes where it must be."""
    bare = is_bare(value.text) or DOTTED.fullmatch(value.text)
    return value.text if bare and not value.quoted else quoted(value.text)


def day_of(text: str) -> date | None:
    """The day that `text` is, such as `2026-01-31`; None where the calendar has no such day."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# ---------------------------------------------------------------- commas: `9,50`, `1,000`, `1.140,00`


def one_number(text: str, at: int) -> At | None:
    """Where digits with a comma between them stand, if reading stopped within them or right behind."""
    found = (each.span() for each in _COMMA_BETWEEN_DIGITS.finditer(text))
    return next(((start, end) for start, end in found if start < at <= end), None)


def numbers(typed: str) -> Iterator[str]:
    """What it is as one number: with a comma for the point, or with commas between thousands."""
    if _DECIMAL_COMMA.fullmatch(typed):
        whole, _, part = typed.partition(",")
        yield f"{re.sub('[._]', '', whole)}.{part}"
    if _THOUSANDS.fullmatch(typed):
        yield typed.replace(",", "_")
