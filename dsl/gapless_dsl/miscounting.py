"""What to say of a row whose cells are not as many as the header's."""

from __future__ import annotations

from gapless_dsl.complaint import complaint, decide, mend
from gapless_dsl.cutting import Piece
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.lexis import ALONE, OTHERWISE
from gapless_dsl.nodes import At, Header, Word


def misdivided(sections: list[list[Piece]], header: Header, text: str) -> Diagnostic | None:
    """A complaint where the `||` do not stand as in the header, so that no cell finds its column."""
    if _is_as_in(header, sections):
        return None
    whole = (0, len(text))
    if len(sections) == 1:
        return _undivided(sections[0], header, text)
    if len(sections) > 3:
        title = "this row has too many `||`"
        label = "a blank stands between the bars of an empty cell"
        return complaint("GAP003", title, whole, label)
    if not sections[0]:
        title = "this row begins with `||`"
        label = "the first cell is the rule's name, or blank"
        return complaint("GAP003", title, (0, 2), label)
    return _lost_bar(sections, header, text) or _shifted(sections, header)


def _is_as_in(header: Header, sections: list[list[Piece]]) -> bool:
    if not 2 <= len(sections) <= 3:
        return False
    asked, answered = 1 + len(header.conditions), len(header.outcomes)
    return len(sections[0]) == asked and len(sections[1]) == answered


def _lost_bar(sections: list[list[Piece]], header: Header, text: str) -> Diagnostic | None:
    """One of two `||` is a `|`: the cells are as many as the header's, and the other `||` is right."""
    pieces = [piece for section in sections for piece in section]
    answers_at = 1 + len(header.conditions)
    notes_at = answers_at + len(header.outcomes)
    if len(sections) > 2 or not notes_at < len(pieces) == notes_at + len(header.annotations):
        return None
    lost = {answers_at: notes_at, notes_at: answers_at}.get(len(sections[0]))
    if lost is None:
        return None
    bar = _bar_before(pieces[lost], text)
    divided = "conditions from the outcomes" if lost == answers_at else "outcomes from the rest"
    what = f"`{pieces[lost][0]}`" if pieces[lost][0] else "an empty cell"
    help_ = mend("write `||` as in the header", ((bar, bar), "|"))
    title, label = f"`||` is missing before {what}", f"`||` divides the {divided}"
    return complaint("GAP003", title, (bar, bar + 1), label, helps=(help_,))


def _undivided(pieces: list[Piece], header: Header, text: str) -> Diagnostic:
    """Where there are cells enough, the bars that should be double are known."""
    answers_at = 1 + len(header.conditions)
    notes_at = answers_at + len(header.outcomes)
    title = "this row has no `||`"
    label = "`||` divides the conditions from the outcomes"
    if not notes_at <= len(pieces) <= notes_at + len(header.annotations):
        return complaint("GAP003", title, (0, len(text)), label)
    bars = [_bar_before(pieces[i], text) for i in (answers_at, notes_at) if i < len(pieces)]
    help_ = mend("write `||` as in the header", *(((bar, bar), "|") for bar in bars))
    return complaint("GAP003", title, (bars[0], bars[0] + 1), label, helps=(help_,))


def _bar_before(piece: Piece, text: str) -> int:
    return text.rindex("|", 0, piece[1])


def _shifted(sections: list[list[Piece]], header: Header) -> Diagnostic | None:
    tests, answers = sections[0][1:], sections[1]
    asked, answered = len(header.conditions), len(header.outcomes)
    if len(tests) == asked or len(answers) == answered:
        return None
    if any(text in (OTHERWISE, *ALONE) for text, _ in sections[0] + answers):
        return None
    here = f"{_count(len(tests), 'condition')} and {_count(len(answers), 'outcome')}"
    label = f"{here} here, {asked or 'none'} and {answered} in the header"
    helps = (decide("write the `||` and the cells as the header has them"),)
    title = "the `||` stands elsewhere than in the header"
    return complaint("GAP003", title, _all(sections[0] + answers), label, helps=helps)


def miscounted(
    pieces: list[Piece], columns: tuple[Word, ...], noun: str, otherwise: At
) -> Diagnostic:
    """A complaint about too few or too many cells; `otherwise` is where there is none to point at."""
    many, wanted = len(pieces), len(columns)
    title = f"{_count(many, noun)} where the header has {wanted or 'none'}"
    if many < wanted:
        names = " and ".join(f"`{word.text}`" for word in columns[many:])
        at = _all(pieces) if pieces else otherwise
        helps = (decide("add what is missing; each column has its cell in each row"),)
        return complaint("GAP003", title, at, f"no cell is left for {names}", helps=helps)
    text, start = pieces[wanted]
    label = "no column is left for this cell"
    helps = (decide("take a cell away; a `|` inside a value needs quotes, in an annotation `\\|`"),)
    return complaint("GAP003", title, (start, start + len(text)), label, helps=helps)


def _all(pieces: list[Piece]) -> At:
    text, start = pieces[-1]
    return (pieces[0][1], start + len(text))


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}" if number == 1 else f"{number or 'no'} {noun}s"
