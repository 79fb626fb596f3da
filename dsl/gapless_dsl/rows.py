"""One row of a grid: a rule, an `impossible`, or the `otherwise`."""

from __future__ import annotations

from collections.abc import Sequence

from gapless_dsl.cells import condition, outcome
from gapless_dsl.complaint import complaint, decide, if_read
from gapless_dsl.cutting import Piece
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.lexis import ALONE, DITTOS, IMPOSSIBLE
from gapless_dsl.lines import Line
from gapless_dsl.miscounting import miscounted
from gapless_dsl.naming import naming
from gapless_dsl.nodes import (
    At,
    Call,
    ConditionCell,
    CrossRow,
    Header,
    OutcomeCell,
    OutcomeContent,
    Row,
    RowKind,
    TextCell,
    Word,
)
from gapless_dsl.opening import Divided, Standing, at_of, divide, span_of
from gapless_dsl.placing import diagnostic_at
from gapless_dsl.repeating import Cell, nothing_above, unescaped
from gapless_dsl.source import Span


def read_row(
    line: Line,
    header: Header,
    above: Row | None,
    subject: str,
    number: int,
    problems: list[Diagnostic],
) -> Row:
    before = len(problems)
    divided = divide(line, header, above, subject, number, problems)
    if divided is None:

        def wrong(mended: Line) -> bool:
            found: list[Diagnostic] = []
            divided = divide(mended, header, above, subject, number, found)
            if divided is not None:
                _row(divided, above, found)
            return divided is None or bool(found)

        problems[before:] = [if_read(each, line, wrong) for each in problems[before:]]
        return _unread(line, header)
    return _row(divided, above, problems)


def _row(divided: Divided, above: Row | None, problems: list[Diagnostic]) -> Row:
    name, tests, answers, notes, here, kind = divided
    line = here.line
    named, over = name_in(name, here, problems)
    return Row(
        named,
        kind,
        () if kind is RowKind.OTHERWISE else conditions_in(tests, here, problems),
        ()
        if kind in (RowKind.IMPOSSIBLE, RowKind.DRAFT)
        else _outcomes(answers, above, here, problems),
        annotations_in(notes, here, problems),
        line.span,
        over,
    )


def _unread(line: Line, header: Header) -> Row:
    conditions, outcomes = len(header.conditions), len(header.outcomes)
    nothing = (None,) * len(header.annotations)
    kind = RowKind.RULE
    return Row(None, kind, (None,) * conditions, (None,) * outcomes, nothing, line.span)


# ---------------------------------------------------------------- the name


def name_in(
    piece: Piece, here: Standing, problems: list[Diagnostic]
) -> tuple[Word | None, tuple[Word, ...]]:
    """The rule's name, and the names of those that it is an exception to."""
    text = piece[0]
    if not text:
        return None, ()
    read = naming(text)
    span = span_of(piece, here.line)
    if read.wrong is not None:
        problems.append(diagnostic_at(read.wrong, span, here.subject))
    words = [Word(name, span.within(*at)) for name, at in read.over]
    return None if read.name is None else Word(read.name[0], span.within(*read.name[1])), (*words,)


# ---------------------------------------------------------------- conditions and outcomes


def conditions_in(
    tests: list[Piece], here: Standing, problems: list[Diagnostic]
) -> tuple[ConditionCell | None, ...]:
    columns = here.header.conditions
    path, begin, end = here.line.span
    if len(tests) != len(columns):
        wrong = miscounted(tests, columns, "condition", (0, end - begin))
        problems.append(diagnostic_at(wrong, here.line.span, here.subject))
        return (None,) * len(columns)
    cells: list[ConditionCell | None] = []
    for (text, start), column in zip(tests, columns, strict=True):
        content, problem = condition(text)
        span = Span(path, begin + start, begin + start + len(text))
        if content is not None:
            cells.append(ConditionCell(content, span))
            continue
        above = here.above.conditions if here.above else ()
        cell, problem = same(text, above, len(cells), here.above, problem)
        cells.append(cell)
        if problem is not None:
            problems.append(diagnostic_at(problem, span, f"{here.subject}, column {column.text}"))
    return tuple(cells)


