"""Rows that go on below: `+` in the first cell, and each cell says more of the cell above it.

    | narrow | imrt, srs, || 77387 || the code of 2026 for |
    | +      | sbrt       ||       || image guidance [a]   |

A cell that goes on is one text, in which the end of a line and blanks stand for all that is between,
so that whatever is read in it is still counted in characters from where the cell begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from gapless_dsl.complaint import complaint, decide
from gapless_dsl.cutting import Piece, cells_of
from gapless_dsl.diagnostic import Diagnostic, Help
from gapless_dsl.lines import Line
from gapless_dsl.placing import diagnostic_at

MORE = "+"
"""What stands where a rule's name would."""

NOTES = 2
"""The section of a row in which not every column needs a cell."""

_GOES_ON = re.compile(r"\|\s*\+\s*\|")


def gathered(
    lines: Iterable[Line], heads: int, subject: str, problems: list[Diagnostic]
) -> list[Line]:
    """The lines of a grid, each row with those that go on with it; of these, the first `heads` are no rows."""
    found: list[Line] = []
    for line in lines:
        if not _GOES_ON.match(line.text):
            found.append(line)
        elif len(found) <= heads:
            problems.append(diagnostic_at(_nothing_above(line), line.span, subject))
        else:
            found[-1] = found[-1]._replace(more=(*found[-1].more, line))
    return found


def joined(
    sections: list[list[Piece]], line: Line, subject: str, problems: list[Diagnostic]
) -> list[list[Piece]]:
    """The cells of a row, with what those lines say that go on with it."""
    for below in line.more:
        more = cells_of(below, subject, problems)
        wrong = _unlike(more, sections, below)
        if wrong is not None:
            problems.append(diagnostic_at(wrong, below.span, subject))
            continue
        more[0][0] = ("", more[0][0][1])
        by = below.span.start - line.span.start
        placed = [[(text, start + by) for text, start in cells] for cells in more]
        nothing: list[Piece] = []
        together = zip_longest(sections, placed, fillvalue=nothing)
        sections = [[*_joined(above, cells, n)] for n, (above, cells) in enumerate(together)]
    return sections


def _joined(above: list[Piece], below: list[Piece], section: int) -> Iterator[Piece]:
    """Two lines of one section. A line that is blank there may have any cells; annotations may be left out."""
    if section < NOTES and len(above) != len(below):
        yield from above
        return
    for upper, lower in zip_longest(above, below):
        if upper is None or not upper[0]:
            yield lower if lower is not None and lower[0] else upper or lower
        elif lower is None or not lower[0]:
            yield upper
        else:
            (text, start), (more, later) = upper, lower
            gap = later - start - len(text)
            yield f"{text}\n{' ' * (gap - 1)}{more}", start


def parts_of(piece: Piece) -> Iterator[Piece]:
    """What stands of a cell on each of its lines."""
    text, start = piece
    for part in text.split("\n"):
        said = part.lstrip(" ")
        yield said, start + len(part) - len(said)
        start += len(part) + 1


def within_lines(found: Diagnostic, text: str) -> Iterator[Help]:
    """The helps of a complaint about a cell, without edits of several lines: other cells stand between."""
    for help_ in found.helps:
        if not any("\n" in text[edit.span.start : edit.span.end] for edit in help_.edits):
            yield help_


# ---------------------------------------------------------------- what cannot go on


def _nothing_above(line: Line) -> Diagnostic:
    at = (line.text.index(MORE), line.text.index(MORE) + 1)
    label = "it goes on with the row above, and there is none"
    helps = (decide("write it below the row that it belongs to, or give it a name"),)
    return complaint("GAP041", "`+` goes on with nothing", at, label, helps=helps)


def _unlike(more: list[list[Piece]], above: list[list[Piece]], line: Line) -> Diagnostic | None:
    """What is wrong with a line that has other cells than the row that it goes on with."""
    for number, cells in enumerate(more[: len(above)]):
        filled = [piece for piece in cells[number == 0 :] if piece[0]]
        if number < NOTES and filled and len(cells) != len(above[number]):
            text, start = filled[0]
            title = "no cell above can be told from this one"
            label = (
                f"the row above has {_count(len(above[number]))} here, and this line {len(cells)}"
            )
            return complaint("GAP041", title, (start, start + len(text)), label)
    if len(more) > 1 + NOTES:
        label = "it has those of the row above"
        return complaint("GAP041", "this line has too many `||`", (0, len(line.text)), label)
    return None


def _count(cells: int) -> str:
    return f"{cells} cell{'s' * (cells != 1)}"
