"""A `table` or `decision` block, read into its declaration."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from gapless_dsl.blocks import Block
from gapless_dsl.complaint import complaint, decide
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.examples import examples
from gapless_dsl.forms import ColumnPhrase, Headed, Life
from gapless_dsl.grid import read_grid
from gapless_dsl.habits import of_columns, without_quotes
from gapless_dsl.lines import Line
from gapless_dsl.nodes import ColumnNode, Crosstab, Grid, LifeNode, TableNode
from gapless_dsl.placing import diagnostic_at, note_at, type_at, word_or_none_at
from gapless_dsl.reading import (
    day_at,
    name_alone,
    name_at,
    read_line,
    subject_of,
)
from gapless_dsl.steps import lets, results
from gapless_dsl.table_lines import NOTE, Around, TableLine, is_known, said, table_line

ROW = "|"


def table(block: Block, problems: list[Diagnostic]) -> TableNode | None:
    named = _head(block, problems)
    if named is None:
        return None
    is_decision = block.keyword == "decision"
    subject = f"{block.keyword} {named.name.text}"
    rows, others = _sorted_out(block, subject, problems)
    around = Around(rows, [line for line in others if is_known(line)], is_decision)
    lines = [table_line(line, around, subject, problems) for line in others]
    inputs = tuple(_columns("in", lines, subject, problems))
    outputs = () if is_decision else tuple(_columns("out", lines, subject, problems))
    if is_decision and rows:
        problems.append(_no_grid(rows[0], subject))
    steps = tuple(lets(lines, subject, problems))
    names = {column.name.text for column in inputs} | {step.name.text for step in steps}
    return TableNode(
        name_at(named.name, block.first, subject, problems),
        word_or_none_at(named.title, block.first.span),
        tuple(note_at(found, line.span) for line, found in said(NOTE, lines)),
        inputs,
        steps,
        outputs,
        None
        if is_decision or not rows
        else _grid(rows, (*inputs, *outputs), names, subject, problems),
        tuple(examples(lines, subject, problems)),
        block.span,
        life=None if named.life is None else _life(named.life, block.first, subject, problems),
        is_decision=is_decision,
        results=tuple(results(lines, subject, problems)) if is_decision else (),
    )


def _head(block: Block, problems: list[Diagnostic]) -> Headed | None:
    """What follows `table`; the name alone where the rest is unreadable."""
    subject = subject_of(block)
    headed: Headed | None = read_line("headed", block.first, block.head, subject, problems)
    alone = name_alone(block)
    return headed or (Headed(alone.name, None, None) if alone else None)


def _life(life: Life, line: Line, subject: str, problems: list[Diagnostic]) -> LifeNode:
    low, high = (
        None if word is None else day_at(word, line, subject, problems)
        for word in (life.low, life.high)
    )
    by = None if life.by is None else name_at(life.by, line, subject, problems)
    return LifeNode(low, high, by, line.span.within(*life.at))


def _grid(
    rows: list[Line],
    columns: tuple[ColumnNode, ...],
    names: Collection[str],
    subject: str,
    problems: list[Diagnostic],
) -> Grid | Crosstab | None:
    wrong: list[Diagnostic] = []
    grid = read_grid(rows, subject, wrong)
    problems.extend(of_columns(without_quotes(each, columns), names) for each in wrong)
    return grid


def _sorted_out(
    block: Block, subject: str, problems: list[Diagnostic]
) -> tuple[list[Line], list[Line]]:
    """The rows of the grid, and the other lines. A second grid is refused with its first row."""
    rows: list[Line] = []
    others: list[Line] = []
    apart: list[Line] = []
    ended = False
    for line in block.body:
        if line.text[0] == ROW:
            (apart if ended else rows).append(line)
        else:
            others.append(line)
            ended = ended or bool(rows and is_known(line))
    problems.extend(_second_grid(line, subject) for line in apart[:1])
    return rows, others


def _no_grid(line: Line, subject: str) -> Diagnostic:
    title = "a decision has no rows"
    label = "rows belong to a table"
    helps = (decide("put them in a table of their own, and ask it in a `let`"),)
    whole = (0, len(line.text))
    return diagnostic_at(complaint("GAP006", title, whole, label, helps=helps), line.span, subject)


def _second_grid(line: Line, subject: str) -> Diagnostic:
    title = "a row apart from its table's grid"
    label = "other lines stand between this row and the grid above"
    helps = (decide("move it to the grid, or begin a table of its own"),)
    return diagnostic_at(
        complaint("GAP006", title, (0, len(line.text)), label, helps=helps), line.span, subject
    )


# ---------------------------------------------------------------- lines that are not rows


def _columns(
    keyword: str, lines: list[TableLine], subject: str, problems: list[Diagnostic]
) -> Iterator[ColumnNode]:
    found: ColumnPhrase
    for line, found in said(keyword, lines):
        name = name_at(found.name, line, subject, problems)
        label = word_or_none_at(found.label, line.span)
        yield ColumnNode(name, type_at(found.type, line.span), label, line.span)
