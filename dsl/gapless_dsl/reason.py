"""What a `because` cell says: how the rule rests on its source, why, and where that is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from gapless_dsl.complaint import complaint, decide, mend
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.nodes import At, Basis, Citation, ReasonContent
from gapless_dsl.suggest import keyword

_BASIS = re.compile(r"(stated|inferred|silent)\s*(?::|(?=\[)|$)", re.IGNORECASE)
_LEADING = re.compile(r"([A-Za-z]+)\s*:")
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")
_SECTION = re.compile(r"(?:([A-Za-z_][A-Za-z0-9_]*)\s*\.\s*)?([A-Za-z_][A-Za-z0-9_]*)")


class ReasonReading(NamedTuple):
    """`problems` are placed from the cell's first letter: `TextCell.within` says where that is."""

    content: ReasonContent
    problems: tuple[Diagnostic, ...]


@lru_cache(1 << 14)
def read_reason(text: str) -> ReasonReading:
    leading = _BASIS.match(text)
    basis = Basis(leading[1].lower()) if leading else Basis.STATED
    words = _BRACKETS.sub(" ", text[leading.end() if leading else 0 :])
    found = [_citation(words, at) for words, at in _cited(text)]
    citations = tuple(each for each in found if isinstance(each, Citation))
    problems = [each for each in found if isinstance(each, Diagnostic)]
    problems += [*_misspelt_basis(text), *_unpaired(text)]
    return ReasonReading(ReasonContent(_tidy(words), citations, basis), tuple(problems))


def _tidy(words: str) -> str:
    """Without the blanks and signs that only stood around brackets."""
    return re.sub(r" ([.,;:!?])", r"\1", " ".join(words.split())).lstrip(",;: ")


# ---------------------------------------------------------------- citations


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
    label = "expected a section's name, or `source.section`"
    if not words:
        return complaint("GAP002", "brackets that cite nothing", at, label)
    helps = (decide("what is no citation stands without brackets, or in round ones"),)
    return complaint("GAP002", f"`{words}` is not a section's name", at, label, helps=helps)


def _unpaired(text: str) -> Iterator[Diagnostic]:
    """The first bracket without its other half."""
    rest = _BRACKETS.sub(lambda found: " " * len(found[0]), text)
    stray = re.search(r"[\[\]]", rest)
    if stray:
        other = "]" if stray[0] == "[" else "["
        title = f"a `{stray[0]}` without its `{other}`"
        yield complaint("GAP002", title, stray.span(), "brackets hold citations")


# ---------------------------------------------------------------- the basis


def _misspelt_basis(text: str) -> Iterator[Diagnostic]:
    found = _LEADING.match(text)
    if found is None or _BASIS.match(text):
        return
    meant = keyword(found[1], Basis)
    if meant is not None:
        title = f"`{found[1]}` does not say how a rule rests on its source"
        label = f"did you mean `{meant}`?"
        helps = (mend(f"write `{meant}`", (found.span(1), meant)),)
        yield complaint("GAP002", title, found.span(1), label, helps=helps)
