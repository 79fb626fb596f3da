"""What the reviewer must decide on: every rule that its source does not state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import assert_never

from gapless.backends.markdown.addresses import LISTED, Page
from gapless.backends.markdown.conditions import condition
from gapless.backends.markdown.grid import Grid, grid
from gapless.backends.markdown.inline import (
    Break,
    Code,
    Emphasis,
    Line,
    Link,
    Text,
    flat,
    joined,
    markdown,
    text,
)
from gapless.backends.markdown.outcomes import answers
from gapless.backends.markdown.proof import cites_nothing, is_draft, is_open, rules_of
from gapless.backends.markdown.reasons import BASIS, LINKS, rule_link, rule_links, words
from gapless.backends.markdown.values import name_of
from gapless.model import Anything, Rule, RuleKind, Table
from gapless.text.words import count


@dataclass(frozen=True, slots=True)
class OpenTable:
    """The open rules of one table."""

    title: str
    rules: Grid


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """`drafts` are still to be decided; `unsourced` says which rules cite nothing at all."""

    drafts: tuple[OpenTable, ...]
    tables: tuple[OpenTable, ...]
    unsourced: str


def open_points(page: Page) -> OpenPoints:
    drafts = tuple(_tables(page, is_draft))
    return OpenPoints(drafts, tuple(_tables(page, is_open)), _unsourced(page))


def _tables(page: Page, concerns: Callable[[Rule], bool]) -> Iterator[OpenTable]:
    for table in page.policy.tables:
        rules = [rule for rule in table.rules if concerns(rule)]
        if rules:
            shown = rules if len(rules) <= LISTED else rules[:LINKS]
            rows = [_row(page, table, rule) for rule in shown]
            if len(shown) < len(rules):
                rows.append(_further(page, len(rules) - len(shown)))
            link = Link(Text(table.title or table.name), page.table(table))
            yield OpenTable(markdown((link,)), grid(["Rule", "What it says", "Why"], rows))


def _row(page: Page, table: Table, rule: Rule) -> tuple[Line, ...]:
    basis = BASIS[rule.reason.basis]
    name = (rule_link(page, table, rule), *((Break(), *basis) if basis else ()))
    says = (*_case(table, rule), *_answer(page, table, rule))
    return name, says, words(page, rule)


def _further(page: Page, rules: int) -> tuple[Line, ...]:
    """That there are more, and where."""
    return (
        (Emphasis("…"),),
        (
            Emphasis(f"{count(rules, 'further rule')}, in"),
            Text(" "),
            Code(page.policy.path.rpartition("/")[2]),
        ),
        (),
    )


def _case(table: Table, rule: Rule) -> Line:
    """When the rule applies, in a line."""
    tested = [
        (Text(f"{name_of(column)}: "), *flat(condition(column, cell.test, table.columns)))
        for column, cell in zip(table.columns, rule.conditions, strict=True)
        if not isinstance(cell.test, Anything)
    ]
    everything = "everything else" if rule.kind is RuleKind.OTHERWISE else "every case"
    return joined(tested, text("; ")) if tested else (Emphasis(everything),)


def _answer(page: Page, table: Table, rule: Rule) -> Line:
    """What it answers, in a line below, after an arrow."""
    arrow: Line = (Break(), Text("→\u00a0"))
    match rule.kind:
        case RuleKind.IMPOSSIBLE:
            return (*arrow, Emphasis("cannot happen"))
        case RuleKind.RULE | RuleKind.OTHERWISE | RuleKind.DRAFT:
            named = [
                (Text(f"{name_of(column)}: "), *line)
                for column, line in zip(table.outputs, answers(page, table, rule), strict=True)
            ]
            return (*arrow, *joined(named, text("; ")))
    assert_never(rule.kind)


def _unsourced(page: Page) -> str:
    rules = rules_of(page.policy)
    without = [(table, rule) for table, rule in rules if cites_nothing(rule)]
    if not without:
        return ""
    if len(without) == len(rules):
        return "No rule cites a source."
    return markdown((Text("Without a source: "), *rule_links(page, without), Text(".")))
