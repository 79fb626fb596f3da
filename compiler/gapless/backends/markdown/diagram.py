"""Which table uses which: a drawing for those whose page can draw, and the same in a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gapless.analysis.composition.calls import calls
from gapless.backends.markdown.addresses import Page
from gapless.backends.markdown.escape import visible
from gapless.backends.markdown.inline import Line, Link, Text, joined, markdown, text
from gapless.model import Table

_PLAIN = " ,:()?'/"
"""Signs that mean nothing to the drawing language; it takes `1.` and `-` for lists even in quotes."""


@dataclass(frozen=True, slots=True)
class Diagram:
    """`nodes` are (identifier, text), `arrows` (user, used); `lines` say the same in words."""

    nodes: tuple[tuple[str, str], ...]
    arrows: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]


def diagram(page: Page) -> Diagram | None:
    """The page's tables and those that they call; None where none calls another."""
    tables = page.policy.tables
    uses = {table: tuple(_used(table)) for table in tables}
    drawn = dict.fromkeys([*tables, *(used for table in tables for used in uses[table])])
    names = {table: f"t{number}" for number, table in enumerate(drawn, 1)}
    if not any(uses.values()):
        return None
    return Diagram(
        tuple((names[table], _label(page, table)) for table in drawn),
        tuple((names[table], names[used]) for table in tables for used in uses[table]),
        tuple(markdown(_line(page, table, uses[table])) for table in tables if uses[table]),
    )


def _used(table: Table) -> Iterator[Table]:
    """The tables it calls, each once."""
    yield from dict.fromkeys(call.table for call in calls(table))


def _label(page: Page, table: Table) -> str:
    """Quoted text of the drawing language, in which odd letters are written by their number."""
    home = page.site.homes[table]
    where = "" if home is page.policy else f" ({home.name})"
    said = visible(f"{table.title or table.name}{where}").replace("\n", " ")
    return "".join(each if each.isalnum() or each in _PLAIN else f"#{ord(each)};" for each in said)


def _line(page: Page, table: Table, used: Sequence[Table]) -> Line:
    links = [(Link(Text(each.title or each.name), page.table(each)),) for each in used]
    user = Link(Text(table.title or table.name), page.table(table))
    return (user, Text(" uses "), *joined(links, text(", "), text(" and ")))
