"""Makes any text stand in Markdown as itself, for GitHub's reading and for Python-Markdown's alike.

The two disagree on backslashes, so every character that either might take for markup becomes an
entity, which both read in one way. What could not be seen, or could turn text around, is spelled out.
"""

from __future__ import annotations

import re
import unicodedata

_MARKUP = re.compile(r"[&<>|`*\[\]\\~$#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
"""An underscore within a word is one; elsewhere it may be emphasis."""

_EMOJI = re.compile(r":(?=[A-Za-z0-9_+-])")
_SPACES = re.compile(r"(?<= ) +|(?<=\n) +| +(?=\n)")
_EDGES = re.compile(r"^ +| +$")
_BLOCK = re.compile(r"^(?:[-+=:]|[0-9]+[.)])")
_LINE_END = re.compile(r"\r\n?")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\u00a0": "&nbsp;"}
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Control and format characters, half surrogates, private and unassigned ones, separators of lines."""


def escape(text: str) -> str:
    """`text` as inline Markdown, and as HTML, that shows just this text."""
    shown = _MARKUP.sub(lambda found: _entity(found[0]), visible(text))
    shown = _EMOJI.sub(_entity(":"), shown)
    shown = _SPACES.sub(_unbroken, shown)
    return "".join(_wide(letter) for letter in shown).replace("\n", "<br>")


def closed(inline: str) -> str:
    """Inline Markdown whose outer spaces are kept: nobody trims them, and emphasis may touch them."""
    return _EDGES.sub(_unbroken, inline)


def opening(inline: str) -> str:
    """Inline Markdown that may begin a line without beginning a list, a heading or a rule."""
    return _BLOCK.sub(lambda found: f"{found[0][:-1]}{_entity(found[0][-1])}", closed(inline))


def visible(text: str) -> str:
    """`text` with one sign for the end of a line, and what shows nothing spelled out: `⟨U+202E⟩`."""
    return "".join(_spelled(letter) for letter in _LINE_END.sub("\n", text))


def _spelled(letter: str) -> str:
    hidden = letter != "\n" and unicodedata.category(letter) in _HIDDEN
    return f"⟨U+{ord(letter):04X}⟩" if hidden else letter


def _wide(letter: str) -> str:
    """A space other than the plain one as an entity, so that nobody trims or folds it."""
    odd = letter != " " and unicodedata.category(letter) == "Zs"
    return _entity(letter) if odd else letter


def _unbroken(spaces: re.Match[str]) -> str:
    return "&nbsp;" * len(spaces[0])


def _entity(letter: str) -> str:
    return _NAMED.get(letter, f"&#{ord(letter)};")
