"""Where things stand: a file for every policy, and in it an anchor for every table, rule and section.

An anchor never changes while the names stay. It begins with its kind and a dot, which the anchors
that sites make of headings never hold, so the two cannot collide.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from gapless.analysis.unit import Unit
from gapless.approvals import Standing
from gapless.backends.markdown.inline import Link, Text
from gapless.driver import Result
from gapless.model import Impossibility, Policy, Rule, RuleKind, Section, SourceDocument, Table

LISTED = 1_000
"""Of more rules of one kind in a table nobody reads each: the page tells what they come to."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_KNOWN_SCHEME = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
_PLAIN = "/:?#@!$&'*+,;=%~"
"""What stands in an address as it is; brackets would end a link."""

_ODD = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(frozen=True, slots=True)
class Site:
    """All the pages together: whose table each is, and what is known of it."""

    policies: tuple[Policy, ...]
    units: Mapping[Table, Unit]
    homes: Mapping[Table, Policy]
    unlisted: frozenset[tuple[Table, RuleKind]]
    day: date | None = None
    approvals: tuple[Standing, ...] = ()

    def is_overdue(self, policy: Policy) -> bool:
        """Whether a day was named, and the policy should have been read again before it."""
        return bool(self.day and policy.review_by and policy.review_by < self.day)

    def lists(self, table: Table, kind: RuleKind) -> bool:
        """Whether each of a table's rules of a kind stands on its page."""
        return (table, kind) not in self.unlisted


@dataclass(frozen=True, slots=True)
class Page:
    """The page of one policy among the others."""

    site: Site
    policy: Policy

    def table(self, table: Table) -> str:
        """The address of a table, as seen from this page."""
        return f"{self._file(self.site.homes[table])}#{table_anchor(table)}"

    def link(self, table: Table) -> Link:
        """A table by its title."""
        return Link(Text(titled(table)), self.table(table))

    def rule(self, table: Table, rule: Rule) -> str:
        """The address of a rule, or of its table where there are too many to list."""
        if not self.site.lists(table, rule.kind):
            return self.table(table)
        return f"{self._file(self.site.homes[table])}#{rule_anchor(table, rule)}"

    def declared(self, declared: Impossibility) -> str:
        """The address of what is said of all tables, on the page of the policy that says it."""
        home = next((p for p in self.site.policies if p.path == declared.span.path), self.policy)
        return self.of(home, impossible_anchor(declared))

    def section(self, section: Section) -> str:
        """The address of a cited section: every page lists those that it cites."""
        return f"#{section_anchor(section)}"

    def of(self, policy: Policy, anchor: str = "") -> str:
        """The address of a policy's page, or of a place on it."""
        return f"{self._file(policy)}{'#' if anchor else ''}{anchor}"

    def _file(self, policy: Policy) -> str:
        return "" if policy is self.policy else quote(file_name(policy))


def site_of(result: Result) -> Site:
    homes = {table: policy for policy in result.policies for table in policy.tables}
    kinds = {table: Counter(rule.kind for rule in table.rules) for table in homes}
    unlisted = (
        (table, kind) for table in homes for kind in RuleKind if kinds[table][kind] > LISTED
    )
    return Site(
        result.policies, result.units, homes, frozenset(unlisted), result.day, result.approvals
    )


def titled(of: Policy | Table | SourceDocument) -> str:
    return of.title or of.name


def file_name(policy: Policy) -> str:
    """The page's file; `readme` makes room for the index, and `readme_` for `readme`."""
    makes_room = policy.name.rstrip("_").casefold() == "readme"
    stem = f"{policy.name}_" if makes_room else policy.name
    return f"{stem}.md"


def table_anchor(table: Table) -> str:
    return f"table.{_safe(table.name)}"


def rule_anchor(table: Table, rule: Rule) -> str:
    return f"rule.{_safe(table.name)}.{_safe(rule.name)}"


def reason_anchor(table: Table, rule: Rule) -> str:
    return f"why.{_safe(table.name)}.{_safe(rule.name)}"


def shown_anchor(table: Table, grid: int, place: int) -> str:
    """Where a grid of answers says why, by the number of both."""
    return f"shown.{_safe(table.name)}.{grid}.{place}"


def impossible_anchor(declared: Impossibility) -> str:
    return f"impossible.{_safe(declared.name)}"


def source_anchor(source: SourceDocument) -> str:
    return f"source.{_safe(source.name)}"


def section_anchor(section: Section) -> str:
    return f"section.{_safe(section.source)}.{_safe(section.name)}"


def written(address: str) -> str | None:
    """An address as its author wrote it, in letters that no link ends at; None where it leads nowhere."""
    leads = address.strip()
    if not leads or (_SCHEME.match(leads) and not _KNOWN_SCHEME.match(leads)):
        return None
    return quote(leads, safe=_PLAIN, errors="replace")


def _safe(name: str) -> str:
    """Letters, digits and a few signs as they are; any other letter as its number between tildes."""
    return _ODD.sub(lambda found: f"~{ord(found[0]):x}~", name)
