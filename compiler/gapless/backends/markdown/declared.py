"""What a policy says of all tables: what cannot happen in any of them, why, and which these are."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.backends.markdown.addresses import Page, impossible_anchor
from gapless.backends.markdown.conditions import condition
from gapless.backends.markdown.grid import Grid, grid
from gapless.backends.markdown.inline import (
    Anchor,
    Break,
    Code,
    Emphasis,
    Line,
    Link,
    Text,
    flat,
    joined,
    text,
)
from gapless.backends.markdown.reasons import BASIS, words
from gapless.backends.markdown.values import name_of
from gapless.model import Impossibility, Rule, Table


def declared(page: Page) -> Grid | None:
    """A row for each declaration of the page's policy; None where it has none."""
    rows = [_row(page, each) for each in page.policy.impossibilities]
    return grid(["Rule", "What cannot happen", "Said of", "Why"], rows) if rows else None


def _row(page: Page, each: Impossibility) -> tuple[Line, ...]:
    holding = [*_holding(page, each)]
    basis = BASIS[each.reason.basis]
    name = (
        Anchor(impossible_anchor(each)),
        Code(each.name),
        *((Break(), *basis) if basis else ()),
    )
    links = [(Link(Text(table.title or table.name), page.table(table)),) for table, _ in holding]
    said_of = joined(links, text(", ")) if links else (Emphasis("no table"),)
    has_sections = all(section.span.path == page.policy.path for section in each.reason.citations)
    is_listed = has_sections or any(table in page.policy.tables for table, _ in holding)
    why = words(page, holding[0][1]) if holding and is_listed else text(each.reason.text)
    return name, _when(each, holding[0][0] if holding else None), said_of, why


def _holding(page: Page, each: Impossibility) -> Iterator[tuple[Table, Rule]]:
    """The tables that it holds for, wherever they are, each with the row that says so."""
    for table in page.site.homes:
        for rule in table.rules:
            if rule.declared == each:
                yield table, rule


def _when(each: Impossibility, table: Table | None) -> Line:
    """`Setting: Freestanding center; Biller: Hospital`."""
    columns = {column.name: column for column in table.inputs} if table else {}
    said: list[Line] = []
    for name, cell in each.conditions:
        if name in columns:
            column = columns[name]
            said.append((Text(f"{name_of(column)}: "), *flat(condition(column, cell.test))))
        else:
            said.append((Code(name), Text(": "), Code(cell.text)))
    return joined(said, text("; "))
