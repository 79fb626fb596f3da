"""What rules rest on: the sources a file can cite, `because` cells, and rules that cite nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gapless.model import Reason, Section, SourceDocument
from gapless.resolve.context import Context, Program, listed
from gapless.resolve.marks import Markable, marks_of
from gapless_dsl.diagnostic import Edit, Label, decision, diagnostic_at
from gapless_dsl.nodes import Basis, Citation, SourceNode, TextCell, Word
from gapless_dsl.parser.cells import read_reason
from gapless_dsl.source import Span


def resolve_sources(program: Program) -> None:
    for document in program.documents:
        program.cited[document.path] = set()
        for node in document.declarations:
            if isinstance(node, SourceNode):
                context = program.context(document.path, f"source {node.name.text}")
                program.citable[node.name.span] = _document(node, context)


def _document(node: SourceNode, context: Context) -> SourceDocument:
    """A source without sections is cited whole: it stands as the one section of itself."""
    name = node.name.text
    title = None if node.title is None else node.title.text
    first: dict[str, Word] = {}
    sections: list[Section] = []
    for each in node.sections:
        if each.name.text in first:
            context.twice("section", each.name, first[each.name.text])
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


# ---------------------------------------------------------------- a `because` cell


class Because(NamedTuple):
    """A reason, and whether the author cites or marks anything in it, rightly or not."""

    reason: Reason = Reason()
    cites: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.reason.text and not self.cites

    @property
    def accounts(self) -> bool:
        """Whether it cites, or says that there is nothing to cite."""
        return self.cites or self.reason.basis is Basis.SILENT

    @property
    def silences(self) -> tuple[str, ...]:
        """The outputs for which there is nothing to cite, where that is not said of all."""
        return tuple(name for name, basis in self.reason.marks if basis is Basis.SILENT)


def because(cell: TextCell | None, row: Markable, context: Context) -> Because:
    """The words, what they rest on, and how; nothing where there is no cell. `row` can be marked."""
    if cell is None:
        return Because()
    content, problems = read_reason(cell.text)
    context.found.extend(diagnostic_at(each, cell, context.subject) for each in problems)
    sections: dict[Section, None] = {}
    for citation in content.citations:
        start, end = citation.at
        there = cell.within(start, end)
        section = _cited(citation, there._replace(end=there.start + end - start), context)
        if section is not None:
            sections[section] = None
    context.program.cited[context.path].update(sections)
    before = len(context.found)
    reason = Reason(content.text, tuple(sections), *marks_of(cell, content, row, context))
    cites = bool(content.citations or problems) or len(context.found) > before
    return Because(reason, cites)


def _cited(citation: Citation, span: Span, context: Context) -> Section | None:
    """The section that is meant; None where there is none, or several, and a complaint."""
    sources = context.names.sources.values()
    documents = [context.program.citable[node.name.span] for node in sources]
    if citation.source is None:
        return _bare(citation, span, documents, context)
    by_name = {each.name: each for each in documents}
    document = by_name.get(citation.source)
    if document is None:
        _unknown(citation, citation.source, span, tuple(by_name), "source", context)
        return None
    sections = {e.name: e for e in document.sections if not is_whole(e, document)}
    if citation.section in sections:
        return sections[citation.section]
    _unknown(citation, citation.section, span, tuple(sections), "section", context)
    return None


def _bare(
    citation: Citation, span: Span, documents: Sequence[SourceDocument], context: Context
) -> Section | None:
    name = citation.section
    sections = [each for document in documents for each in document.sections]
    meant = [each for each in sections if each.name == name]
    if len(meant) == 1:
        return meant[0]
    if meant:
        dotted = [f"{each.source}.{each.name}" for each in meant]
        return context.error(
            "GAP301",
            f"{len(meant)} sources have a section `{name}`",
            Label(span, "which source's?"),
            *(Label(each.span, f"one in `{each.source}`") for each in meant),
            helps=tuple(decision(f"cite `{each}`", Edit(span, each)) for each in dotted),
        )
    whole = next((each for each in documents if each.name == name), None)
    if whole is not None:
        names = tuple(section.name for section in whole.sections)
        return context.error(
            "GAP301",
            f"`{name}` is cited as a whole, and it has sections",
            Label(span, f"which of {listed(names)}?"),
            Label(whole.span, "declared here"),
        )
    known = tuple(dict.fromkeys(each.name for each in sections))
    _unknown(citation, name, span, known, "section", context)
    return None


def _unknown(
    citation: Citation, name: str, span: Span, known: tuple[str, ...], kind: str, context: Context
) -> None:
    """Unless it follows from lines that could not be read."""
    source = citation.source
    if context.names.excuses(name) or (source is not None and context.names.excuses(source)):
        return
    if source is not None:
        dot = span.start + len(source)
        span = span._replace(end=dot) if kind == "source" else span._replace(start=dot + 1)
    where = f" in `{source}`" if source and kind == "section" else ""
    title = f"there is no {kind} `{name}`{where}"
    notes = (f"known here: {listed(known)}",) if known else ()
    context.unknown("GAP301", kind, Word(name, span), known, notes, title)


# ---------------------------------------------------------------- rules that cite nothing


class Unaccounted(NamedTuple):
    """A row that rests on nothing, by its name and its first word; on `silences` its source is silent."""

    name: str
    span: Span
    silences: tuple[str, ...] = ()


def notice_unaccounted(rules: Sequence[Unaccounted], context: Context) -> None:
    """GAP303, once for a table, for rules that cite nothing."""
    first, *others = rules
    names = tuple(rule.name for rule in rules)
    title = f"{len(rules)} rules cite nothing" if others else f"rule `{first.name}` cites nothing"
    notes = [f"they are {listed(names, 20)}"] if others else []
    notes += [
        f"`{rule.name}` calls its source silent on {listed(rule.silences)} alone"
        for rule in rules
        if rule.silences
    ]
    context.warning(
        "GAP303",
        title,
        Label(first.span, "on what does this rest?"),
        notes=tuple(notes),
        helps=(
            decision("cite a section: `[section]` in the `because` column"),
            decision("or write `silent: …` where no source says anything"),
        ),
    )
