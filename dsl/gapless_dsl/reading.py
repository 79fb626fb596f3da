"""What one line says, or a complaint in its place; and whether the names in it can be names."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from gapless_dsl.blocks import Block
from gapless_dsl.complaint import complaint, mend
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.forms import Named
from gapless_dsl.grammar import Stop, read
from gapless_dsl.lexis import NAME, RESERVED, day_of
from gapless_dsl.lines import Line
from gapless_dsl.misreading import unreadable_line
from gapless_dsl.nodes import Expression, MemberNode, Presence, Word
from gapless_dsl.placing import diagnostic_at, word_at
from gapless_dsl.reserved import not_to_be_meant
from gapless_dsl.source import Span

_FIRST_NAME = re.compile(r"\s+([A-Za-z_][A-Za-z0-9_]*)(?![\w.-])")


def read_line(
    start: str, line: Line, head: int, subject: str, problems: list[Diagnostic]
) -> Any | None:
    """What `line` says after its first `head` letters, as a phrase placed from the line's start."""
    text = " " * head + line.text[head:]
    found = read(start, text)
    if not isinstance(found, Stop):
        return found
    problems.append(diagnostic_at(unreadable_line(start, text, found), line.span, subject))
    return None


def read_head(block: Block, problems: list[Diagnostic]) -> Named | None:
    """The name and title after a declaration's keyword; the name alone where the rest is unreadable."""
    named: Named | None = read_line("named", block.first, block.head, subject_of(block), problems)
    return named or name_alone(block)


def subject_of(block: Block) -> str:
    """`table fee`, where that much can be read."""
    named = name_alone(block)
    return f"{block.keyword} {named.name.text}" if named else ""


def name_alone(block: Block) -> Named | None:
    """So that other lines may speak of what this line declares, and no one complains of those."""
    found = _FIRST_NAME.match(block.first.text, block.head)
    return Named(Word(found[1], Span("", *found.span(1))), None) if found else None


def name_at(word: Word, line: Line, subject: str, problems: list[Diagnostic]) -> Word:
    """The word in its place; a complaint where it cannot name a table, type, column or section."""
    if not NAME.fullmatch(word.text):
        problems.append(diagnostic_at(_no_name(word), line.span, subject))
    return word_at(word, line.span)


def day_at(word: Word, line: Line, subject: str, problems: list[Diagnostic]) -> date | None:
    """The day that a word is; a complaint where it is none."""
    day = day_of(word.text)
    if day is not None:
        return day
    found = complaint(
        "GAP001",
        f"`{word.text}` is not a date",
        word.span[1:],
        "expected a date, such as 2026-01-31",
    )
    problems.append(diagnostic_at(found, line.span, subject))
    return None


def _no_name(word: Word) -> Diagnostic:
    at = word.span[1:]
    plain = re.sub(r"[^A-Za-z0-9_]", "_", word.text)
    plain = plain if NAME.fullmatch(plain) else f"_{plain}"
    return complaint(
        "GAP001",
        f"`{word.text}` cannot be a name",
        at,
        "a name begins with a letter and holds letters, digits and `_`",
        helps=(mend(f"write `{plain}`", (at, plain)),),
    )


def check_member(member: MemberNode, line: Line, subject: str, problems: list[Diagnostic]) -> None:
    """Complains of a member that a cell could only mean in quotes, and of days that are none."""
    word = member.name
    for day in (member.since, member.until):
        if day is not None:
            day_at(day, line, subject, problems)
    if not word.quoted and word.text in RESERVED:
        quoted = f'"{word.text}"'
        found = complaint(
            "GAP001",
            f"`{word.text}` is a word of the language",
            word.span[1:],
            "as a member it is quoted, here and in every cell",
            helps=(mend(f"write `{quoted}`", (word.span[1:], quoted)),),
        )
        problems.append(diagnostic_at(found, line.span, subject))


def check_values(
    values: tuple[Presence | Expression, ...],
    line: Line,
    subject: str,
    problems: list[Diagnostic],
) -> bool:
    """Whether all of them can be meant; else a complaint."""
    found = not_to_be_meant(values, line.text)
    if found is not None:
        problems.append(diagnostic_at(replace(found, code="GAP001"), line.span, subject))
    return found is None
