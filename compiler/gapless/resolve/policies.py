"""The pass on one page: files, names, types, sources, tables with callees first, policies."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from gapless.model import Impossibility, NamedType, Policy, Section, SourceDocument, Table
from gapless.resolve.calls import Callees
from gapless.resolve.citations import cited_from, notice_uncited, unaccounted
from gapless.resolve.decisions import notes_of
from gapless.resolve.files import Uses, digest, resolve_uses
from gapless.resolve.findings import Findings
from gapless.resolve.graph import callees_first
from gapless.resolve.impossible import excluded, resolve_impossible
from gapless.resolve.names import Names, names_by_file, twice
from gapless.resolve.repeats import folded
from gapless.resolve.shelf import Shelf, SourceDocuments, resolve_sources
from gapless.resolve.signatures import signatures
from gapless.resolve.slots import places
from gapless.resolve.tables import Surroundings, resolve_table
from gapless.resolve.types import Types, resolve_types
from gapless.resolve.usage import notice_unused
from gapless.resolve.versions import put_together
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.nodes.declarations import (
    Document,
    ImpossibleNode,
    PolicyNode,
    SourceNode,
    TableNode,
    TypeDeclaration,
)
from gapless_dsl.source import Source, Span
from gapless_dsl.undisturbed import undisturbed


@undisturbed()
def resolve(
    documents: Sequence[Document], sources: Mapping[str, Source]
) -> tuple[tuple[Policy, ...], tuple[Diagnostic, ...]]:
    """What a set of files means together, a policy for each, and all that is wrong with it.

    `documents` are all files, those that are used among them, and `sources` their texts by path.
    """
    found: Findings = []
    uses, partial = resolve_uses(documents, sources, found)
    names = names_by_file(documents, uses, partial, sources, found)
    types = resolve_types(documents, names, found)
    shelves = resolve_sources(documents, found)
    tables, cited = _tables(documents, names, types, shelves, sources, found)
    meant = Meant(types, shelves, tables)
    policies = [_policy(each, meant, uses, sources, found) for each in documents]
    by_path = {policy.path: policy.sources for policy in policies}
    notice_uncited(documents, uses, by_path, cited, found)
    notice_unused(documents, uses, cited, sources, found)
    finished = _with_cited(documents, policies, uses, cited)
    return tuple(finished), _in_order(documents, folded(found, sources))


class Meant(NamedTuple):
    """By the places of their names: what declarations mean."""

    types: Types
    sources: SourceDocuments
    tables: Tables


class Tables(NamedTuple):
    """By the place of a table's name, of several versions the first: what it means, and its versions.

    And by the place of its name, what is said of all tables.
    """

    by_name: Mapping[Span, Table | None]
    versions: Mapping[Span, tuple[Table, ...]]
    impossible: Mapping[Span, Impossibility | None]


def _tables(
    documents: Sequence[Document],
    names: Mapping[str, Names],
    types: Types,
    shelves: SourceDocuments,
    sources: Mapping[str, Source],
    found: Findings,
) -> tuple[Tables, Mapping[str, frozenset[Section]]]:
    """Every table, and by file the sections that its rules cite."""
    known = signatures(documents, names, types, sources, found)
    where = places(types)
    tables: dict[Span, Table | None] = {}
    cited: dict[str, set[Section]] = {document.path: set() for document in documents}
    versions: dict[Span, tuple[Table, ...]] = {}
    impossible = resolve_impossible(documents, known, names, where, shelves, found)
    for path, sections in impossible.cited.items():
        cited[path].update(sections)
    for group in callees_first(known, names, found):
        own, head = names[group[0].path], group[0].node.name.span
        shelf, source = Shelf(own, shelves), sources[group[0].path]
        meant: list[Table | None] = []
        for signature in group:
            callees = Callees(signature, own, known, tables, where)
            read = resolve_table(signature, Surroundings(callees, shelf, source), found)
            meant.append(excluded(read.table, impossible.among(own), found))
            cited[signature.path].update(read.cited)
            if read.unaccounted:
                found.append(unaccounted(signature.subject, read.unaccounted))
        tables[head], versions[head] = put_together(group, meant, own, found)
    told = {path: frozenset(sections) for path, sections in cited.items()}
    return Tables(tables, versions, impossible.declared), told


def _policy(
    document: Document,
    meant: Meant,
    uses: Uses,
    sources: Mapping[str, Source],
    found: Findings,
) -> Policy:
    node = _policy_line(document, found)
    own = _own(document, meant)
    return Policy(
        name=_stem(document.path) if node is None else node.name.text,
        title=None if node is None or node.title is None else node.title.text,
        as_of=None if node is None else node.as_of,
        review_by=None if node is None else node.review_by,
        path=document.path,
        digest=digest(document, uses, sources),
        uses=tuple(use.document.path for use in uses[document.path]),
        sources=own.sources,
        types=own.types,
        tables=own.tables,
        span=Span(document.path, 0, 0) if node is None else node.name.span,
        impossibilities=own.impossibilities,
        notes=() if node is None else notes_of(node),
    )


def _policy_line(document: Document, found: Findings) -> PolicyNode | None:
    nodes = [each for each in document.declarations if isinstance(each, PolicyNode)]
    for again in nodes[1:]:
        found.append(twice("policy", again.name, nodes[0].name))
    return nodes[0] if nodes else None


def _stem(path: str) -> str:
    """The file's name as an identifier."""
    stem = posixpath.basename(path).removesuffix(".dtable")
    name = re.sub(r"[^A-Za-z0-9_]", "_", stem)
    return name if re.match(r"[A-Za-z_]", name) else f"_{name}"


class Own(NamedTuple):
    """What a file itself declares, of two declarations with one name the first."""

    sources: tuple[SourceDocument, ...]
    types: tuple[NamedType, ...]
    tables: tuple[Table, ...]
    impossibilities: tuple[Impossibility, ...]


def _own(document: Document, meant: Meant) -> Own:
    sources: dict[str, SourceDocument] = {}
    types: dict[str, NamedType | None] = {}
    tables: dict[str, Table | None] = {}
    impossible: dict[str, Impossibility | None] = {}
    for node in document.declarations:
        match node:
            case SourceNode(name):
                sources.setdefault(name.text, meant.sources[name.span])
            case TypeDeclaration(name):
                types.setdefault(name.text, meant.types[name.span])
            case TableNode(name) if name.text not in tables:
                tables.update({each.name: each for each in meant.tables.versions[name.span]})
                tables[name.text] = meant.tables.by_name[name.span]
            case ImpossibleNode(name):
                impossible.setdefault(name.text, meant.tables.impossible[name.span])
    return Own(
        tuple(sources.values()),
        tuple(each for each in types.values() if each is not None),
        tuple(each for each in tables.values() if each is not None),
        tuple(each for each in impossible.values() if each is not None),
    )


def _with_cited(
    documents: Sequence[Document],
    policies: Sequence[Policy],
    uses: Uses,
    cited: Mapping[str, frozenset[Section]],
) -> Iterator[Policy]:
    for document, policy in zip(documents, policies, strict=True):
        sections = cited_from(document, uses, cited)
        yield replace(policy, cited=frozenset((each.source, each.name) for each in sections))


def _in_order(documents: Sequence[Document], found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By file, as they were given, and place."""
    order = {document.path: at for at, document in enumerate(documents)}
    return tuple(sorted(found, key=lambda each: (order[each.span.path], each.span, each.code)))
