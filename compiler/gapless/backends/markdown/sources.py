"""Says who, the other way round: every section of every source, and the rules that rest on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gapless.backends.markdown.addresses import Page, section_anchor, source_anchor, titled
from gapless.backends.markdown.inline import (
    Anchor,
    Break,
    Code,
    Emphasis,
    Grid,
    Inline,
    Line,
    Link,
    Strong,
    Text,
    grid,
    joined,
    markdown,
    text,
)
from gapless.backends.markdown.rows import LINKS, section_name
from gapless.model import Policy, Rule, Section, SourceDocument, Table
from gapless_dsl.nodes.cells import Basis

_SAID: dict[Basis, Inline] = {
    Basis.STATED: Text("stated:"),
    Basis.INFERRED: Emphasis("inferred:"),
    Basis.SILENT: Strong("source silent:"),
}


class Resting(NamedTuple):
    """A rule that cites a section."""

    policy: Policy
    table: Table
    rule: Rule
    section: Section


class Source(NamedTuple):
    """A document: `note` says where it is declared or what nothing rests on."""

    anchor: str
    title: str
    note: str
    sections: Grid


def sources(page: Page) -> tuple[Source, ...]:
    """The page's own documents, with every rule anywhere; then those of others that its rules cite."""
    others = tuple(policy for policy in page.site.policies if policy is not page.policy)
    here = tuple(_resting((page.policy,)))
    everywhere = tuple(_resting((page.policy, *others)))
    own = [_own(page, source, everywhere) for source in page.policy.sources]
    return (*own, *_borrowed(page, here, others))


def _resting(policies: Iterable[Policy]) -> Iterator[Resting]:
    for policy in policies:
        for table in policy.tables:
            for rule in table.rules:
                yield from (Resting(policy, table, rule, each) for each in rule.reason.citations)


def _own(page: Page, source: SourceDocument, resting: Sequence[Resting]) -> Source:
    cited = {each.section for each in resting}
    unused = [section for section in source.sections if section not in cited]
    listed = joined([text(section_name(section)) for section in unused], ", ", " and ")
    note = (Text("Nothing rests on "), *listed, Text(".")) if unused else ()
    said = markdown(note or text("Some rule rests on every section."))
    return _source(page, source, source.sections, resting, said)


def _borrowed(page: Page, resting: Sequence[Resting], others: Sequence[Policy]) -> Iterator[Source]:
    """Documents that other files declare: the sections cited here, by the rules that do so."""
    cited = {each.section for each in resting}
    for policy in others:
        for source in policy.sources:
            sections = [section for section in source.sections if section in cited]
            if sections:
                home = Link(Text(titled(policy)), page.of(policy, source_anchor(source)))
                note = markdown((Text("Declared, with all its sections, in "), home, Text(".")))
                yield _source(page, source, sections, resting, note)


def _source(
    page: Page,
    source: SourceDocument,
    sections: Sequence[Section],
    resting: Sequence[Resting],
    note: str,
) -> Source:
    by_section: dict[Section, list[Resting]] = {}
    for each in resting:
        by_section.setdefault(each.section, []).append(each)
    rows = [
        (
            (Anchor(section_anchor(section)), Text(section_name(section))),
            text(section.title or ""),
            _rules(page, by_section.get(section, ())),
        )
        for section in sections
    ]
    title = markdown(text(titled(source)))
    head = ["Section", "Its heading in the document", "Rules that rest on it"]
    return Source(source_anchor(source), title, note, grid(head, rows))


def _rules(page: Page, resting: Sequence[Resting]) -> Line:
    """A line for every file and basis, in order; a rule with its table where it needs that to be known."""
    lines: list[Line] = []
    for policy in dict.fromkeys(each.policy for each in resting):
        link = Link(Code(policy.name), page.of(policy))
        where = () if policy is page.policy else (Text("in "), link, Text(", "))
        often = Counter(rule.name for table in policy.tables for rule in table.rules)
        for basis, said in _SAID.items():
            names: list[Line] = []
            for _, table, rule, _ in (each for each in resting if each.policy is policy):
                if rule.reason.basis is basis:
                    shown = rule.name if often[rule.name] == 1 else f"{table.name}.{rule.name}"
                    names.append((Link(Code(shown), page.rule(table, rule)),))
            if len(names) > LINKS:
                names[LINKS:] = [text(f"{len(names) - LINKS:,} more")]
            if names:
                lines.append((*where, said, Text(" "), *joined(names, ", ")))
    return joined(lines, (Break(),)) if lines else (Emphasis("nothing rests on it"),)
