"""What a `because` cell says: how the rule rests on its source, why, and where that is written."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from gapless_dsl.complaint import complaint
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.nodes import Basis, Citation, ReasonContent

_BASIS = re.compile(r"(stated|inferred|silent)\s*(?::|(?=\[)|$)", re.IGNORECASE)
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")
_CITED = re.compile(r"[^,]+")
_SECTION = re.compile(r"(?:([A-Za-z_][A-Za-z0-9_]*)\s*\.\s*)?([A-Za-z_][A-Za-z0-9_]*)")


class ReasonReading(NamedTuple):
    """`problems` are placed from the cell's first character: `TextCell.within` says where that is."""

    content: ReasonContent
    problems: tuple[Diagnostic, ...]


@lru_cache(1 << 14)
def read_reason(text: str) -> ReasonReading:
    basis, start = _basis(text)
    citations: list[Citation] = []
    problems: list[Diagnostic] = []
    for brackets in _BRACKETS.finditer(text, start):
        _cite(brackets, citations, problems)
    words = _BRACKETS.sub(" ", text[start:])
    stray = next((i for i, letter in enumerate(_masked(text)) if letter in "[]"), None)
    if stray is not None:
        problems.append(_unpaired(text, stray))
    return ReasonReading(ReasonContent(_tidy(words), tuple(citations), basis), tuple(problems))


def _basis(text: str) -> tuple[Basis, int]:
    found = _BASIS.match(text)
    return (Basis(found[1].lower()), found.end()) if found else (Basis.STATED, 0)


def _cite(brackets: re.Match[str], citations: list[Citation], problems: list[Diagnostic]) -> None:
    for each in _CITED.finditer(brackets[1]) or ():
        words = each[0].strip()
        start = brackets.start(1) + each.start() + len(each[0]) - len(each[0].lstrip())
        found = _SECTION.fullmatch(words)
        if found:
            citations.append(Citation(found[1], found[2], (start, start + len(words))))
        else:
            problems.append(
                complaint("GAP002", f"`{words}` is no section's name", (start, start + len(words)))
            )


def _masked(text: str) -> str:
    return _BRACKETS.sub(lambda found: " " * len(found[0]), text)


def _unpaired(text: str, at: int) -> Diagnostic:
    other = "`]`" if text[at] == "[" else "`[`"
    return complaint("GAP002", f"this bracket has no {other}", (at, at + 1))


def _tidy(words: str) -> str:
    return re.sub(r" ([.,;:!?])", r"\1", " ".join(words.split()))
