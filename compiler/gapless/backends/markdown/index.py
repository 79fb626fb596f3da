"""The list of all pages, under the name that repositories show of themselves."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from gapless.backends.markdown.addresses import Site, file_name, table_anchor
from gapless.backends.markdown.grid import Grid, grid
from gapless.backends.markdown.inline import Break, Line, Link, Strong, Text, joined, text
from gapless.backends.markdown.proof import is_open, proved, rules_of
from gapless.model import Policy

INDEX = "README.md"


@dataclass(frozen=True, slots=True)
class IndexView:
    proved: str
    policies: Grid
    reviewed: bool
    """Whether any of them names a day for its review."""


def index_view(site: Site) -> IndexView:
    units = [site.units[table] for policy in site.policies for table in policy.tables]
    head = ["Policy", "Decides", "As of", "Review by", "Rules", "Open points"]
    reviewed = any(policy.review_by for policy in site.policies)
    return IndexView(
        proved(units), grid(head, [_row(policy, site) for policy in site.policies]), reviewed
    )


def _row(policy: Policy, site: Site) -> tuple[Line, ...]:
    page = quote(file_name(policy))
    tables = [
        (Link(Text(table.title or table.name), f"{page}#{table_anchor(table)}"),)
        for table in policy.tables
    ]
    overdue = (Strong("overdue"), Text(": ")) if site.is_overdue(policy) else ()
    rules = [rule for _, rule in rules_of(policy)]
    return (
        (Link(Text(policy.title or policy.name), page),),
        joined(tables, (Break(),)),
        text(str(policy.as_of or "")),
        (*overdue, *text(str(policy.review_by or ""))),
        text(f"{len(rules):,}"),
        text(f"{sum(map(is_open, rules)):,}"),
    )
