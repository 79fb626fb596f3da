"""Findings as a person reads them: the case before the theory, the guilty cell underlined.

A terminal is sent one entry per column, nothing invisible, nothing that steers it, and colors.
"""

from __future__ import annotations

import re
import shlex
import textwrap
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from gapless.report.finding import Names, command, shown
from gapless_dsl.diagnostic import Diagnostic, Label, Repair
from gapless_dsl.source import Source

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


# ---------------------------------------------------------------- findings

LIMIT = 20
"""How many findings a person is shown at once."""

_CROSSED = re.compile(r"\|\|\s*\S+\s+by\s+\S+\s*\|")
"""What the header of a crosstab says above its heads: `price by zone`."""


def render(
    findings: Sequence[Diagnostic],
    sources: Mapping[str, Source],
    *,
    paint: Paint = plain,
    limit: int | None = LIMIT,
    suffix: Sequence[str] = (),
    names: Names = MappingProxyType({}),
) -> str:
    """Findings one below the other, a blank line between them, the less important ones counted.

    `suffix` are the words that `gapless run` needs besides to find the same tables, `names` what it
    calls those whose name is not theirs alone.
    """
    chosen, left_out = shown(findings, limit)
    explained: set[str] = set()
    blocks = []
    for found in chosen:
        lines = list(_finding(found, sources, paint, command(found, suffix, names)))
        if found.code not in explained:
            lines.append(f"more: gapless explain {found.code}")
        explained.add(found.code)
        blocks.append("\n".join(lines) + "\n")
    if left_out:
        blocks.append(left_out)
    return "\n".join(blocks)


def _finding(
    found: Diagnostic, sources: Mapping[str, Source], paint: Paint, to_try: Sequence[str]
) -> Iterator[str]:
    ink = Ink[found.severity.name]
    yield f"{paint(f'{found.severity}[{found.code}]', ink)}: {paint(visible(found.title), Ink.STRONG)}"
    # The labels by file, in the order in which the files are first named, the guilty one in front.
    files: dict[str, list[Label]] = {}
    for label in found.labels:
        if label.span.path in sources:
            files.setdefault(label.span.path, []).append(label)
    spans = (label.span for there in files.values() for label in there)
    gutter = len(str(max((sources[s.path].place(s.start).line for s in spans), default=1)))
    blank = " " * gutter
    for path, there in files.items():
        place = sources[path].place(there[0].span.start)
        subject = (
            f"  {visible(found.subject)}" if found.subject and there[0] is found.labels[0] else ""
        )
        yield f"{blank}{paint('┌─', Ink.QUIET)} {visible(path)}:{place.line}:{place.column}{subject}"
        yield blank + paint("│", Ink.QUIET)
        yield from _quoted(sources[path], there, found.labels[0], gutter, paint, ink)
        yield blank + paint("│", Ink.QUIET)
    for note in found.notes:
        yield from _said(f"{blank}{paint('=', Ink.QUIET)} ", gutter + 2, gutter + 2, note)
    yield from _try(to_try, blank, paint)
    for each in found.helps:
        ink = Ink.GOOD if each.repair is Repair.MECHANICAL else Ink.NOTE
        lead = f"help ({each.repair}): "
        yield from _said(lead.replace("help", paint("help", ink)), len(lead), 6, each.text)
        yield from (f"  {paint('+', ink)} {visible(line)}" for line in each.lines)


