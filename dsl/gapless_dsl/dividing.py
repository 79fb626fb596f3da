"""What stands of a cell on each line of a row that goes on below: as its author divided it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from gapless_dsl import printing
from gapless_dsl.commas import listed
from gapless_dsl.nodes import (
    At,
    Blocked,
    ConditionCell,
    ConditionContent,
    Crossing,
    OutcomeCell,
    OutcomeContent,
    TextCell,
)
from gapless_dsl.source import Span


def lines_of(
    cell: ConditionCell | OutcomeCell | Crossing | TextCell | None,
    text: str | None,
    more: Sequence[Span],
) -> list[str]:
    """`text`, which is the cell printed on one line, on the row's first line and those in `more`."""
    first = [text or "", *[""] * len(more)]
    if cell is None or cell.ditto:
        return first
    if isinstance(cell, TextCell):
        return _texts(cell, more)
    starts = [below.start - cell.span.start for below in more]
    match cell.content:
        case ConditionContent() as content:
            return _divided(printing.parts(content), starts) or first
        case OutcomeContent() as content:
            return _divided(printing.items(content), starts) or first
        case Blocked():
            return first


def _divided(parts: Sequence[tuple[str, At]], starts: Sequence[int]) -> list[str]:
    """Each value on the line on which it begins, and a comma behind all but the last; none for none."""
    lines: list[list[tuple[str, At]]] = [[] for _ in range(1 + len(starts))]
    for text, at in parts:
        lines[bisect_right(starts, at[0])].append((text, at))
    last = max((number for number, those in enumerate(lines) if those), default=None)
    if last is None:
        return []
    said = [listed(those) for those in lines]
    return [f"{text}," if text and n < last else text for n, text in enumerate(said)]


def _texts(cell: TextCell, more: Sequence[Span]) -> list[str]:
    lines = [""] * (1 + len(more))
    ends = [at for at, _ in cell.breaks]
    starts = [below.start for below in more]
    for begin, end in zip([0, *ends], [*ends, len(cell.text) + 1], strict=True):
        part = cell.text[begin : end - 1]
        line = bisect_right(starts, cell.within(begin, begin).start)
        lines[line] = part.replace("|", "\\|")
    return lines
