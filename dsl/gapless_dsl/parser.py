"""Text to nodes, and complaints about what could not be read."""

from __future__ import annotations

from gapless_dsl.blocks import gather
from gapless_dsl.declarations import declaration
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.grammar import use_grammar_cache
from gapless_dsl.lines import split
from gapless_dsl.nodes import Document
from gapless_dsl.source import Source

__all__ = ["parse", "use_grammar_cache"]


def parse(source: Source) -> tuple[Document, tuple[Diagnostic, ...]]:
    """All that `source` says, and every complaint about it, in the file's order."""
    problems: list[Diagnostic] = []
    lines, comments = split(source.path, source.text)
    blocks = gather(lines, problems)
    found = [declaration(block, problems) for block in blocks]
    declarations = tuple(each for each in found if each is not None)
    document = Document(source.path, declarations, comments, complete=not problems)
    return document, tuple(sorted(problems, key=lambda each: each.span))
