"""What each file can name: its own declarations, and those of the files it uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from gapless.resolve.context import Context, Names, Program
from gapless.resolve.files import seen_from
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Label, decision
from gapless_dsl.source import Source

BUILT_IN = ("int", "decimal", "date", "time", "datetime", "text", "bool")
"""The scalar types that need no declaration."""

_TAKEN = frozenset({*BUILT_IN, "optional", "list", "set"})

_KINDS: Mapping[type, str] = {
    nodes.TypeDeclaration: "type",
    nodes.TableNode: "table",
    nodes.SourceNode: "source",
    nodes.ImpossibleNode: "impossible",
}

Declared = TypeVar(
    "Declared", nodes.TypeDeclaration, nodes.TableNode, nodes.SourceNode, nodes.ImpossibleNode
)


def resolve_names(program: Program, partial: frozenset[str]) -> None:
    """Bind names, file by file; `partial` are the files that use one which is not there."""
    sources, uses = program.sources, program.uses
    unread = {each.path: _unread_names(each, sources[each.path]) for each in program.documents}
    contexts = [program.context(each.path) for each in program.documents]
    types = _known(nodes.TypeDeclaration, contexts, program)
    tables = _known(nodes.TableNode, contexts, program)
    named_sources = _known(nodes.SourceNode, contexts, program)
    impossible = _known(nodes.ImpossibleNode, contexts, program)
    for each in program.documents:
        path = each.path
        program.names[path] = Names(
            types[path],
            tables[path],
            named_sources[path],
            unread[path].union(*(unread[use.document.path] for use in uses[path])),
            path in partial or _has_unread_use(each, sources[path]),
            _elsewhere(each, program),
            impossible[path],
        )


def _elsewhere(document: nodes.Document, program: Program) -> Mapping[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for other in program.documents:
        for node in other.declarations if other is not document else ():
            if isinstance(node, nodes.TypeDeclaration | nodes.TableNode | nodes.SourceNode):
                path = seen_from(document.path, other.path)
                found.setdefault((_KINDS[type(node)], node.name.text), path)
    return found


def _known(
    kind: type[Declared], contexts: Sequence[Context], program: Program
) -> Mapping[str, Mapping[str, Declared]]:
    """By file: what it can name of one kind of declaration."""
    documents = zip(program.documents, contexts, strict=True)
    own = {context.path: _own(document, kind, context) for document, context in documents}
    known: dict[str, Mapping[str, Declared]] = {}
    for context in contexts:
        names = dict(own[context.path])
        for use in program.uses[context.path]:
            for name, node in own[use.document.path].items():
                if name in names:
                    _clash(_KINDS[kind], names[name].name, node.name, use.node, context)
                else:
                    names[name] = node
        known[context.path] = names
    return known


def _own(document: nodes.Document, kind: type[Declared], context: Context) -> dict[str, Declared]:
    own: dict[str, Declared] = {}
    for node in document.declarations:
        if not isinstance(node, kind):
            continue
        name = node.name
        if kind is nodes.TypeDeclaration and name.text in _TAKEN:
            title = f"`{name.text}` is a word of the language"
            context.error("GAP013", title, Label(name.span, "choose another name for this type"))
        first = own.setdefault(name.text, node)
        if first is not node and not _are_versions(first, node):
            context.twice(_KINDS[kind], name, first.name)
    return own


def _are_versions(first: nodes.Declaration, again: nodes.Declaration) -> bool:
    """Whether two tables of one name may have it; a line that could not be read may have said so."""
    if not isinstance(first, nodes.TableNode) or not isinstance(again, nodes.TableNode):
        return False
    return all(each.life is not None or not each.complete for each in (first, again))


def _clash(
    kind: str, first: nodes.Word, other: nodes.Word, use: nodes.UseNode, context: Context
) -> None:
    """One name from two files: no word can tell which of them is meant."""
    title = f"{kind} `{other.text}` is declared in two files"
    if first.span.path == context.path:
        context.error(
            "GAP013",
            title,
            Label(first.span, f"declared here, and in `{use.path.text}`"),
            Label(other.span, "declared here too"),
            helps=(decision("rename one, or leave out one of the two declarations"),),
        )
        return
    context.error(
        "GAP013",
        title,
        Label(use.path.span, f"brings a second `{other.text}`"),
        Label(first.span, "one declaration"),
        Label(other.span, "the other"),
        helps=(decision("rename one, or use only one of the files"),),
    )


# ---------------------------------------------------------------- in lines that could not be read

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_USED = re.compile(r'\.dtable"')
_KEYWORD = re.compile(r"\s*(?:in|out|let)\s+([A-Za-z_][A-Za-z0-9_]*)")
_NAMED = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s*[:=]")
_CASE = re.compile(r"\s*(?:example|gives)\b")
_TABLE_LINE = re.compile(r"\s*(?:\||table\b|decision\b|in\b|let\b|out\b|example\b|gives\b)")


def _unread_names(document: nodes.Document, source: Source) -> frozenset[str]:
    """Names that may be declared there: the first words of the lines that are no table's.

    More than were lost, but none that is declared; what is excused by mistake is found next time.
    """
    if document.complete:
        return frozenset()
    read = {each.name.text for each in document.declarations if not isinstance(each, nodes.UseNode)}
    words = (
        word
        for line in _lines(source.text)
        if not _TABLE_LINE.match(line)
        for word in _NAME.findall(re.split(r'["=|]', line)[0])[:3]
    )
    return frozenset(words) - read


def _has_unread_use(document: nodes.Document, source: Source) -> bool:
    if document.complete:
        return False
    read = sum(isinstance(each, nodes.UseNode) for each in document.declarations)
    lines = (line for line in _lines(source.text) if not _TABLE_LINE.match(line))
    return sum(bool(_USED.search(line)) for line in lines) > read


def unread_columns(node: nodes.TableNode, text: str) -> frozenset[str]:
    """The names that lines above the grid, other than examples, seem to declare and do not."""
    if node.complete:
        return frozenset()
    columns: tuple[nodes.ColumnNode | nodes.LetNode | nodes.ResultNode, ...]
    columns = (*node.inputs, *node.lets, *node.outputs, *node.results)
    names: set[str] = set()
    for line in _lines(text):
        if not _CASE.match(line) and not line.lstrip().startswith("|"):
            names.update(_KEYWORD.findall(line), _NAMED.findall(line)[:1])
    return frozenset(names) - {each.name.text for each in columns}


def _lines(text: str) -> Iterator[str]:
    return (line for line in text.split("\n") if not line.lstrip().startswith("#"))
