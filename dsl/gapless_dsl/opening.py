"""The cells of one row told apart by what they are: its name, its tests, its answers, its notes."""

from __future__ import annotations

from typing import NamedTuple

from gapless_dsl.complaint import complaint
from gapless_dsl.cutting import Piece, cells_of
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.lexis import ALONE, OTHERWISE
from gapless_dsl.lines import Line
from gapless_dsl.miscounting import misdivided
from gapless_dsl.nodes import At, CrossRow, Header, Row, RowKind
from gapless_dsl.placing import diagnostic_at
from gapless_dsl.source import Span


class Standing(NamedTuple):
    """Where a row stands: its line, below which header, and the row above that its cells may repeat."""

    line: Line
    header: Header
    above: Row | CrossRow | None
    subject: str


class Divided(NamedTuple):
    """The cells of one row by what they are: of a crosstab's as of any other's."""

    name: Piece
    tests: list[Piece]
    answers: list[Piece]
    notes: list[Piece]
    here: Standing
    kind: RowKind


def divide(
    line: Line,
    header: Header,
    above: Row | CrossRow | None,
    subject: str,
    number: int,
    problems: list[Diagnostic],
) -> Divided | None:
    """A row's cells; None where they cannot be told apart, which was complained about."""
    sections = cells_of(line, subject, problems)
    wrong = misdivided(sections, header, line.text)
    if wrong is not None:
        problems.append(diagnostic_at(wrong, line.span, f"{subject}, rule {number}"))
        return None
    (name, *tests), answers, *others = sections
    here = Standing(line, header, above, f"{subject}, rule {name[0].partition(' ')[0] or number}")
    kind = kind_of(name, tests, answers)
    if kind is RowKind.OTHERWISE:
        check_untested(tests, here, problems)
    return Divided(name, tests, answers, others[0] if others else [], here, kind)


def kind_of(name: Piece, tests: list[Piece], answers: list[Piece]) -> RowKind:
    if name[0] == OTHERWISE or (len(tests) == 1 and tests[0][0] == OTHERWISE):
        return RowKind.OTHERWISE
    if len(answers) == 1 and answers[0][0] in ALONE:
        return RowKind(answers[0][0])
    return RowKind.RULE


def at_of(piece: Piece) -> At:
    text, start = piece
    return (start, start + len(text))


def span_of(piece: Piece, line: Line) -> Span:
    text, start = piece
    path, begin, _ = line.span
    return Span(path, begin + start, begin + start + len(text))


def check_untested(tests: list[Piece], here: Standing, problems: list[Diagnostic]) -> None:
    """An `otherwise` row may have a cell for each condition if none of them tests anything."""
    tested = next((piece for piece in tests if piece[0] not in ("-", OTHERWISE)), None)
    if tested is not None:
        label = "write `-`, or give the rule another name"
        title = "an `otherwise` row tests nothing"
        found = complaint("GAP002", title, at_of(tested), label)
        problems.append(diagnostic_at(found, here.line.span, here.subject))
