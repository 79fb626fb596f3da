"""A grid whose header says `price by zone`: the cells of `zone` stand below it, and prices below those."""

from __future__ import annotations

import re
from typing import NamedTuple

from gapless_dsl.cells import condition, outcome
from gapless_dsl.complaint import complaint, decide, if_read
from gapless_dsl.cutting import Piece, cells_of, cut
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.header import header_of
from gapless_dsl.lexis import ALONE, EFFECTIVE
from gapless_dsl.lines import Line
from gapless_dsl.miscounting import miscounted
from gapless_dsl.nodes import (
    Blocked,
    ConditionCell,
    Crossing,
    CrossRow,
    Crosstab,
    Header,
    RowKind,
    Word,
)
from gapless_dsl.opening import Divided, Standing, divide
from gapless_dsl.placing import diagnostic_at
from gapless_dsl.rows import annotations_in, conditions_in, name_in, same, unanswering
from gapless_dsl.source import Span

_BY = re.compile(rf"(\S+)\s+by\s+(\S+|{EFFECTIVE.pattern})")
_LAYOUT = "as in `| | || home | near |`, below `| unique | weight || price by zone |`"


def is_crosstab(header: Line) -> bool:
    return " by " in header.text and _middle(cut(header.text).sections) is not None


def _middle(sections: list[list[Piece]]) -> re.Match[str] | None:
    alone = 2 <= len(sections) <= 3 and bool(sections[0]) and len(sections[1]) == 1
    return _BY.fullmatch(sections[1][0][0]) if alone else None


def read_crosstab(lines: list[Line], subject: str, problems: list[Diagnostic]) -> Crosstab | None:
    """None where the header or the heads cannot be right."""
    sections = cells_of(lines[0], subject, problems)
    found = _middle(sections)
    if found is None:  # with its bars mended it is none, and of these there is a complaint
        if not problems:
            problems.append(diagnostic_at(_headless(lines[0]), lines[0].span, subject))
        return None
    start = sections[1][0][1]
    sections[0].append((found[2], start + found.start(2)))
    sections[1] = [(found[1], start)]
    header, sound = header_of(sections, lines[0], subject, problems)
    if header is None or len(lines) == 1:
        problems.append(diagnostic_at(_headless(lines[0]), lines[0].span, subject))
        return None
    heads = _heads(lines[1], header, subject, problems)
    if heads is None:
        return None
    seen = Header(
        header.policy,
        header.conditions[:-1],
        tuple(Word(text, span) for text, span in heads.words),
        header.annotations,
        header.span,
    )
    rows: list[CrossRow] = []
    above = None
    for number, line in enumerate(lines[2:], 1):
        above = _row(line, seen, above, subject, number, problems)
        rows.append(above)
    span = Span(lines[0].span.path, lines[0].span.start, lines[-1].span.end)
    return Crosstab(header, heads.cells, tuple(rows), lines[1].span, span) if sound else None


# ---------------------------------------------------------------- the heads


class _Heads(NamedTuple):
    cells: tuple[ConditionCell | None, ...]
    words: list[tuple[str, Span]]


def _headless(line: Line) -> Diagnostic:
    label = "the heads of the columns stand on the next line"
    return complaint(
        "GAP004", "a crosstab without heads", (0, len(line.text)), label, notes=(_LAYOUT,)
    )


def _heads(line: Line, header: Header, subject: str, problems: list[Diagnostic]) -> _Heads | None:
    sections = cells_of(line, subject, problems)
    if (wrong := _misplaced(sections, header, line)) is not None:
        problems.append(diagnostic_at(wrong, line.span, subject))
        return None
    across = header.conditions[-1].text
    cells: list[ConditionCell | None] = []
    words: list[tuple[str, Span]] = []
    for text, start in sections[1]:
        content, problem = condition(text)
        span = line.span.within(start, start + len(text))
        if content is not None and any(cell and cell.content == content for cell in cells):
            problem = complaint("GAP004", f"`{text}` is a head twice", (0, len(text)), "and again")
            content = None
        cells.append(None if content is None else ConditionCell(content, span))
        words.append((text, span))
        if problem is not None:
            problems.append(diagnostic_at(problem, span, f"{subject}, column {across}"))
    return _Heads(tuple(cells), words)


