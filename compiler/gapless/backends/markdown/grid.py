"""Tables on a page: columns that say something, and a fold where there are too many rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gapless.backends.markdown.inline import Line, html, markdown, text
from gapless.text.words import count

FOLD = 60
"""A table with more rows is folded away; its heading says what lies within."""


@dataclass(frozen=True, slots=True)
class Grid:
    """What the template prints: cells as Markdown, or as HTML where there is a `fold` to open."""

    fold: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


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
