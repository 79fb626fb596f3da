"""Each kind of block, read into its declaration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from gapless_dsl.blocks import Block
from gapless_dsl.complaint import complaint, decide, if_read, mend
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.forms import Named, NotePhrase, Typed
from gapless_dsl.grammar import Stop, read
from gapless_dsl.impossible import impossible
from gapless_dsl.lines import Line
from gapless_dsl.nodes import (
    Declaration,
    EnumerationNode,
    MemberNode,
    NoteNode,
    PolicyNode,
    SectionNode,
    SourceNode,
    TypeDeclaration,
    TypeNode,
    UseNode,
    Word,
)
from gapless_dsl.placing import (
    diagnostic_at,
    member_at,
    note_at,
    type_at,
    word_at,
    word_or_none_at,
)
from gapless_dsl.reading import (
    check_member,
    day_at,
    name_alone,
    name_at,
    read_head,
    read_line,
    subject_of,
)
from gapless_dsl.source import Span
from gapless_dsl.table_lines import NOTE
from gapless_dsl.tables import table

_DAYS = {
    "as of": re.compile(r"as\s+of(?![A-Za-z0-9_.-])"),
    "review by": re.compile(r"review\s+by(?![A-Za-z0-9_.-])"),
}


def declaration(block: Block, problems: list[Diagnostic]) -> Declaration | None:
    """None where not even the name can be read."""
    match block.keyword:
        case "policy":
            return _policy(block, problems)
        case "use":
            return _use(block, problems)
        case "source":
            return _source(block, problems)
        case "type":
            return _type(block, problems)
        case "impossible":
            return impossible(block, problems)
        case _:
            return table(block, problems)


# ---------------------------------------------------------------- policy


class _DayLine(NamedTuple):
    phrase: str
    day: date | None
    line: Line


def _policy(block: Block, problems: list[Diagnostic]) -> PolicyNode | None:
    named = read_head(block, problems)
    subject = f"policy {named.name.text}" if named else ""
    days: dict[str, date | None] = {}
    notes = []
    for found in _policy_lines(block, subject, problems):
        if isinstance(found, NoteNode):
            notes.append(found)
        elif days.get(found.phrase):
            problems.append(_twice(found, subject))
        else:
            days[found.phrase] = found.day
    if named is None:
        return None
    name, title = (
        word_at(named.name, block.first.span),
        word_or_none_at(named.title, block.first.span),
    )
    return PolicyNode(
        name, title, days.get("as of"), days.get("review by"), block.span, tuple(notes)
    )


def _policy_lines(
    block: Block, subject: str, problems: list[Diagnostic]
) -> Iterator[_DayLine | NoteNode]:
    for line in block.body:
        if line.text[0] == NOTE:
            note: NotePhrase | None = read_line("note", line, 0, subject, problems)
            if note is not None:
                yield note_at(note, line.span)
            continue
        heads = {phrase: pattern.match(line.text) for phrase, pattern in _DAYS.items()}
        phrase = next((phrase for phrase, head in heads.items() if head), None)
        if phrase is None:
            problems.append(diagnostic_at(_no_policy_line(line), line.span, subject))
        else:
            head = heads[phrase]
            assert head is not None
            word: Word | None = read_line("day", line, head.end(), subject, problems)
            yield _DayLine(phrase, word and day_at(word, line, subject, problems), line)


def _no_policy_line(line: Line) -> Diagnostic:
    words = " ".join(line.text.partition('"')[0].split()[:2])
    label = "expected `as of`, `review by` or a note in quotes"
    at = (0, len(line.text.split()[0]))
    return complaint("GAP001", f"no line of a policy begins with `{words}`", at, label)


def _twice(found: _DayLine, subject: str) -> Diagnostic:
    at = (0, len(found.line.text))
    title, label = f"`{found.phrase}` is said twice", "said before in this policy"
    twice = complaint("GAP009", title, at, label, helps=(decide("keep the one that is meant"),))
    return diagnostic_at(twice, found.line.span, subject)


# ---------------------------------------------------------------- use, source


def _use(block: Block, problems: list[Diagnostic]) -> UseNode | None:
    path: Word | None = read_line("used", block.first, block.head, "", problems)
    return None if path is None else UseNode(word_at(path, block.first.span), block.span)


def _source(block: Block, problems: list[Diagnostic]) -> SourceNode | None:
    named = read_head(block, problems)
    if named is None:
        return None
    subject = f"source {named.name.text}"
    return SourceNode(
        name_at(named.name, block.first, subject, problems),
        word_or_none_at(named.title, block.first.span),
        tuple(_sections(block, subject, problems)),
        block.span,
    )


def _sections(block: Block, subject: str, problems: list[Diagnostic]) -> Iterator[SectionNode]:
    for line in block.body:
        found: Named | None = read_line("named", line, 0, subject, problems)
        if found is not None:
            name = name_at(found.name, line, subject, problems)
            yield SectionNode(name, word_or_none_at(found.title, line.span))


# ---------------------------------------------------------------- type


def _type(block: Block, problems: list[Diagnostic]) -> TypeDeclaration | None:
    subject = subject_of(block)
    before = len(problems)
    typed: Typed | None = read_line("typed", block.first, block.head, subject, problems)
    if typed is None:

        def wrong(mended: Line) -> bool:
            first, *more = mended.text.split("\n")
            said = read("typed", " " * block.head + first[block.head :])
            return isinstance(said, Stop) or (said.type is None) != bool(more or block.body)

        problems[before:] = [if_read(each, block.first, wrong) for each in problems[before:]]
        return _lost_type(block)
    name = name_at(typed.name, block.first, subject, problems)
    title = word_or_none_at(typed.title, block.first.span)
    return TypeDeclaration(name, title, _meaning(typed, block, subject, problems), block.span)


def _lost_type(block: Block) -> TypeDeclaration | None:
    named = name_alone(block)
    if named is None:
        return None
    name = word_at(named.name, block.first.span)
    return TypeDeclaration(name, None, EnumerationNode((), block.span), block.span)


def _meaning(typed: Typed, block: Block, subject: str, problems: list[Diagnostic]) -> TypeNode:
    line = block.first
    if typed.type is None:
        return _enumeration(block, subject, typed.is_ordered, problems)
    if isinstance(typed.type, EnumerationNode):
        for member in typed.type.members:
            check_member(member, line, subject, problems)
    if block.body:
        problems.append(diagnostic_at(_said_above(block.body[0]), block.body[0].span, subject))
    return type_at(typed.type, line.span)


def _enumeration(
    block: Block, subject: str, is_ordered: bool, problems: list[Diagnostic]
) -> EnumerationNode:
    members = tuple(_members(block, subject, problems))
    if not block.body:
        problems.append(diagnostic_at(_no_members(block), block.span, subject))
    path, _, end = block.span
    start = block.body[0].span.start if block.body else end
    return EnumerationNode(members, Span(path, start, end), is_ordered)


def _members(block: Block, subject: str, problems: list[Diagnostic]) -> Iterator[MemberNode]:
    for line in block.body:
        bar = int(line.text[0] == "|")
        member: MemberNode | None = read_line("member", line, bar, subject, problems)
        if member is not None:
            check_member(member, line, subject, problems)
            yield member_at(member, line.span)
            if bar:
                problems.append(diagnostic_at(_barred(), line.span, subject))


def _barred() -> Diagnostic:
    title = "a member on a line of its own has no `|`"
    helps = (mend("take the `|` away", ((0, 1), "")),)
    return complaint("GAP001", title, (0, 1), "as if this were a row", helps=helps)


def _said_above(line: Line) -> Diagnostic:
    label = "what the type is was said after `=`"
    helps = (
        decide("list the members after `=` and `|`, or each on a line of its own without `=`"),
    )
    return complaint("GAP009", "a type is said twice", (0, len(line.text)), label, helps=helps)


def _no_members(block: Block) -> Diagnostic:
    label = "neither `=` follows, nor members on lines of their own"
    helps = (decide("list its members, indented, one a line below it"),)
    at = (0, len(block.first.text))
    return complaint("GAP009", "a type without members", at, label, helps=helps)
