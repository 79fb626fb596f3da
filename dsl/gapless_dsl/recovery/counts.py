"""One finding about a row whose cells are not as many as the header's, or are divided elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from gapless_dsl.diagnostic import Diagnostic, Edit, Label, decision, error, mechanical
from gapless_dsl.lexis import ALONE, OTHERWISE
from gapless_dsl.nodes import Header, Word
from gapless_dsl.source import Line, Piece, Span


def misdivided(sections: list[list[Piece]], header: Header, line: Line) -> Diagnostic | None:
    """What is wrong where the `||` do not stand as in the header, so that no cell finds its column."""
    asked, answered = len(header.conditions), len(header.outcomes)
    many = [len(section) for section in sections]
    if 2 <= len(many) <= 3 and many[:2] == [1 + asked, answered]:
        return None
    if len(sections) == 1:
        return _undivided(sections[0], header, line)
    if len(sections) > 3:
        label = "a blank stands between the bars of an empty cell"
        return error("GAP003", "this row has too many `||`", Label(line.span, label))
    if not sections[0]:
        label = "the first cell is the rule's name, or blank"
        return error("GAP003", "this row begins with `||`", Label(line.at(0, 2), label))
    if (lost := _lost_bar(sections, header, line)) is not None:
        return lost
    tests, answers = sections[0][1:], sections[1]
    if len(tests) == asked or len(answers) == answered:
        return None
    if any(text in (OTHERWISE, *ALONE) for text, _ in sections[0] + answers):
        return None
    here = f"{_count(len(tests), 'condition')} and {_count(len(answers), 'outcome')}"
    label = f"{here} here, {asked or 'none'} and {answered} in the header"
    helps = (decision("write the `||` and the cells as the header has them"),)
    title = "the `||` stands elsewhere than in the header"
    return error("GAP003", title, Label(_all(sections[0] + answers), label), helps=helps)


def _lost_bar(sections: list[list[Piece]], header: Header, line: Line) -> Diagnostic | None:
    """One of two `||` is a `|`: the cells are as many as the header's, and the other `||` is right."""
    pieces = [piece for section in sections for piece in section]
    answers_at = 1 + len(header.conditions)
    notes_at = answers_at + len(header.outcomes)
    if len(sections) > 2 or not notes_at < len(pieces) == notes_at + len(header.annotations):
        return None
    lost = {answers_at: notes_at, notes_at: answers_at}.get(len(sections[0]))
    if lost is None:
        return None
    divided = "conditions from the outcomes" if lost == answers_at else "outcomes from the rest"
    what = f"`{pieces[lost][0]}`" if pieces[lost][0] else "an empty cell"
    title, label = f"`||` is missing before {what}", f"`||` divides the {divided}"
    return _doubled(title, label, [_bar_before(pieces[lost], line)])


def _undivided(pieces: list[Piece], header: Header, line: Line) -> Diagnostic:
    """Where there are cells enough, the bars that should be double are known."""
    answers_at = 1 + len(header.conditions)
    notes_at = answers_at + len(header.outcomes)
    title = "this row has no `||`"
    label = "`||` divides the conditions from the outcomes"
    if not notes_at <= len(pieces) <= notes_at + len(header.annotations):
        return error("GAP003", title, Label(line.span, label))
    lost = (pieces[place] for place in (answers_at, notes_at) if place < len(pieces))
    return _doubled(title, label, [_bar_before(piece, line) for piece in lost])


def _bar_before(piece: Piece, line: Line) -> Span:
    bar = line.text.rindex("|", 0, piece[1].start - line.span.start)
    return line.at(bar, bar + 1)


def _doubled(title: str, label: str, bars: list[Span]) -> Diagnostic:
    edits = (Edit(bar._replace(end=bar.start), "|") for bar in bars)
    helps = (mechanical("write `||` as in the header", *edits),)
    return error("GAP003", title, Label(bars[0], label), helps=helps)


def miscounted(
    pieces: Sequence[Piece], columns: Sequence[Word], noun: str, otherwise: Span
) -> Diagnostic:
    """A finding about too few or too many cells; `otherwise` is where there is none to point at."""
    many, wanted = len(pieces), len(columns)
    title = f"{_count(many, noun)} where the header has {wanted or 'none'}"
    if many < wanted:
        names = " and ".join(f"`{word.text}`" for word in columns[many:])
        where = Label(_all(pieces) if pieces else otherwise, f"no cell is left for {names}")
        helps = (decision("add what is missing; each column has its cell in each row"),)
        return error("GAP003", title, where, helps=helps)
    where = Label(pieces[wanted][1], "no column is left for this cell")
    escapes = "a `|` inside a value needs quotes, in an annotation `\\|`"
    return error("GAP003", title, where, helps=(decision(f"take a cell away; {escapes}"),))


def _all(pieces: Sequence[Piece]) -> Span:
    return pieces[0][1]._replace(end=pieces[-1][1].end)


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'s' * (number != 1)}"
