"""Lays the rows of a grid out in columns, as wide as a terminal shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias, assert_never
from unicodedata import category, east_asian_width

from gapless_dsl.formatter import printer
from gapless_dsl.lexis import DITTO, DITTOS, OTHERWISE, OVER
from gapless_dsl.nodes.cells import ConditionContent, OutcomeContent
from gapless_dsl.nodes.declarations import (
    Blocked,
    ConditionCell,
    Crossing,
    CrossRow,
    Crosstab,
    Grid,
    Header,
    OutcomeCell,
    Row,
    RowKind,
    TextCell,
)

_MARK = re.compile(rf"\\*[{re.escape(''.join(DITTOS))}]")

AnyCell: TypeAlias = ConditionCell | OutcomeCell | Crossing | TextCell

WIDEST_LAST = 80
"""A longer text in the last column sticks out, instead of pushing every other row's end away."""


class GridLines(NamedTuple):
    """`heads` are the lines of the header: two where the table is a crosstab."""

    heads: tuple[str, ...]
    dashes: str
    rows: tuple[str, ...]


class _Section(NamedTuple):
    """The cells of one row between two `||`; where `spans`, the last cell stands for all that are left."""

    cells: tuple[str, ...]
    spans: bool = False


def _section(cells: Iterable[AnyCell | None], *, spans: bool = False) -> _Section:
    return _Section(tuple(map(written, cells)), spans)


def lay_out(grid: Grid | Crosstab) -> GridLines:
    tops = [_header(grid.header)] if isinstance(grid, Grid) else _heads(grid)
    with_notes = bool(grid.header.annotations)
    rows = ([_left(row), _middle(row), _section(row.annotations)] for row in grid.rows)
    lines = [*tops, *(row[: 2 + with_notes] for row in rows)]
    widths = [_widths(part) for part in zip(*lines, strict=True)]
    if with_notes:
        widths[-1][-1] = _width_of_last([line[-1].cells[-1] for line in lines])
    dashes = "||".join("|".join("-" * (width + 2) for width in part) for part in widths)
    printed = [_printed(line, widths) for line in lines]
    many = len(tops)
    return GridLines(tuple(printed[:many]), f"|{dashes}|", tuple(printed[many:]))


# ---------------------------------------------------------------- what stands in the cells


def _header(header: Header) -> list[_Section]:
    policy = header.policy.text if header.policy else ""
    sections = [
        _Section((policy, *(word.text for word in header.conditions))),
        _Section(tuple(word.text for word in header.outcomes)),
        _Section(tuple(word.text for word in header.annotations)),
    ]
    return sections if header.annotations else sections[:2]


def _heads(crosstab: Crosstab) -> list[list[_Section]]:
    """`price by zone` above all the zones, and the zones."""
    header = crosstab.header
    *asked, across = header.conditions
    first, _, *notes = _header(replace(header, conditions=tuple(asked)))
    title = _Section((f"{header.outcomes[0].text} by {across.text}",), spans=True)
    heads = _section(crosstab.heads)
    blank = [_Section(("",) * len(section.cells)) for section in (first, *notes)]
    return [[first, title, *notes], [blank[0], heads, *blank[1:]]]


def _left(row: Row | CrossRow) -> _Section:
    name = row.name.text if row.name else ""
    if row.over:
        name += f" {OVER} {', '.join(word.text for word in row.over)}"
    if row.kind is not RowKind.OTHERWISE:
        return _Section((name, *map(written, row.conditions)))
    return _Section((name,) if name == OTHERWISE else (name, OTHERWISE), spans=True)


def _middle(row: Row | CrossRow) -> _Section:
    if row.kind in (RowKind.IMPOSSIBLE, RowKind.DRAFT):
        return _Section((row.kind.value,), spans=True)
    first = row.outcomes[0] if row.outcomes else None
    if isinstance(first, OutcomeCell) and first.spans and not first.ditto:
        return _Section((written(first),), spans=True)
    answers_all = isinstance(row, CrossRow) and row.kind is RowKind.OTHERWISE
    return _section(row.outcomes, spans=answers_all)


def written(cell: AnyCell | None) -> str:
    """A cell as it is written; a `^` is kept."""
    if cell is None:
        return ""
    if cell.ditto:
        return DITTO
    if isinstance(cell, TextCell):
        escape = "\\" if _MARK.fullmatch(cell.text) else ""
        return (escape + cell.text).replace("|", "\\|")
    match cell.content:
        case ConditionContent() as content:
            return printer.condition(content)
        case OutcomeContent() as content:
            return printer.outcome(content)
        case Blocked() as blocked:
            return blocked.value
    assert_never(cell.content)


# ---------------------------------------------------------------- how wide


def _widths(sections: Sequence[_Section]) -> list[int]:
    """The columns' widths in one part of the grid; the last column takes what a spanning cell needs."""
    widths = [1] * max(len(section.cells) for section in sections if not section.spans)
    for section in sections:
        for i, cell in enumerate(section.cells[:-1] if section.spans else section.cells):
            widths[i] = max(widths[i], shown_width(cell))
    for section in sections:
        if section.spans:
            *before, last = section.cells
            room = sum(width + 3 for width in widths[len(before) :]) - 3
            widths[-1] += max(0, shown_width(last) - room)
    return widths


def _width_of_last(cells: Sequence[str]) -> int:
    widths = [shown_width(cell) for cell in cells]
    return max((width for width in widths if width <= WIDEST_LAST), default=widths[0])


def shown_width(text: str) -> int:
    """How many columns of a terminal `text` takes: two for a wide letter, none for an accent on it."""
    if text.isascii():
        return len(text)
    return sum(_letter_width(letter) for letter in text)


def _letter_width(letter: str) -> int:
    if category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(letter) in "WF" else 1


# ---------------------------------------------------------------- printing


def _printed(sections: Sequence[_Section], widths: Sequence[Sequence[int]]) -> str:
    parts = (_padded(section, each) for section, each in zip(sections, widths, strict=True))
    return f"| {' || '.join(parts)} |"


def _padded(section: _Section, widths: Sequence[int]) -> str:
    cells = list(section.cells)
    if len(cells) <= len(widths):  # else `otherwise` stands where no condition has a column
        cells = [pad(cell, width) for cell, width in zip(cells, widths, strict=False)]
    return pad(" | ".join(cells), sum(width + 3 for width in widths) - 3)


def pad(text: str, width: int) -> str:
    return text + " " * (width - shown_width(text))
