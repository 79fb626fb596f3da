"""The sources a file can cite, and what a citation in it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gapless.model import Section, SourceDocument
from gapless.resolve.findings import Findings, Site, listed
from gapless.resolve.names import Names, twice
from gapless_dsl.diagnostic import Edit, Help, Label, decision, error, replacing
from gapless_dsl.nodes import Citation, Document, SourceNode, Word
from gapless_dsl.source import Span
from gapless_dsl.suggest import nearest_name

SourceDocuments: TypeAlias = Mapping[Span, SourceDocument]
"""By the place of its name."""


def resolve_sources(documents: Sequence[Document], found: Findings) -> SourceDocuments:
    return {
        node.name.span: _document(node, found)
        for document in documents
        for node in document.declarations
        if isinstance(node, SourceNode)
    }


def _document(node: SourceNode, found: Findings) -> SourceDocument:
    """A source without sections is cited whole: it stands as the one section of itself."""
    name = node.name.text
    title = None if node.title is None else node.title.text
    first: dict[str, Word] = {}
    sections: list[Section] = []
    for each in node.sections:
        if each.name.text in first:
            again = twice("section", each.name, first[each.name.text], f"source {name}")
            found.append(again)
            continue
        first[each.name.text] = each.name
        heading = None if each.title is None else each.title.text
        sections.append(Section(name, each.name.text, heading, each.name.span))
    if not sections:
        sections.append(Section(name, name, title, node.name.span))
    return SourceDocument(name, title, tuple(sections), node.name.span)


def is_whole(section: Section, document: SourceDocument) -> bool:
    """Whether `section` stands for a source that has none."""
    return section.span == document.span


@dataclass(frozen=True, slots=True)
class Shelf:
    """The sources that one file can cite."""

    names: Names
    documents: SourceDocuments

    def sources(self) -> Iterator[SourceDocument]:
        for node in self.names.sources.values():
            yield self.documents[node.name.span]

    @property
    def is_empty(self) -> bool:
        return not self.names.sources

    def excuses(self, source: str | None, name: str) -> bool:
        """Whether an unknown citation follows from lines that could not be read."""
        return self.names.excuses(name) or (source is not None and self.names.excuses(source))


def cite(citation: Citation, shelf: Shelf, site: Site, found: Findings) -> Section | None:
    """The section that is meant; None where there is none, or several, and a complaint."""
    if citation.source is None:
        return _bare(citation, shelf, site, found)
    by_name = {each.name: each for each in shelf.sources()}
    document = by_name.get(citation.source)
    if document is None:
        _unknown(citation, citation.source, tuple(by_name), "source", shelf, site, found)
        return None
    for section in document.sections:
        if section.name == citation.section and not is_whole(section, document):
            return section
    names = tuple(each.name for each in document.sections if not is_whole(each, document))
    _unknown(citation, citation.section, names, "section", shelf, site, found)
    return None


def _bare(citation: Citation, shelf: Shelf, site: Site, found: Findings) -> Section | None:
    name = citation.section
    meant = [each for every in shelf.sources() for each in every.sections if each.name == name]
    if len(meant) == 1:
        return meant[0]
    if meant:
        _ambiguous(citation, meant, site, found)
        return None
    for document in shelf.sources():
        if document.name == name:
            _whole(citation, document, site, found)
            return None
    sections = [each.name for every in shelf.sources() for each in every.sections]
    known = tuple(dict.fromkeys(sections))
    _unknown(citation, name, known, "section", shelf, site, found)
    return None


def _ambiguous(citation: Citation, meant: list[Section], site: Site, found: Findings) -> None:
    span = site.at(citation.at)
    found.append(
        error(
            "GAP301",
            f"{len(meant)} sources have a section `{citation.section}`",
            Label(span, "which source's?"),
            *(Label(each.span, f"one in `{each.source}`") for each in meant),
            subject=site.subject,
            helps=tuple(_dotted(each, span) for each in meant),
        )
    )


def _dotted(section: Section, span: Span) -> Help:
    dotted = f"{section.source}.{section.name}"
    return decision(f"cite `{dotted}`", Edit(span, dotted))


def _whole(citation: Citation, document: SourceDocument, site: Site, found: Findings) -> None:
    names = tuple(section.name for section in document.sections)
    found.append(
        error(
            "GAP301",
            f"`{document.name}` is cited as a whole, and it has sections",
            Label(site.at(citation.at), f"which of {listed(names)}?"),
            Label(document.span, "declared here"),
            subject=site.subject,
        )
    )


def _unknown(
    citation: Citation,
    name: str,
    known: tuple[str, ...],
    kind: str,
    shelf: Shelf,
    site: Site,
    found: Findings,
) -> None:
    if shelf.excuses(citation.source, name):
        return
    span = site.at(citation.at)
    if citation.source is not None:
        dot = span.start + len(citation.source)
        span = span._replace(end=dot) if kind == "source" else span._replace(start=dot + 1)
    where = f" in `{citation.source}`" if citation.source and kind == "section" else ""
    near = nearest_name(name, known)
    found.append(
        error(
            "GAP301",
            f"there is no {kind} `{name}`{where}",
            Label(span, f"no such {kind}" if near is None else f"did you mean `{near}`?"),
            subject=site.subject,
            notes=(f"known here: {listed(known)}",) if known else (),
            helps=replacing(span, name, near),
        )
    )
