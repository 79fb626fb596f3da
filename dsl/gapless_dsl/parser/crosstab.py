"""A grid whose header says `price by zone`: the cells of `zone` stand below it, and prices below those."""

from __future__ import annotations

import re
from typing import NamedTuple

from gapless_dsl import nodes
from gapless_dsl.diagnostic import Diagnostic, Label, decision, error
from gapless_dsl.lexis import ALONE
from gapless_dsl.parser.bars import BY, Declared, Heading, Sections, cells_of
from gapless_dsl.parser.cells import condition, outcome
from gapless_dsl.parser.grid import (
    Opened,
    cells_in,
    header_of,
    read_rows,
    unanswering,
)
from gapless_dsl.parser.reading import Reading
from gapless_dsl.recovery.unreadable import bar_before, doubled, miscounted
from gapless_dsl.source import Line, Piece, stretch

_LAYOUT = "as in `| | || home | near |`, below `| unique | weight || price by zone |`"


def is_crosstab(heading: Heading) -> bool:
    return " by " in heading.line.text and _middle(heading.sections) is not None


def _middle(sections: Sections) -> re.Match[str] | None:
    alone = 2 <= len(sections) <= 3 and bool(sections[0]) and len(sections[1]) == 1
    return BY.fullmatch(sections[1][0][0]) if alone else None


def read_crosstab(
    heading: Heading, lines: list[Line], declared: Declared, reading: Reading
) -> nodes.Crosstab | None:
    """None where the header or the heads cannot be right; `lines` are the heads and the rows."""
    conditions, [(text, span)], *annotations = heading.sections
    found = BY.fullmatch(text)
    assert found is not None
    across = (found[2], span.within(*found.span(2)))
    answer = [(found[1], span.within(*found.span(1)))]
    sections = [[*conditions, across], answer, *annotations]
    header, sound = header_of(sections, heading.line, reading)
    if header is None or not lines:
        reading.tell(_headless(heading.line))
        return None
    heads = _heads(lines[0], header, heading, reading)
    if heads is None:
        return None
    seen = nodes.Header(
        header.policy, header.conditions[:-1], heads.words, header.annotations, header.span
    )
    rows = read_rows(heading, lines[1:], seen, declared, reading, _row, sound=sound)
    if rows is None or not sound:
        return None
    whole = heading.line.span._replace(end=lines[-1].span.end)
    return nodes.Crosstab(header, heads.cells, rows, lines[0].span, whole)


# ---------------------------------------------------------------- the heads


class _Heads(NamedTuple):
    cells: tuple[nodes.ConditionCell | None, ...]
    words: tuple[nodes.Word, ...]


def _headless(line: Line) -> Diagnostic:
    where = Label(line.span, "the heads of the columns stand on the next line")
    return error("GAP004", "a crosstab without heads", where, notes=(_LAYOUT,))


def _heads(line: Line, header: nodes.Header, heading: Heading, reading: Reading) -> _Heads | None:
    sections = cells_of(line, reading)
    if heading.below is not None:
        sections = heading.below.of(line, sections)
    across = header.conditions[-1].text
    if (wrong := _misplaced(sections, header, line)) is not None:
        reading.tell(wrong)
        return None
    cells: list[nodes.ConditionCell | None] = []
    for text, span in sections[1]:
        content, problem = condition(text)
        if content is not None and any(cell and cell.content == content for cell in cells):
            where = Label(stretch(0, len(text)), "and again")
            content, problem = None, error("GAP004", f"`{text}` is a head twice", where)
        cells.append(None if content is None else nodes.ConditionCell(content, span, text))
        if problem is not None:
            reading.tell_of(span, problem, f", column {across}")
    return _Heads(tuple(cells), tuple(nodes.Word(*piece) for piece in sections[1]))


def _misplaced(sections: list[list[Piece]], header: nodes.Header, line: Line) -> Diagnostic | None:
    """What is wrong with a line of heads: only these, each in a column of its own."""
    others = [piece for section in (*sections[:1], *sections[2:]) for piece in section]
    stray = next((piece for piece in others if piece[0]), None)
    if stray is not None:
        title = f"`{stray[0]}` stands among the heads of a crosstab"
        across = header.conditions[-1].text
        label = f"this line says the cells of `{across}`, and is blank elsewhere"
        return error("GAP004", title, Label(stray[1], label), notes=(_LAYOUT,))
    lost = [piece for piece in sections[-1][-len(header.annotations or "-") :] if not piece[0]]
    if len(sections) == 2 and header.annotations and lost:
        title, label = (
            "`||` is missing below that of the header",
            "`||` divides the heads from the rest",
        )
        return doubled(title, label, [bar_before(lost[0], line)])
    if not 2 <= len(sections) <= 3 or len(sections[0]) != len(header.conditions):
        title = "the heads of a crosstab do not stand below its header"
        label = "the bars stand as in the header, but for one between two heads"
        return error("GAP004", title, Label(line.span, label), notes=(_LAYOUT,))
    return None


# ---------------------------------------------------------------- the rows


def _row(row: Opened) -> nodes.CrossRow:
    crossings: tuple[nodes.Crossing | None, ...] = ()
    if row.kind not in (nodes.RowKind.IMPOSSIBLE, nodes.RowKind.DRAFT):
        crossings = _crossings(row)
    places = tuple(span for _, span in row.answers or ())
    if len(places) != len(crossings):
        places = (row.line.span,) * len(crossings)
    return nodes.CrossRow(
        row.name,
        row.kind,
        row.conditions,
        crossings,
        row.annotations,
        places,
        row.line.span,
        row.over,
    )


def _crossings(row: Opened) -> tuple[nodes.Crossing | None, ...]:
    answers, here, kind = row.answers, row.here, row.kind
    columns = here.header.outcomes[:1] if kind is nodes.RowKind.OTHERWISE else here.header.outcomes
    if answers is None:
        return (None,) * len(columns)
    if len(answers) != len(columns):
        here.reading.tell(_miscounted(answers, columns, kind, row.line))
        return (None,) * len(columns)

    def crossing(
        text: str, _: object
    ) -> tuple[nodes.OutcomeContent | nodes.Blocked | None, Diagnostic | None]:
        if kind is nodes.RowKind.RULE and text in tuple(nodes.Blocked):
            return nodes.Blocked(text), None
        if text in ALONE:
            return None, unanswering(text, stretch(0, len(text)))
        return outcome(text, holds)

    holds = here.kinds.get(here.header.outcomes[0].text.partition(" ")[0])
    is_like = isinstance(here.above, nodes.CrossRow) and here.above.kind is kind
    above = here.above.outcomes if isinstance(here.above, nodes.CrossRow) and is_like else ()
    return cells_in(answers, columns, above, here, crossing, nodes.Crossing)


def _miscounted(
    answers: list[Piece], columns: tuple[nodes.Word, ...], kind: nodes.RowKind, line: Line
) -> Diagnostic:
    if kind is not nodes.RowKind.OTHERWISE or len(answers) < 2:
        return miscounted(answers, columns, "outcome", line.span)
    where = Label(answers[1][1], "it answers what no crossing does, whatever the head")
    helps = (decision("write one answer, alone between the `||`"),)
    return error("GAP003", "an `otherwise` row has one answer", where, helps=helps)
