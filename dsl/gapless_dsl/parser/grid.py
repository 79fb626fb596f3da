"""A grid: its header, and one rule a line; a crosstab's rows as well."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, decision, error, mechanical
from gapless_dsl.lexis import (
    ALONE,
    BARE,
    BECAUSE,
    DITTOS,
    DOTTED,
    EFFECTIVE,
    IMPOSSIBLE,
    NAME,
    OTHERWISE,
)
from gapless_dsl.nodes import (
    Call,
    ConditionCell,
    Crossing,
    CrossRow,
    Grid,
    Header,
    OutcomeCell,
    OutcomeContent,
    Row,
    RowKind,
    TextCell,
    Word,
)
from gapless_dsl.parser.bars import (
    LAYOUT,
    Declared,
    Heading,
    Regrouping,
    Sections,
    cells_of,
    cut,
)
from gapless_dsl.parser.cells import Naming, condition, naming, outcome
from gapless_dsl.parser.reading import Reading
from gapless_dsl.recovery.habits import Kind
from gapless_dsl.recovery.unreadable import count, miscounted, misdivided
from gapless_dsl.source import Line, Piece, Span, stretch
from gapless_dsl.suggest import DMN_LETTERS, distance

# ---------------------------------------------------------------- the header


class HeaderReading(NamedTuple):
    """`header` is None where not even its parts can be told apart; a header that is not `sound` has
    as many columns as the author wrote, and lies about their names."""

    header: Header | None
    sound: bool


def read_header(heading: Heading, reading: Reading) -> HeaderReading:
    line, sections, _ = heading
    notes: tuple[str, ...] = (LAYOUT,)
    helps: tuple[Help, ...] = ()
    if len(sections) == 1:
        title, label = "the header has no `||`", "`||` divides the conditions from the outcomes"
        helps, notes = (decision(f"write `||` before the first outcome, {LAYOUT}"),), ()
    elif len(sections) > 3:
        title = "the header has too many `||`"
        label = "one `||` stands before the outcomes, and one before the annotations"
    elif not sections[0]:
        title = "the header has no first cell"
        label = "the first cell says the hit policy, or nothing"
    elif not sections[1]:
        title = "the header has no outcomes"
        label = "outcome columns stand after the first `||`"
    else:
        return header_of(sections, line, reading)
    reading.tell(error("GAP004", title, Label(line.span, label), notes=notes, helps=helps))
    return HeaderReading(None, sound=False)


def header_of(sections: Sections, line: Line, reading: Reading) -> HeaderReading:
    """What the cells say, once it is known that they can be a header's."""
    words = [[Word(*piece) for piece in section] for section in sections]
    misnamed = list(_misnamed(words))
    for found in misnamed:
        reading.tell(found)
    # `effective  by sent` has one blank between its words.
    policy, *conditions = (word._replace(text=" ".join(word.text.split())) for word in words[0])
    header = Header(
        policy if policy.text else None,
        tuple(conditions),
        tuple(words[1]),
        tuple(word for section in words[2:] for word in section),
        line.span,
    )
    return HeaderReading(header, sound=not misnamed)


def _misnamed(sections: list[list[Word]]) -> Iterator[Diagnostic]:
    policy, *conditions = sections[0]
    annotations = sections[2] if len(sections) > 2 else []
    columns = [*conditions, *sections[1], *annotations]
    for word in columns:
        if not word.text:
            label = "a column's name is needed"
            yield error("GAP004", "a column without a name", Label(word.span, label))
        elif not _is_name(word, conditions):
            label = "a name begins with a letter and holds letters, digits and `_`"
            title = f"`{word.text}` is not a column's name"
            yield error("GAP004", title, Label(word.span, label))
    if policy.text and not all(map(NAME.fullmatch, policy.text.split(" "))):
        yield _no_policy(policy)
    for word in annotations:
        if word.text != BECAUSE and distance(word.text.casefold(), BECAUSE) < 2:
            title = f"`{word.text}` is an annotation without a meaning"
            helps = (mechanical(f"write `{BECAUSE}`", Edit(word.span, BECAUSE)),)
            where = Label(word.span, f"did you mean `{BECAUSE}`?")
            yield error("GAP004", title, where, helps=helps)
    first: dict[str, Word] = {}
    for word in columns:
        if word.text and word is not (before := first.setdefault(word.text, word)):
            twice = Label(word.span, "and again"), Label(before.span, "first here")
            both = "make one column of them, whose cells say both: `18..60` for `18..` and `..60`"
            merged = [decision(both)] if {word, before} <= {*conditions} else []
            yield error("GAP004", f"`{word.text}` is a column twice", *twice, helps=tuple(merged))


