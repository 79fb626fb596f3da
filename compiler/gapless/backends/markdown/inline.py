"""What may stand in a line of a page: text, code, emphasis, links and anchors, printed in two ways.

User text enters only as the content of `Text`, `Code` and their kin, and the printers escape it, so
none can be forgotten. Markdown is for eyes on the raw file; HTML is for tables that are folded, in
which no Markdown is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from gapless.backends.markdown.escape import closed, escape, opening

_BARE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A name as the language writes it."""

    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """`to` is an address that `addresses` made, or made safe."""

    of: Text | Code | Emphasis | Strong
    to: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place that links lead to; `name` was made by `addresses`."""

    name: str


@dataclass(frozen=True, slots=True)
class Break:
    """A new line within a cell or paragraph."""


Inline: TypeAlias = Text | Code | Emphasis | Strong | Link | Anchor | Break
Line: TypeAlias = tuple[Inline, ...]


def text(*words: str) -> Line:
    return tuple(Text(word) for word in words if word)


def joined(lines: Sequence[Line], between: Line, last: Line | None = None) -> Line:
    """The lines with `between` between them, and `last` before the last one."""
    found: list[Inline] = []
    for number, line in enumerate(lines):
        if number:
            is_last = number == len(lines) - 1
            found.extend(last if is_last and last is not None else between)
        found.extend(line)
    return tuple(found)


def flat(line: Iterable[Inline]) -> Line:
    """The same without new lines."""
    return tuple(Text(" ") if isinstance(part, Break) else part for part in line)


def markdown(line: Iterable[Inline]) -> str:
    """For cells, and after whatever already begins a line."""
    return closed("".join(_markdown(part) for part in line))


def paragraph(line: Iterable[Inline]) -> str:
    """For the beginning of a line."""
    return opening("".join(_markdown(part) for part in line))


def html(line: Iterable[Inline]) -> str:
    return closed("".join(_html(part) for part in line))


def plain(line: Iterable[Inline]) -> str:
    """The text alone, as a reader sees it, unescaped."""
    return "".join(_plain(part) for part in line)


def _markdown(part: Inline) -> str:
    match part:
        case Text(words):
            return escape(words)
        case Code(words):
            return f"`{words}`" if _BARE.fullmatch(words) else _html(part)
        case Emphasis(words):
            return f"*{closed(escape(words))}*" if words else ""
        case Strong(words):
            return f"**{closed(escape(words))}**" if words else ""
        case Link(of, to):
            return f"[{_markdown(of)}]({to})"
        case Anchor() | Break():
            return _html(part)
    assert_never(part)


def _html(part: Inline) -> str:
    match part:
        case Text(words):
            return escape(words)
        case Code(words):
            return f"<code>{escape(words)}</code>"
        case Emphasis(words):
            return f"<em>{closed(escape(words))}</em>"
        case Strong(words):
            return f"<strong>{closed(escape(words))}</strong>"
        case Link(of, to):
            return f'<a href="{to}">{_html(of)}</a>'
        case Anchor(name):
            return f'<a id="{name}"></a>'
        case Break():
            return "<br>"
    assert_never(part)


def _plain(part: Inline) -> str:
    match part:
        case Text(words) | Code(words) | Emphasis(words) | Strong(words):
            return words
        case Link(of, _):
            return _plain(of)
        case Anchor():
            return ""
        case Break():
            return "\n"
    assert_never(part)
