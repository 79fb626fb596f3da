"""The steps of a table, and what a decision answers with them: its `let` lines, and its `out` lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gapless_dsl import cells
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.forms import GuardPhrase, LetPhrase, ResultPhrase
from gapless_dsl.lines import Line
from gapless_dsl.nodes import At, ConditionCell, GuardNode, LetNode, OutcomeCell, ResultNode
from gapless_dsl.placing import diagnostic_at, type_at, word_at, word_or_none_at
from gapless_dsl.reading import check_values, name_at
from gapless_dsl.table_lines import TableLine, said


def lets(lines: list[TableLine], subject: str, problems: list[Diagnostic]) -> Iterator[LetNode]:
    found: LetPhrase
    for line, found in said("let", lines):
        name = name_at(found.name, line, subject, problems)
        if not check_values((found.value,), line, subject, problems):
            continue
        label = word_or_none_at(found.label, line.span)
        guard = tuple(_guards(found.guard, line, subject, problems))
        yield LetNode(name, found.value, label, line.span, guard)


def results(
    lines: list[TableLine], subject: str, problems: list[Diagnostic]
) -> Iterator[ResultNode]:
    found: ResultPhrase
    for line, found in said("out", lines):
        name = name_at(found.name, line, subject, problems)
        type_ = None if found.type is None else type_at(found.type, line.span)
        cell = None if found.cell is None else _outcome(found.cell, line, subject, problems)
        yield ResultNode(name, type_, cell, word_or_none_at(found.label, line.span), line.span)


# A cell that stands in a line is read once more, by itself, so that its parts are placed as in a grid.


def _guards(
    guard: tuple[GuardPhrase, ...], line: Line, subject: str, problems: list[Diagnostic]
) -> Iterator[GuardNode]:
    for each in guard:
        content, problem = cells.condition(line.text[slice(*each.cell)])
        if problem is not None:
            problems.append(_complaint(problem, line, each.cell, subject))
        if content is not None:
            cell = ConditionCell(content, line.span.within(*each.cell))
            yield GuardNode(word_at(each.column, line.span), cell)


def _outcome(at: At, line: Line, subject: str, problems: list[Diagnostic]) -> OutcomeCell | None:
    content, problem = cells.outcome(line.text[slice(*at)])
    if problem is not None:
        problems.append(_complaint(problem, line, at, subject))
    return None if content is None else OutcomeCell(content, line.span.within(*at))


def _complaint(problem: Diagnostic, line: Line, at: At, subject: str) -> Diagnostic:
    """In a line, what a cell cannot say is said of the line."""
    return replace(diagnostic_at(problem, line.span.within(*at), subject), code="GAP001")
