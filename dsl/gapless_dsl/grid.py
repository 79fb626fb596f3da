"""A table's grid: its header, and one rule a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gapless_dsl.complaint import complaint, decide
from gapless_dsl.crosstab import is_crosstab, read_crosstab
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.header import read_header
from gapless_dsl.lines import Line
from gapless_dsl.nodes import At, Crosstab, Grid, Row
from gapless_dsl.placing import diagnostic_at
from gapless_dsl.rows import read_row
from gapless_dsl.source import Span

_DASHES = re.compile(r"\|(?:\s*:?-{3,}:?\s*\|+)+")
"""A line of dashes, as people draw below a header."""

_GOES_ON = re.compile(r"\|\s*(\+)\s*\|")

_DRAWN = re.compile(r"\|(?:\s*:?-+:?\s*\|+)+")
"""The same right below the header, where no rule is named `-` and answers `-`: one dash will do."""


def read_grid(
    lines: list[Line], subject: str, problems: list[Diagnostic]
) -> Grid | Crosstab | None:
    """None where the header cannot be right; the rows are read all the same, for what is wrong there."""
    below = [line for line in lines[1:2] if not _DRAWN.fullmatch(line.text)]
    inked = [line for line in (*lines[:1], *below, *lines[2:]) if not _DASHES.fullmatch(line.text)]
    inked = inked or lines[:1]
    if is_crosstab(inked[0]):
        below = [line for line in inked[2:3] if not _DRAWN.fullmatch(line.text)]
        under = alone([*below, *inked[3:]], subject, problems)
        return read_crosstab([*inked[:2], *under], subject, problems)
    header, sound = read_header(inked[0], subject, problems)
    if header is None:
        return None
    rows: list[Row] = []
    above = None
    for number, line in enumerate(alone(inked[1:], subject, problems), 1):
        above = read_row(line, header, above, subject, number, problems)
        rows.append(above)
    path, start, _ = lines[0].span
    return Grid(header, tuple(rows), Span(path, start, lines[-1].span.end)) if sound else None


def alone(lines: list[Line], subject: str, problems: list[Diagnostic]) -> Iterator[Line]:
    """The rows, without those that were meant to go on with the row above."""
    for line in lines:
        if (found := _GOES_ON.match(line.text)) is None:
            yield line
        else:
            problems.append(diagnostic_at(_going_on(found.span(1)), line.span, subject))


def _going_on(at: At) -> Diagnostic:
    label = "a row stands on one line, however long"
    helps = (decide("write what this line says more in the cells of the row above"),)
    return complaint("GAP002", "`+` goes on with no row", at, label, helps=helps)
