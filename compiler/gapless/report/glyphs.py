"""Text as a terminal shows it: one entry per column, nothing invisible, nothing that steers it; colors."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple, TypeAlias

ROOM = 100
"""Columns for a line; a longer quoted one is shown through a window around what is underlined."""

TAB = 4

_ESCAPED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Categories never sent to a terminal as they are: controls, bidirectional and zero-width marks."""

_RIDING = {"Mn", "Me"}
"""Categories that are drawn onto the letter before them."""


class Glyphs(NamedTuple):
    """A line cut into terminal columns.

    `columns[i]` is shown in column `i`; a wide character fills its first column and leaves the
    next one empty; `offsets[i]` is the column where character `i` starts, with one more for the end.
    """

    columns: tuple[str, ...]
    offsets: tuple[int, ...]

    def cut(self, start: int, end: int) -> str:
        """Columns `start` to `end`; the half of a wide character that is cut through becomes a space."""
        shown = list(self.columns[start:end])
        if shown and shown[0] == "":
            shown[0] = " "
        if shown and end < len(self.columns) and self.columns[end] == "":
            shown[-1] = " "
        return "".join(shown)


def glyphs(line: str) -> Glyphs:
    """Cut one line into terminal columns; tabs reach the next multiple of four."""
    columns: list[str] = []
    offsets: list[int] = []
    for letter in line:
        offsets.append(len(columns))
        if letter == "\t":
            columns.extend(" " * (TAB - len(columns) % TAB))
        elif unicodedata.category(letter) in _ESCAPED:
            columns.extend(_escaped(letter))
        elif unicodedata.category(letter) in _RIDING and columns:
            columns[-1] += letter
        else:
            columns.append(letter)
            if unicodedata.east_asian_width(letter) in "WF":
                columns.append("")
    return Glyphs(tuple(columns), (*offsets, len(columns)))


def visible(text: str) -> str:
    """`text` on one line, with everything invisible spelled out."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        _escaped(letter) if unicodedata.category(letter) in _ESCAPED else letter for letter in text
    )


def width(text: str) -> int:
    """How many terminal columns `text` takes."""
    return len(text) if text.isascii() else len(glyphs(text).columns)


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")


class Ink(StrEnum):
    """What a stretch of a report is; the value is how a terminal is asked to show it."""

    ERROR = "1;31"
    WARNING = "1;33"
    NOTE = "1;36"
    SECOND = "34"
    GOOD = "32"
    STRONG = "1"
    QUIET = "2"


Paint: TypeAlias = Callable[[str, Ink], str]


def plain(text: str, ink: Ink) -> str:
    return text


def colored(text: str, ink: Ink) -> str:
    return f"\x1b[{ink}m{text}\x1b[0m" if text else text
