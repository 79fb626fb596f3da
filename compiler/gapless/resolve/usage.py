"""Files and types that nothing needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gapless.resolve.citations import Cited, users
from gapless.resolve.files import Use, Uses, whole_line
from gapless.resolve.findings import Findings
from gapless.resolve.graph import calls
from gapless.resolve.types import named_in
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, Severity, mechanical, warning
from gapless_dsl.nodes.declarations import (
    Document,
    ImpossibleNode,
    PolicyNode,
    TableNode,
    TypeDeclaration,
)
from gapless_dsl.source import Source


def notice_unused(
    documents: Sequence[Document],
    uses: Uses,
    cited: Cited,
    sources: Mapping[str, Source],
    found: Findings,
) -> None:
    """GAP032, only where no mistake can hide what is needed."""
    wrong = {each.span.path for each in found if each.severity is Severity.ERROR}
    for document in documents:
        if not document.complete or document.path in wrong:
            continue
        mentioned = frozenset(_mentioned(document))
        for use in uses[document.path]:
            if use.document.complete and not _is_needed(use, document, mentioned, cited):
                found.append(_unused_file(use, sources[document.path]))
        if _stands_alone(document, uses):
            found.extend(_unused_types(document, mentioned))


def _mentioned(document: Document) -> Iterator[str]:
    """Every name of a type or a table that the file mentions."""
    for node in document.declarations:
        match node:
            case TypeDeclaration():
                yield from named_in(node.type)
            case TableNode():
                for column in (*node.inputs, *node.outputs):
                    yield from named_in(column.type)
                for result in node.results:
                    yield from () if result.type is None else named_in(result.type)
                yield from (name for name, _ in calls(node))


def _is_needed(use: Use, document: Document, mentioned: frozenset[str], cited: Cited) -> bool:
    declared = {
        node.name.text
        for node in use.document.declarations
        if isinstance(node, TypeDeclaration | TableNode)
    }
    if declared & mentioned or _excludes(use.document, document):
        return True
    return any(section.span.path == use.document.path for section in cited[document.path])


def _excludes(used: Document, document: Document) -> bool:
    """Whether a file says that something cannot happen in a table of the other."""
    tables = [
        {column.name.text for column in node.inputs}
        for node in document.declarations
        if isinstance(node, TableNode)
    ]
    return any(
        {asked.column.text for asked in node.asked} <= inputs
        for node in used.declarations
        if isinstance(node, ImpossibleNode)
        for inputs in tables
    )


def _unused_file(use: Use, source: Source) -> Diagnostic:
    return warning(
        "GAP032",
        f"nothing of `{use.node.path.text}` is used",
        Label(use.node.path.span, "no type, table or source of it is named here"),
        helps=(mechanical("delete the line", Edit(whole_line(use.node.span, source), "")),),
    )


def _stands_alone(document: Document, uses: Uses) -> bool:
    """Whether a file is a policy of its own, and not there for others to use."""
    is_policy = any(isinstance(node, PolicyNode) for node in document.declarations)
    return is_policy and not users(document, uses)


def _unused_types(document: Document, mentioned: frozenset[str]) -> Iterator[Diagnostic]:
    for node in document.declarations:
        if isinstance(node, TypeDeclaration) and node.name.text not in mentioned:
            title = f"no column is of type `{node.name.text}`"
            yield warning("GAP032", title, Label(node.name.span, "declared and not used"))