def _misplaced(sections: list[list[Piece]], header: Header, line: Line) -> Diagnostic | None:
    """What is wrong with a line of heads: only these, each in a column of its own."""
    across = header.conditions[-1].text
    others = [piece for section in (*sections[:1], *sections[2:]) for piece in section]
    stray = next((piece for piece in others if piece[0]), None)
    if stray is not None:
        at = (stray[1], stray[1] + len(stray[0]))
        title = f"`{stray[0]}` stands among the heads of a crosstab"
        label = f"this line says the cells of `{across}`, and is blank elsewhere"
        return complaint("GAP004", title, at, label, notes=(_LAYOUT,))
    if not 2 <= len(sections) <= 3 or len(sections[0]) != len(header.conditions):
        title = "the heads of a crosstab do not stand below its header"
        label = "the bars stand as in the header, but for one between two heads"
        return complaint("GAP004", title, (0, len(line.text)), label, notes=(_LAYOUT,))
    return None


# ---------------------------------------------------------------- the rows


def _row(
    line: Line,
    header: Header,
    above: CrossRow | None,
    subject: str,
    number: int,
    problems: list[Diagnostic],
) -> CrossRow:
    before = len(problems)
    divided = divide(line, header, above, subject, number, problems)
    if divided is None:

        def wrong(mended: Line) -> bool:
            found: list[Diagnostic] = []
            divided = divide(mended, header, above, subject, number, found)
            if divided is not None:
                _crossed(divided, above, found)
            return divided is None or bool(found)

        problems[before:] = [if_read(each, line, wrong) for each in problems[before:]]
        return _unread(line, header)
    return _crossed(divided, above, problems)


def _crossed(divided: Divided, above: CrossRow | None, problems: list[Diagnostic]) -> CrossRow:
    name, tests, answers, notes, here, kind = divided
    line = here.line
    crossings: list[Crossing | None] = []
    if kind not in (RowKind.IMPOSSIBLE, RowKind.DRAFT):
        crossings = _crossings(answers, kind, above, here, problems)
    named, over = name_in(name, here, problems)
    return CrossRow(
        named,
        kind,
        () if kind is RowKind.OTHERWISE else conditions_in(tests, here, problems),
        tuple(crossings),
        annotations_in(notes, here, problems),
        _places(answers, len(crossings), line),
        line.span,
        over,
    )


def _places(answers: list[Piece], many: int, line: Line) -> tuple[Span, ...]:
    if len(answers) != many:
        return (line.span,) * many
    return tuple(line.span.within(start, start + len(text)) for text, start in answers)


def _unread(line: Line, header: Header) -> CrossRow:
    lost = len(header.outcomes)
    return CrossRow(
        None,
        RowKind.RULE,
        (None,) * len(header.conditions),
        (None,) * lost,
        (None,) * len(header.annotations),
        (line.span,) * lost,
        line.span,
    )


def _crossings(
    answers: list[Piece],
    kind: RowKind,
    above: CrossRow | None,
    here: Standing,
    problems: list[Diagnostic],
) -> list[Crossing | None]:
    columns = here.header.outcomes[:1] if kind is RowKind.OTHERWISE else here.header.outcomes
    if len(answers) != len(columns):
        wrong = _miscounted(answers, columns, kind, here.line)
        problems.append(diagnostic_at(wrong, here.line.span, here.subject))
        return [None] * len(columns)
    over = above.outcomes if above and above.kind is kind else ()
    found: list[Crossing | None] = []
    for (text, start), column in zip(answers, columns, strict=True):
        span = here.line.span.within(start, start + len(text))
        crossing, problem = _crossing(text, span, kind)
        if crossing is None:
            crossing, problem = same(text, over, len(found), above, problem)
        found.append(crossing)
        if problem is not None:
            problems.append(diagnostic_at(problem, span, f"{here.subject}, column {column.text}"))
    return found


def _crossing(text: str, span: Span, kind: RowKind) -> tuple[Crossing | None, Diagnostic | None]:
    if kind is RowKind.RULE and text in tuple(Blocked):
        return Crossing(Blocked(text), span), None
    if text in ALONE:
        return None, unanswering(text, (0, len(text)))
    content, problem = outcome(text)
    return (None if content is None else Crossing(content, span)), problem


def _miscounted(
    answers: list[Piece], columns: tuple[Word, ...], kind: RowKind, line: Line
) -> Diagnostic:
    whole = (0, len(line.text))
    if kind is not RowKind.OTHERWISE or len(answers) < 2:
        return miscounted(answers, columns, "outcome", whole)
    text, start = answers[1]
    title = "an `otherwise` row has one answer"
    label = "it answers what no crossing does, whatever the head"
    helps = (decide("write one answer, alone between the `||`"),)
    return complaint("GAP003", title, (start, start + len(text)), label, helps=helps)
