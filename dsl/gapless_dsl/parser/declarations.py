"""Each kind of block, read into its declaration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from gapless_dsl import nodes
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, decision, error, mechanical
from gapless_dsl.grammar import Stop, read
from gapless_dsl.lexis import BECAUSE
from gapless_dsl.parser.blocks import NOTE, ROW, Block, first_word, read_head, unknown
from gapless_dsl.parser.cells import condition
from gapless_dsl.parser.reading import Reading, check_day, check_member, check_name, read_line
from gapless_dsl.parser.table import table
from gapless_dsl.source import Line
from gapless_dsl.suggest import keyword
from gapless_dsl.transformer import Head, Typed

_DAYS = {
    "as of": re.compile(r"as\s+of(?![A-Za-z0-9_.-])"),
    "review by": re.compile(r"review\s+by(?![A-Za-z0-9_.-])"),
}


def declaration(block: Block, reading: Reading) -> nodes.Declaration | None:
    """None where not even the name can be read."""
    match block.keyword:
        case "policy":
            return _policy(block, reading)
        case "use":
            path: nodes.Word | None = read_line("used", block.first, block.head, reading)
            return None if path is None else nodes.UseNode(path, block.span)
        case "source":
            return _source(block, reading)
        case "type":
            return _type(block, reading.of(block.subject))
        case "impossible":
            return _impossible(block, reading)
        case _:
            return table(block, reading)


# ---------------------------------------------------------------- policy


def _policy(block: Block, reading: Reading) -> nodes.PolicyNode | None:
    head = read_head(block, reading)
    reading = reading.of(f"policy {head.name.text}" if head else "")
    days: dict[str, date | None] = {}
    notes: list[nodes.NoteNode] = []
    for line in block.body:
        if line.text[0] == NOTE:
            note: nodes.NoteNode | None = read_line("note", line, 0, reading)
            notes += [note] if note is not None else []
            continue
        starts = ((said, pattern.match(line.text)) for said, pattern in _DAYS.items())
        said, start = next(((said, start) for said, start in starts if start), ("", None))
        if start is None:
            words = " ".join(line.text.partition('"')[0].split()[:2])
            where = Label(
                line.at(0, len(line.text.split()[0])),
                "expected `as of`, `review by` or a note in quotes",
            )
            reading.tell(error("GAP001", f"no line of a policy begins with `{words}`", where))
            continue
        word: nodes.Word | None = read_line("day", line, start.end(), reading)
        day = None if word is None else check_day(word, reading)
        if days.get(said):
            where = Label(line.span, "said before in this policy")
            helps = (decision("keep the one that is meant"),)
            reading.tell(error("GAP009", f"`{said}` is said twice", where, helps=helps))
        else:
            days[said] = day
    if head is None:
        return None
    as_of, review_by = days.get("as of"), days.get("review by")
    return nodes.PolicyNode(head.name, head.title, as_of, review_by, block.span, tuple(notes))


# ---------------------------------------------------------------- source


def _source(block: Block, reading: Reading) -> nodes.SourceNode | None:
    head = read_head(block, reading)
    if head is None:
        return None
    reading = reading.of(f"source {head.name.text}")
    name = check_name(head.name, reading)
    return nodes.SourceNode(name, head.title, tuple(_sections(block, reading)), block.span)


def _sections(block: Block, reading: Reading) -> Iterator[nodes.SectionNode]:
    found: Head | None
    for line in block.body:
        found = read_line("named", line, 0, reading)
        if found is not None:
            yield nodes.SectionNode(check_name(found.name, reading), found.title)


# ---------------------------------------------------------------- type


def _type(block: Block, reading: Reading) -> nodes.TypeDeclaration | None:
    since = len(reading.found)
    typed: Typed | None = read_line("typed", block.first, block.head, reading)
    if typed is not None:
        name = check_name(typed.name, reading)
        return nodes.TypeDeclaration(name, typed.title, _meaning(typed, block, reading), block.span)

    def wrong(mended: Line, _: Reading) -> bool:
        first, *more = mended.text.split("\n")
        said = read("typed", " " * block.head + first[block.head :])
        return isinstance(said, Stop) or (said.type is None) != bool(more or block.body)

    reading.judge(since, block.first, wrong)
    if block.name is None:
        return None
    return nodes.TypeDeclaration(
        block.name, None, nodes.EnumerationNode((), block.span), block.span
    )


def _meaning(typed: Typed, block: Block, reading: Reading) -> nodes.TypeNode:
    if typed.type is None:
        return _enumeration(block, typed.is_ordered, reading)
    if isinstance(typed.type, nodes.EnumerationNode):
        for member in typed.type.members:
            check_member(member, reading)
    if block.body:
        where = Label(block.body[0].span, "what the type is was said after `=`")
        text = "list the members after `=` and `|`, or each on a line of its own without `=`"
        reading.tell(error("GAP009", "a type is said twice", where, helps=(decision(text),)))
    return typed.type


def _enumeration(block: Block, is_ordered: bool, reading: Reading) -> nodes.EnumerationNode:
    """The members that have lines of their own."""
    members: list[nodes.MemberNode] = []
    for line in block.body:
        bar = int(line.text[0] == ROW)
        member: nodes.MemberNode | None = read_line("member", line, bar, reading)
        if member is None:
            continue
        check_member(member, reading)
        members.append(member)
        if bar:
            where = Label(line.at(0, 1), "as if this were a row")
            helps = (mechanical("take the `|` away", Edit(where.span, "")),)
            title = "a member on a line of its own has no `|`"
            reading.tell(error("GAP001", title, where, helps=helps))
    span = block.span
    if not block.body:
        where = Label(block.first.span, "neither `=` follows, nor members on lines of their own")
        helps = (decision("list its members, indented, one a line below it"),)
        reading.tell(error("GAP009", "a type without members", where, helps=helps))
    start = block.body[0].span.start if block.body else span.end
    return nodes.EnumerationNode(tuple(members), span._replace(start=start), is_ordered)


# ---------------------------------------------------------------- impossible

_ASKED = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s*=(?!=)\s*(.*)")
_TO_A_BAR = re.compile(r"(?:\\\||[^|])+\|?|\|")
_UNEQUAL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\s*)(==|:|(?=[<>≤≥])|(?<=\s)is\s)")
"""A column and its cell, with another sign between them than the one that belongs there, or none."""


def _impossible(block: Block, reading: Reading) -> nodes.ImpossibleNode | None:
    """What cannot happen, whatever table is asked, and why."""
    head = read_head(block, reading)
    if head is None:
        return None
    reading = reading.of(f"impossible {head.name.text}")
    reasons = [line for line in block.body if first_word(line) == BECAUSE]
    asked = [line for line in block.body if line not in reasons]
    if not asked:
        where = Label(block.first.span, "no `column = cell` follows")
        helps = (decision("write what it is that cannot happen, indented, one column a line"),)
        reading.tell(error("GAP009", "an `impossible` without a column", where, helps=helps))
    for line in reasons[1:]:
        where = Label(line.at(0, len(BECAUSE)), "said before in this declaration")
        helps = (decision("keep the one that is meant, or make one sentence of them"),)
        reading.tell(error("GAP009", "`because` is said twice", where, helps=helps))
    for line in reasons:
        if (found := _ASKED.match(line.text)) is not None:
            # What asks for less than was meant excludes more.
            label = "here it begins the reason, which begins with no `=`"
            title = f"a column called `{BECAUSE}` cannot be asked for here"
            reading.tell(error("GAP001", title, Label(line.at(*found.span(1)), label)))
    return nodes.ImpossibleNode(
        check_name(head.name, reading),
        head.title,
        tuple(_asked(asked, bool(reasons), reading)),
        _because(reasons[0]) if reasons else None,
        block.span,
    )


def _because(line: Line) -> nodes.TextCell | None:
    """As in a grid, where a bar is written after a backslash; but here one without it is a bar, too."""
    text = line.text.removeprefix(BECAUSE).lstrip()
    start = len(line.text) - len(text)
    said = ""
    breaks: list[nodes.At] = []
    for part in _TO_A_BAR.finditer(text):
        breaks.append((len(said), part.start()))
        said += part[0].replace("\\|", "|").replace("\t", " ")
    span = line.at(start, len(line.text))
    return nodes.TextCell(said, span, breaks=tuple(breaks[1:])) if said else None


def _asked(lines: list[Line], has_reason: bool, reading: Reading) -> Iterator[nodes.AskedNode]:
    for line in lines:
        found = _ASKED.match(line.text)
        if found is None:
            reading.tell(_unreadable(line, has_reason))
            continue
        column = nodes.Word(found[1], line.at(*found.span(1)))
        span = line.at(*found.span(2))
        content, problem = condition(found[2])
        if problem is not None:
            reading.tell_of(span, problem, f", column {column.text}")
        cell = None if content is None else nodes.ConditionCell(content, span, found[2])
        yield nodes.AskedNode(column, cell, line.span)


def _unreadable(line: Line, has_reason: bool) -> Diagnostic:
    word = first_word(line) or line.text.split()[0]
    found = _UNEQUAL.match(line.text)
    if found is not None:
        where = Label(line.at(*found.span(2)), "expected `=` here")
        helps = (mechanical("write `=`", Edit(where.span, f"{'' if found[1] else ' '}= ")),)
        title = f"what `{word}` must be is written after `=`"
        return error("GAP001", title, where, helps=helps)
    label = "expected `column = cell`, or `because` and the reason"
    wrong = unknown(line, "no line of an `impossible` begins", label, word)
    if has_reason or keyword(word, (BECAUSE,)) is None:
        return wrong
    return replace(wrong, helps=(mechanical(f"write `{BECAUSE}`", Edit(wrong.span, BECAUSE)),))
