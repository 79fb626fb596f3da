"""A table's grid: its header, and one rule a line."""

from __future__ import annotations

import re

from gapless_dsl.continuing import gathered
from gapless_dsl.crosstab import is_crosstab, read_crosstab
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.header import read_header
from gapless_dsl.lines import Line
from gapless_dsl.nodes import Crosstab, Grid, Row
from gapless_dsl.rows import read_row
from gapless_dsl.source import Span

_DASHES = re.compile(r"\|(?:\s*:?-{3,}:?\s*\|+)+")
"""A line of dashes, as people draw below a header."""

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
        crossed = gathered([*inked[:2], *below, *inked[3:]], 2, subject, problems)
        return read_crosstab(crossed, subject, problems)
    inked = gathered(inked, 1, subject, problems)
    if not inked:
        return None
    header, sound = read_header(inked[0], subject, problems)
    if header is None:
        return None
    rows: list[Row] = []
    above = None
    for number, line in enumerate(inked[1:], 1):
        above = read_row(line, header, above, subject, number, problems)
        rows.append(above)
    path, start, _ = lines[0].span
    return Grid(header, tuple(rows), Span(path, start, lines[-1].span.end)) if sound else None
