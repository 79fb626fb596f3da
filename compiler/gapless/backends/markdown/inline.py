"""What may stand in a line or a table of a page, printed as Markdown or as HTML, and escaped.

User text enters only as the content of `Text`, `Code` and their kin, and the printers escape it, so
none can be forgotten. Markdown is for eyes on the raw file; HTML is for tables that are folded, in
which no Markdown is read. GitHub and Python-Markdown disagree on backslashes, so every character
that either might take for markup becomes an entity, which both read in one way. What could not be
seen, or could turn text around, is spelled out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, assert_never

from gapless.text.words import count

FOLD = 60
"""A table with more rows is folded away; its heading says what lies within."""

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


def joined(lines: Sequence[Line], between: Line | str, last: str | None = None) -> Line:
    """The lines with `between` between them, and `last` before the last one."""
    found: list[Inline] = []
    for number, line in enumerate(lines):
        if number:
            here = last if number == len(lines) - 1 and last is not None else between
            found.extend(text(here) if isinstance(here, str) else here)
        found.extend(line)
    return tuple(found)


def flat(line: Iterable[Inline]) -> Line:
    """The same without new lines."""
    return tuple(Text(" ") if isinstance(part, Break) else part for part in line)


def markdown(line: Iterable[Inline]) -> str:
    """For cells, and after whatever already begins a line."""
    return _closed("".join(_markdown(part) for part in line))


def paragraph(line: Iterable[Inline]) -> str:
    """For the beginning of a line: it begins no list, no heading and no rule."""
    closed = markdown(line)
    return _BLOCK.sub(lambda found: f"{found[0][:-1]}{_entity(found[0][-1])}", closed)


def html(line: Iterable[Inline]) -> str:
    return _closed("".join(_html(part) for part in line))


def plain(line: Iterable[Inline]) -> str:
    """The text alone, as a reader sees it, unescaped."""
    return "".join(_plain(part) for part in line)


def _markdown(part: Inline) -> str:
    match part:
        case Code(words):
            return f"`{words}`" if _BARE.fullmatch(words) else _html(part)
        case Emphasis(words):
            return f"*{_closed(_escaped(words))}*" if words else ""
        case Strong(words):
            return f"**{_closed(_escaped(words))}**" if words else ""
        case Link(of, to):
            return f"[{_markdown(of)}]({to})"
        case Text() | Anchor() | Break():
            return _html(part)
    assert_never(part)


def _html(part: Inline) -> str:
    match part:
        case Text(words):
            return _escaped(words)
        case Code(words):
            return f"<code>{_escaped(words)}</code>"
        case Emphasis(words):
            return f"<em>{_closed(_escaped(words))}</em>"
        case Strong(words):
            return f"<strong>{_closed(_escaped(words))}</strong>"
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


class Grid(NamedTuple):
    """What the template prints: cells as Markdown, or as HTML where there is a `fold` to open.

    `below` are lines below it: of a table that is too wide for a phone, the reasons.
    """

    fold: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    below: tuple[str, ...] = ()


def grid(head: Sequence[Line | str], rows: Sequence[Sequence[Line]]) -> Grid:
    """A table; every row has a cell for each column of the head."""
    lines = [text(title) if isinstance(title, str) else title for title in head]
    folded = len(rows) > FOLD
    printed = html if folded else markdown
    return Grid(
        fold=f"Show {count(len(rows), 'row')}" if folded else "",
        head=tuple(printed(line) for line in lines),
        rows=tuple(tuple(printed(cell) for cell in row) for row in rows),
    )


# ---------------------------------------------------------------- on a phone

PHONE = 370
"""So many dots wide is what a phone of 400 shows of a page."""

_LETTER, _SIGN, _BOX, _CELL = 8, 8.4, 12, 27
"""The dots of a letter in text and in code, around code, and around what stands in a cell."""

_BROKEN = re.compile(r"[ \n/-]")


def reasoned(head: Sequence[Line | str], rows: Sequence[Sequence[Line]], named: int = 1) -> Grid:
    """A table whose last column says why: a line for each reason below it, where a phone would not show it.

    The first so many columns name a row there.
    """
    if len(rows) > FOLD or fits(head, rows):
        return grid(head, rows)
    below = []
    for row in rows:
        parts = (part for part in joined(row[:named], ", ") if not isinstance(part, Anchor))
        if row[-1]:
            below.append(markdown((*flat(parts), Text(": "), *row[-1])))
    return grid(head[:-1], [row[:-1] for row in rows])._replace(below=tuple(below))


def fits(head: Sequence[Line | str], rows: Sequence[Sequence[Line]]) -> bool:
    """Whether a phone shows the whole table, its cells broken wherever they can be."""
    lines = [text(title) if isinstance(title, str) else title for title in head]
    columns = zip(lines, *rows, strict=True)
    return sum(_CELL + max(map(_widest, column)) for column in columns) <= PHONE


def _widest(line: Line) -> float:
    """The dots of the longest part of a cell that nobody breaks."""
    return max(map(_width, line), default=0)


def _width(part: Inline) -> float:
    if isinstance(part, Link):
        return _width(part.of)
    longest = max(map(len, _BROKEN.split(plain((part,)))))
    return _BOX + _SIGN * longest if isinstance(part, Code) else _LETTER * longest


# ---------------------------------------------------------------- escaped

_MARKUP = re.compile(r"[&<>|`*\[\]\\~$#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
"""An underscore within a word is one; elsewhere it may be emphasis."""

_EMOJI = re.compile(r":(?=[A-Za-z0-9_+-])(?!(?<=[0-9]:)[0-9]{2}(?![A-Za-z0-9_+-]))")
"""But for a time's: no emoji is called by two digits."""
_SPACES = re.compile(r"(?<= ) +|(?<=\n) +| +(?=\n)")
_EDGES = re.compile(r"^ +| +$")
_BLOCK = re.compile(r"^(?:[-+=:]|[0-9]+[.)])")
_LINE_END = re.compile(r"\r\n?")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\u00a0": "&nbsp;"}
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Control and format characters, half surrogates, private and unassigned ones, separators of lines."""


def _escaped(text: str) -> str:
    """`text` as inline Markdown, and as HTML, that shows just this text."""
    shown = _MARKUP.sub(lambda found: _entity(found[0]), visible(text))
    shown = _EMOJI.sub(_entity(":"), shown)
    shown = _SPACES.sub(_unbroken, shown)
    # A space other than the plain one becomes an entity, so that nobody trims or folds it.
    wide = {each for each in shown if each != " " and unicodedata.category(each) == "Zs"}
    return "".join(_entity(each) if each in wide else each for each in shown).replace("\n", "<br>")


def _closed(inline: str) -> str:
    """Inline Markdown whose outer spaces are kept: nobody trims them, and emphasis may touch them."""
    return _EDGES.sub(_unbroken, inline)


def visible(text: str) -> str:
    """`text` with one sign for the end of a line, and what shows nothing spelled out: `⟨U+202E⟩`."""
    lines = _LINE_END.sub("\n", text)
    hidden = {each for each in lines if each != "\n" and unicodedata.category(each) in _HIDDEN}
    return "".join(f"⟨U+{ord(each):04X}⟩" if each in hidden else each for each in lines)


def _unbroken(spaces: re.Match[str]) -> str:
    return "&nbsp;" * len(spaces[0])


def _entity(letter: str) -> str:
    return _NAMED.get(letter, f"&#{ord(letter)};")
