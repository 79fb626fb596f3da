"""What a file seems to declare but the parser could not read, so that nobody complains about it twice."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gapless_dsl.nodes import Document, SourceNode, TableNode, UseNode
from gapless_dsl.source import Source

_DECLARATION = re.compile(
    r"^[^\S\n]*(?:type|table|source)\s+([A-Za-z_][A-Za-z0-9_]*)", re.MULTILINE
)
_USE = re.compile(r"^[^\S\n]*use\b", re.MULTILINE)
_COLUMN = re.compile(r"^[^\S\n]*(in|out|let)[^\S\n]+([A-Za-z_][A-Za-z0-9_]*)", re.MULTILINE)


def unread_names(document: Document, source: Source) -> frozenset[str]:
    """The names that declarations begin with and no declaration that was read bears."""
    if document.complete:
        return frozenset()
    read = {each.name.text for each in document.declarations if not isinstance(each, UseNode)}
    return frozenset(_DECLARATION.findall(source.text)) - read


def has_unread_use(document: Document, source: Source) -> bool:
    read = sum(isinstance(each, UseNode) for each in document.declarations)
    return not document.complete and len(_USE.findall(source.text)) > read


def unread_columns(node: TableNode, source: Source) -> Mapping[str, tuple[str, ...]]:
    """By `in`, `let` and `out`: the names of the columns that were not read."""
    read = {
        "in": {each.name.text for each in node.inputs},
        "let": {each.name.text for each in node.lets},
        "out": {each.name.text for each in node.outputs},
    }
    text = "" if node.complete else source.text[node.span.start : node.span.end]
    found = _COLUMN.findall(text)
    return {
        kind: tuple(name for word, name in found if word == kind and name not in names)
        for kind, names in read.items()
    }


def unread_sections(node: SourceNode, source: Source) -> frozenset[str]:
    """The first words of a source's lines, where some of these could not be read."""
    if node.complete:
        return frozenset()
    _, *below = source.text[node.span.start : node.span.end].split("\n")
    return frozenset(line.split()[0] for line in below if line.strip())
