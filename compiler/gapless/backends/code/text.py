"""The author's words within Python: as string literals, in docstrings, in comments; never breaking out.

Only letters that every reader sees are let through, by ranges written out here rather than by the
tables of the Python at hand, so that every version of Python writes the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gapless.model import Note

WIDTH = 88
"""How wide a line of generated code may be: what the usual formatters take."""

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202f\u205f-\u206f\u3000\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
"""Control, bidirectional, zero-width and private letters, lone surrogates, odd spaces."""

_WIDE = re.compile(
    "[\u1100-\u115f\u231a\u231b\u23e9-\u23ec\u2614\u2615\u267f\u26a1\u2e80-\ua4cf\ua960-\ua97c"
    "\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\U0001f300-\U0001faff"
    "\U00016fe0-\U00018cff\U0001aff0-\U0001b2ff\U00020000-\U0003fffd]"
)

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


def told(*notes: Note) -> Iterator[list[str]]:
    """Each note as a paragraph of a docstring, with the address where more of it stands."""
    for note in notes:
        text, address = prose(note.text), prose(note.address or "")
        if text or address:
            yield [": ".join(filter(None, (text, address))) if address else sentence(text)]


def wrapped(text: str, first: str, rest: str, room: int = WIDTH) -> Iterator[str]:
    """Lines of `text` no wider than `room`, where its words allow; `first` and `rest` lead them."""
    line, begun = first, False
    for word in text.split(" "):
        if begun and width(f"{line} {word}") > room:
            yield line
            line, begun = rest, False
        line = f"{line} {word}" if begun else f"{line}{word}"
        begun = True
    yield line


def width(text: str) -> int:
    """How many columns a text takes, where a letter takes one and an ideograph or a picture two."""
    return len(text) + len(_WIDE.findall(text))


def pieces(text: str, room: int) -> list[str]:
    """`text` cut between words into string literals of at most `room`, where its words allow."""
    found: list[str] = []
    line = ""
    for word in re.split(r"(?<= )(?=[^ ])", text):
        if line and width(string(line + word)) > room:
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
