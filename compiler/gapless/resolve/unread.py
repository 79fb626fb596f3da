"""Names that lines which could not be read may have declared, so that nobody complains about them twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gapless_dsl.nodes.declarations import (
    ColumnNode,
    Document,
    LetNode,
    ResultNode,
    TableNode,
    UseNode,
)
from gapless_dsl.source import Source

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_USED = re.compile(r'\.dtable"')
_KEYWORD = re.compile(r"\s*(?:in|out|let)\s+([A-Za-z_][A-Za-z0-9_]*)")
_NAMED = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s*[:=]")
_CASE = re.compile(r"\s*(?:example|gives)\b")
_TABLE_LINE = re.compile(r"\s*(?:\||table\b|decision\b|in\b|let\b|out\b|example\b|gives\b)")


def unread_names(document: Document, source: Source) -> frozenset[str]:
    """The first words of the lines that are no table's, if some could not be read.

    More than were lost, but none that is declared; what is excused by mistake is found next time.
    """
    if document.complete:
        return frozenset()
    read = {each.name.text for each in document.declarations if not isinstance(each, UseNode)}
    words = (
        word
        for line in _lines(source.text)
        if not _TABLE_LINE.match(line)
        for word in _NAME.findall(re.split(r'["=|]', line)[0])[:3]
    )
    return frozenset(words) - read


def has_unread_use(document: Document, source: Source) -> bool:
    if document.complete:
        return False
    read = sum(isinstance(each, UseNode) for each in document.declarations)
    lines = (line for line in _lines(source.text) if not _TABLE_LINE.match(line))
    return sum(bool(_USED.search(line)) for line in lines) > read


def unread_columns(node: TableNode, source: Source) -> frozenset[str]:
    """The names that lines above the grid, other than examples, seem to declare and do not."""
    if node.complete:
        return frozenset()
    columns: tuple[ColumnNode | LetNode | ResultNode, ...]
    columns = (*node.inputs, *node.lets, *node.outputs, *node.results)
    names: set[str] = set()
    for line in _lines(source.text[node.span.start : node.span.end]):
        if not _CASE.match(line) and not line.lstrip().startswith("|"):
            names.update(_KEYWORD.findall(line), _NAMED.findall(line)[:1])
    return frozenset(names) - {each.name.text for each in columns}


def _lines(text: str) -> Iterator[str]:
    return (line for line in text.split("\n") if not line.lstrip().startswith("#"))