def _outcomes(
    answers: list[Piece], above: Row | None, here: Standing, problems: list[Diagnostic]
) -> tuple[OutcomeCell | None, ...]:
    columns = here.header.outcomes
    whole = _of_all(answers, columns, here.line)
    if whole is not None:
        return (whole,) * len(columns)
    wrong = miscounted_outcomes(answers, columns, here.line)
    if wrong is not None:
        problems.append(diagnostic_at(wrong, here.line.span, here.subject))
        return (None,) * len(columns)
    cells: list[OutcomeCell | None] = []
    path, begin, _ = here.line.span
    for (text, start), column in zip(answers, columns, strict=True):
        content, problem = outcome(text)
        span = Span(path, begin + start, begin + start + len(text))
        if content is not None:
            cells.append(OutcomeCell(content, span))
            continue
        over = above.outcomes if above else ()
        cell, problem = same(text, over, len(cells), above, problem)
        cells.append(cell)
        if problem is not None:
            problems.append(diagnostic_at(problem, span, f"{here.subject}, column {column.text}"))
    return tuple(cells)


def _of_all(answers: list[Piece], columns: tuple[Word, ...], line: Line) -> OutcomeCell | None:
    """`table(a, b)`, alone in several outcomes: each is what that table answers under its name."""
    if len(answers) != 1 or len(columns) < 2 or "(" not in answers[0][0]:
        return None
    content, _ = outcome(answers[0][0])
    match content:
        case OutcomeContent((Call(output=None),)):
            return OutcomeCell(content, span_of(answers[0], line), spans=True)
    return None


def same(
    text: str,
    cells: Sequence[Cell | None],
    place: int,
    above: Row | CrossRow | None,
    problem: Diagnostic | None,
) -> tuple[Cell | None, Diagnostic | None]:
    """The cell above where `text` says `^`, or what is wrong with `text`."""
    if text not in DITTOS:
        return None, problem
    cell = cells[place] if cells else None
    if cell is None:
        return None, nothing_above((0, len(text)), above)
    return cell._replace(ditto=True), None


def miscounted_outcomes(
    answers: list[Piece], columns: tuple[Word, ...], line: Line
) -> Diagnostic | None:
    if not any(word in line.text for word in ALONE) and len(answers) == len(columns):
        return None
    stray = next((piece for piece in answers if piece[0] in ALONE), None)
    if stray is not None and len(answers) == 1:
        return unanswering(stray[0], at_of(stray))
    if stray is not None:
        label = "it stands alone between the `||`"
        return complaint("GAP002", f"`{stray[0]}` is not alone", at_of(stray), label)
    if len(answers) != len(columns):
        return miscounted(answers, columns, "outcome", (0, len(line.text)))
    return None


def unanswering(word: str, at: At) -> Diagnostic:
    """That an `otherwise` row, which is there to answer, says `impossible` or `draft`."""
    what = "impossible" if word == IMPOSSIBLE else "a draft"
    which = "cannot happen" if word == IMPOSSIBLE else "is still to be decided"
    title = f"an `otherwise` row cannot be {what}"
    helps = (decide(f"write the answer, or say in a row of its own which case {which}"),)
    return complaint("GAP002", title, at, "no answer", helps=helps)


# ---------------------------------------------------------------- annotations


def annotations_in(
    notes: list[Piece], here: Standing, problems: list[Diagnostic]
) -> tuple[TextCell | None, ...]:
    columns = here.header.annotations
    if len(notes) > len(columns):
        wrong = miscounted(notes, columns, "annotation", (0, len(here.line.text)))
        problems.append(diagnostic_at(wrong, here.line.span, here.subject))
    cells: list[TextCell | None] = []
    for piece in notes[: len(columns)]:
        text = piece[0].replace("\\|", "|").replace("\t", " ")
        if not text.endswith(DITTOS):
            span = span_of(piece, here.line)
            cells.append(TextCell(text, span) if text else None)
            continue
        if text not in DITTOS:
            cells.append(TextCell(unescaped(text), span_of(piece, here.line)))
            continue
        above = here.above.annotations if here.above else ()
        cell, problem = same(text, above, len(cells), here.above, None)
        cells.append(cell)
        if problem is not None:
            problems.append(diagnostic_at(problem, span_of(piece, here.line), here.subject))
    return (*cells, *(None,) * (len(columns) - len(cells)))
