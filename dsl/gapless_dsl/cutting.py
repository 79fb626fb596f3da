"""Cuts a line of a grid into its cells, wherever a bar divides it."""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from gapless_dsl.complaint import complaint, decide, mend
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.lines import Line
from gapless_dsl.placing import diagnostic_at

Piece: TypeAlias = tuple[str, int]
"""What stands between two bars, without the blanks around it, and where it begins in its line."""

# A quoted text hides its bars if it is closed where a text can end and the quotes behind it, up to the
# next bar, are pairs: in `"a | "b" |` the second quote opens another text, and the first is left open.
_TEXT = r'"(?:[^"\\]|\\.)*"'
_QUOTED = rf'{_TEXT}(?=[\s,)\]|]|\.\.|$)(?=[^|"]*(?:{_TEXT}[^|"]*)*(?:\||$))'
_WITH_QUOTES = re.compile(rf'(?:[^|"]|{_QUOTED}|")*')
_WITH_ESCAPES = re.compile(r"(?:[^|\\]|\\\||\\)*")


class Cut(NamedTuple):
    """The cells between the bars, divided at each `||`; `tail` is what follows the last bar."""

    sections: list[list[Piece]]
    tail: Piece


def cells_of(line: Line, subject: str, problems: list[Diagnostic]) -> list[list[Piece]]:
    """The cells of a line; one that no bar closes is complained about and counted."""
    sections, tail = cut(line.text)
    if tail[0]:
        problems.append(diagnostic_at(_tail(tail), line.span, subject))
        if not tail[0].startswith("#"):
            sections[-1].append(tail)
    return sections


def _tail(tail: Piece) -> Diagnostic:
    text, start = tail
    at = (start, start + len(text))
    if text.startswith("#"):
        label = "a comment stands on a line of its own"
        helps = (decide("move the comment to the line above"),)
        return complaint("GAP001", "a comment after a row", at, label, helps=helps)
    helps = (mend("end the row with `|`", ((at[1], at[1]), " |")),)
    return complaint(
        "GAP003", "this row does not end with `|`", at, "this cell is not closed", helps=helps
    )


def cut(text: str) -> Cut:
    """The cells of a line that begins with `|`."""
    _, *pieces, tail = _between_bars(text)
    sections: list[list[Piece]] = [[]]
    start = 1
    for piece in pieces:
        if piece:
            stripped = piece.strip()
            begin = start + piece.index(stripped) if stripped else start + 1
            sections[-1].append((stripped, begin))
        else:
            sections.append([])
        start += len(piece) + 1
    return Cut(sections, (tail.strip(), len(text) - len(tail.lstrip())))


def _between_bars(text: str) -> list[str]:
    """`text.split("|")`, but for bars in quotes and, after the second `||`, bars after a backslash."""
    if '"' not in text and "\\" not in text:
        return text.split("|")
    pieces: list[str] = []
    at = dividers = 0
    while at <= len(text):
        found = (_WITH_QUOTES if dividers < 2 else _WITH_ESCAPES).match(text, at)
        assert found is not None
        dividers += found[0] == "" and 0 < at < len(text)
        pieces.append(found[0])
        at = found.end() + 1
    return pieces
