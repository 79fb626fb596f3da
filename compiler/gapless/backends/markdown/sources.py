"""Says who, the other way round: every section of every source, and the rules that rest on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gapless.backends.markdown.addresses import Page, section_anchor, source_anchor
from gapless.backends.markdown.grid import Grid, grid
from gapless.backends.markdown.inline import (
    Anchor,
    Break,
    Code,
    Emphasis,
    Inline,
    Line,
    Link,
    Strong,
    Text,
    joined,
    markdown,
    text,
)
from gapless.backends.markdown.reasons import LINKS, section_name
from gapless.model import Policy, Rule, Section, SourceDocument, Table
from gapless_dsl.nodes import Basis

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


@dataclass(frozen=True, slots=True)
class Source:
    """A document: `note` says where it is declared or what nothing rests on."""

    anchor: str
    title: str
    note: str
    sections: Grid


def sources(page: Page) -> tuple[Source, ...]:
    """The page's own documents, with every rule anywhere; then those of others that its rules cite."""
    here = tuple(_resting((page.policy,)))
    everywhere = tuple(_resting((page.policy, *_others(page))))
    own = [_own(page, source, everywhere) for source in page.policy.sources]
    return (*own, *_borrowed(page, here))


def _others(page: Page) -> tuple[Policy, ...]:
    return tuple(policy for policy in page.site.policies if policy is not page.policy)


def _resting(policies: Iterable[Policy]) -> Iterator[Resting]:
    for policy in policies:
        for table in policy.tables:
            for rule in table.rules:
                yield from (Resting(policy, table, rule, each) for each in rule.reason.citations)


def _own(page: Page, source: SourceDocument, resting: Sequence[Resting]) -> Source:
    cited = {each.section for each in resting}
    unused = [section for section in source.sections if section not in cited]
    listed = joined([text(section_name(section)) for section in unused], text(", "), text(" and "))
    note = (Text("Nothing rests on "), *listed, Text(".")) if unused else ()
    said = markdown(note or text("Some rule rests on every section."))
    return _source(page, source, source.sections, resting, said)


def _borrowed(page: Page, resting: Sequence[Resting]) -> Iterator[Source]:
    """Documents that other files declare: the sections cited here, by the rules that do so."""
    cited = {each.section for each in resting}
    for policy in _others(page):
        for source in policy.sources:
            sections = [section for section in source.sections if section in cited]
            if sections:
                home = Link(
                    Text(policy.title or policy.name), page.of(policy, source_anchor(source))
                )
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
    title = markdown(text(source.title or source.name))
    head = ["Section", "Its heading in the document", "Rules that rest on it"]
    return Source(source_anchor(source), title, note, grid(head, rows))


def _rules(page: Page, resting: Sequence[Resting]) -> Line:
    """A line for every file and basis, in order."""
    lines: list[Line] = []
    for policy, those in _by_policy(resting).items():
        often = Counter(rule.name for table in policy.tables for rule in table.rules)
        for basis, said in _SAID.items():
            saying = [each for each in those if each.rule.reason.basis is basis]
            if saying:
                names = [(_link(page, each, often),) for each in saying[:LINKS]]
                more = text(f"{len(saying) - LINKS:,} more") if len(saying) > LINKS else ()
                shown = joined([*names, more] if more else names, text(", "))
                lines.append((*_where(page, policy), said, Text(" "), *shown))
    return joined(lines, (Break(),)) if lines else (Emphasis("nothing rests on it"),)


def _by_policy(resting: Sequence[Resting]) -> dict[Policy, list[Resting]]:
    found: dict[Policy, list[Resting]] = {}
    for each in resting:
        found.setdefault(each.policy, []).append(each)
    return found


def _where(page: Page, policy: Policy) -> Line:
    if policy is page.policy:
        return ()
    return (Text("in "), Link(Code(policy.name), page.of(policy)), Text(", "))


def _link(page: Page, resting: Resting, often: Mapping[str, int]) -> Inline:
    """The rule's name, and its table's where that policy has several rules of the name."""
    name = resting.rule.name
    shown = name if often[name] == 1 else f"{resting.table.name}.{name}"
    return Link(Code(shown), page.rule(resting.table, resting.rule))
