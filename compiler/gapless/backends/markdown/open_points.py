"""What the reviewer must decide on: every rule that its source does not state."""

from __future__ import annotations

from dataclasses import dataclass

from gapless.backends.markdown.addresses import Page
from gapless.backends.markdown.grid import Grid, grid
from gapless.backends.markdown.inline import Line, Link, Text, joined, markdown, text
from gapless.backends.markdown.proof import cites_nothing, open_rules, rules_of
from gapless.backends.markdown.reasons import BASIS, citations, rule_link
from gapless.model import Rule, Table


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """`rules` are those inferred or without a word of the source; `unsourced` says which cite nothing."""

    rules: Grid | None
    unsourced: str


def open_points(page: Page) -> OpenPoints:
    rows = [_row(page, table, rule) for table, rule in open_rules(page.policy)]
    head = ["Rule", "In table", "Basis", "How it is read"]
    return OpenPoints(
        grid(head, rows) if rows else None, _unsourced(page, rules_of(page.policy.tables))
    )


def _row(page: Page, table: Table, rule: Rule) -> tuple[Line, ...]:
    link = Link(Text(table.title or table.name), page.table(table))
    parts = [line for line in (text(rule.reason.text), citations(page, rule.reason)) if line]
    basis = BASIS[rule.reason.basis]
    return (rule_link(page, table, rule),), (link,), basis, joined(parts, text(" "))


def _unsourced(page: Page, rules: list[tuple[Table, Rule]]) -> str:
    without = [(table, rule) for table, rule in rules if cites_nothing(rule)]
    if not without:
        return ""
    if len(without) == len(rules):
        return "No rule cites a source."
    links = joined([(rule_link(page, *each),) for each in without], text(", "), text(" and "))
    return markdown((Text("Without a source: "), *links, Text(".")))
