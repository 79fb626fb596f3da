"""Each kind of block, read into its declaration."""

from __future__ import annotations

import re
from datetime import date

from gapless_dsl.blocks import Block
from gapless_dsl.complaint import complaint
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.lines import Line
from gapless_dsl.nodes import (
    Declaration,
    EnumerationNode,
    MemberNode,
    PolicyNode,
    SectionNode,
    SourceNode,
    TypeDeclaration,
    UseNode,
    Word,
)
from gapless_dsl.phrases import Named, Typed
from gapless_dsl.placing import diagnostic_at, member_at, type_at, word_at, word_or_none_at
from gapless_dsl.reading import read_line
from gapless_dsl.source import Span
from gapless_dsl.tables import table

_AS_OF = re.compile(r"as\s+of(?![A-Za-z0-9_.-])")
_REVIEW_BY = re.compile(r"review\s+by(?![A-Za-z0-9_.-])")


def declaration(block: Block, problems: list[Diagnostic]) -> Declaration | None:
    match block.keyword:
        case "policy":
            return _policy(block, problems)
        case "use":
            return _use(block, problems)
        case "source":
            return _source(block, problems)
        case "type":
            return _type(block, problems)
        case _:
            return table(block, problems)


# ---------------------------------------------------------------- policy


def _policy(block: Block, problems: list[Diagnostic]) -> PolicyNode | None:
    named: Named | None = read_line("named", block.first, block.head, "", problems)
    days: dict[str, date | None] = {"as of": None, "review by": None}
    for line in block.body:
        _day_line(line, days, problems)
    if named is None:
        return None
    first = block.first.span
    name, title = word_at(named.name, first), word_or_none_at(named.title, first)
    return PolicyNode(name, title, days["as of"], days["review by"], block.span)


def _day_line(line: Line, days: dict[str, date | None], problems: list[Diagnostic]) -> None:
    for phrase, pattern in (("as of", _AS_OF), ("review by", _REVIEW_BY)):
        if found := pattern.match(line.text):
            day: Word | None = read_line("day", line, found.end(), "", problems)
            if day is not None:
                days[phrase] = _day(day, line, problems)
            return
    problems.append(
        diagnostic_at(complaint("GAP001", "no such line", (0, len(line.text))), line.span, "")
    )


def _day(word: Word, line: Line, problems: list[Diagnostic]) -> date | None:
    try:
        return date.fromisoformat(word.text)
    except ValueError:
        problems.append(
            diagnostic_at(
                complaint("GAP001", f"`{word.text}` is no date", word.span[1:]), line.span, ""
            )
        )
        return None


# ---------------------------------------------------------------- use, source, type


def _use(block: Block, problems: list[Diagnostic]) -> UseNode | None:
    path: Word | None = read_line("used", block.first, block.head, "", problems)
    return None if path is None else UseNode(word_at(path, block.first.span), block.span)


def _source(block: Block, problems: list[Diagnostic]) -> SourceNode | None:
    before = len(problems)
    named: Named | None = read_line("named", block.first, block.head, "", problems)
    if named is None:
        return None
    subject = f"source {named.name.text}"
    sections = (_section(line, subject, problems) for line in block.body)
    line = block.first.span
    return SourceNode(
        word_at(named.name, line),
        word_or_none_at(named.title, line),
        tuple(section for section in sections if section is not None),
        block.span,
        complete=len(problems) == before,
    )


def _section(line: Line, subject: str, problems: list[Diagnostic]) -> SectionNode | None:
    named: Named | None = read_line("named", line, 0, subject, problems)
    if named is None:
        return None
    return SectionNode(word_at(named.name, line.span), word_or_none_at(named.title, line.span))


def _type(block: Block, problems: list[Diagnostic]) -> TypeDeclaration | None:
    before = len(problems)
    typed: Typed | None = read_line("typed", block.first, block.head, "", problems)
    if typed is None:
        return None
    line = block.first.span
    name, title = word_at(typed.name, line), word_or_none_at(typed.title, line)
    subject = f"type {typed.name.text}"
    node = type_at(typed.type, line) if typed.type else _members(block, subject, problems)
    return TypeDeclaration(name, title, node, block.span, complete=len(problems) == before)


def _members(block: Block, subject: str, problems: list[Diagnostic]) -> EnumerationNode:
    members = []
    for line in block.body:
        member: MemberNode | None = read_line("member", line, 0, subject, problems)
        if member is not None:
            members.append(member_at(member, line.span))
    path, _, end = block.span
    start = block.body[0].span.start if block.body else end
    return EnumerationNode(tuple(members), Span(path, start, end))
