"""Pages for reviewers: what each policy says, who says so, and that nothing is missing.

Here is the page as a whole, ready to be printed by its template; `rows` is what stands in a row of
rules, `inline` what stands in a line. Text of an author reaches a page only through `inline`, which
escapes it, and no page holds anything that changes while the tables do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote

from gapless.analysis.composition.calls import calls
from gapless.analysis.unit import Unit
from gapless.analysis.verdict import verdict
from gapless.backends.artefact import Artefact
from gapless.backends.markdown.addresses import (
    Page,
    Site,
    file_name,
    site_of,
    table_anchor,
    titled,
    written,
)
from gapless.backends.markdown.columns import (
    Examples,
    Steps,
    columns,
    examples,
    steps,
    unshown_types,
)
from gapless.backends.markdown.evidence import (
    OpenPoints,
    Source,
    approved,
    is_open,
    open_points,
    proved,
    resting,
    rules_of,
    sources,
)
from gapless.backends.markdown.exclusions import (
    Exclusions,
    Remainder,
    declared,
    exclusions,
    remainder,
)
from gapless.backends.markdown.glance import Glance, glances
from gapless.backends.markdown.inline import (
    Break,
    Code,
    Grid,
    Line,
    Link,
    Strong,
    Text,
    grid,
    joined,
    markdown,
    paragraph,
    text,
    visible,
)
from gapless.backends.markdown.rules import Rules, applies, rules
from gapless.backends.markdown.wording import name_of
from gapless.backends.template import render
from gapless.backends.verify import planned
from gapless.driver import Result
from gapless.model import Note, Policy, Table
from gapless.proof import prover
from gapless.text.verdicts import sentence


def emit(result: Result) -> tuple[Artefact, ...]:
    """A page for every policy file, and an index of them; nothing for no files."""
    site = site_of(result)
    if not site.policies:
        return ()
    pages = (
        Artefact(
            f"markdown/{file_name(policy)}",
            render(__name__, "page.md.j2", page_view(Page(site, policy))),
        )
        for policy in site.policies
    )
    return (
        *pages,
        Artefact("markdown/README.md", render(__name__, "index.md.j2", index_view(site))),
    )


# ---------------------------------------------------------------- a policy's page, in the order in which it is read


class TableView(NamedTuple):
    anchor: str
    title: str
    kind: str
    name: str
    notes: tuple[str, ...]
    verdict: str
    tried: str
    approved: tuple[str, ...]
    columns: Grid
    applies: str
    rules: tuple[Rules, ...]
    steps: Steps | None
    remainder: Remainder | None
    exclusions: Exclusions
    examples: Examples


class PageView(NamedTuple):
    """Everything is ready to be printed; None and "" are what the page does not have.

    `checked` is whether any of its tables has a certificate.
    """

    title: str
    dates: str
    notes: tuple[str, ...]
    glances: tuple[Glance, ...]
    proved: str
    checked: bool
    resting: str
    made_from: str
    digest: str
    decides: Grid | None
    diagram: Diagram | None
    open_points: OpenPoints
    impossible: Grid | None
    tables: tuple[TableView, ...]
    sources: tuple[Source, ...]
    types: Grid | None


def page_view(page: Page) -> PageView:
    policy = page.policy
    units = [page.site.units[table] for table in policy.tables]
    names = [path.rpartition("/")[2] for path in (policy.path, *policy.uses)]
    return PageView(
        title=markdown(text(titled(policy))),
        dates=_dates(page),
        notes=_notes(policy.notes),
        glances=glances(page, units),
        proved=proved(units),
        checked=any(_is_checked(page, table) for table in policy.tables),
        resting=resting(policy),
        # By name alone: where files lie is not the reader's business.
        made_from=markdown(joined([(Code(name),) for name in names], ", ", " and ")),
        digest=policy.digest[:12],
        decides=_decides(page),
        diagram=_diagram(page),
        open_points=open_points(page),
        impossible=declared(page),
        tables=tuple(_table(page, unit) for unit in units),
        sources=sources(page),
        types=unshown_types(policy),
    )


def _dates(page: Page) -> str:
    """The same whenever it is built: that a review is overdue is said outright only of a day that was named."""
    policy = page.policy
    said = [f"As of {policy.as_of}."] if policy.as_of else []
    if page.site.is_overdue(policy):
        said.append(
            f"**Overdue: to be reviewed by {policy.review_by}, and not to be relied on before.**"
        )
    elif policy.review_by:
        said.append(f"To be reviewed by {policy.review_by}, and overdue on any later day.")
    return " ".join(said)


def _notes(notes: Iterable[Note]) -> tuple[str, ...]:
    """One a line; with the address of more, each leads there."""
    leading = ((note, note.address and written(note.address)) for note in notes)
    return tuple(
        paragraph((Link(Text(note.text or to), to),) if to else text(str(note)))
        for note, to in leading
    )


def _decides(page: Page) -> Grid | None:
    """A line for each table: what is asked, what is answered, in how many cases."""
    rows: list[tuple[Line, ...]] = []
    for table in page.policy.tables:
        asked = text(", ".join(map(name_of, table.inputs)))
        answered = text(", ".join(map(name_of, table.outputs)))
        unit = page.site.units[table]
        cases = text(f"{unit.cases:,}" if unit.following is None else "not counted")
        rows.append(((page.link(table),), asked, answered, cases))
    return grid(["Table", "Asked", "→ Answered", "Cases"], rows) if rows else None


def _table(page: Page, unit: Unit) -> TableView:
    table, said = unit.table, sentence(verdict(unit))
    has_steps = (
        table.is_decision and not table.by_version
    )  # a decision of versions has them as rows
    checked = "; independently checked" if _is_checked(page, table) else ""
    return TableView(
        anchor=table_anchor(table),
        title=markdown(text(titled(table))),
        kind="Decision" if table.is_decision else "Table",
        name=markdown((Code(table.name),)),
        notes=_notes((*page.policy.notes, *table.notes)),
        verdict=f"{said[0].upper()}{said[1:]}{checked}.",
        tried=f"The Python made from it was run before it was written: {planned(unit)}.",
        approved=approved(page, table),
        columns=columns(page, table),
        applies="" if has_steps else applies(unit),
        rules=() if has_steps else rules(page, unit),
        steps=steps(page, table) if has_steps else None,
        remainder=remainder(page, unit),
        exclusions=exclusions(page, unit),
        examples=examples(page, table),
    )


def _is_checked(page: Page, table: Table) -> bool:
    """Whether it has a certificate: `build` writes no page before all of them are confirmed."""
    return table not in prover.not_certified(page.site.units)


# ---------------------------------------------------------------- which table uses which

_PLAIN = " ,:()?'/"
"""Signs that mean nothing to the drawing language, which takes `1.` and `-` for lists even in quotes;
other odd letters are written by their number."""


class Diagram(NamedTuple):
    """`nodes` are (identifier, text), `arrows` (user, used); `lines` say the same in words."""

    nodes: tuple[tuple[str, str], ...]
    arrows: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]


def _diagram(page: Page) -> Diagram | None:
    """The page's tables and those that they call; None where none calls another.

    It is drawn for those whose page can draw, and the same stands in a list.
    """
    tables = page.policy.tables
    uses = {table: tuple(dict.fromkeys(call.table for call in calls(table))) for table in tables}
    drawn = dict.fromkeys([*tables, *(used for table in tables for used in uses[table])])
    names = {table: f"t{number}" for number, table in enumerate(drawn, 1)}
    if not any(uses.values()):
        return None
    nodes = []
    for table, name in names.items():
        home = page.site.homes[table]
        where = "" if home is page.policy else f" ({home.name})"
        said = visible(f"{titled(table)}{where}").replace("\n", " ")
        plain = (each if each.isalnum() or each in _PLAIN else f"#{ord(each)};" for each in said)
        nodes.append((name, "".join(plain)))
    lines = []
    for table in tables:
        links: list[Line] = [(page.link(used),) for used in uses[table]]
        if links:
            lines.append((page.link(table), Text(" uses "), *joined(links, ", ", " and ")))
    arrows = tuple((names[table], names[used]) for table in tables for used in uses[table])
    return Diagram(tuple(nodes), arrows, tuple(map(markdown, lines)))


# ---------------------------------------------------------------- the list of all pages


class IndexView(NamedTuple):
    """`reviewed` is whether any policy names a day for its review."""

    proved: str
    policies: Grid
    reviewed: bool


def index_view(site: Site) -> IndexView:
    units = [site.units[table] for policy in site.policies for table in policy.tables]
    head = ["Policy", "Decides", "As of", "Review by", "Rules", "Open points"]
    reviewed = any(policy.review_by for policy in site.policies)
    rows = [_policy(policy, site) for policy in site.policies]
    return IndexView(proved(units), grid(head, rows), reviewed)


def _policy(policy: Policy, site: Site) -> tuple[Line, ...]:
    page = quote(file_name(policy))
    tables = [
        (Link(Text(titled(table)), f"{page}#{table_anchor(table)}"),) for table in policy.tables
    ]
    overdue = (Strong("overdue"), Text(": ")) if site.is_overdue(policy) else ()
    rules = [rule for _, rule in rules_of(policy)]
    return (
        (Link(Text(titled(policy)), page),),
        joined(tables, (Break(),)),
        text(str(policy.as_of or "")),
        (*overdue, *text(str(policy.review_by or ""))),
        text(f"{len(rules):,}"),
        text(f"{sum(map(is_open, rules)):,}"),
    )
