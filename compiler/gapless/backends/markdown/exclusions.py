"""What the rules of a table do not answer: what `otherwise` stands for, and what cannot happen.

A case is excluded by the table itself, by a table that it calls, or by what a policy says of all tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from heapq import nlargest
from typing import NamedTuple

from gapless.analysis.building import first_alike, lifted_from
from gapless.analysis.composition.calls import Callee, flatten, guarded, with_called
from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.coverage.cover import open_parts
from gapless.analysis.decision.diagram import NEVER
from gapless.analysis.domain.answers import Fixed, Piece
from gapless.analysis.domain.partition import Box, test_of, volume
from gapless.analysis.regions import Region, Regions, regions
from gapless.analysis.unit import Unit
from gapless.analysis.verdict import shares
from gapless.backends.markdown.addresses import Page, impossible_anchor
from gapless.backends.markdown.inline import (
    Anchor,
    Code,
    Emphasis,
    Grid,
    Line,
    Text,
    grid,
    joined,
    reasoned,
    text,
)
from gapless.backends.markdown.rows import (
    BASIS,
    WIDTH,
    Side,
    answers_of,
    conditions_of,
    fitted,
    marked,
    marked_reason,
    reason,
    rule_link,
    rule_name,
    tested,
    words,
)
from gapless.backends.markdown.rules import largest
from gapless.backends.markdown.wording import asked, condition, name_of
from gapless.model import Call, Guard, Impossibility, Let, RuleKind, Table
from gapless.text.words import count, share

SHOWN = 40
"""At most so many regions of `otherwise`; what they leave out is counted."""


# ---------------------------------------------------------------- what `otherwise` stands for


class Remainder(NamedTuple):
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
    told = reasoned(["Rule", *names, "Why"], [(rule_name(table, rule), *cells, reason(page, rule))])
    found = _found(unit, number)
    if found is None:
        counted = (shares(unit) or {}).get(number)
        size = "" if counted is None else f": {_sized(unit, counted)}"
        return Remainder(told, f"every case that no rule above names{size}", None, "")
    several = sum(region.cases for region in found.boxes) > found.total - found.unshown
    overlap = "; some lie in more than one of these rows" if several else ""
    unshown = f"… and {count(found.unshown, 'further case')}." if found.unshown else ""
    return Remainder(told, f"{_sized(unit, found.total)}{overlap}", _regions(unit, found), unshown)


def _sized(unit: Unit, cases: int) -> str:
    return f"{count(cases)}, {share(cases, unit.cases)} of this table"


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


def _regions(unit: Unit, found: Regions) -> Grid:
    axes = unit.axes[: unit.inputs]
    told = [i for i, axis in enumerate(axes) if any(r.box[i] != axis.whole for r in found.boxes)]
    names = tuple(name_of(axes[i].column) for i in told)
    cells = tuple(
        tuple(condition(axes[i].column, test_of(axes[i], region.box[i])) for i in told)
        for region in found.boxes
    )
    head, rows = fitted([Side("When", names, cells)], WIDTH - 1)
    sized = [
        (*row, text(f"{region.cases:,}")) for row, region in zip(rows, found.boxes, strict=True)
    ]
    return grid([*head, "Cases"], sized)


# ---------------------------------------------------------------- what cannot happen in a table


class Exclusions(NamedTuple):
    """Cases that the table's own rules exclude, and those that others exclude; None where none are.

    `unlisted` says how many of its own rules are not listed, if some are.
    """

    own: Grid | None
    inherited: Grid | None
    unlisted: str


def exclusions(page: Page, unit: Unit) -> Exclusions:
    numbers = listed = list(unit.rules(RuleKind.IMPOSSIBLE))
    if not page.site.lists(unit.table, RuleKind.IMPOSSIBLE):
        listed = largest(unit, numbers)
    rest = len(numbers) - len(listed)
    told = f"These exclude most cases; {count(rest, 'further rule')} exclude others."
    return Exclusions(_own(page, unit, listed), _inherited(page, unit), told if rest else "")


def _own(page: Page, unit: Unit, numbers: Sequence[int]) -> Grid | None:
    table = unit.table
    try:
        counts = unit.tally if unit.following is None else None
    except OverBudget:
        counts = None
    rules = [table.rules[number] for number in numbers]
    names, cells = fitted([conditions_of(table, rules, tested(table, rules))], WIDTH - 3)
    rows = [
        (
            rule_name(table, rule, why=page.declared(rule.declared) if rule.declared else ""),
            *row,
            *([] if counts is None else [text(f"{counts.get(number, 0):,}")]),
            reason(page, rule),
        )
        for number, rule, row in zip(numbers, rules, cells, strict=True)
    ]
    counted = [] if counts is None else ["Cases"]
    return reasoned(["Rule", *names, *counted, "Why"], rows) if rows else None


def _inherited(page: Page, unit: Unit) -> Grid | None:
    rows: list[tuple[Line, ...]] = []
    for table, number, cases in inherited(unit, page.site.units):
        counted = cases is not None and unit.following is None
        size: Line = text(f"{cases:,}") if counted else (Emphasis("not counted"),)
        named: Line = (Emphasis("excluded by a table that this one calls"),)
        why: Line = ()
        if number is not None:
            rule = table.rules[number]
            named, why = (rule_link(page, table, rule),), marked_reason(page, table, rule)
        rows.append(((page.link(table),), named, size, why))
    return reasoned(["Excluded by", "Rule", "Cases", "Why"], rows, named=2) if rows else None


class Excluded(NamedTuple):
    """A rule of another table that excludes cases of this one, and how many.

    `rule` is None where a table decides that `table` calls; `cases`, where they could not be counted.
    """

    table: Table
    rule: int | None
    cases: int | None


def inherited(unit: Unit, units: Mapping[Table, Unit]) -> Iterator[Excluded]:
    """What called tables exclude, each case under the first call that does so.

    Where it would take too long to tell which of their rules do, that they do, uncounted.
    """
    known: list[Box] | None = [*unit.undecided]
    for place, let in _asked(unit.table):
        callee = units[let.call.table]
        # Columns that follow from others have cells that no case has; nobody excludes those.
        asked = with_called(callee.table)
        if all(rule.kind is not RuleKind.IMPOSSIBLE for each in asked for rule in each.rules):
            continue
        try:
            found = _excluded(unit, let, callee, place)
        except OverBudget:
            yield Excluded(callee.table, None, None)
            known = None
            continue
        for rule in sorted(found, key=lambda rule: (rule == NEVER, rule)):
            try:
                cases = (
                    None
                    if known is None
                    else sum(volume(part) for box in found[rule] for part in open_parts(box, known))
                )
            except OverBudget:
                cases = None
            if cases != 0:
                yield Excluded(callee.table, None if rule == NEVER else rule, cases)
        if known is not None:
            known.extend(box for boxes in found.values() for box in boxes)


def _asked(table: Table) -> Iterator[tuple[int, Let]]:
    """Each let, and of a table of versions each of them, on the days of its life; by its call's number."""
    alike = first_alike(table)
    yield from zip(alike, table.lets, strict=False)
    if table.by_version and table.day is not None:
        day = [column.name for column in table.columns].index(table.day)
        for number, rule in enumerate(table.rules):
            version = rule.outcomes[0].value
            if isinstance(version, Call):
                life = Guard(table.day, rule.conditions[day])
                yield alike[number * len(table.outputs)], Let(table.outputs[0], version, (life,))


