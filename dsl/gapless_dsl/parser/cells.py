"""What one cell says: a condition, an outcome, a reason, a rule's name. Each different text is read once.

In a long table nearly every text that is not repeated is one word or one range of numbers. These two
are read without the grammar, which takes thirty times as long to say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, decision, error, mechanical
from gapless_dsl.grammar import Stop, read
from gapless_dsl.lexis import ALONE, BARE, NAME, OVER, RESERVED, is_bare
from gapless_dsl.nodes import (
    At,
    Basis,
    Citation,
    ConditionContent,
    Literal,
    Mark,
    OutcomeContent,
    Range,
    ReasonContent,
    Word,
)
from gapless_dsl.recovery.fixes import first_reserved, first_unusable
from gapless_dsl.recovery.habits import Kind
from gapless_dsl.recovery.unreadable import unreadable_cell
from gapless_dsl.source import Span, stretch
from gapless_dsl.suggest import distance, keyword

MOST_TEXTS = 1 << 16

_RANGE = re.compile(rf"([\[(]?)({BARE.pattern})\.\.({BARE.pattern})([\])]?)")


class ConditionReading(NamedTuple):
    content: ConditionContent | None
    problem: Diagnostic | None


class OutcomeReading(NamedTuple):
    content: OutcomeContent | None
    problem: Diagnostic | None


@lru_cache(MOST_TEXTS)
def condition(text: str, kind: Kind | None = None) -> ConditionReading:
    if is_bare(text):
        return ConditionReading(ConditionContent((Literal(text, (0, len(text))),)), None)
    if (found := _range(text)) is not None:
        return ConditionReading(ConditionContent((found,)), None)
    return condition_by_grammar(text, kind)


@lru_cache(MOST_TEXTS)
def outcome(text: str, kind: Kind | None = None) -> OutcomeReading:
    if is_bare(text):
        return OutcomeReading(OutcomeContent((Literal(text, (0, len(text))),)), None)
    return outcome_by_grammar(text, kind)


def _range(text: str) -> Range | None:
    """`a..b` or `[a..b)`, written without blanks."""
    found = _RANGE.fullmatch(text)
    if found is None or found[2] in RESERVED or found[3] in RESERVED:
        return None
    if bool(found[1]) != bool(found[4]):
        return None
    low, high = (Literal(found[i], found.span(i)) for i in (2, 3))
    return Range(low, high, found[1] != "(", found[4] != ")", found.span())


def condition_by_grammar(text: str, kind: Kind | None = None) -> ConditionReading:
    content: ConditionContent | Stop = read("condition", text)
    if isinstance(content, Stop):
        return ConditionReading(None, unreadable_cell("condition", text, content, kind))
    problem = first_reserved((*content.either, *content.neither))
    return ConditionReading(None if problem else content, problem)


def outcome_by_grammar(text: str, kind: Kind | None = None) -> OutcomeReading:
    content: OutcomeContent | Stop = read("outcome", text)
    if isinstance(content, Stop):
        return OutcomeReading(None, unreadable_cell("outcome", text, content, kind))
    problem = first_unusable(content.items, text)
    return OutcomeReading(None if problem else content, problem)


# ---------------------------------------------------------------- a rule's name

_OVER = re.compile(rf"(\S*)\s+{OVER}(?:\s+(.*))?")


class Naming(NamedTuple):
    """What a first cell says: the rule's name, and the rules that it is an exception to."""

    name: Word | None
    over: tuple[Word, ...] = ()
    problem: Diagnostic | None = None


def naming(text: str, span: Span) -> Naming:
    """`weekend`, or `weekend over general, evening`."""
    if BARE.fullmatch(text) and text not in ALONE:
        return Naming(Word(text, span))
    found = _OVER.fullmatch(text)
    if found is None or not BARE.fullmatch(found[1]):
        return Naming(None, (), _no_name(text, span))
    start = found.start(2) if found[2] else len(text)
    names = re.compile(r"[^\s,][^,]*(?<!\s)").finditer(text, start)
    over = tuple(Word(each[0], span.within(*each.span())) for each in names)
    stray = next((word.span for word in over if not BARE.fullmatch(word.text)), None)
    if not over or stray is not None:
        title = f"`{text}` does not say which rule it is an exception to"
        label = "expected the names of other rules, divided by commas"
        return Naming(None, (), error("GAP002", title, Label(stray or span, label)))
    return Naming(Word(found[1], span.within(*found.span(1))), over)


