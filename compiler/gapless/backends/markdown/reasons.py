"""Says who: a rule's reason, what it cites, and whether the source states it, implies it or is silent."""

from __future__ import annotations

from collections.abc import Sequence

from gapless.backends.markdown.addresses import Page, rule_anchor
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
    text,
)
from gapless.model import Reason, Rule, Section, Table
from gapless_dsl.nodes import Basis

LINKS = 200
"""More names in one sentence nobody reads."""

BASIS: dict[Basis, tuple[Inline, ...]] = {
    Basis.STATED: (),
    Basis.INFERRED: (Emphasis("inferred"),),
    Basis.SILENT: (Strong("source silent"),),
}
"""How a rule that its source does not state is marked, wherever it stands."""


def cited(page: Page, section: Section) -> Inline:
    """A link to the section in the page's table of sources."""
    return Link(Text(section_name(section)), page.section(section))


def section_name(section: Section) -> str:
    """`§ codes`, never broken across lines."""
    return f"§\u00a0{section.name}"


def citations(page: Page, reason: Reason) -> Line:
    return joined([(cited(page, section),) for section in reason.citations], text(", "))


def words(page: Page, rule: Rule) -> Line:
    """What the author wrote under `because`: the words, and the citations in brackets behind them."""
    cited = citations(page, rule.reason)
    if rule.reason.text and cited:
        return (Text(f"{rule.reason.text} ("), *cited, Text(")"))
    return text(rule.reason.text) or cited


def reason(page: Page, rule: Rule) -> Line:
    """The words and citations, and below them what other annotations say."""
    notes = [
        (Emphasis(column), Text(": "), Text(note)) for column, note in rule.annotations if note
    ]
    return joined([line for line in (words(page, rule), *notes) if line], (Break(),))


def marked_reason(page: Page, rule: Rule) -> Line:
    """The reason with its basis, where the rule's name is not marked with it."""
    parts = (BASIS[rule.reason.basis], reason(page, rule))
    return joined([line for line in parts if line], text(": "))


def rule_name(table: Table, rule: Rule, *, why: str = "") -> Line:
    """The rule's name with its anchor and its basis; `why` is where its reason stands, if elsewhere."""
    basis = BASIS[rule.reason.basis]
    mark = (Break(), *basis) if basis else ()
    name = Link(Code(rule.name), why) if why else Code(rule.name)
    return (Anchor(rule_anchor(table, rule)), name, *mark)


def rule_link(page: Page, table: Table, rule: Rule) -> Inline:
    return Link(Code(rule.name), page.rule(table, rule))


def rule_links(page: Page, rules: Sequence[tuple[Table, Rule]]) -> Line:
    """Rules by name; of very many the first, and how many more there are."""
    links: list[Line] = [(rule_link(page, *each),) for each in rules[:LINKS]]
    if len(rules) > LINKS:
        links.append(text(f"{len(rules) - LINKS:,} more"))
    return joined(links, text(", "), text(" and "))