def _excluded(unit: Unit, let: Let, callee: Unit, place: int) -> dict[int, list[Box]]:
    """The callee's excluding rules, or NEVER, and the caller's inputs for which each decides.

    It is asked, by the way in which calls are asked for their answers, for its rules' numbers.
    """
    numbered = tuple(
        Piece(box, Fixed(rule)) for rule, boxes in callee.claims.won.items() for box in boxes
    )
    found: dict[int, list[Box]] = {}
    given = lifted_from(callee, let.call, place).arguments
    asked = Callee(let.call, callee.axes[: callee.inputs], numbered, given)
    excluding = {NEVER, *callee.rules(RuleKind.IMPOSSIBLE)}
    for piece in guarded(let, flatten(asked, unit.caller), unit.caller, unit.axes):
        number = piece.answer.value if isinstance(piece.answer, Fixed) else None
        if isinstance(number, int) and number in excluding:
            found.setdefault(number, []).append(piece.box)
    return found


# ---------------------------------------------------------------- what cannot happen in any table


def declared(page: Page) -> Grid | None:
    """A row for each declaration of the page's policy; None where it has none."""
    rows = [_row(page, each) for each in page.policy.impossibilities]
    return reasoned(["Rule", "What cannot happen", "Said of", "Why"], rows) if rows else None


def _row(page: Page, each: Impossibility) -> tuple[Line, ...]:
    holding = [  # the tables that it holds for, wherever they are, each with the row that says so
        (table, rule) for table in page.site.homes for rule in table.rules if rule.declared == each
    ]
    name = (Anchor(impossible_anchor(each)), *marked(Code(each.name), BASIS[each.reason.basis]))
    links = [(page.link(table),) for table, _ in holding]
    said_of = joined(links, ", ") if links else (Emphasis("no table"),)
    has_sections = all(section.span.path == page.policy.path for section in each.reason.citations)
    is_listed = has_sections or any(table in page.policy.tables for table, _ in holding)
    why = words(page, holding[0][1]) if holding and is_listed else text(each.reason.text)
    return name, _when(each, holding[0][0] if holding else None), said_of, why


def _when(each: Impossibility, table: Table | None) -> Line:
    """`Setting: Freestanding center; Biller: Hospital`."""
    columns = {column.name: column for column in table.inputs} if table else {}
    said: list[Line] = []
    for name, cell in each.conditions:
        if name in columns:
            said.append(asked(columns[name], cell.test))
        else:
            said.append((Code(name), Text(": "), Code(cell.text)))
    return joined(said, "; ")
