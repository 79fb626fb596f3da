"""A crosstab as the ordinary grid that it stands for: one row for each crossing, and where each stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import compress
from typing import assert_never

from gapless.model import CrossedRow, CrossedRules
from gapless_dsl.nodes import (
    Blocked,
    Comparison,
    ConditionCell,
    CrossRow,
    Crosstab,
    Grid,
    Literal,
    Part,
    Presence,
    Range,
    Row,
    RowKind,
    TableNode,
    Word,
    answer,
)

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]+|\.(?![0-9])")
_COMPARED = {"<": "below", "<=": "to", ">": "above", ">=": "from", "=": "is"}


def grid_of(node: TableNode) -> Grid | None:
    """The grid of a table, written out."""
    return _written_out(node.grid) if isinstance(node.grid, Crosstab) else node.grid


def crossed(node: TableNode, written: Sequence[str]) -> CrossedRules | None:
    """Where the rules of a crosstab stand; None for any other table, and where no crossing has a rule.

    `written` are the condition columns of its grid, of which the last is the one across the top.
    """
    if not isinstance(node.grid, Crosstab) or not written:
        return None
    rows = [
        CrossedRow(_called(row, number), tuple(_names(row, number, node.grid)))
        for number, row in enumerate(node.grid.rows, 1)
        if row.kind is not RowKind.OTHERWISE
    ]
    used = [any(row.rules[at] for row in rows) for at in range(len(node.grid.heads))]
    told = tuple(
        CrossedRow(row.name, tuple(compress(row.rules, used))) for row in rows if any(row.rules)
    )
    return CrossedRules(written[-1], told) if told else None


def _names(row: CrossRow, number: int, crosstab: Crosstab) -> Iterator[str | None]:
    for each in _crossings(row, number, crosstab):
        yield each.name.text if each and each.name else None


@lru_cache(8)
def _written_out(crosstab: Crosstab) -> Grid:
    rows = tuple(
        row
        for number, crossed in enumerate(crosstab.rows, 1)
        for row in _rows(crossed, number, crosstab)
    )
    return Grid(crosstab.header, rows, crosstab.span)


def _rows(row: CrossRow, number: int, crosstab: Crosstab) -> Iterator[Row]:
    if row.kind is RowKind.OTHERWISE:
        outcomes = tuple(answer(each) for each in row.outcomes)
        yield Row(row.name, row.kind, (), outcomes, row.annotations, row.span, row.over)
        return
    yield from (each for each in _crossings(row, number, crosstab) if each is not None)


def _crossings(row: CrossRow, number: int, crosstab: Crosstab) -> Iterator[Row | None]:
    """What stands below each head, None where no rule does."""
    crossings = row.outcomes or (None,) * len(crosstab.heads)
    places = row.places or (row.span,) * len(crosstab.heads)
    columns = zip(crosstab.heads, crossings, places, strict=True)
    for at, (head, crossing, place) in enumerate(columns, 1):
        blocked = crossing.content if crossing else row.kind
        if blocked == Blocked.NO_RULE:
            yield None
            continue
        called = f"{_called(row, number)}-{_head_name(head, at)}"
        name = Word(called, row.name.span if row.name else place)
        over = tuple(_over(row, at, crosstab))
        kind = RowKind(blocked.value) if isinstance(blocked, Blocked | RowKind) else RowKind.RULE
        outcomes = (answer(crossing),) if kind is RowKind.RULE else ()
        yield Row(name, kind, (*row.conditions, head), outcomes, row.annotations, place, over)


def _called(row: CrossRow, number: int) -> str:
    return row.name.text if row.name else str(number)


def _over(row: CrossRow, at: int, crosstab: Crosstab) -> Iterator[Word]:
    """What the crossing below head number `at` is an exception to: of a row, the one with that head."""
    named = {each.name.text: each for each in crosstab.rows if each.name} if row.over else {}
    for word in row.over:
        other = named.get(word.text)
        if other is None or other.kind is RowKind.OTHERWISE:
            yield word
        elif not _is_empty(other, at):
            yield word._replace(text=f"{word.text}-{_head_name(crosstab.heads[at - 1], at)}")


def _is_empty(row: CrossRow, at: int) -> bool:
    crossing = row.outcomes[at - 1] if row.outcomes else None
    return crossing is not None and crossing.content is Blocked.NO_RULE


# ---------------------------------------------------------------- names


def _head_name(head: ConditionCell | None, at: int) -> str:
    """What a head adds to the names of its rules: its own words, joined by `_`."""
    if head is None:
        return str(at)
    if head.content.is_any:
        return "any"
    either = [_part_name(part) for part in head.content.either]
    neither = [_part_name(part) for part in head.content.neither]
    return "_".join([*either, *(["not"] if neither else []), *neither])


def _part_name(part: Part) -> str:
    match part:
        case Literal(text):
            return _NOT_IN_NAMES.sub("_", text).strip("_") or "value"
        case Presence(state):
            return state.value
        case Comparison(operator, value):
            return f"{_COMPARED[operator]}_{_part_name(value)}"
        case Range():
            return _range_name(part)
    assert_never(part)


def _range_name(part: Range) -> str:
    low = _part_name(part.low) if part.low else ""
    high = _part_name(part.high) if part.high else ""
    if not high:
        return f"from_{low}" if part.low_included else f"above_{low}"
    below = f"to_{high}" if part.high_included else f"below_{high}"
    if not low:
        return below
    return f"{low}_{below}" if part.low_included else f"above_{low}_{below}"
