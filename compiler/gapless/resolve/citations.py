"""Whether rules rest on sources: sections that nothing cites, and rules that cite nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gapless.model import Section, SourceDocument
from gapless.resolve.files import Uses
from gapless.resolve.findings import Findings, listed
from gapless.resolve.header import BECAUSE
from gapless.resolve.rules import Unaccounted
from gapless.resolve.shelf import is_whole
from gapless_dsl.diagnostic import Diagnostic, Label, decision, warning
from gapless_dsl.nodes.declarations import Document, ImpossibleNode, TableNode

Cited = Mapping[str, frozenset[Section]]
"""By file: the sections that its rules cite."""


def cited_from(document: Document, uses: Uses, cited: Cited) -> frozenset[Section]:
    """What the rules of a file cite, and those of the files that use it."""
    return cited[document.path].union(*(cited[path] for path in users(document, uses)))


def users(document: Document, uses: Uses) -> tuple[str, ...]:
    """The files that use `document`."""
    return tuple(
        path for path, used in uses.items() if any(each.document is document for each in used)
    )


def notice_uncited(
    documents: Sequence[Document],
    uses: Uses,
    sources: Mapping[str, tuple[SourceDocument, ...]],
    cited: Cited,
    found: Findings,
) -> None:
    """GAP302, where every rule that could have cited a section was read, and cites rightly."""
    astray = {each.span.path for each in found if each.code == "GAP301"}
    by_path = {document.path: document for document in documents}
    for document in documents:
        citing = [document, *(by_path[path] for path in users(document, uses))]
        paths = {each.path for each in citing}
        complete = all(each.complete for each in citing)
        if not complete or astray & paths or not any(map(_gives_reasons, citing)):
            continue
        seen = cited_from(document, uses, cited)
        for source in sources[document.path]:
            found.extend(
                _uncited(source, section) for section in source.sections if section not in seen
            )


def _gives_reasons(document: Document) -> bool:
    """Whether there is a place for citations at all; a file of sources alone has none."""
    if any(isinstance(node, ImpossibleNode) for node in document.declarations):
        return True
    return any(
        word.text == BECAUSE
        for node in document.declarations
        if isinstance(node, TableNode) and node.grid is not None
        for word in node.grid.header.annotations
    )


def _uncited(source: SourceDocument, section: Section) -> Diagnostic:
    whole = is_whole(section, source)
    name = f"source `{source.name}`" if whole else f"section `{section.name}` of `{source.name}`"
    return warning(
        "GAP302",
        f"no rule cites {name}",
        Label(section.span, "is something in it not yet a rule?"),
        subject=f"source {source.name}",
    )


def unaccounted(subject: str, rules: Sequence[Unaccounted]) -> Diagnostic:
    """GAP303, once for a table, for rules that cite nothing."""
    first, *others = rules
    names = tuple(rule.name for rule in rules)
    title = f"rule `{first.name}` cites nothing"
    if others:
        title = f"{len(rules)} rules cite nothing"
    return warning(
        "GAP303",
        title,
        Label(first.span, "on what does this rest?"),
        subject=subject,
        notes=(f"they are {listed(names, 20)}",) if others else (),
        helps=(
            decision("cite a section: `[section]` in the `because` column"),
            decision("or write `silent: …` where no source says anything"),
        ),
    )
