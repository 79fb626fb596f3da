"""Text to nodes, and findings about what could not be read.

A file is split into lines, lines are gathered to blocks, and each block is read by its keyword.
Nothing is looked up: whether a name is declared, or a value fits its column, is asked elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from gapless_dsl.diagnostic import Diagnostic, to_decide
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
from gapless_dsl.recovery.hidden import hidden, without
from gapless_dsl.source import Source
from gapless_dsl.undisturbed import undisturbed

__all__ = ["parse", "use_grammar_cache"]


@undisturbed()
def parse(source: Source) -> tuple[Document, tuple[Diagnostic, ...]]:
    """All that `source` says, and every finding about it, in the file's order."""
    problems = [*hidden(source)]
    reading = Reading(problems)
    lines, comments = split(source.path, without(source, " ") if problems else source.text)
    found = [declaration(block, reading) for block in gather(lines, reading)]
    problems.sort(key=lambda each: each.span)
    declarations = tuple(_judged(each, problems) for each in found if each is not None)
    document = Document(source.path, declarations, comments, complete=not problems)
    return document, _one_cause_a_line(source, problems)


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
    clean = Source(source.path, without(source, ""))
    if clean == source:
        return set()
    return {clean.place(each.span.start).line for each in parse(clean)[1]}
