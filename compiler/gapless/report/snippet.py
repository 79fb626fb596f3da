"""The author's own lines, quoted with the guilty cells underlined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from gapless.report.glyphs import Glyphs, glyphs, visible
from gapless.report.paint import Ink, Paint
from gapless_dsl.diagnostic import Label
from gapless_dsl.source import Source

ROOM = 100
"""Columns for a quoted line; a longer one is shown through a window around what is underlined."""

_CROSSED = re.compile(r"\|\|\s*\S+\s+by\s+\S+\s*\|")
"""What the header of a crosstab says above its heads: `price by zone`."""


class Mark(NamedTuple):
    """One underlined stretch of a line, in columns."""

    start: int
    end: int
    text: str
    is_first: bool


class Window(NamedTuple):
    start: int
    end: int


def quoted(
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
        yield f"{paint(f'{number:>{gutter}}│', Ink.QUIET)} {_shown(cut[number], window)}".rstrip()
        for below in _below(marks[number], window, paint, ink):
            yield f"{paint(' ' * gutter + '│', Ink.QUIET)} {below}"


def _headers(source: Source, number: int) -> tuple[int, ...]:
    """The header above line `number`; the heads too, where it is a crosstab's."""
    header = _header(source, number)
    is_crossed = number > header + 1 and _CROSSED.search(source.line(header))
    return (header, header + 1) if is_crossed else (header,)


def _header(source: Source, number: int) -> int:
    """The first line of the grid that line `number` is a row of; elsewhere the line itself."""
    if not source.line(number).lstrip().startswith("|"):
        return number
    while number > 1 and source.line(number - 1).lstrip().startswith(("|", "#")):
        number -= 1
    while source.line(number).lstrip().startswith("#"):
        number += 1
    return number


def _marks(source: Source, labels: Sequence[Label], first: Label, line: Glyphs) -> list[Mark]:
    """Where each label stands on its line; one that goes on below is underlined to the line's end."""
    marks = []
    for label in labels:
        text = source.text[label.span.start : label.span.end]
        skipped, length = _name(text) or (0, _shown_length(text, source, label))
        letter = min(source.place(label.span.start).column - 1 + skipped, len(line.offsets) - 1)
        last = min(letter + length, len(line.offsets) - 1)
        start = line.offsets[letter]
        end = max(line.offsets[last], start + 1)
        marks.append(Mark(start, end, visible(label.text), label is first))
    return marks


def _shown_length(text: str, source: Source, label: Label) -> int:
    """How much to underline: of a cell that goes on in the row below, what stands of it here."""
    first = text.partition("\n")[0]
    if first == text or source.line(source.place(label.span.start).line).lstrip()[:1] != "|":
        return len(text)
    return len(re.match(r'(?:"(?:[^"\\]|\\.)*"|\\\||[^|])*', first)[0].rstrip())  # type: ignore[index]  # it matches ""


def _name(row: str) -> tuple[int, int] | None:
    """Where the first filled cell stands in a whole row: enough to underline for all of it."""
    found = re.match(r"\|[| \t]*([^|\n]*[^|\s])[ \t]*\|.*\|[ \t\r]*(?:\Z|\n)", row)
    return None if found is None else (found.start(1), len(found[1]))


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


def _shown(line: Glyphs, window: Window) -> str:
    before = "…" if window.start > 0 else ""
    after = "…" if window.end < len(line.columns) else ""
    return (
        before
        + line.cut(window.start + len(before), max(window.end - len(after), window.start))
        + after
    )


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
