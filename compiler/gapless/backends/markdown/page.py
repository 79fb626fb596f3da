"""One policy's page: what the template needs to know of it, in the order in which it is read."""

from __future__ import annotations

from dataclasses import dataclass

from gapless.analysis.unit import Unit
from gapless.analysis.verdict import Verdict, verdict
from gapless.backends.markdown.addresses import Page, table_anchor, written
from gapless.backends.markdown.columns import columns, unshown_types
from gapless.backends.markdown.crosstabs import crosstab
from gapless.backends.markdown.declared import declared
from gapless.backends.markdown.diagram import Diagram, diagram
from gapless.backends.markdown.examples import Examples, examples
from gapless.backends.markdown.exclusions import Exclusions, exclusions
from gapless.backends.markdown.grid import Grid, grid
from gapless.backends.markdown.inline import (
    Code,
    Line,
    Link,
    Text,
    joined,
    markdown,
    paragraph,
    text,
)
from gapless.backends.markdown.open_points import OpenPoints, open_points
from gapless.backends.markdown.overview import overview
from gapless.backends.markdown.proof import not_certified, proved, resting
from gapless.backends.markdown.remainder import Remainder, remainder
from gapless.backends.markdown.rules import Rules, applies, rules
from gapless.backends.markdown.sources import Source, sources
from gapless.backends.markdown.steps import Steps, steps
from gapless.backends.markdown.values import name_of
from gapless.backends.verify import planned
from gapless.model import Note, Policy, RuleKind
from gapless.text.verdicts import sentence


@dataclass(frozen=True, slots=True)
class TableView:
    anchor: str
    title: str
    kind: str
    name: str
    notes: tuple[str, ...]
    verdict: str
    tried: str
    columns: Grid
    applies: str
    rules: tuple[Rules, ...]
    steps: Steps | None
    remainder: Remainder | None
    exclusions: Exclusions
    examples: Examples


@dataclass(frozen=True, slots=True)
class PageView:
    """Everything is ready to be printed; None and "" are what the page does not have."""

    title: str
    dates: str
    notes: tuple[str, ...]
    proved: str
    not_certified: str
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
    return PageView(
        title=markdown(text(policy.title or policy.name)),
        dates=dates(page),
        notes=_notes(*policy.notes),
        proved=proved(units),
        not_certified=not_certified(page),
        resting=resting(policy),
        made_from=made_from(policy),
        digest=policy.digest[:12],
        decides=_decides(page),
        diagram=diagram(page),
        open_points=open_points(page),
        impossible=declared(page),
        tables=tuple(_table(page, unit) for unit in units),
        sources=sources(page),
        types=unshown_types(policy),
    )


def dates(page: Page) -> str:
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


def _notes(*notes: Note) -> tuple[str, ...]:
    """One a line; with the address of more, each leads there."""
    return tuple(paragraph(_note(note)) for note in notes)


def _note(note: Note) -> Line:
    to = note.address and written(note.address)
    return (Link(Text(note.text or to), to),) if to else text(str(note))


def made_from(policy: Policy) -> str:
    """The file and those it uses, by name alone: where they lie is not the reader's business."""
    names = [path.rpartition("/")[2] for path in (policy.path, *policy.uses)]
    return markdown(joined([(Code(name),) for name in names], text(", "), text(" and ")))


def _decides(page: Page) -> Grid | None:
    """A line for each table: what is asked, what is answered, in how many cases."""
    rows: list[tuple[Line, ...]] = []
    for table in page.policy.tables:
        link = Link(Text(table.title or table.name), page.table(table))
        asked = text(", ".join(map(name_of, table.inputs)))
        answered = text(", ".join(map(name_of, table.outputs)))
        unit = page.site.units[table]
        cases = text(f"{unit.cases:,}" if unit.following is None else "not counted")
        rows.append(((link,), asked, answered, cases))
    return grid(["Table", "Asked", "→ Answered", "Cases"], rows) if rows else None


def _table(page: Page, unit: Unit) -> TableView:
    table = unit.table
    return TableView(
        anchor=table_anchor(table),
        title=markdown(text(table.title or table.name)),
        kind="Decision" if table.is_decision else "Table",
        name=markdown((Code(table.name),)),
        notes=_notes(*page.policy.notes, *table.notes),
        verdict=_sentence(verdict(unit)),
        tried=f"The Python made from it was run before it was written: {planned(unit)}.",
        columns=columns(page, table),
        applies="" if table.is_decision else applies(unit),
        rules=_rules(page, unit),
        steps=steps(page, table) if table.is_decision else None,
        remainder=remainder(page, unit),
        exclusions=exclusions(page, unit),
        examples=examples(page, table),
    )


def _rules(page: Page, unit: Unit) -> tuple[Rules, ...]:
    if unit.table.is_decision:
        return ()
    if not page.site.lists(unit.table, RuleKind.RULE):
        return overview(page, unit)
    drawn = crosstab(page, unit)
    return rules(page, unit) if drawn is None else (drawn,)


def _sentence(verdict: Verdict) -> str:
    said = sentence(verdict)
    return f"{said[0].upper()}{said[1:]}."