def _said(lead: str, taken: int, indent: int, text: str) -> Iterator[str]:
    """A text wrapped at words; what its author put on lines of its own stays on lines of its own."""
    for line in text.splitlines():
        first, *rest = textwrap.wrap(
            visible(line),
            ROOM,
            initial_indent=" " * taken,
            subsequent_indent=" " * indent,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
        yield (lead + first[taken:]).rstrip()
        yield from rest
        lead, taken = " " * indent, indent


def _try(words: Sequence[str], blank: str, paint: Paint) -> Iterator[str]:
    """The command that shows the witness, broken where a shell lets it."""
    if not words:
        return
    words = [shlex.quote(word) for word in words]
    line = f"{blank}{paint('=', Ink.QUIET)} try it: {' '.join(words[:3])}"
    taken = width(f"{blank}= try it: {' '.join(words[:3])}")
    for word in words[3:]:
        if taken + 3 + width(word) > ROOM:
            yield line + " \\"
            line, taken = " " * 10, 10
        line += f" {visible(word)}"
        taken += 1 + width(word)
    yield line


# ---------------------------------------------------------------- the author's own lines


class Mark(NamedTuple):
    """One underlined stretch of a line, in columns."""

    start: int
    end: int
    text: str
    is_first: bool


class Window(NamedTuple):
    start: int
    end: int


def _quoted(
    source: Source, labels: Sequence[Label], first: Label, gutter: int, paint: Paint, ink: Ink
) -> Iterator[str]:
    """The lines that `labels` point at, in the order of the file, each with its marks below it.

    A row of a grid is preceded by the grid's header, so that a reader sees which column is which.
    """
    lines = {
        number: tuple(there)
        for number, there in groupby(
            sorted(labels, key=lambda label: label.span.start),
            key=lambda label: source.place(label.span.start).line,
        )
    }
    for header in [each for number in lines for each in _headers(source, number)]:
        lines.setdefault(header, ())
    cut = {number: glyphs(source.line(number)) for number in lines}
    marks = {number: _marks(source, there, first, cut[number]) for number, there in lines.items()}
    shared = _shared(cut, marks)
    for number in sorted(lines):
        window = shared or _window(cut[number], marks[number])
        if not marks[number] and len(cut[number].columns) <= window.start:
            continue
        line, (start, end) = cut[number], window
        before = "…" if start > 0 else ""
        after = "…" if end < len(line.columns) else ""
        seen = line.cut(start + len(before), max(end - len(after), start))
        lead = paint(f"{number:>{gutter}}│", Ink.QUIET)
        yield f"{lead} {before}{seen}{after}".rstrip()
        for below in _below(marks[number], window, paint, ink):
            yield f"{paint(' ' * gutter + '│', Ink.QUIET)} {below}"


def _headers(source: Source, number: int) -> tuple[int, ...]:
    """The header of the grid that line `number` is a row of; the heads too, where it is a crosstab's.

    Elsewhere it is the line itself.
    """
    if not source.line(number).lstrip().startswith("|"):
        return (number,)
    header = number
    while header > 1 and source.line(header - 1).lstrip().startswith(("|", "#")):
        header -= 1
    while source.line(header).lstrip().startswith("#"):
        header += 1
    is_crossed = number > header + 1 and _CROSSED.search(source.line(header))
    return (header, header + 1) if is_crossed else (header,)


def _marks(source: Source, labels: Sequence[Label], first: Label, line: Glyphs) -> list[Mark]:
    """Where each label stands on its line; one that goes on below is underlined to the line's end."""
    marks = []
    for label in labels:
        text = source.text[label.span.start : label.span.end]
        # Of a whole row its first filled cell, which is enough to underline for all of it.
        row = re.match(r"\|[| \t]*([^|\n]*[^|\s])[ \t]*\|.*\|[ \t\r]*(?:\Z|\n)", text)
        skipped, length = (row.start(1), len(row[1])) if row else (0, len(text))
        letter = min(source.place(label.span.start).column - 1 + skipped, len(line.offsets) - 1)
        last = min(letter + length, len(line.offsets) - 1)
        start = line.offsets[letter]
        end = max(line.offsets[last], start + 1)
        marks.append(Mark(start, end, visible(label.text), label is first))
    return marks


def _shared(cut: dict[int, Glyphs], marks: dict[int, list[Mark]]) -> Window | None:
    """One window for all lines, so that columns stay aligned, if one can hold every mark."""
    ends = [mark.end for there in marks.values() for mark in there]
    longest = max(len(line.columns) for line in cut.values())
    if longest <= ROOM:
        return Window(0, max(longest, *ends))
    starts = [mark.start for there in marks.values() for mark in there]
    if max(ends) - min(starts) > ROOM - 2:
        return None
    return _around(min(starts), max(ends))


def _window(line: Glyphs, marks: Sequence[Mark]) -> Window:
    if len(line.columns) <= ROOM:
        return Window(0, ROOM + 1)
    leading = next((mark for mark in marks if mark.is_first), marks[0] if marks else None)
    if leading is None:
        return Window(0, ROOM)
    return _around(leading.start, min(leading.end, leading.start + ROOM - 2))


def _around(start: int, end: int) -> Window:
    """A window that shows `start` to `end` and as much of what stands before as there is room for."""
    right = max(end + 1, ROOM)
    return Window(max(0, min(start - 1, right - ROOM)), right)


def _below(marks: Sequence[Mark], window: Window, paint: Paint, ink: Ink) -> Iterator[str]:
    """The underlines, the last one's text beside it, then the other texts, each under its mark."""
    seen = [
        mark._replace(start=mark.start - window.start, end=min(mark.end, window.end) - window.start)
        for mark in marks
        if window.start <= mark.start < window.end
    ]
    if not seen:
        return
    line, at = "", 0
    for mark in seen:
        start = max(mark.start, at)
        sign, color = ("^", ink) if mark.is_first else ("-", Ink.SECOND)
        under = sign * max(0, mark.end - start)
        line += " " * (start - at) + paint(under, color)
        at = start + len(under)
    texts = [mark for mark in seen if mark.text]
    if texts and texts[-1] is seen[-1]:
        yield f"{line} {_text(texts.pop(), paint, ink)}"
    else:
        yield line
    for mark in reversed(texts):
        yield " " * mark.start + _text(mark, paint, ink)


def _text(mark: Mark, paint: Paint, ink: Ink) -> str:
    return paint(mark.text, ink if mark.is_first else Ink.SECOND)