def _is_name(word: Word, conditions: list[Word]) -> bool:
    """Conditions may also ask for one result of a step, `line.code`, or for a day, `effective by sent`."""
    if word in conditions and (DOTTED.fullmatch(word.text) or EFFECTIVE.fullmatch(word.text)):
        return True
    return NAME.fullmatch(word.text) is not None


def _no_policy(word: Word) -> Diagnostic:
    title = f"`{word.text}` cannot stand here"
    words = word.text.split()
    meant: str | None = " ".join(words)
    if not all(map(NAME.fullmatch, words)):
        meant = DMN_LETTERS.get("".join(words).upper())
    if meant is None:
        label = "expected a hit policy: `unique`, `any` or `first`"
        return error("GAP004", title, Label(word.span, label))
    helps = (mechanical(f"write `{meant}`", Edit(word.span, meant)),)
    where = Label(word.span, f"the hit policy is written `{meant}`")
    return error("GAP004", title, where, helps=helps)


# ---------------------------------------------------------------- rows

Cell = TypeVar("Cell", ConditionCell, OutcomeCell, TextCell, Crossing)
AnyRow = TypeVar("AnyRow", Row, CrossRow)


class Standing(NamedTuple):
    """Where a row stands: below which header, and the row above that its cells may repeat."""

    header: Header
    above: Row | CrossRow | None
    number: int
    reading: Reading
    regrouping: Regrouping | None
    kinds: Mapping[str, Kind] = {}


class Opened(NamedTuple):
    """A row but for its answers, which a grid's row and a crosstab's read each in their own way.

    `answers` is None where the row's cells could not be told apart.
    """

    line: Line
    here: Standing
    name: Word | None
    over: tuple[Word, ...]
    kind: RowKind
    conditions: tuple[ConditionCell | None, ...]
    answers: list[Piece] | None
    annotations: tuple[TextCell | None, ...]


def read_grid(
    heading: Heading, lines: list[Line], whole: Span, declared: Declared, reading: Reading
) -> Grid | None:
    """None where the header cannot be right; the rows are read all the same, for what is wrong there."""
    header, sound = read_header(heading, reading)
    if header is None:
        return None
    rows = read_rows(heading, lines, header, declared, reading, _row, sound=sound)
    return Grid(header, rows, whole) if sound and rows is not None else None


def read_rows(
    heading: Heading,
    lines: list[Line],
    header: Header,
    declared: Declared,
    reading: Reading,
    row: Callable[[Opened], AnyRow],
    *,
    sound: bool,
) -> tuple[AnyRow, ...] | None:
    """The lines below a header, each of which `row` completes; None where the header fits none."""
    if (found := _ill_fitting(heading, lines, header, declared)) is not None:
        if sound:
            reading.tell(found)
        return None
    rows: list[AnyRow] = []
    for number, line in enumerate(lines, 1):
        here = Standing(
            header, rows[-1] if rows else None, number, reading, heading.below, declared.kinds
        )
        rows.append(_read_row(line, here, row))
    return tuple(rows)


_NOUNS = ("condition", "outcome", "annotation")


def _ill_fitting(
    heading: Heading, lines: list[Line], header: Header, declared: Declared
) -> Diagnostic | None:
    """That all rows are alike and the header is not: one mistake, however many rows there are."""
    columns = (header.conditions, header.outcomes, header.annotations)
    wanted = tuple(map(len, columns))
    unlike: list[tuple[tuple[int, ...], Line]] = []
    for line in lines:
        sections = cut(line).sections
        if heading.below is not None:
            sections = heading.below.of(line, sections)
        if not 2 <= len(sections) <= 3 or not sections[0]:
            return None
        (name, *tests), answers, *notes = sections
        is_alone = len(answers) == 1 and (answers[0][0] in ALONE or "(" in answers[0][0])
        if is_alone or _kind(name[0], tests, answers) is RowKind.OTHERWISE:
            continue
        counts = (len(tests), len(answers), max(sum(map(len, notes)), wanted[2]))
        many = sum(map(len, (tests, answers, *notes)))
        if counts == wanted and (wanted[2] or notes):
            return None
        if counts != wanted and many == sum(wanted):
            return None  # a `||` of the row is lost
        if counts != wanted:
            unlike.append((counts, line))
        if unlike and counts[:2] != unlike[0][0][:2]:
            return None
    if len(unlike) < 2:
        return None
    alike, line = unlike[0]
    places = [at for at in range(3) if alike[at] != wanted[at]]
    here, there = (
        " and ".join(count(each[at], _NOUNS[at]) for at in places) for each in (wanted, alike)
    )
    words = columns[places[0]]
    span = words[0].span._replace(end=words[-1].span.end) if words else header.span
    named = {word.text for word in columns[0] + columns[1]}
    free = [name for name in (*declared.conditions, *declared.outcomes) if name not in named]
    notes_ = (f"not named in this header: {', '.join(f'`{name}`' for name in free)}",) * bool(free)
    help_ = decision("name each column in the header, and give it a cell in each row")
    if places == [2] and not wanted[2]:
        help_ = decision(f"end the header with `|| {BECAUSE} |`, if these are reasons")
    elif alike[0] + 1 == wanted[0] and not BARE.fullmatch(cut(line).sections[0][0][0] or BECAUSE):
        help_ = decision("begin each row with a cell for its name, which may be blank")
    labels = Label(span, f"{here} here"), Label(line.span, f"{there} here, and in each row")
    title = f"the header has {here}, each row {there}"
    return error("GAP004", title, *labels, notes=notes_, helps=(help_,))


