"""Text to nodes, and findings about what could not be read.

A file is split into lines, lines are gathered to blocks, and each block is read by its keyword.
Nothing is looked up: whether a name is declared, or a value fits its column, is asked elsewhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from gapless_dsl.diagnostic import Diagnostic, Edit, Label, decision, error, mechanical, to_decide
from gapless_dsl.grammar import use_grammar_cache
from gapless_dsl.nodes import (
    Declaration,
    Document,
    ImpossibleNode,
    SourceNode,
    TableNode,
    TypeDeclaration,
)
from gapless_dsl.parser.blocks import gather
from gapless_dsl.parser.declarations import declaration
from gapless_dsl.parser.reading import Reading, split
from gapless_dsl.source import Line, Source, Span
from gapless_dsl.undisturbed import undisturbed

__all__ = ["parse", "use_grammar_cache"]


@undisturbed()
def parse(source: Source) -> tuple[Document, tuple[Diagnostic, ...]]:
    """All that `source` says, and every finding about it, in the file's order."""
    problems = [*_hidden(source)]
    reading = Reading(problems)
    lines, comments = split(source.path, _without(source, " ") if problems else source.text)
    lines = [*_one_side(lines, reading)]
    found = [declaration(block, reading) for block in gather(lines, reading)]
    problems.sort(key=lambda each: each.span)
    declarations = tuple(_judged(each, problems) for each in found if each is not None)
    document = Document(source.path, declarations, comments, complete=not problems)
    return document, _one_cause_a_line(source, problems)


_OURS, _BASE, _THEIRS, _END = "<" * 7, "|" * 7, "=" * 7, ">" * 7


def _one_side(lines: list[Line], reading: Reading) -> Iterator[Line]:
    """The lines, of two sides that a merge left the first; a finding says that it is not finished."""
    side = ""
    for line in lines:
        mark = line.text[:7] if not line.indent else ""
        if mark == _OURS:
            side = mark
            label = Label(line.span, "two versions of some lines begin here")
            helps = (decision("keep one of them, or both as they are meant, without the marks"),)
            title = "a merge that was not finished"
            reading.tell(error("GAP001", title, label, helps=helps))
        elif side and mark in (_BASE, _THEIRS):
            side = mark
        elif side and mark == _END:
            side = ""
        elif side in ("", _OURS):
            yield line


def _judged(node: Declaration, problems: list[Diagnostic]) -> Declaration:
    """The declaration, not `complete` if there is a finding in it but for a misspelt keyword."""
    starts = [each.span.start for each in problems if each.code != "GAP007"]
    first = bisect_left(starts, node.span.start)
    lost = first < len(starts) and starts[first] <= node.span.end
    if lost and isinstance(node, SourceNode | TypeDeclaration | ImpossibleNode | TableNode):
        return replace(node, complete=False)
    return node


def _one_cause_a_line(source: Source, problems: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """A hidden character, and then a misspelt keyword, is the cause of what else a line has."""
    lines = [source.place(each.span.start).line for each in problems]
    codes = {(line, each.code) for line, each in zip(lines, problems, strict=True)}
    hiding = {line for line, code in codes if code == "GAP008"}
    misspelt = {line for line, code in codes if code == "GAP007"}
    others = {line for line, code in codes if code != "GAP007"}
    still_wrong = _wrong_without(source) if hiding else set()
    told = []
    for line, each in zip(lines, problems, strict=True):
        if each.code == "GAP008":
            told.append(to_decide(each) if line in still_wrong else each)
        elif each.code == "GAP007" and line not in hiding:
            told.append(to_decide(each) if line in others else each)
        elif line not in hiding | misspelt:
            told.append(each)
    return tuple(told)


def _wrong_without(source: Source) -> set[int]:
    """The lines that cannot be read even when no character in the file is unwelcome."""
    clean = Source(source.path, _without(source, ""))
    if clean == source:
        return set()
    return {clean.place(each.span.start).line for each in parse(clean)[1]}


# ---------------------------------------------------------------- characters that no one can see

_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_BROKEN = "\ud800-\udfff"
_HIDDEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters but for tabs and line ends
    "\xad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    "\u2028\u2029"  # ends of a line or paragraph to some programs, and to others not
)
UNWELCOME = re.compile(f"[{_TURNING}{_BROKEN}{_HIDDEN}]|\r(?!\n)")


def _without(source: Source, instead: str) -> str:
    """The text with `instead` for every unwelcome character; a blank, and all else keeps its place."""
    body = 1 if source.text.startswith("\ufeff") else 0  # a byte order mark may stand first
    return source.text[:body] + UNWELCOME.sub(instead, source.text[body:])


def _hidden(source: Source) -> Iterator[Diagnostic]:
    """A finding for each line: what is wrong with the second character was wrong with the first."""
    letters = UNWELCOME.finditer(source.text, 1 if source.text.startswith("\ufeff") else 0)
    for _, same in groupby(letters, lambda each: source.place(each.start()).line):
        found = [*same]
        letter = found[0][0]
        spans = [Span(source.path, *each.span()) for each in found]
        name = Label(spans[0], _name(letter))
        if re.match(f"[{_BROKEN}]", letter):
            notes: tuple[str, ...] = ("save the file as UTF-8",)
            yield error("GAP008", "the file is not UTF-8 here", name, notes=notes)
            continue
        if re.match(f"[{_TURNING}]", letter):
            title = "a character turns the text around it"
            notes = ("it makes a reader see another text than the compiler",)
        else:
            title = "a character that cannot be seen"
            notes = ("two texts that look alike would differ",)
        said = "delete them, all that stand in this line" if len(spans) > 1 else "delete it"
        helps = (mechanical(said, *(Edit(span, "") for span in spans)),)
        yield error("GAP008", title, name, notes=notes, helps=helps)


def _name(letter: str) -> str:
    from unicodedata import name

    number = f"U+{ord(letter):04X}"
    said = name(letter, "").lower()
    return f"{number}, {said}" if said else number
