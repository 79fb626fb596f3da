"""The lines of a table that are not rows, each read by its first word."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from typing import Any, NamedTuple

from gapless_dsl.blocks import (
    TABLE_LINES,
    first_word,
    has_cells,
    is_divided,
    meant,
    misspelt,
)
from gapless_dsl.complaint import complaint, if_read, left_to_the_author, mend
from gapless_dsl.cutting import cut
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.grid import read_grid
from gapless_dsl.lexis import DITTOS
from gapless_dsl.lines import Line
from gapless_dsl.placing import diagnostic_at
from gapless_dsl.reading import read_line
from gapless_dsl.source import Span

NOTE = '"'
_STARTS = {
    "in": "column",
    "out": "column",
    "let": "let",
    "example": "example",
    "gives": "gives",
    NOTE: "note",
}


class TableLine(NamedTuple):
    """`phrase` is None where the line cannot be read, `keyword` empty where not even its first word."""

    keyword: str
    line: Line
    phrase: Any


class Around(NamedTuple):
    """Of a table, or a decision, its rows and the lines that are read as something else."""

    rows: list[Line]
    known: list[Line]
    is_decision: bool


def is_known(line: Line) -> bool:
    """Whether it is read as another line than a row, misspelt or not."""
    if is_divided(line):
        return False
    return line.text[0] == NOTE or meant(first_word(line), TABLE_LINES) is not None


def table_line(line: Line, around: Around, subject: str, problems: list[Diagnostic]) -> TableLine:
    starts = {**_STARTS, "out": "result"} if around.is_decision else _STARTS
    word = NOTE if line.text[0] == NOTE else first_word(line)
    if is_divided(line):
        problems.append(_barless(line, around, subject))
        return TableLine("", line, None)
    if word in starts:
        head = 0 if word == NOTE else len(word)
        return TableLine(word, line, read_line(starts[word], line, head, subject, problems))
    keyword = meant(word, TABLE_LINES)
    if keyword is None:
        problems.append(
            _barless(line, around, subject)
            if has_cells(line)
            else diagnostic_at(_notable_line(line, word), line.span, subject)
        )
        return TableLine("", line, None)
    problems.append(diagnostic_at(misspelt(word, keyword), line.span, subject))
    return TableLine(keyword, line, read_line(starts[keyword], line, len(word), subject, problems))


def _notable_line(line: Line, word: str) -> Diagnostic:
    at = (0, len(word) or len(line.text.split()[0]))
    title = f"no line of a table begins with `{line.text[slice(*at)]}`"
    label = "expected `in`, `let`, `out`, `|`, `example`, `gives` or a note in quotes"
    return complaint("GAP001", title, at, label)


def _barless(line: Line, around: Around, subject: str) -> Diagnostic:
    """A row that lost its first `|`; its help is mechanical only if the line then is one of the grid."""
    found = diagnostic_at(_without_bars(line), line.span, subject)
    rows, place = around.rows, bisect(around.rows, line.span, key=_span)
    above, below = rows[:place][:2] + rows[2:place][-1:], rows[place : place + 1]
    for row in above[-1:] or below:
        first, last = sorted((row.span, line.span))
        if bisect(around.known, first, key=_span) < bisect(around.known, last, key=_span):
            return left_to_the_author(found)  # other lines stand between it and the grid
    leans = any(
        text in DITTOS for row in below for section in cut(row.text).sections for text, _ in section
    )
    if around.is_decision or leans:
        return left_to_the_author(found)

    def wrong(mended: Line) -> bool:
        told: list[Diagnostic] = []
        grid = read_grid([*above, mended] if above else [mended, *rows], subject, told)
        places = range(mended.span.start, mended.span.start + len(mended.text))
        return grid is None or any(not above or each.span.start in places for each in told)

    return if_read(found, line, wrong)


def _span(line: Line) -> Span:
    return line.span


def _without_bars(line: Line) -> Diagnostic:
    """A row with tabs was none before, either."""
    end = len(line.text)
    begin = ((0, 0), "| " if line.indent else "  | ")
    ends = () if line.text.endswith("|") else (((end, end), " |"),)
    helps = (mend(f"begin {'and end ' if ends else ''}it with `|`", begin, *ends),)
    return complaint(
        "GAP001",
        "a row of a table begins with `|`",
        (0, 1),
        "this one does not",
        notes=() if "|" in line.text else ("its cells are divided by `|`, not by tabs",),
        helps=helps if "|" in line.text else (),
    )


def said(keyword: str, lines: list[TableLine]) -> Iterator[tuple[Line, Any]]:
    for each in lines:
        if each.keyword == keyword and each.phrase is not None:
            yield each.line, each.phrase