def _read_row(line: Line, here: Standing, row: Callable[[Opened], AnyRow]) -> AnyRow:
    since = len(here.reading.found)
    opened = _opened(line, here)
    if opened is not None:
        return row(opened)

    def wrong(mended: Line, trial: Reading) -> bool:
        again = _opened(mended, here._replace(reading=trial))
        if again is not None:
            row(again)
        return again is None or bool(trial.found)

    here.reading.judge(since, line, wrong)
    conditions = (None,) * len(here.header.conditions)
    annotations = (None,) * len(here.header.annotations)
    return row(Opened(line, here, None, (), RowKind.RULE, conditions, None, annotations))


def _opened(line: Line, here: Standing) -> Opened | None:
    """None where the cells cannot be told apart, of which there is a finding."""
    sections = cells_of(line, here.reading)
    if here.regrouping is not None:
        sections = here.regrouping.of(line, sections)
    rule = f"{here.reading.subject}, rule "
    wrong = misdivided(sections, here.header, line)
    if wrong is not None:
        here.reading.of(f"{rule}{here.number}").tell(wrong)
        return None
    ((text, span), *tests), answers, *others = sections
    rule += text.partition(" ")[0] or str(here.number)
    reading = here.reading.of(rule)
    here = here._replace(reading=reading)
    kind = _kind(text, tests, answers)
    name, over, problem = naming(text, span) if text else Naming(None)
    if problem is not None:
        here.reading.tell(problem)
    conditions: tuple[ConditionCell | None, ...] = ()
    if kind is RowKind.OTHERWISE:
        _check_untested(tests, here.reading)
    else:
        conditions = _conditions(tests, line, here)
    annotations = _annotations(others[0] if others else [], line, here)
    return Opened(line, here, name, over, kind, conditions, answers, annotations)


def _kind(name: str, tests: list[Piece], answers: list[Piece]) -> RowKind:
    said = {text for text, _ in tests}
    if name == OTHERWISE or (OTHERWISE in said and said <= {OTHERWISE, "-"}):
        return RowKind.OTHERWISE
    if len(answers) == 1 and answers[0][0] in ALONE:
        return RowKind(answers[0][0])
    return RowKind.RULE


def _check_untested(tests: list[Piece], reading: Reading) -> None:
    """An `otherwise` row may have a cell for each condition if none of them tests anything."""
    if len(tests) > 1 and any(text == OTHERWISE for text, _ in tests):
        whole = tests[0][1]._replace(end=tests[-1][1].end)
        alone = all(text == OTHERWISE for text, _ in tests)
        write = (mechanical if alone else decision)("say it once", Edit(whole, OTHERWISE))
        title, label = (
            "`otherwise` stands alone in the conditions",
            "this is one row's, not a cell's",
        )
        reading.tell(error("GAP002", title, Label(whole, label), helps=(write,)))
        return
    tested = next((span for text, span in tests if text not in ("-", OTHERWISE)), None)
    if tested is not None:
        where = Label(tested, "write `-`, or give the rule another name")
        reading.tell(error("GAP002", "an `otherwise` row tests nothing", where))


# ---------------------------------------------------------------- cells


