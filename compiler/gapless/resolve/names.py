"""What each file can name: its own declarations, and those of the files it uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from gapless.resolve.files import Uses, seen_from
from gapless.resolve.findings import Findings
from gapless.resolve.unread import has_unread_use, unread_names
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, decision, error, replacing
from gapless_dsl.lexis import quoted
from gapless_dsl.nodes import (
    Declaration,
    Document,
    ImpossibleNode,
    SourceNode,
    TableNode,
    TypeDeclaration,
    UseNode,
    Word,
)
from gapless_dsl.source import Source
from gapless_dsl.suggest import nearest_name

BUILT_IN = ("int", "decimal", "date", "text", "bool")
"""The scalar types that need no declaration."""

_TAKEN = frozenset({*BUILT_IN, "optional", "list", "set"})

_KINDS: Mapping[type, str] = {
    TypeDeclaration: "type",
    TableNode: "table",
    SourceNode: "source",
    ImpossibleNode: "impossible",
}

Declared = TypeVar("Declared", TypeDeclaration, TableNode, SourceNode, ImpossibleNode)


@dataclass(frozen=True, slots=True)
class Names:
    """What one file can name, itself and by the files it uses."""

    types: Mapping[str, TypeDeclaration]
    tables: Mapping[str, TableNode]
    sources: Mapping[str, SourceNode]
    unread: frozenset[str]
    """Names that lines which could not be read may have declared."""
    partial: bool
    """Whether names may be missing here because a used file is."""
    elsewhere: Mapping[tuple[str, str], str]
    """What files that are not used here declare: by kind and name, the path to `use`."""
    impossible: Mapping[str, ImpossibleNode]
    """What cannot happen in this file's tables."""

    def excuses(self, name: str) -> bool:
        """Whether an unknown `name` follows from a mistake that is found elsewhere."""
        return self.partial or name in self.unread


def names_by_file(
    documents: Sequence[Document],
    uses: Uses,
    partial: frozenset[str],
    sources: Mapping[str, Source],
    found: Findings,
) -> Mapping[str, Names]:
    unread = {each.path: unread_names(each, sources[each.path]) for each in documents}
    types = _known(documents, uses, TypeDeclaration, found)
    tables = _known(documents, uses, TableNode, found)
    named_sources = _known(documents, uses, SourceNode, found)
    impossible = _known(documents, uses, ImpossibleNode, found)
    return {
        each.path: Names(
            types[each.path],
            tables[each.path],
            named_sources[each.path],
            unread[each.path].union(*(unread[use.document.path] for use in uses[each.path])),
            each.path in partial or has_unread_use(each, sources[each.path]),
            _elsewhere(each, documents),
            impossible[each.path],
        )
        for each in documents
    }


def _elsewhere(document: Document, documents: Sequence[Document]) -> Mapping[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for other in documents:
        for node in other.declarations if other is not document else ():
            kind = _KINDS.get(type(node))
            if kind is not None and isinstance(node, TypeDeclaration | TableNode | SourceNode):
                found.setdefault((kind, node.name.text), seen_from(document.path, other.path))
    return found


def _known(
    documents: Sequence[Document],
    uses: Uses,
    kind: type[Declared],
    found: Findings,
) -> Mapping[str, Mapping[str, Declared]]:
    """By file: what it can name of one kind of declaration."""
    word = _KINDS[kind]
    own = {each.path: _own(each, kind, word, found) for each in documents}
    known: dict[str, Mapping[str, Declared]] = {}
    for document in documents:
        names = dict(own[document.path])
        for use in uses[document.path]:
            for name, node in own[use.document.path].items():
                if name in names:
                    found.append(_clash(word, names[name].name, node.name, document, use.node))
                else:
                    names[name] = node
        known[document.path] = names
    return known


def _own(
    document: Document, kind: type[Declared], word: str, found: Findings
) -> dict[str, Declared]:
    own: dict[str, Declared] = {}
    for node in document.declarations:
        if not isinstance(node, kind):
            continue
        if kind is TypeDeclaration and node.name.text in _TAKEN:
            found.append(_built_in(node.name))
        first = own.get(node.name.text)
        if first is not None and _are_versions(first, node):
            continue
        if node.name.text in own:
            found.append(twice(word, node.name, own[node.name.text].name))
        else:
            own[node.name.text] = node
    return own


def _are_versions(first: Declaration, again: Declaration) -> bool:
    """Whether two tables of one name may have it; a line that could not be read may have said so."""
    if not isinstance(first, TableNode) or not isinstance(again, TableNode):
        return False
    return all(each.life is not None or not each.complete for each in (first, again))


def _built_in(name: Word) -> Diagnostic:
    return error(
        "GAP013",
        f"`{name.text}` is a word of the language",
        Label(name.span, "choose another name for this type"),
    )


def twice(kind: str, again: Word, first: Word, subject: str = "") -> Diagnostic:
    """GAP013, for two declarations of one name."""
    return error(
        "GAP013",
        f"{kind} `{again.text}` is declared twice",
        Label(again.span, "declared again here"),
        Label(first.span, "first declared here"),
        subject=subject,
    )


def _clash(kind: str, first: Word, other: Word, document: Document, use: UseNode) -> Diagnostic:
    """One name from two files: no word can tell which of them is meant."""
    title = f"{kind} `{other.text}` is declared in two files"
    if first.span.path == document.path:
        return error(
            "GAP013",
            title,
            Label(first.span, f"declared here, and in `{use.path.text}`"),
            Label(other.span, "declared here too"),
            helps=(decision("rename one, or leave out one of the two declarations"),),
        )
    return error(
        "GAP013",
        title,
        Label(use.path.span, f"brings a second `{other.text}`"),
        Label(first.span, "one declaration"),
        Label(other.span, "the other"),
        helps=(decision("rename one, or use only one of the files"),),
    )


def undeclared(
    code: str, kind: str, name: Word, names: Names, known: Iterable[str], subject: str
) -> Diagnostic:
    """A name that nothing here bears; perhaps a file does that could be used."""
    path = names.elsewhere.get((kind, name.text))
    if path is None:
        return unknown(code, kind, name, known, subject)
    line = f"use {quoted(path)}"
    return error(
        code,
        f"{kind} `{name.text}` is not known in this file",
        Label(name.span, f"declared in `{path}`"),
        subject=subject,
        helps=(Help(Repair.DECISION, "use the file that declares it", lines=(line,)),),
    )


def unknown(
    code: str,
    kind: str,
    name: Word,
    known: Iterable[str],
    subject: str = "",
    notes: tuple[str, ...] = (),
) -> Diagnostic:
    """A name that nothing bears, with the nearest one that something does."""
    right = nearest_name(name.text, known)
    label = f"no such {kind}" if right is None else f"did you mean `{right}`?"
    return error(
        code,
        f"there is no {kind} `{name.text}`",
        Label(name.span, label),
        subject=subject,
        notes=notes,
        helps=replacing(name.span, name.text, right),
    )
