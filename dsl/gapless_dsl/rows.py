"""A table's grid: its header, and one rule a line."""

from __future__ import annotations

import re
from typing import NamedTuple

from gapless_dsl.cells import condition, outcome
from gapless_dsl.complaint import complaint
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.lines import Line
from gapless_dsl.nodes import (
    ConditionCell,
    Grid,
    Header,
    OutcomeCell,
    Row,
    RowKind,
    TextCell,
    Word,
)
from gapless_dsl.placing import diagnostic_at
from gapless_dsl.source import Span


class Piece(NamedTuple):
    """What stands between two bars, and where it begins in its line."""

    text: str
    start: int


_BARE = re.compile(r"(?:-?[0-9]|[A-Za-z_])(?:[A-Za-z0-9_-]|\.[0-9])*")
_RULED = re.compile(r"\|(?:\s*:?-{3,}:?\s*\|+)+")
_QUOTING = re.compile(r'(?:[^|"]|"(?:[^"\\]|\\.)*"|")*')
_ESCAPING = re.compile(r"(?:[^|\\]|\\\||\\)*")


def read_grid(lines: list[Line], table: str, problems: list[Diagnostic]) -> Grid | None:
    before = len(problems)
    header = _header(lines[0], table, problems)
    if header is None:
        return None
    rules = [line for line in lines[1:] if not _RULED.fullmatch(line.text)]
    rows = tuple(
        _row(line, header, f"table {table}", number, problems)
        for number, line in enumerate(rules, 1)
    )
    if len(problems) > before and False:
        return None
    first, last = lines[0].span, lines[-1].span
    return Grid(header, rows, Span(first.path, first.start, last.end))


# ---------------------------------------------------------------- cutting a line into cells


def sections(text: str) -> list[list[Piece]]:
    """The cells of a line that begins and ends with `|`, divided at each `||`."""
    found: list[list[Piece]] = [[]]
    start = 1
    for piece in _pieces(text)[1:-1]:
        if piece:
            stripped = piece.strip()
            lead = len(piece) - len(piece.lstrip()) if stripped else 1
            found[-1].append(Piece(stripped, start + lead))
        else:
            found.append([])
        start += len(piece) + 1
    return found


def _pieces(text: str) -> list[str]:
    """`text.split("|")`, but for bars in quotes and, after the second `||`, bars after a backslash."""
    if '"' not in text and "\\" not in text:
        return text.split("|")
    pieces, at, dividers = [], 0, 0
    while at <= len(text):
        found = (_QUOTING if dividers < 2 else _ESCAPING).match(text, at)
        assert found is not None
        pieces.append(found[0])
        dividers += found[0] == "" and at > 0
        at = found.end() + 1
    return pieces


# ---------------------------------------------------------------- the header


def _header(line: Line, table: str, problems: list[Diagnostic]) -> Header | None:
    parts = sections(line.text)
    if not 2 <= len(parts) <= 3 or not parts[0] or not parts[1]:
        found = complaint("GAP004", "the header cannot be right", (0, len(line.text)))
        problems.append(diagnostic_at(found, line.span, f"table {table}"))
        return None
    words = [[_header_word(piece, line) for piece in part] for part in parts]
    policy = words[0][0]
    return Header(
        policy if policy.text else None,
        tuple(words[0][1:]),
        tuple(words[1]),
        tuple(words[2]) if len(words) == 3 else (),
        line.span,
    )


def _header_word(piece: Piece, line: Line) -> Word:
    return Word(piece.text, line.span.within(piece.start, piece.start + len(piece.text)))


# ---------------------------------------------------------------- rows


def _row(line: Line, header: Header, subject: str, number: int, problems: list[Diagnostic]) -> Row:
    parts = sections(line.text)
    name, tests = parts[0][0] if parts[0] else Piece("", 1), parts[0][1:]
    answers = parts[1] if len(parts) > 1 else []
    notes = parts[2] if len(parts) > 2 else []
    kind = _kind(name, tests, answers)
    if kind is not RowKind.OTHERWISE and len(tests) != len(header.conditions):
        problems.append(_miscounted(line, subject, number))
        tests = []
    if kind is not RowKind.IMPOSSIBLE and len(answers) != len(header.outcomes):
        problems.append(_miscounted(line, subject, number))
        answers = []
    return Row(
        _rule_name(name, line),
        kind,
        () if kind is RowKind.OTHERWISE else _conditions(tests, header, line, problems),
        () if kind is RowKind.IMPOSSIBLE else _outcomes(answers, header, line, problems),
        _annotations(notes, header, line),
        line.span,
    )


def _kind(name: Piece, tests: list[Piece], answers: list[Piece]) -> RowKind:
    if name.text == "otherwise" or (len(tests) == 1 and tests[0].text == "otherwise"):
        return RowKind.OTHERWISE
    if len(answers) == 1 and answers[0].text == "impossible":
        return RowKind.IMPOSSIBLE
    return RowKind.RULE


def _miscounted(line: Line, subject: str, number: int) -> Diagnostic:
    found = complaint("GAP003", "a row has the wrong number of cells", (0, len(line.text)))
    return diagnostic_at(found, line.span, subject)


def _rule_name(piece: Piece, line: Line) -> Word | None:
    if not piece.text:
        return None
    return Word(piece.text, line.span.within(piece.start, piece.start + len(piece.text)))


def _conditions(
    pieces: list[Piece], header: Header, line: Line, problems: list[Diagnostic]
) -> tuple[ConditionCell | None, ...]:
    if not pieces:
        return (None,) * len(header.conditions)
    return tuple(_condition(piece, line, problems) for piece in pieces)


def _condition(piece: Piece, line: Line, problems: list[Diagnostic]) -> ConditionCell | None:
    content, problem = condition(piece.text)
    path, start, _ = line.span
    span = Span(path, start + piece.start, start + piece.start + len(piece.text))
    if problem is not None:
        problems.append(diagnostic_at(problem, span, ""))
    return None if content is None else ConditionCell(content, span)


def _outcomes(
    pieces: list[Piece], header: Header, line: Line, problems: list[Diagnostic]
) -> tuple[OutcomeCell | None, ...]:
    if not pieces:
        return (None,) * len(header.outcomes)
    return tuple(_outcome(piece, line, problems) for piece in pieces)


def _outcome(piece: Piece, line: Line, problems: list[Diagnostic]) -> OutcomeCell | None:
    content, problem = outcome(piece.text)
    path, start, _ = line.span
    span = Span(path, start + piece.start, start + piece.start + len(piece.text))
    if problem is not None:
        problems.append(diagnostic_at(problem, span, ""))
    return None if content is None else OutcomeCell(content, span)


def _annotations(pieces: list[Piece], header: Header, line: Line) -> tuple[TextCell | None, ...]:
    cells = [
        TextCell(
            piece.text.replace("\\|", "|"),
            line.span.within(piece.start, piece.start + len(piece.text)),
        )
        if piece.text
        else None
        for piece in pieces[: len(header.annotations)]
    ]
    return tuple(cells + [None] * (len(header.annotations) - len(cells)))
