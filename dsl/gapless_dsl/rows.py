"""One row of a grid: a rule, an `impossible`, or the `otherwise`."""

from __future__ import annotations

import re

from gapless_dsl.cells import condition, outcome
from gapless_dsl.complaint import complaint, decide, mend
from gapless_dsl.cutting import Piece, cells_of
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.lines import Line
from gapless_dsl.miscounting import miscounted, misdivided
from gapless_dsl.nodes import At, ConditionCell, Header, OutcomeCell, Row, RowKind, TextCell, Word
from gapless_dsl.placing import diagnostic_at
from gapless_dsl.source import Span
from gapless_dsl.vocabulary import BARE, IMPOSSIBLE, OTHERWISE


def read_row(
    line: Line, header: Header, subject: str, number: int, problems: list[Diagnostic]
) -> Row:
    sections = cells_of(line, subject, problems)
    wrong = misdivided(sections, header, line.text)
    if wrong is not None:
        problems.append(diagnostic_at(wrong, line.span, f"{subject}, rule {number}"))
        return _unread(line, header)
    (name, *tests), answers, *others = sections
    notes = others[0] if others else []
    subject = f"{subject}, rule {name[0] or number}"
    kind = _kind(name, tests, answers)
    if kind is RowKind.OTHERWISE:
        _check_untested(tests, line, subject, problems)
    return Row(
        _name(name, line, subject, problems),
        kind,
        () if kind is RowKind.OTHERWISE else _conditions(tests, header, line, subject, problems),
        () if kind is RowKind.IMPOSSIBLE else _outcomes(answers, header, line, subject, problems),
        _annotations(notes, header, line, subject, problems),
        line.span,
    )


def _kind(name: Piece, tests: list[Piece], answers: list[Piece]) -> RowKind:
    if name[0] == OTHERWISE or (len(tests) == 1 and tests[0][0] == OTHERWISE):
        return RowKind.OTHERWISE
    if len(answers) == 1 and answers[0][0] == IMPOSSIBLE:
        return RowKind.IMPOSSIBLE
    return RowKind.RULE


def _unread(line: Line, header: Header) -> Row:
    conditions, outcomes = len(header.conditions), len(header.outcomes)
    nothing = (None,) * len(header.annotations)
    kind = RowKind.RULE
    return Row(None, kind, (None,) * conditions, (None,) * outcomes, nothing, line.span)


def _at(piece: Piece) -> At:
    text, start = piece
    return (start, start + len(text))


def _span(piece: Piece, line: Line) -> Span:
    text, start = piece
    path, begin, _ = line.span
    return Span(path, begin + start, begin + start + len(text))


# ---------------------------------------------------------------- the name


def _name(piece: Piece, line: Line, subject: str, problems: list[Diagnostic]) -> Word | None:
    text = piece[0]
    if not text:
        return None
    if BARE.fullmatch(text) and text != IMPOSSIBLE:
        return Word(text, _span(piece, line))
    problems.append(diagnostic_at(_no_name(piece), line.span, subject))
    return None


def _no_name(piece: Piece) -> Diagnostic:
    text = piece[0]
    title = f"`{text}` cannot name a rule"
    if text == IMPOSSIBLE:
        return complaint("GAP002", title, _at(piece), "it stands alone in the outcomes")
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")
    helps = (mend(f"write `{plain}`", (_at(piece), plain)),) if plain else ()
    return complaint("GAP002", title, _at(piece), "expected one bare word", helps=helps)


# ---------------------------------------------------------------- conditions and outcomes


def _conditions(
    tests: list[Piece], header: Header, line: Line, subject: str, problems: list[Diagnostic]
) -> tuple[ConditionCell | None, ...]:
    if len(tests) != len(header.conditions):
        wrong = miscounted(tests, header.conditions, "condition", (0, len(line.text)))
        problems.append(diagnostic_at(wrong, line.span, subject))
        return (None,) * len(header.conditions)
    cells: list[ConditionCell | None] = []
    path, begin, _ = line.span
    for (text, start), column in zip(tests, header.conditions, strict=True):
        content, problem = condition(text)
        span = Span(path, begin + start, begin + start + len(text))
        cells.append(None if content is None else ConditionCell(content, span))
        if problem is not None:
            problems.append(diagnostic_at(problem, span, f"{subject}, column {column.text}"))
    return tuple(cells)


def _check_untested(
    tests: list[Piece], line: Line, subject: str, problems: list[Diagnostic]
) -> None:
    """An `otherwise` row may have a cell for each condition if none of them tests anything."""
    tested = next((piece for piece in tests if piece[0] not in ("-", OTHERWISE)), None)
    if tested is not None:
        label = "write `-`, or give the rule another name"
        title = "an `otherwise` row tests nothing"
        found = complaint("GAP002", title, _at(tested), label)
        problems.append(diagnostic_at(found, line.span, subject))


def _outcomes(
    answers: list[Piece], header: Header, line: Line, subject: str, problems: list[Diagnostic]
) -> tuple[OutcomeCell | None, ...]:
    wrong = _miscounted_outcomes(answers, header, line)
    if wrong is not None:
        problems.append(diagnostic_at(wrong, line.span, subject))
        return (None,) * len(header.outcomes)
    cells: list[OutcomeCell | None] = []
    path, begin, _ = line.span
    for (text, start), column in zip(answers, header.outcomes, strict=True):
        content, problem = outcome(text)
        span = Span(path, begin + start, begin + start + len(text))
        cells.append(None if content is None else OutcomeCell(content, span))
        if problem is not None:
            problems.append(diagnostic_at(problem, span, f"{subject}, column {column.text}"))
    return tuple(cells)


def _miscounted_outcomes(answers: list[Piece], header: Header, line: Line) -> Diagnostic | None:
    if IMPOSSIBLE not in line.text and len(answers) == len(header.outcomes):
        return None
    stray = next((piece for piece in answers if piece[0] == IMPOSSIBLE), None)
    if stray is not None and len(answers) == 1:
        title = "an `otherwise` row cannot be impossible"
        helps = (decide("write the answer, or say in a row of its own which case cannot happen"),)
        return complaint("GAP002", title, _at(stray), "no answer", helps=helps)
    if stray is not None:
        label = "it stands alone between the `||`"
        return complaint("GAP002", "`impossible` is not alone", _at(stray), label)
    if len(answers) != len(header.outcomes):
        return miscounted(answers, header.outcomes, "outcome", (0, len(line.text)))
    return None


# ---------------------------------------------------------------- annotations


def _annotations(
    notes: list[Piece], header: Header, line: Line, subject: str, problems: list[Diagnostic]
) -> tuple[TextCell | None, ...]:
    columns = header.annotations
    if len(notes) > len(columns):
        wrong = miscounted(notes, columns, "annotation", (0, len(line.text)))
        problems.append(diagnostic_at(wrong, line.span, subject))
    cells = [_annotation(piece, line) for piece in notes[: len(columns)]]
    return (*cells, *(None,) * (len(columns) - len(cells)))


def _annotation(piece: Piece, line: Line) -> TextCell | None:
    text = piece[0].replace("\\|", "|").replace("\t", " ")
    return TextCell(text, _span(piece, line)) if text else None
