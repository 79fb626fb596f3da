"""Lines, and what one line says; findings about it, with the subject that they are about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from gapless_dsl.diagnostic import (
    Diagnostic,
    Edit,
    Label,
    Whole,
    diagnostic_at,
    error,
    mechanical,
    to_decide,
)
from gapless_dsl.grammar import Stop, read
from gapless_dsl.lexis import NAME, RESERVED, day_of, quoted
from gapless_dsl.nodes import Comment, MemberNode, Word
from gapless_dsl.recovery.fixes import Meant, edited, first_unusable
from gapless_dsl.recovery.unreadable import unreadable_line
from gapless_dsl.source import Line, Span
from gapless_dsl.transformer import WHOLE_LINE


def split(path: str, text: str) -> tuple[list[Line], tuple[Comment, ...]]:
    """The lines of a file that say something, and its comments."""
    lines: list[Line] = []
    comments: list[Comment] = []
    start = 1 if text.startswith("\ufeff") else 0  # a byte order mark is no letter
    for raw in text[start:].split("\n"):
        if stripped := raw.strip():
            indent = len(raw) - len(raw.lstrip())
            span = Span(path, start + indent, start + indent + len(stripped))
            if stripped[0] == "#":
                comments.append(Comment(stripped, span))
            else:
                lines.append(Line(stripped, span, indent))
        start += len(raw) + 1
    return lines, tuple(comments)


class Reading(NamedTuple):
    """What is being read, as findings call it, and all that was found in the file so far."""

    found: list[Diagnostic]
    subject: str = ""

    def of(self, subject: str) -> Reading:
        return Reading(self.found, subject)

    def tell(self, finding: Diagnostic) -> None:
        """A finding whose places are those of the file."""
        self.found.append(replace(finding, subject=self.subject))

    def tell_of(self, whole: Whole, finding: Diagnostic, more: str = "") -> None:
        """A finding placed from the first character of `whole`; `more` is added to the subject."""
        self.found.append(diagnostic_at(finding, whole, self.subject + more))

    def judge(self, since: int, line: Line, wrong: Callable[[Line, Reading], bool]) -> None:
        """Leave the helps of the findings since then to the author, where the line is wrong with them.

        `wrong` reads the line as they leave it once more; what it finds is not told.
        """
        for place, found in enumerate(self.found[since:], since):
            for help_ in found.helps:
                text = edited(line.text, help_.edits, line.span.start).strip()
                trial = Reading([], self.subject)
                if help_.edits and wrong(line._replace(text=text), trial):
                    self.found[place] = to_decide(found)


def read_line(start: str, line: Line, head: int, reading: Reading) -> Any | None:
    """What `line` says after its first `head` letters, in its place; None where it cannot be read."""
    text = " " * head + line.text[head:]
    found = read(start, text)
    if not isinstance(found, Stop):
        return placed(found, line.span)
    reading.tell_of(line.span, unreadable_line(start, text, found))
    return None


def placed(read: Any, line: Span) -> Any:
    """What was read from a line, where that stands. What has an `at` is counted from the line's start."""
    kind = type(read)
    if kind is Word:
        return Word(read.text, line.within(read.span.start, read.span.end), read.quoted)
    if kind is Span:
        return line if read is WHOLE_LINE else line.within(read.start, read.end)
    if kind is tuple:
        return tuple([placed(each, line) for each in read])
    names = () if read is None else getattr(kind, "__match_args__", ())
    if not names or "at" in names:
        return read
    return kind(*[placed(getattr(read, name), line) for name in names])


# ---------------------------------------------------------------- words that cannot be meant


def check_name(word: Word, reading: Reading) -> Word:
    """The word, and a finding where it cannot name a table, type, column or section."""
    if not NAME.fullmatch(word.text):
        plain = re.sub(r"[^A-Za-z0-9_]", "_", word.text)
        plain = plain if NAME.fullmatch(plain) else f"_{plain}"
        where = Label(word.span, "a name begins with a letter and holds letters, digits and `_`")
        helps = (mechanical(f"write `{plain}`", Edit(word.span, plain)),)
        reading.tell(error("GAP001", f"`{word.text}` cannot be a name", where, helps=helps))
    return word


def check_day(word: Word, reading: Reading) -> date | None:
    """The day that a word is; a finding where it is none."""
    day = day_of(word.text)
    if day is None:
        where = Label(word.span, "expected a date, such as 2026-01-31")
        reading.tell(error("GAP001", f"`{word.text}` is not a date", where))
    return day


def check_member(member: MemberNode, reading: Reading) -> None:
    """A finding about a member that a cell could only mean in quotes, and about days that are none."""
    for day in (member.since, member.until):
        if day is not None:
            check_day(day, reading)
    word = member.name
    if not word.quoted and word.text in RESERVED:
        where = Label(word.span, "as a member it is quoted, here and in every cell")
        helps = (mechanical(f"write `{quoted(word.text)}`", Edit(word.span, quoted(word.text))),)
        reading.tell(
            error("GAP001", f"`{word.text}` is a word of the language", where, helps=helps)
        )


def check_values(values: Iterable[Meant], line: Line, span: Span, reading: Reading) -> bool:
    """Whether all of the values that stand in a part of the line can be meant; else a finding."""
    start = line.span.start
    found = first_unusable(values, line.text[span.start - start : span.end - start])
    if found is not None:
        reading.tell_of(span, replace(found, code="GAP001"))
    return found is None
