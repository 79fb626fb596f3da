"""Files and types that nothing needs, and sections that no rule cites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gapless.model import Policy, Section, SourceDocument
from gapless.resolve.citations import is_whole
from gapless.resolve.context import Program, Use
from gapless.resolve.files import whole_line
from gapless.resolve.grid import BECAUSE
from gapless.resolve.signatures import calls
from gapless.resolve.types import named_in
from gapless_dsl.diagnostic import Edit, Label, Severity, mechanical
from gapless_dsl.nodes.declarations import (
    Document,
    ImpossibleNode,
    PolicyNode,
    TableNode,
    TypeDeclaration,
)

# ---------------------------------------------------------------- sections


def cited_from(document: Document, program: Program) -> frozenset[Section]:
    """What the rules of a file cite, and those of the files that use it."""
    paths = (document.path, *program.users(document))
    return frozenset().union(*(program.cited[path] for path in paths))


def notice_uncited(policies: Iterable[Policy], program: Program) -> None:
    """GAP302, where every rule that could have cited a section was read, and cites rightly."""
    astray = {each.span.path for each in program.found if each.code == "GAP301"}
    by_path = {document.path: document for document in program.documents}
    for document, policy in zip(program.documents, policies, strict=True):
        citing = [document, *(by_path[path] for path in program.users(document))]
        complete = all(each.complete and each.path not in astray for each in citing)
        if not complete or not any(map(_gives_reasons, citing)):
            continue
        seen = cited_from(document, program)
        for source in policy.sources:
            for section in source.sections:
                if section not in seen:
                    _uncited(source, section, program)


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


def _uncited(source: SourceDocument, section: Section, program: Program) -> None:
    name = f"section `{section.name}` of `{source.name}`"
    if is_whole(section, source):
        name = f"source `{source.name}`"
    context = program.context(section.span.path, f"source {source.name}")
    label = Label(section.span, "is something in it not yet a rule?")
    context.warning("GAP302", f"no rule cites {name}", label)


# ---------------------------------------------------------------- files and types


def notice_unused(program: Program) -> None:
    """GAP032, only where no mistake can hide what is needed."""
    wrong = {each.span.path for each in program.found if each.severity is Severity.ERROR}
    for document in program.documents:
        if not document.complete or document.path in wrong:
            continue
        context = program.context(document.path)
        mentioned = frozenset(_mentioned(document))
        for use in program.uses[document.path]:
            if use.document.complete and not _is_needed(use, document, mentioned, program):
                line = Edit(whole_line(use.node.span, context.source), "")
                context.warning(
                    "GAP032",
                    f"nothing of `{use.node.path.text}` is used",
                    Label(use.node.path.span, "no type, table or source of it is named here"),
                    helps=(mechanical("delete the line", line),),
                )
        # Only in a policy of its own: other files are there for others to use.
        is_policy = any(isinstance(node, PolicyNode) for node in document.declarations)
        for node in document.declarations if is_policy and not program.users(document) else ():
            if isinstance(node, TypeDeclaration) and node.name.text not in mentioned:
                title = f"no column is of type `{node.name.text}`"
                context.warning("GAP032", title, Label(node.name.span, "declared and not used"))


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


def _is_needed(use: Use, document: Document, mentioned: frozenset[str], program: Program) -> bool:
    declared = {
        node.name.text
        for node in use.document.declarations
        if isinstance(node, TypeDeclaration | TableNode)
    }
    if declared & mentioned or _excludes(use.document, document):
        return True
    cited = program.cited[document.path]
    return any(section.span.path == use.document.path for section in cited)


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
