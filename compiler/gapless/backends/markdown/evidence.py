"""What the proof and the rules rest on: what is proved, what a reviewer must decide, every source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from gapless.analysis.unit import Unit
from gapless.analysis.verdict import verdict
from gapless.backends.markdown.addresses import LISTED, Page, section_anchor, source_anchor, titled
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
    paragraph,
    reasoned,
    text,
)
from gapless.backends.markdown.rows import (
    LINKS,
    answers,
    bases,
    basis_of,
    listed_names,
    marked,
    rule_link,
    rule_links,
    section_name,
    words,
)
from gapless.backends.markdown.wording import ARROW, asked, name_of
from gapless.model import (
    Anything,
    Impossibility,
    Policy,
    Rule,
    RuleKind,
    Section,
    SourceDocument,
    Table,
)
from gapless.text.words import count, listed
from gapless_dsl.nodes.cells import Basis

_BASES = {
    Basis.STATED: "stated in the source",
    Basis.INFERRED: "inferred from it",
    Basis.SILENT: "where the source is silent",
}
IN_PART, WITHOUT = "stated in part", "without a source"
_WAYS = (_BASES[Basis.STATED], IN_PART, _BASES[Basis.INFERRED], _BASES[Basis.SILENT], WITHOUT)


def proved(units: Iterable[Unit]) -> str:
    """`Complete: each of 1,240 cases in 3 tables has one answer or is excluded; no conflicts.`"""
    found = [verdict(unit) for unit in units]
    if not found:
        return "Nothing to decide: this file has no tables of its own."
    cases = sum(each.cases for each in found)
    if any(each.is_draft for each in found):
        counted = [each.split.undecided for each in found if each.split]
        open_ = f"{sum(counted):,}" if len(counted) == len(found) else "some"
        among = f"{open_} of {count(cases)} in {count(len(found), 'table')}"
        return f"Not complete, no conflicts: {among} still to be decided."
    excluded = sum(each.split.impossible + each.split.ruled_out for each in found if each.split)
    answers = "has just one answer"
    if not all(each.split for each in found):
        answers += " or cannot happen"
    elif excluded:
        answers = f"has just one answer ({cases - excluded:,}) or cannot happen ({excluded:,})"
    each = "each of the" if cases > 1 else "the"
    whole = f"{each} {count(cases)} in {count(len(found), 'table')}"
    if any(each.is_derived for each in found):
        whole = f"each case in {count(len(found), 'table')}"
        answers = "has just one answer or cannot happen"
    return f"Complete, no conflicts: {whole} {answers}."


def approved(page: Page, table: Table) -> tuple[str, ...]:
    """Who approved what the table decides, and whether it still does."""
    standing = (
        each.says
        for each in page.site.approvals
        if (each.path, each.approval.table) == (table.span.path, table.name)
    )
    return tuple(paragraph(text(f"{said[0].upper()}{said[1:]}")) for said in standing)


def rules_of(policy: Policy) -> list[tuple[Table, Rule]]:
    """The rules that somebody wrote: no version that is in force, and no decision, is such a rule.

    What is said of all tables is one rule, that of the first of them.
    """
    written = (table for table in policy.tables if not (table.by_version or table.is_decision))
    seen: set[Impossibility] = set()
    found: list[tuple[Table, Rule]] = []
    for table in written:
        for rule in table.rules:
            if rule.declared not in seen:
                found.append((table, rule))
            if rule.declared is not None:
                seen.add(rule.declared)
    return found


def is_draft(rule: Rule) -> bool:
    """Whether somebody still has to decide what it answers."""
    return rule.kind is RuleKind.DRAFT


def is_open(rule: Rule) -> bool:
    """Whether somebody had to decide what the source does not state."""
    return rule.reason.weakest is not Basis.STATED and not is_draft(rule)


def cites_nothing(table: Table, rule: Rule) -> bool:
    """Whether the rule names no source for something that it does not call inferred, or without one."""
    stated = Basis.STATED in bases(table, rule)
    return not rule.reason.citations and stated and not is_draft(rule)


def resting(policy: Policy) -> str:
    """`69 rules: 40 stated in the source, 19 inferred from it, 10 where it is silent.`"""
    rules = [each for each in rules_of(policy) if not is_draft(each[1])]
    if not rules:
        return ""
    ways = Counter(_way(*each) for each in rules)
    said = [f"{ways[way]:,} {way}" for way in _WAYS if ways[way]]
    if len(said) > 1:
        return f"{count(len(rules), 'rule')}: {listed(said)}."
    [way] = ways
    return f"{count(len(rules), 'rule')}, {'all ' * (len(rules) > 1)}{way}."


def _way(table: Table, rule: Rule) -> str:
    """On what a rule rests, in the words of a sentence that counts them."""
    if cites_nothing(table, rule):
        return WITHOUT
    is_partly = rule.reason.marks and Basis.STATED in bases(table, rule)
    return IN_PART if is_partly else _BASES[rule.reason.weakest]


# ---------------------------------------------------------------- what is open


class OpenTable(NamedTuple):
    """The open rules of one table."""

    title: str
    rules: Grid


class OpenPoints(NamedTuple):
    """`drafts` are still to be decided; `unsourced` says which rules cite nothing at all.

    Of rules in `tables` that are stated in part, only the other answers are shown.
    """

    drafts: tuple[OpenTable, ...]
    tables: tuple[OpenTable, ...]
    is_partly: bool
    unsourced: str


def open_points(page: Page) -> OpenPoints:
    rules = rules_of(page.policy)
    without = [(table, rule) for table, rule in rules if cites_nothing(table, rule)]
    unsourced = ""
    if without and len(without) == len(rules):
        unsourced = "No rule cites a source."
    elif without:
        unsourced = markdown((Text("Without a source: "), *rule_links(page, without), Text(".")))
    drafts, tables = (tuple(_tables(page, concerns)) for concerns in (is_draft, is_open))
    is_partly = any(rule.reason.marks for _, rule in rules)
    return OpenPoints(drafts, tables, is_partly, unsourced)


def _tables(page: Page, concerns: Callable[[Rule], bool]) -> Iterator[OpenTable]:
    """The rules that it concerns, table by table; of very many the first, and where the others are."""
    for table in page.policy.tables:
        rules = [rule for rule in table.rules if concerns(rule)]
        shown = rules if len(rules) <= LISTED else rules[:LINKS]
        rows: list[tuple[Line, ...]] = [
            (
                marked(rule_link(page, table, rule), basis_of(table, rule)),
                _says(page, table, rule),
                words(page, rule),
            )
            for rule in shown
        ]
        if len(shown) < len(rules):
            further = Emphasis(f"{count(len(rules) - len(shown), 'further rule')}, in")
            file = Code(page.policy.path.rpartition("/")[2])
            rows.append(((Emphasis("…"),), (further, Text(" "), file), ()))
        if rows:
            title = markdown((page.link(table),))
            yield OpenTable(title, reasoned(["Rule", "What it says", "Why"], rows))


def _says(page: Page, table: Table, rule: Rule) -> Line:
    """When the rule applies, in a line, and in a line below, after an arrow, what it answers.

    Of single outputs that are marked, these alone: the others are stated.
    """
    tested = [
        asked(column, cell.test, table.columns)
        for column, cell in zip(table.columns, rule.conditions, strict=True)
        if not isinstance(cell.test, Anything)
    ]
    everything = "everything else" if rule.kind is RuleKind.OTHERWISE else "every case"
    case = joined(tested, "; ") if tested else (Emphasis(everything),)
    if rule.kind is RuleKind.IMPOSSIBLE:
        return (*case, Break(), Text(ARROW), Emphasis("cannot happen"))
    named = [
        (Text(f"{name_of(column)}: "), *line)
        for column, line in zip(table.outputs, answers(page, table, rule), strict=True)
        if not rule.reason.marks or rule.reason.basis_of(column.name) is not Basis.STATED
    ]
    return (*case, Break(), Text(ARROW), *joined(named, "; "))


# ---------------------------------------------------------------- says who, the other way round: the rules that rest on each section

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
    others = [policy for policy in page.site.policies if policy is not page.policy]
    everywhere = [
        Resting(policy, table, rule, section)
        for policy in (page.policy, *others)
        for table in policy.tables
        for rule in table.rules
        for section in rule.reason.citations
    ]
    found = []
    cited = {each.section for each in everywhere}
    for source in page.policy.sources:
        unused = [text(section_name(each)) for each in source.sections if each not in cited]
        listed = joined(unused, ", ", " and ")
        note = (Text("Nothing rests on "), *listed, Text(".")) if unused else ()
        said = markdown(note or text("Some rule rests on every section."))
        found.append(_source(page, source, source.sections, everywhere, said))
    here = [each for each in everywhere if each.policy is page.policy]
    cited = {each.section for each in here}
    for policy in others:
        for source in policy.sources:
            sections = [section for section in source.sections if section in cited]
            if sections:
                home = Link(Text(titled(policy)), page.of(policy, source_anchor(source)))
                said = markdown((Text("Declared, with all its sections, in "), home, Text(".")))
                found.append(_source(page, source, sections, here, said))
    return tuple(found)


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
                of = bases(table, rule)
                if basis in of:
                    shown = rule.name if often[rule.name] == 1 else f"{table.name}.{rule.name}"
                    is_partly = len(of) > 1 and basis is not Basis.STATED
                    partly = text(f" for {listed_names(of[basis])}") if is_partly else ()
                    names.append((Link(Code(shown), page.rule(table, rule)), *partly))
            if len(names) > LINKS:
                names[LINKS:] = [text(f"{len(names) - LINKS:,} more")]
            if names:
                lines.append((*where, said, Text(" "), *joined(names, ", ")))
    return joined(lines, (Break(),)) if lines else (Emphasis("nothing rests on it"),)
