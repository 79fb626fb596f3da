"""Text to nodes, and complaints about what could not be read."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from gapless_dsl.blocks import gather
from gapless_dsl.complaint import left_to_the_author
from gapless_dsl.declarations import declaration
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.grammar import use_grammar_cache
from gapless_dsl.letters import UNWELCOME, cleaned
from gapless_dsl.lines import split
from gapless_dsl.nodes import (
    Declaration,
    Document,
    ImpossibleNode,
    SourceNode,
    TableNode,
    TypeDeclaration,
)
from gapless_dsl.source import Source
from gapless_dsl.undisturbed import undisturbed

__all__ = ["parse", "use_grammar_cache"]


@undisturbed()
def parse(source: Source) -> tuple[Document, tuple[Diagnostic, ...]]:
    """All that `source` says, and every complaint about it, in the file's order."""
    problems: list[Diagnostic] = []
    lines, comments = split(source.path, cleaned(source, problems))
    blocks = gather(lines, problems)
    found = [declaration(block, problems) for block in blocks]
    problems.sort(key=lambda each: each.span)
    declarations = tuple(_judged(each, problems) for each in found if each is not None)
    document = Document(source.path, declarations, comments, complete=not problems)
    return document, _one_cause_a_line(source, problems)


def _judged(node: Declaration, problems: list[Diagnostic]) -> Declaration:
    """The declaration, not `complete` if anything in it is complained about but a mended keyword."""
    starts = [each.span.start for each in problems if each.code != "GAP007"]
    first = bisect_left(starts, node.span.start)
    lost = first < len(starts) and starts[first] <= node.span.end
    if lost and isinstance(node, SourceNode | TypeDeclaration | ImpossibleNode | TableNode):
        return replace(node, complete=False)
    return node


def _one_cause_a_line(source: Source, problems: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """A hidden letter, and then a misspelt keyword, is the cause of what else a line has."""
    letters = {_line(source, each) for each in problems if each.code == "GAP008"}
    still_wrong = _wrong_without(source) if letters else set[int]()
    keywords = {_line(source, each) for each in problems if each.code == "GAP007"}
    others = {_line(source, each) for each in problems if each.code != "GAP007"}
    return tuple(
        left_to_the_author(each)
        if (each.code == "GAP007" and _line(source, each) in others)
        or (each.code == "GAP008" and _line(source, each) in still_wrong)
        else each
        for each in problems
        if each.code == "GAP008"
        or (
            (_line(source, each) not in letters)
            and (each.code == "GAP007" or _line(source, each) not in keywords)
        )
    )


def _wrong_without(source: Source) -> set[int]:
    """The lines that cannot be read even when no letter in the file is unwelcome."""
    body = 1 if source.text.startswith("\ufeff") else 0
    text = source.text[:body] + UNWELCOME.sub("", source.text[body:])
    if text == source.text:
        return set()
    clean = Source(source.path, text)
    return {_line(clean, each) for each in parse(clean)[1]}


def _line(source: Source, found: Diagnostic) -> int:
    return source.place(found.span.start).line
