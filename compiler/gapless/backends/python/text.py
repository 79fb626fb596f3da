"""The author's words within Python: as string literals, in docstrings, in comments; never breaking out.

Only letters that every reader sees are let through, by ranges written out here rather than by the
tables of the Python at hand, so that every version of Python writes the same bytes.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

WIDTH = 88
"""How wide a line of generated code may be: what the usual formatters take."""

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202f\u205f-\u206f\u3000\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
"""Control, bidirectional, zero-width and private letters, lone surrogates, odd spaces."""

_LOOSE_QUOTE = re.compile(r'^"|"$|"(?=")|(?<=")"')
"""A quote that, with what stands beside it, could end a docstring."""

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def string(text: str) -> str:
    """`text` as a Python expression, in the quotes that need fewer escapes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    escaped = text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    return quote + _UNSEEN.sub(_escape, escaped) + quote


def prose(text: str) -> str:
    """`text` for the inside of a docstring: one line, and nothing that ends or escapes it."""
    line = " ".join(text.split()).replace("\\", "\\\\")
    return _UNSEEN.sub(_escape, _LOOSE_QUOTE.sub('\\\\"', line))


def remark(text: str) -> str:
    """`text` for a comment: one line."""
    return _UNSEEN.sub(_escape, " ".join(text.split()))


def sentence(text: str) -> str:
    """`text` with a full stop, unless it ends its own way."""
    return text if not text or text[-1] in ".!?" else f"{text}."


def wrapped(text: str, first: str, rest: str) -> Iterator[str]:
    """Lines of `text` no wider than a line may be, where its words allow; `first` and `rest` lead."""
    yield from textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]


def pieces(text: str, width: int) -> list[str]:
    """`text` cut between words into string literals of at most `width`, where its words allow."""
    found: list[str] = []
    line = ""
    for word in re.split(r"(?<= )(?=[^ ])", text):
        if line and len(string(line + word)) > width:
            found.append(line)
            line = ""
        line += word
    return [string(piece) for piece in (*found, line)]


def _escape(match: re.Match[str]) -> str:
    letter = match.group()
    code = ord(letter)
    if letter in _SHORT:
        return _SHORT[letter]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
