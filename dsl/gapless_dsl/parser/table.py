"""A `table` or `decision` block, read into its declaration: its columns, steps, grid and examples."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from gapless_dsl import nodes
from gapless_dsl.diagnostic import Edit, Label, decision, error, mechanical, to_decide
from gapless_dsl.lexis import DITTOS
from gapless_dsl.parser.bars import LAYOUT, Declared, cut, parted, read_heading
from gapless_dsl.parser.blocks import (
    NOTE,
    ROW,
    TABLE_LINES,
    Block,
    first_word,
    has_cells,
    is_divided,
    keyword_of,
    misspelt,
    read_head,
    unknown,
)
from gapless_dsl.parser.crosstab import is_crosstab, read_crosstab
from gapless_dsl.parser.grid import read_grid
from gapless_dsl.parser.reading import Reading, check_day, check_name, check_values, read_line
from gapless_dsl.recovery.fixes import edited, where_columns_are_meant
from gapless_dsl.recovery.habits import KINDS, Kind
from gapless_dsl.source import Line, Span
from gapless_dsl.transformer import Life

_STARTS = {
    "in": "column",
    "out": "column",
    "let": "let",
    "show": "show",
    "example": "example",
    "gives": "gives",
    NOTE: "note",
}


class _Line(NamedTuple):
    """`said` is None where the line cannot be read, `keyword` empty where not even its first word."""

    keyword: str
    line: Line
    said: Any


class _Around(NamedTuple):
    """Of a table, or a decision, its rows and the lines that are read as something else."""

    rows: list[Line]
    known: list[Line]
    is_decision: bool
    barless: list[Line]
    """Lines divided as rows are, which begin otherwise."""


def table(block: Block, reading: Reading) -> nodes.TableNode | None:
    """None where not even the name can be read."""
    head = read_head(block, reading)
    if head is None:
        return None
    is_decision = block.keyword == "decision"
    reading = reading.of(f"{block.keyword} {head.name.text}")
    rows, others = _sorted_out(block, reading)
    known = [line for line in others if _is_known(line)]
    around = _Around(rows, known, is_decision, [line for line in others if is_divided(line)])
    pasted = [*_pasted(others)]
    if pasted:
        _tell_of_pasted(pasted, reading)
    lines = [_read(line, around, reading) for line in others if line not in pasted]
    inputs = tuple(_columns("in", lines, reading))
    outputs = () if is_decision else tuple(_columns("out", lines, reading))
    if is_decision and rows:
        where = Label(rows[0].span, "rows belong to a table")
        helps = (decision("put them in a table of their own, and ask it in a `let`"),)
        reading.tell(error("GAP006", "a decision has no rows", where, helps=helps))
    lets = tuple(_lets(lines, reading))
    asked = [*(each.name.text for each in inputs), *(each.name.text for each in lets)]
    answered = [each.name.text for each in outputs]
    declared = Declared(asked, answered, dict(_kinds((*inputs, *outputs))))
    return nodes.TableNode(
        check_name(head.name, reading),
        head.title,
        tuple(note for _, note in _said(NOTE, lines)),
        inputs,
        lets,
        outputs,
        _grid(around, declared, reading) if rows and not is_decision else None,
        tuple(_examples(lines, reading)),
        block.span,
        life=None if head.life is None else _life(head.life, reading),
        is_decision=is_decision,
        results=tuple(_results(lines, reading)) if is_decision else (),
        shows=tuple(_shows(lines, reading)),
    )


def _life(life: Life, reading: Reading) -> nodes.LifeNode:
    low, high = (
        None if word is None else check_day(word, reading) for word in (life.low, life.high)
    )
    by = None if life.by is None else check_name(life.by, reading)
    return nodes.LifeNode(low, high, by, life.span)


def _sorted_out(block: Block, reading: Reading) -> tuple[list[Line], list[Line]]:
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
            ended = ended or bool(rows and _is_known(line))
    if apart:
        label = "other lines stand between this row and the grid above"
        helps = (decision("move it to the grid, or begin a table of its own"),)
        where = Label(apart[0].span, label)
        reading.tell(error("GAP006", "a row apart from its table's grid", where, helps=helps))
    return rows, others


# ---------------------------------------------------------------- the grid

_DASHES = re.compile(r"\|(?:\s*:?-{3,}:?\s*\|+)+")
"""A line of dashes, as people draw below a header."""

_DRAWN = re.compile(r"\|(?:\s*:?-+:?\s*\|+)+")
"""The same right below the header, where no rule is named `-` and answers `-`: one dash will do."""

_PLUS = re.compile(r"\+\s*(?=\|)")
_GOES_ON = re.compile(r"\|\s*(\+)\s*\|")
"""A row that says more of the row above, as some file formats have it."""


def _grid(
    around: _Around, declared: Declared, reading: Reading
) -> nodes.Grid | nodes.Crosstab | None:
    trial = Reading([], reading.subject)
    grid = _read_grid(_with_lost_header(around, declared), declared, trial)
    reading.found.extend(where_columns_are_meant(each, declared.conditions) for each in trial.found)
    return grid


def _with_lost_header(around: _Around, declared: Declared) -> list[Line]:
    """The rows; above them the line that lost the first `|` of a header, if the first row is none."""

    def is_header(line: Line) -> bool:
        return any(declared.kind(text) for part in cut(line).sections for text, _ in part)

    lost = [line for line in around.barless if line.span < around.rows[0].span]
    if not lost or is_header(around.rows[0]):
        return around.rows
    text, (path, start, end), indent = lost[-1]
    line = Line(f"|{text}", Span(path, start - 1, end), indent)
    if (plus := _PLUS.match(text)) is not None:
        line = Line(text[plus.end() :], Span(path, start + plus.end(), end), indent)
    return [line, *around.rows] if is_header(line) else around.rows


def _read_grid(
    lines: list[Line], declared: Declared, reading: Reading
) -> nodes.Grid | nodes.Crosstab | None:
    """None where the header cannot be right."""
    if edits := parted(lines, declared):
        _tell_of_parted(lines, edits, declared, reading)
        return None
    below = [line for line in lines[1:2] if not _DRAWN.fullmatch(line.text)]
    inked = [line for line in (*lines[:1], *below, *lines[2:]) if not _DASHES.fullmatch(line.text)]
    inked = inked or lines[:1]
    heading = read_heading(inked, declared, reading)
    if heading is None:
        return None
    if not is_crosstab(heading):
        whole = lines[0].span._replace(end=lines[-1].span.end)
        return read_grid(heading, [*_alone(inked[1:], reading)], whole, declared, reading)
    below = [line for line in inked[2:3] if not _DRAWN.fullmatch(line.text)]
    rows = _alone([*below, *inked[3:]], reading)
    return read_crosstab(heading, [*inked[1:2], *rows], declared, reading)


def _tell_of_parted(
    lines: list[Line], edits: list[Edit], declared: Declared, reading: Reading
) -> None:
    """GAP004, for `| |` between the parts of a grid; mechanical if that is all that is wrong with it."""
    mended = [
        line._replace(text=edited(line.text, _within(line, edits), line.span.start))
        for line in lines
    ]
    trial = Reading([], reading.subject)
    _read_grid(mended, declared, trial)
    write = (decision if trial.found else mechanical)("write `||` there, and in the rows", *edits)
    title, label = "`||` divides the parts of a grid, not `| |`", "a blank stands between the bars"
    where = Label(edits[0].span, label)
    reading.tell(error("GAP004", title, where, notes=(LAYOUT,), helps=(write,)))


def _within(line: Line, edits: list[Edit]) -> list[Edit]:
    return [each for each in edits if line.span.start <= each.span.start < line.span.end]


def _alone(lines: list[Line], reading: Reading) -> Iterator[Line]:
    """The rows, without those that were meant to go on with the row above."""
    for line in lines:
        if (found := _GOES_ON.match(line.text)) is None:
            yield line
            continue
        where = Label(line.at(*found.span(1)), "a row stands on one line, however long")
        helps = (decision("write what this line says more in the cells of the row above"),)
        reading.tell(error("GAP002", "`+` begins no row", where, helps=helps))


# ---------------------------------------------------------------- lines that are not rows


def _is_known(line: Line) -> bool:
    """Whether it is read as another line than a row, misspelt or not."""
    if is_divided(line):
        return False
    return line.text[0] == NOTE or keyword_of(first_word(line), TABLE_LINES) is not None


def _read(line: Line, around: _Around, reading: Reading) -> _Line:
    if is_divided(line):
        _tell_of_barless(line, around, reading)
        return _Line("", line, None)
    word = NOTE if line.text[0] == NOTE else first_word(line)
    keyword = NOTE if word == NOTE else keyword_of(word, TABLE_LINES)
    if keyword is None and has_cells(line):
        _tell_of_barless(line, around, reading)
    elif keyword is None:
        label = "expected `in`, `let`, `out`, `|`, `show`, `example`, `gives` or a note in quotes"
        reading.tell(unknown(line, "no line of a table begins", label, word))
    elif keyword != word:
        reading.tell(misspelt(line, word, keyword))
    if keyword is None:
        return _Line("", line, None)
    is_result = around.is_decision and keyword == "out"
    start = "result" if is_result else _STARTS[keyword]
    head = 0 if keyword == NOTE else len(word)
    return _Line(keyword, line, read_line(start, line, head, reading))


def _said(keyword: str, lines: list[_Line]) -> Iterator[tuple[Line, Any]]:
    for each in lines:
        if each.keyword == keyword and each.said is not None:
            yield each.line, each.said


def _tell_of_barless(line: Line, around: _Around, reading: Reading) -> None:
    """A row that lost its first `|`; its help is mechanical only if the line then is one of the grid.

    A row with tabs was none before, either.
    """
    begin = Edit(line.at(0, 0), "| " if line.indent else "  | ")
    is_open = not line.text.endswith("|")
    ends = (Edit(line.span._replace(start=line.span.end), " |"),) * is_open
    helps = (mechanical(f"begin {'and end ' if ends else ''}it with `|`", begin, *ends),)
    has_bars, label = "|" in line.text, "this one does not"
    if (plus := _PLUS.match(line.text)) is not None:
        label = "a row stands on one line, however long"
        helps = (mechanical("take the `+` away", Edit(line.at(*plus.span()), ""), *ends),)
    found = error(
        "GAP001",
        "a row of a table begins with `|`",
        Label(line.at(0, 1), label),
        notes=() if has_bars else ("its cells are divided by `|`, not by tabs",),
        helps=helps if has_bars else (),
    )
    since = len(reading.found)
    place = bisect(around.rows, line.span, key=_span)
    above = around.rows[:place][:2] + around.rows[2:place][-1:]
    below = around.rows[place : place + 1]
    if around.is_decision or _is_apart(line, above[-1:] or below, around) or _leans(below):
        reading.tell(to_decide(found))
        return
    reading.tell(found)

    def wrong(mended: Line, trial: Reading) -> bool:
        lines = [*above, mended] if above else [mended, *around.rows]
        grid = _read_grid(lines, Declared(), trial)
        places = range(mended.span.start, mended.span.start + len(mended.text))
        told = (not above or each.span.start in places for each in trial.found)
        return grid is None or any(told)

    reading.judge(since, line, wrong)


_SIGNS = "\t;,"
"""What divides the cells of a sheet that is pasted."""


def _pasted(lines: list[Line]) -> Iterator[Line]:
    """Lines of a sheet: several that are no lines of a table, with the same sign as often in each."""
    stray = [
        line
        for line in lines
        if line.text[0] != NOTE and not keyword_of(first_word(line), TABLE_LINES)
    ]
    for sign in _SIGNS:
        alike = [line for line in stray if sign in line.text and "|" not in line.text]
        if len(alike) > 1 and len({line.text.count(sign) for line in alike}) == 1:
            yield from alike
            return


def _tell_of_pasted(lines: list[Line], reading: Reading) -> None:
    first = lines[0]
    sign = next(each for each in _SIGNS if each in first.text)
    called = {"\t": "tabs", ";": "`;`", ",": "commas"}[sign]
    rows = [
        f"| {' | '.join(cell.strip() for cell in each.text.split(sign))} |" for each in lines[:2]
    ]
    said = (
        "divide the cells by `|`, begin each row with its name, or a blank, and write `||` before the "
        f"outcomes, {LAYOUT}"
    )
    title = f"{len(lines)} lines of a sheet, whose cells are divided by {called}"
    help_ = replace(decision(said), lines=tuple(rows))
    reading.tell(
        error(
            "GAP001", title, Label(first.span, "the rows of a grid begin with `|`"), helps=(help_,)
        )
    )


def _span(line: Line) -> Span:
    return line.span


def _is_apart(line: Line, nearest: list[Line], around: _Around) -> bool:
    """Whether other lines stand between it and the grid."""
    for row in nearest:
        first, last = sorted((row.span, line.span))
        if bisect(around.known, first, key=_span) < bisect(around.known, last, key=_span):
            return True
    return False


def _leans(rows: list[Line]) -> bool:
    """Whether a row repeats a cell of the one above."""
    pieces = (piece for row in rows for section in cut(row).sections for piece in section)
    return any(text in DITTOS for text, _ in pieces)


# ---------------------------------------------------------------- columns and steps


def _columns(keyword: str, lines: list[_Line], reading: Reading) -> Iterator[nodes.ColumnNode]:
    for _, column in _said(keyword, lines):
        check_name(column.name, reading)
        yield column


def _kinds(columns: Iterable[nodes.ColumnNode]) -> Iterator[tuple[str, Kind]]:
    """What the columns hold, of those whose types are not declared elsewhere."""
    for column in columns:
        of = column.type
        while isinstance(of, nodes.WrappedNode):
            of = of.of
        if isinstance(of, nodes.ScalarNode) and of.name.text in KINDS:
            yield column.name.text, KINDS[of.name.text]


def _lets(lines: list[_Line], reading: Reading) -> Iterator[nodes.LetNode]:
    step: nodes.LetNode
    for line, step in _said("let", lines):
        check_name(step.name, reading)
        if check_values((step.value,), line, line.span, reading):
            yield replace(step, guard=_guard(step.guard, line, reading))


def _shows(lines: list[_Line], reading: Reading) -> Iterator[nodes.ShowNode]:
    show: nodes.ShowNode
    for line, show in _said("show", lines):
        yield replace(show, guard=_guard(show.guard, line, reading))


def _guard(
    guard: tuple[nodes.GuardNode, ...], line: Line, reading: Reading
) -> tuple[nodes.GuardNode, ...]:
    tests = (each for each in guard if _is_meant(each.cell, line, reading))
    return tuple(replace(each, cell=_with_text(each.cell, line)) for each in tests)


def _results(lines: list[_Line], reading: Reading) -> Iterator[nodes.ResultNode]:
    result: nodes.ResultNode
    for line, result in _said("out", lines):
        check_name(result.name, reading)
        cell = result.cell
        is_meant = cell is not None and _is_meant(cell, line, reading)
        yield replace(result, cell=_with_text(cell, line) if cell and is_meant else None)


def _is_meant(cell: nodes.ConditionCell | nodes.OutcomeCell, line: Line, reading: Reading) -> bool:
    match cell:
        case nodes.ConditionCell(content):
            return check_values((*content.either, *content.neither), line, cell.span, reading)
        case nodes.OutcomeCell(content):
            return check_values(content.items, line, cell.span, reading)


AnyCell = TypeVar("AnyCell", nodes.ConditionCell, nodes.OutcomeCell)


def _with_text(cell: AnyCell, line: Line) -> AnyCell:
    start = line.span.start
    return cell._replace(text=line.text[cell.span.start - start : cell.span.end - start])


# ---------------------------------------------------------------- examples


def _examples(lines: list[_Line], reading: Reading) -> Iterator[nodes.ExampleNode]:
    """Each `example` line with the `gives` line below it."""
    waiting: _Line | None = None
    for each in lines:
        if each.keyword == "gives" and waiting is not None:
            if waiting.said is not None and each.said is not None:
                yield _example(waiting, each, reading)
            waiting = None
        elif each.keyword == "gives":
            where = Label(each.line.span, "the line above it is no `example`")
            helps = (decision("write the `example` that it answers above it, or take it away"),)
            reading.tell(error("GAP006", "this line belongs to nothing", where, helps=helps))
        elif each.keyword:
            _check_answered(waiting, reading)
            waiting = each if each.keyword == "example" else None
    _check_answered(waiting, reading)


def _example(first: _Line, last: _Line, reading: Reading) -> nodes.ExampleNode:
    title, inputs = first.said
    outputs, is_draft = last.said
    for line, bindings in ((first.line, inputs), (last.line, outputs or ())):
        for each in bindings:
            check_values(each.values, line, each.span, reading)
    span = first.line.span._replace(end=last.line.span.end)
    return nodes.ExampleNode(title, inputs, outputs, span, is_draft)


def _check_answered(example: _Line | None, reading: Reading) -> None:
    if example is not None and example.said is not None:
        where = Label(example.line.span, "no `gives` line follows")
        helps = (decision("write `gives` and the answer on the line below it"),)
        reading.tell(error("GAP009", "an example without its answer", where, helps=helps))