def cells_in(
    pieces: Sequence[Piece],
    columns: Sequence[Word],
    above: Sequence[Cell | None],
    here: Standing,
    read: Callable[[str, Kind | None], tuple[Any, Diagnostic | None]],
    cell: Callable[[Any, Span, str], Cell],
) -> tuple[Cell | None, ...]:
    """What the cells of one section say, or those above them; None and a finding where nothing."""
    cells: list[Cell | None] = []
    for text, span in pieces:
        content, problem = read(text, here.kinds.get(columns[len(cells)].text))
        if content is not None:
            cells.append(cell(content, span, text))
            continue
        repeated, problem = same(text, above, len(cells), here.above, problem)
        if problem is not None:
            here.reading.tell_of(span, problem, f", column {columns[len(cells)].text}")
        cells.append(repeated)
    return tuple(cells)


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
    if cell is not None:
        return cell._replace(ditto=True), None
    if above is None:
        label = "no row stands above this one"
    elif None in above.conditions or None in above.outcomes:
        return None, None  # the one above could not be read
    elif above.kind is RowKind.RULE:
        label = "the cell above is empty"
    else:
        label = f"the row above says `{above.kind}`, and nothing in this column"
    helps = (decision("write out what is meant"),)
    where = Label(stretch(0, len(text)), label)
    return None, error("GAP002", "`^` repeats nothing", where, helps=helps)


def _conditions(tests: list[Piece], line: Line, here: Standing) -> tuple[ConditionCell | None, ...]:
    columns = here.header.conditions
    if len(tests) != len(columns):
        here.reading.tell(miscounted(tests, columns, "condition", line.span, here.kinds))
        return (None,) * len(columns)
    above = here.above.conditions if here.above else ()
    return cells_in(tests, columns, above, here, condition, ConditionCell)


def _row(row: Opened) -> Row:
    outcomes: tuple[OutcomeCell | None, ...] = ()
    if row.kind not in (RowKind.IMPOSSIBLE, RowKind.DRAFT):
        outcomes = _outcomes(row)
    span = row.line.span
    return Row(row.name, row.kind, row.conditions, outcomes, row.annotations, span, row.over)


def _outcomes(row: Opened) -> tuple[OutcomeCell | None, ...]:
    columns, answers, here = row.here.header.outcomes, row.answers, row.here
    if answers is None:
        return (None,) * len(columns)
    if len(answers) == 1 and len(columns) > 1 and "(" in answers[0][0]:
        # `table(a, b)`, alone in several outcomes: each is what that table answers under its name.
        content, _ = outcome(answers[0][0])
        match content:
            case OutcomeContent((Call(output=None),)):
                return (OutcomeCell(content, answers[0][1], answers[0][0], spans=True),) * len(
                    columns
                )
    wrong = _miscounted(answers, columns, row.line, here.kinds)
    if wrong is not None:
        here.reading.tell(wrong)
        return (None,) * len(columns)
    above = here.above.outcomes if isinstance(here.above, Row) else ()
    return cells_in(answers, columns, above, here, outcome, OutcomeCell)


def _miscounted(
    answers: list[Piece], columns: tuple[Word, ...], line: Line, kinds: Mapping[str, Kind]
) -> Diagnostic | None:
    stray = next((piece for piece in answers if piece[0] in ALONE), None)
    if stray is not None and len(answers) == 1:
        return unanswering(*stray)
    if stray is not None:
        where = Label(stray[1], "it stands alone between the `||`")
        return error("GAP002", f"`{stray[0]}` is not alone", where)
    if len(answers) != len(columns):
        return miscounted(answers, columns, "outcome", line.span, kinds)
    return None


def unanswering(word: str, span: Span) -> Diagnostic:
    """That an `otherwise` row, which is there to answer, says `impossible` or `draft`."""
    what = "impossible" if word == IMPOSSIBLE else "a draft"
    which = "cannot happen" if word == IMPOSSIBLE else "is still to be decided"
    title = f"an `otherwise` row cannot be {what}"
    helps = (decision(f"write the answer, or say in a row of its own which case {which}"),)
    return error("GAP002", title, Label(span, "no answer"), helps=helps)


# ---------------------------------------------------------------- annotations

_ESCAPED = re.compile(rf"\\+[{re.escape(''.join(DITTOS))}]")


def unescaped(text: str) -> str:
    r"""An annotation that means the sign itself is written `\^`."""
    return text[1:] if _ESCAPED.fullmatch(text) else text


def _annotations(notes: list[Piece], line: Line, here: Standing) -> tuple[TextCell | None, ...]:
    columns = here.header.annotations
    if len(notes) > len(columns):
        here.reading.tell(miscounted(notes, columns, "annotation", line.span))
    cells: list[TextCell | None] = []
    for typed, span in notes[: len(columns)]:
        text = typed.replace("\\|", "|").replace("\t", " ")
        if text not in DITTOS:
            text = unescaped(text) if text.endswith(DITTOS) else text
            cells.append(TextCell(text, span) if text else None)
            continue
        above = here.above.annotations if here.above else ()
        cell, problem = same(text, above, len(cells), here.above, None)
        cells.append(cell)
        if problem is not None:
            here.reading.tell_of(span, problem)
    return (*cells, *(None,) * (len(columns) - len(cells)))
