"""A grid whose header says `price by zone`: the cells of `zone` stand below it, and prices below those."""

from __future__ import annotations

import re
from typing import NamedTuple

from gapless_dsl.diagnostic import Diagnostic, Label, decision, error
from gapless_dsl.lexis import ALONE, EFFECTIVE
from gapless_dsl.nodes.cells import OutcomeContent, Word
from gapless_dsl.nodes.declarations import (
    Blocked,
    ConditionCell,
    Crossing,
    CrossRow,
    Crosstab,
    Header,
    RowKind,
)
from gapless_dsl.parser.cells import condition, outcome
from gapless_dsl.parser.grid import (
    Opened,
    cells_in,
    cells_of,
    cut,
    header_of,
    read_rows,
    unanswering,
)
from gapless_dsl.parser.reading import Reading
from gapless_dsl.recovery.unreadable import miscounted
from gapless_dsl.source import Line, Piece, stretch

_BY = re.compile(rf"(\S+)\s+by\s+(\S+|{EFFECTIVE.pattern})")
_LAYOUT = "as in `| | || home | near |`, below `| unique | weight || price by zone |`"


def is_crosstab(header: Line) -> bool:
    return " by " in header.text and _middle(cut(header).sections) is not None


def _middle(sections: list[list[Piece]]) -> re.Match[str] | None:
    alone = 2 <= len(sections) <= 3 and bool(sections[0]) and len(sections[1]) == 1
    return _BY.fullmatch(sections[1][0][0]) if alone else None


def read_crosstab(lines: list[Line], reading: Reading) -> Crosstab | None:
    """None where the header or the heads cannot be right."""
    sections = cells_of(lines[0], reading)
    found = _middle(sections)
    if found is None:  # with its bars mended it is none, and of these there is a finding
        if not reading.found:
            reading.tell(_headless(lines[0]))
        return None
    span = sections[1][0][1]
    sections[0].append((found[2], span.within(*found.span(2))))
    sections[1] = [(found[1], span.within(*found.span(1)))]
    header, sound = header_of(sections, lines[0], reading)
    if header is None or len(lines) == 1:
        reading.tell(_headless(lines[0]))
        return None
    heads = _heads(lines[1], header, reading)
    if heads is None:
        return None
    conditions = header.conditions[:-1]
    seen = Header(header.policy, conditions, heads.words, header.annotations, header.span)
    rows = read_rows(lines[2:], seen, reading, _row)
    whole = lines[0].span._replace(end=lines[-1].span.end)
    return Crosstab(header, heads.cells, rows, lines[1].span, whole) if sound else None


# ---------------------------------------------------------------- the heads


class _Heads(NamedTuple):
    cells: tuple[ConditionCell | None, ...]
    words: tuple[Word, ...]


def _headless(line: Line) -> Diagnostic:
    where = Label(line.span, "the heads of the columns stand on the next line")
    return error("GAP004", "a crosstab without heads", where, notes=(_LAYOUT,))


def _heads(line: Line, header: Header, reading: Reading) -> _Heads | None:
    sections = cells_of(line, reading)
    across = header.conditions[-1].text
    if (wrong := _misplaced(sections, header, line)) is not None:
        reading.tell(wrong)
        return None
    cells: list[ConditionCell | None] = []
    for text, span in sections[1]:
        content, problem = condition(text)
        if content is not None and any(cell and cell.content == content for cell in cells):
            where = Label(stretch(0, len(text)), "and again")
            content, problem = None, error("GAP004", f"`{text}` is a head twice", where)
        cells.append(None if content is None else ConditionCell(content, span))
        if problem is not None:
            reading.tell_of(span, problem, f", column {across}")
    return _Heads(tuple(cells), tuple(Word(*piece) for piece in sections[1]))


def _misplaced(sections: list[list[Piece]], header: Header, line: Line) -> Diagnostic | None:
    """What is wrong with a line of heads: only these, each in a column of its own."""
    others = [piece for section in (*sections[:1], *sections[2:]) for piece in section]
    stray = next((piece for piece in others if piece[0]), None)
    if stray is not None:
        title = f"`{stray[0]}` stands among the heads of a crosstab"
        across = header.conditions[-1].text
        label = f"this line says the cells of `{across}`, and is blank elsewhere"
        return error("GAP004", title, Label(stray[1], label), notes=(_LAYOUT,))
    if not 2 <= len(sections) <= 3 or len(sections[0]) != len(header.conditions):
        title = "the heads of a crosstab do not stand below its header"
        label = "the bars stand as in the header, but for one between two heads"
        return error("GAP004", title, Label(line.span, label), notes=(_LAYOUT,))
    return None


# ---------------------------------------------------------------- the rows


def _row(row: Opened) -> CrossRow:
    crossings: tuple[Crossing | None, ...] = ()
    if row.kind not in (RowKind.IMPOSSIBLE, RowKind.DRAFT):
        crossings = _crossings(row)
    places = tuple(span for _, span in row.answers or ())
    if len(places) != len(crossings):
        places = (row.line.span,) * len(crossings)
    return CrossRow(
        row.name,
        row.kind,
        row.conditions,
        crossings,
        row.annotations,
        places,
        row.line.span,
        row.over,
    )


def _crossings(row: Opened) -> tuple[Crossing | None, ...]:
    answers, here, kind = row.answers, row.here, row.kind
    columns = here.header.outcomes[:1] if kind is RowKind.OTHERWISE else here.header.outcomes
    if answers is None:
        return (None,) * len(columns)
    if len(answers) != len(columns):
        here.reading.tell(_miscounted(answers, columns, kind, row.line))
        return (None,) * len(columns)

    def crossing(text: str) -> tuple[OutcomeContent | Blocked | None, Diagnostic | None]:
        if kind is RowKind.RULE and text in tuple(Blocked):
            return Blocked(text), None
        if text in ALONE:
            return None, unanswering(text, stretch(0, len(text)))
        return outcome(text)

    is_like = isinstance(here.above, CrossRow) and here.above.kind is kind
    above = here.above.outcomes if isinstance(here.above, CrossRow) and is_like else ()
    return cells_in(answers, columns, above, here, crossing, Crossing)


def _miscounted(
    answers: list[Piece], columns: tuple[Word, ...], kind: RowKind, line: Line
) -> Diagnostic:
    if kind is not RowKind.OTHERWISE or len(answers) < 2:
        return miscounted(answers, columns, "outcome", line.span)
    where = Label(answers[1][1], "it answers what no crossing does, whatever the head")
    helps = (decision("write one answer, alone between the `||`"),)
    return error("GAP003", "an `otherwise` row has one answer", where, helps=helps)
