"""What `otherwise` stands for: the cases that no rule above it names, worked out exactly."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nlargest

from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.domain.partition import volume
from gapless.analysis.regions import Region, Regions, regions
from gapless.analysis.unit import Unit
from gapless.analysis.verdict import shares
from gapless.backends.markdown.addresses import Page
from gapless.backends.markdown.conditions import condition, narrowed
from gapless.backends.markdown.grid import Grid, grid
from gapless.backends.markdown.inline import text
from gapless.backends.markdown.reasons import reason, rule_name
from gapless.backends.markdown.sides import WIDTH, Side, answers_of, fitted
from gapless.backends.markdown.values import name_of
from gapless.model import RuleKind
from gapless.text.words import count, share

SHOWN = 40
"""At most so many regions; what they leave out is counted."""


@dataclass(frozen=True, slots=True)
class Remainder:
    """The rule `otherwise`, how much it answers, and which cases these are, where that is known."""

    rule: Grid
    size: str
    regions: Grid | None
    unshown: str


def remainder(page: Page, unit: Unit) -> Remainder | None:
    """None for a table that has no `otherwise`."""
    numbers = unit.rules(RuleKind.OTHERWISE)
    if not numbers:
        return None
    [number] = numbers
    table, rule = unit.table, unit.table.rules[number]
    names, [cells] = fitted([answers_of(page, table, [rule])], WIDTH - 2)
    row = (rule_name(table, rule), *cells, reason(page, rule))
    found = _found(unit, number)
    if found is None:
        every = f"every case that no rule above names{_counted(unit, number)}"
        return Remainder(grid(["Rule", *names, "Why"], [row]), every, None, "")
    return Remainder(
        grid(["Rule", *names, "Why"], [row]),
        _size(unit, found),
        _regions(unit, found),
        f"… and {count(found.unshown, 'further case')}." if found.unshown else "",
    )


def _found(unit: Unit, rule: int) -> Regions | None:
    """Wide regions; where to look for them is too much work, the disjoint parts as they were proved.

    None where these are too many to be told.
    """
    try:
        parts = [Region(box, volume(box)) for box in unit.claims.won.get(rule, ())]
    except OverBudget:
        return None
    try:
        return regions(unit, rule, limit=SHOWN)
    except OverBudget:
        shown = nlargest(SHOWN, parts, key=lambda part: part.cases)
        total = sum(part.cases for part in parts)
        return Regions(tuple(shown), total, total - sum(part.cases for part in shown))


def _counted(unit: Unit, rule: int) -> str:
    """How many cases a rule answers, where that can be told though they cannot."""
    found = shares(unit)
    if found is None or rule not in found:
        return ""
    return f": {count(found[rule])}, {share(found[rule], unit.cases)} of this table"


def _size(unit: Unit, found: Regions) -> str:
    part = f"{count(found.total)}, {share(found.total, unit.cases)} of this table"
    overlap = sum(region.cases for region in found.boxes) > found.total - found.unshown
    return f"{part}; some lie in more than one of these rows" if overlap else part


def _regions(unit: Unit, found: Regions) -> Grid:
    axes = unit.axes[: unit.inputs]
    told = [i for i, axis in enumerate(axes) if any(r.box[i] != axis.whole for r in found.boxes)]
    names = tuple(name_of(axes[i].column) for i in told)
    cells = tuple(
        tuple(condition(axes[i].column, narrowed(axes[i], region.box[i])) for i in told)
        for region in found.boxes
    )
    head, rows = fitted([Side("When", names, cells)], WIDTH - 1)
    sized = [
        (*row, text(f"{region.cases:,}")) for row, region in zip(rows, found.boxes, strict=True)
    ]
    return grid([*head, "Cases"], sized)
