"""The pass on one page: files, names, types, sources, tables with callees first, policies.

What nothing needs is told last, for any mistake can hide what is needed.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TypeAlias

from gapless.model import Impossibility, NamedType, Policy, Section, SourceDocument, Table
from gapless.resolve.citations import is_whole, resolve_sources
from gapless.resolve.constraints import excluded, resolve_constraints
from gapless.resolve.context import Program, Use
from gapless.resolve.files import digest, resolve_uses, whole_line
from gapless.resolve.grid import BECAUSE
from gapless.resolve.names import resolve_names
from gapless.resolve.shows import shows
from gapless.resolve.signatures import callees_first, calls, resolve_signatures
from gapless.resolve.tables import notes_of, read_steps, resolve_decision, resolve_table
from gapless.resolve.types import named_in, resolve_types
from gapless.resolve.versions import put_together
from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, Repair, Severity, mechanical
from gapless_dsl.nodes import (
    Document,
    ImpossibleNode,
    PolicyNode,
    SourceNode,
    TableNode,
    TypeDeclaration,
)
from gapless_dsl.source import Source, Span
from gapless_dsl.undisturbed import undisturbed

Versions: TypeAlias = Mapping[Span, tuple[Table, ...]]
"""By the place of a table's name, of several versions the first: its versions, none where it has none."""


@undisturbed()
def resolve(
    documents: Sequence[Document], sources: Mapping[str, Source]
) -> tuple[tuple[Policy, ...], tuple[Diagnostic, ...]]:
    """What a set of files means together, a policy for each, and all that is wrong with it.

    `documents` are all files, those that are used among them, and `sources` their texts by path.
    """
    program = Program(documents, sources)
    partial = resolve_uses(program)
    resolve_names(program, partial)
    resolve_types(program)
    resolve_sources(program)
    resolve_signatures(program)
    resolve_constraints(program)
    versions = _resolve_tables(program)
    policies = [_policy(document, versions, program) for document in documents]
    notice_uncited(policies, program)
    notice_unused(program)
    return tuple(policies), _in_order(documents, _folded(program.found, sources))


def _resolve_tables(program: Program) -> Versions:
    versions: dict[Span, tuple[Table, ...]] = {}
    for group in callees_first(program):
        meant: list[Table | None] = []
        for signature in group:
            context = program.context(signature.path, signature.subject)
            context = context._replace(caller=signature)
            steps = read_steps(signature, context)
            resolved = resolve_decision if signature.node.is_decision else resolve_table
            table = excluded(resolved(signature, steps, context), context)
            shown = shows(signature, steps, context)
            meant.append(table and replace(table, shows=shown))
        head = group[0].node.name.span
        program.tables[head], versions[head] = put_together(group, meant, context)
    return versions


def _policy(document: Document, versions: Versions, program: Program) -> Policy:
    nodes = [each for each in document.declarations if isinstance(each, PolicyNode)]
    for again in nodes[1:]:
        program.context(document.path).twice("policy", again.name, nodes[0].name)
    node = nodes[0] if nodes else None
    sources: dict[str, SourceDocument] = {}
    types: dict[str, NamedType | None] = {}
    tables: dict[str, Table | None] = {}
    impossible: dict[str, Impossibility | None] = {}
    for each in document.declarations:  # of two declarations with one name the first
        match each:
            case SourceNode(name):
                sources.setdefault(name.text, program.citable[name.span])
            case TypeDeclaration(name):
                types.setdefault(name.text, program.types[name.span])
            case TableNode(name) if name.text not in tables:
                tables.update({version.name: version for version in versions[name.span]})
                tables[name.text] = program.tables[name.span]
            case ImpossibleNode(name):
                impossible.setdefault(name.text, program.impossible[name.span])
    cited = ((each.source, each.name) for each in cited_from(document, program))
    return Policy(
        name=_stem(document.path) if node is None else node.name.text,
        title=None if node is None or node.title is None else node.title.text,
        as_of=None if node is None else node.as_of,
        review_by=None if node is None else node.review_by,
        path=document.path,
        digest=digest(document, program),
        uses=tuple(use.document.path for use in program.uses[document.path]),
        sources=tuple(sources.values()),
        types=tuple(each for each in types.values() if each is not None),
        tables=tuple(each for each in tables.values() if each is not None),
        span=Span(document.path, 0, 0) if node is None else node.name.span,
        cited=frozenset(cited),
        impossibilities=tuple(each for each in impossible.values() if each is not None),
        notes=() if node is None else notes_of(node),
    )


def _stem(path: str) -> str:
    """The file's name as an identifier."""
    stem = posixpath.basename(path).removesuffix(".dtable")
    name = re.sub(r"[^A-Za-z0-9_]", "_", stem)
    return name if re.match(r"[A-Za-z_]", name) else f"_{name}"


# ---------------------------------------------------------------- the findings

_ABOUT_ONE_WORD = frozenset({"GAP010", "GAP011", "GAP012", "GAP021", "GAP022", "GAP301"})

ENOUGH = 3
"""So many places may be slips; more are a rename that was not carried through."""

_LINES = 8


def _in_order(documents: Sequence[Document], found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By file, as they were given, and place."""
    order = {document.path: at for at, document in enumerate(documents)}
    return tuple(sorted(found, key=lambda each: (order[each.span.path], each.span, each.code)))


def _folded(found: Iterable[Diagnostic], sources: Mapping[str, Source]) -> list[Diagnostic]:
    """A word that is wrong in many places is one mistake, and one finding.

    What is wrong with a cell that rows below repeat is wrong once.
    """
    once: dict[Hashable, Diagnostic] = {}
    for each in found:
        once.setdefault((each.code, each.title, each.labels, each.helps), each)
    result: list[Diagnostic] = []
    for (_, code, _), group in groupby(sorted(once.values(), key=_cause), _cause):
        same = sorted(group, key=lambda each: each.span)
        if code in _ABOUT_ONE_WORD and len(same) > ENOUGH:
            same = [_one(same, sources[same[0].span.path])]
        result.extend(same)
    return result


def _cause(finding: Diagnostic) -> tuple[str, str, str]:
    return finding.span.path, finding.code, finding.title


def _one(same: list[Diagnostic], source: Source) -> Diagnostic:
    first, *others = same
    lines = tuple(dict.fromkeys(source.place(each.span.start).line for each in others))
    shown = ", ".join(map(str, lines[:_LINES])) + (" …" if len(lines) > _LINES else "")
    note = f"the same in {len(others)} more places, line{'s' * (len(lines) > 1)} {shown}"
    helps = tuple(_everywhere(help_, at, same) for at, help_ in enumerate(first.helps))
    return replace(first, notes=(*first.notes, note), helps=helps)


def _everywhere(help_: Help, at: int, same: list[Diagnostic]) -> Help:
    """The mechanical help for all the places; a decision may differ from one to the next."""
    if help_.repair is not Repair.MECHANICAL:
        return help_
    edits = tuple(edit for each in same for edit in each.helps[at].edits)
    return replace(help_, text=f"{help_.text}, everywhere", edits=edits)


# ---------------------------------------------------------------- files, types and sections that nothing needs


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