def _no_name(text: str, span: Span) -> Diagnostic:
    title = f"`{text}` cannot name a rule"
    if text in ALONE:
        return error("GAP002", title, Label(span, "it stands alone in the outcomes"))
    words = text.split()
    if len(words) > 2 and distance(words[1].casefold(), OVER) < 3:
        meant = " ".join((words[0], OVER, *words[2:]))
        exception = decision(f"write `{meant}`, if it is an exception", Edit(span, meant))
        return error("GAP002", title, Label(span, f"did you mean `{OVER}`?"), helps=(exception,))
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")
    helps: tuple[Help, ...] = ()
    if plain and plain not in RESERVED and len(words) == 1:
        helps = (mechanical(f"write `{plain}`", Edit(span, plain)),)
    elif plain and plain not in RESERVED:  # several words may well say more than a name
        helps = (
            decision(f"write `{plain}`, if it is just a name", Edit(span, plain)),
            decision(f"or `NAME {OVER} NAME`, if it is an exception to another rule"),
        )
    return error("GAP002", title, Label(span, "expected one bare word"), helps=helps)


# ---------------------------------------------------------------- a reason

_BASIS = re.compile(r"(stated|inferred|silent)\s*(?::|(?=\[)|$)", re.IGNORECASE)
_LEADING = re.compile(r"([A-Za-z]+)\s*:")
_HOW = r"(inferred|silent)\s+"
_MARK = re.compile(rf"(?:{_HOW})?({NAME.pattern})", re.IGNORECASE)
_MARKS = re.compile(
    rf"{_HOW}{NAME.pattern}(?:\s*,\s*{_MARK.pattern})*\s*(?::|(?=\[)|$)", re.IGNORECASE
)
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")
_SECTION = re.compile(r"(?:([A-Za-z_][A-Za-z0-9_]*)\s*\.\s*)?([A-Za-z_][A-Za-z0-9_]*)")


class ReasonReading(NamedTuple):
    """`problems` are placed from the cell's first letter: `TextCell.within` says where that is."""

    content: ReasonContent
    problems: tuple[Diagnostic, ...]


@lru_cache(1 << 14)
def read_reason(text: str) -> ReasonReading:
    """How the rule, or single outputs of it, rests on its source, why, and where that is written."""
    basis, marks = Basis.STATED, tuple[Mark, ...]()
    leading = _BASIS.match(text)
    if leading:
        basis = Basis(leading[1].lower())
    elif leading := _MARKS.match(text):
        marks = tuple(_marks(leading[0]))
    words = _BRACKETS.sub(" ", text[leading.end() if leading else 0 :])
    # Without the blanks and signs that only stood around brackets.
    tidy = re.sub(r" ([.,;:!?])", r"\1", " ".join(words.split())).lstrip(",;: ")
    found = [_citation(words, at) for words, at in _cited(text)]
    citations = tuple(each for each in found if isinstance(each, Citation))
    problems = [each for each in found if isinstance(each, Diagnostic)]
    problems += [*_misspelt_basis(text), *_unpaired(text)]
    return ReasonReading(ReasonContent(tidy, citations, basis, marks), tuple(problems))


def _marks(text: str) -> Iterator[Mark]:
    """`silent fee, inferred payment, modifier`: a word says it of all outputs that follow it."""
    basis = Basis.STATED
    for found in _MARK.finditer(text):
        basis = Basis(found[1].lower()) if found[1] else basis
        yield Mark(basis, found[2], found.span(2))


def _cited(text: str) -> Iterator[tuple[str, At]]:
    """What stands between the commas in brackets, and where."""
    for brackets in _BRACKETS.finditer(text):
        start = brackets.start(1)
        for part in brackets[1].split(","):
            words = part.strip()
            begin = start + part.index(words)
            yield words, (begin, begin + len(words))
            start += len(part) + 1


def _citation(words: str, at: At) -> Citation | Diagnostic:
    found = _SECTION.fullmatch(words)
    if found:
        return Citation(found[1], found[2], at)
    where = Label(stretch(*at), "expected a section's name, or `source.section`")
    if not words:
        return error("GAP002", "brackets that cite nothing", where)
    helps = (decision("what is no citation stands without brackets, or in round ones"),)
    return error("GAP002", f"`{words}` is not a section's name", where, helps=helps)


def _unpaired(text: str) -> Iterator[Diagnostic]:
    """The first bracket without its other half."""
    rest = _BRACKETS.sub(lambda found: " " * len(found[0]), text)
    stray = re.search(r"[\[\]]", rest)
    if stray:
        title = f"a `{stray[0]}` without its `{']' if stray[0] == '[' else '['}`"
        yield error("GAP002", title, Label(stretch(*stray.span()), "brackets hold citations"))


def _misspelt_basis(text: str) -> Iterator[Diagnostic]:
    found = _LEADING.match(text)
    meant = None if found is None or _BASIS.match(text) else keyword(found[1], Basis)
    if found is not None and meant is not None:
        title = f"`{found[1]}` does not say how a rule rests on its source"
        where = Label(stretch(*found.span(1)), f"did you mean `{meant}`?")
        helps = (mechanical(f"write `{meant}`", Edit(where.span, meant)),)
        yield error("GAP002", title, where, helps=helps)
