"""The first row of a grid: the hit policy and the columns' names."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from gapless_dsl.complaint import complaint, decide, mend
from gapless_dsl.cutting import Piece, cells_of
from gapless_dsl.diagnostic import Diagnostic, Label
from gapless_dsl.lexis import BECAUSE, DOTTED, EFFECTIVE, NAME
from gapless_dsl.lines import Line
from gapless_dsl.nodes import Header, Word
from gapless_dsl.placing import diagnostic_at, word_at
from gapless_dsl.source import Span
from gapless_dsl.suggest import DMN_LETTERS, distance

_LAYOUT = "as in `| unique | zone | weight || price || because |`"


class HeaderReading(NamedTuple):
    """`header` is None where not even its parts can be told apart; a header that is not `sound` has
    as many columns as the author wrote, and lies about their names."""

    header: Header | None
    sound: bool


def read_header(line: Line, subject: str, problems: list[Diagnostic]) -> HeaderReading:
    sections = cells_of(line, subject, problems)
    misshapen = _misshapen(sections, line)
    if misshapen is not None:
        problems.append(diagnostic_at(misshapen, line.span, subject))
        return HeaderReading(None, sound=False)
    return header_of(sections, line, subject, problems)


def header_of(
    sections: list[list[Piece]], line: Line, subject: str, problems: list[Diagnostic]
) -> HeaderReading:
    """What the cells say, once it is known that they can be a header's."""
    words = [[_word(piece) for piece in section] for section in sections]
    misnamed = _misnamed(words)
    problems.extend(diagnostic_at(found, line.span, subject) for found in misnamed)
    policy, *conditions = (word_at(_in_one_way(word), line.span) for word in words[0])
    header = Header(
        policy if policy.text else None,
        tuple(conditions),
        tuple(word_at(word, line.span) for word in words[1]),
        tuple(word_at(word, line.span) for section in words[2:] for word in section),
        line.span,
    )
    return HeaderReading(header, sound=not misnamed)


def _misshapen(sections: list[list[Piece]], line: Line) -> Diagnostic | None:
    whole = (0, len(line.text))
    if len(sections) == 1:
        label = "`||` divides the conditions from the outcomes"
        helps = (decide(f"write `||` before the first outcome, {_LAYOUT}"),)
        return complaint("GAP004", "the header has no `||`", whole, label, helps=helps)
    if len(sections) > 3:
        label = "one `||` stands before the outcomes, and one before the annotations"
        return complaint("GAP004", "the header has too many `||`", whole, label, notes=(_LAYOUT,))
    if not sections[0]:
        label = "the first cell says the hit policy, or nothing"
        return complaint("GAP004", "the header has no first cell", whole, label, notes=(_LAYOUT,))
    if not sections[1]:
        label = "outcome columns stand after the first `||`"
        return complaint("GAP004", "the header has no outcomes", whole, label, notes=(_LAYOUT,))
    return None


def _word(piece: Piece) -> Word:
    text, start = piece
    return Word(text, Span("", start, start + len(text)))


def _in_one_way(word: Word) -> Word:
    """`effective  by sent` with one blank between its words."""
    return word._replace(text=" ".join(word.text.split()))


# ---------------------------------------------------------------- names


def _misnamed(sections: list[list[Word]]) -> list[Diagnostic]:
    policy, *conditions = sections[0]
    annotations = sections[2] if len(sections) > 2 else []
    columns = [*conditions, *sections[1], *annotations]
    unreadable = [_unreadable(word) for word in columns if not _is_name(word, conditions)]
    if policy.text and not all(map(NAME.fullmatch, policy.text.split(" "))):
        unreadable.append(_no_policy(policy))
    becauses = [_nearly_because(word) for word in annotations if _is_nearly_because(word)]
    return [*unreadable, *becauses, *_repeated(columns)]


def _no_policy(word: Word) -> Diagnostic:
    title, at = f"`{word.text}` cannot stand here", word.span[1:]
    words = word.text.split()
    meant = (
        " ".join(words)
        if all(map(NAME.fullmatch, words))
        else DMN_LETTERS.get("".join(words).upper())
    )
    if meant is None:
        label = "expected a hit policy: `unique`, `any` or `first`"
        return complaint("GAP004", title, at, label)
    helps = (mend(f"write `{meant}`", (at, meant)),)
    return complaint("GAP004", title, at, f"the hit policy is written `{meant}`", helps=helps)


def _unreadable(word: Word) -> Diagnostic:
    at = word.span[1:]
    if not word.text:
        return complaint("GAP004", "a column without a name", at, "a column's name is needed")
    label = "a name begins with a letter and holds letters, digits and `_`"
    return complaint("GAP004", f"`{word.text}` is not a column's name", at, label)


def _is_name(word: Word, conditions: list[Word]) -> bool:
    """Conditions may also ask for one result of a step, `line.code`, or for a day, `effective by sent`."""
    if word in conditions and (DOTTED.fullmatch(word.text) or EFFECTIVE.fullmatch(word.text)):
        return True
    return NAME.fullmatch(word.text) is not None


def _is_nearly_because(word: Word) -> bool:
    return word.text != BECAUSE and distance(word.text.casefold(), BECAUSE) < 2


def _nearly_because(word: Word) -> Diagnostic:
    return complaint(
        "GAP004",
        f"`{word.text}` is an annotation without a meaning",
        word.span[1:],
        f"did you mean `{BECAUSE}`?",
        helps=(mend(f"write `{BECAUSE}`", (word.span[1:], BECAUSE)),),
    )


def _repeated(columns: list[Word]) -> list[Diagnostic]:
    first: dict[str, Word] = {}
    found = []
    for word in columns:
        if word.text in first:
            before = Label(first[word.text].span, "first here")
            twice = complaint(
                "GAP004", f"`{word.text}` is a column twice", word.span[1:], "and again"
            )
            found.append(replace(twice, labels=(*twice.labels, before)))
        elif word.text:
            first[word.text] = word
    return found
