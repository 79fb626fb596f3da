"""What cannot happen, and who says so: the table itself, or a table that it calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gapless.analysis.building import borrowed_from, first_alike
from gapless.analysis.composition.calls import Callee, flatten, guarded, with_called
from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.coverage.cover import open_parts
from gapless.analysis.decision.diagram import NEVER
from gapless.analysis.domain.answers import Fixed, Piece
from gapless.analysis.domain.partition import Box, volume
from gapless.analysis.unit import Unit
from gapless.backends.markdown.addresses import Page
from gapless.backends.markdown.grid import Grid, grid
from gapless.backends.markdown.inline import Emphasis, Line, Link, Text, text
from gapless.backends.markdown.overview import largest
from gapless.backends.markdown.reasons import marked_reason, reason, rule_link, rule_name
from gapless.backends.markdown.sides import WIDTH, conditions_of, fitted, tested
from gapless.model import Let, RuleKind, Table
from gapless.text.words import count


@dataclass(frozen=True, slots=True)
class Exclusions:
    """Cases that the table's own rules exclude, and those that others exclude; None where none are."""

    own: Grid | None
    inherited: Grid | None
    unlisted: str = ""
    """How many of its own rules are not listed, if some are."""


class Excluded(NamedTuple):
    """A rule of another table that excludes cases of this one, and how many.

    `rule` is None where a table decides that `table` calls; `cases`, where they could not be counted.
    """

    table: Table
    rule: int | None
    cases: int | None


def exclusions(page: Page, unit: Unit) -> Exclusions:
    numbers = list(unit.rules(RuleKind.IMPOSSIBLE))
    listed = numbers
    if not page.site.lists(unit.table, RuleKind.IMPOSSIBLE):
        listed = largest(unit, numbers)
    rest = len(numbers) - len(listed)
    told = (
        f"These exclude most cases; {count(rest, 'further rule')} exclude others." if rest else ""
    )
    return Exclusions(_own(page, unit, listed), _inherited(page, unit), told)


def inherited(unit: Unit, units: Mapping[Table, Unit]) -> Iterator[Excluded]:
    """What called tables exclude, each case under the first let that does so.

    Where it would take too long to tell which of their rules do, that they do, uncounted.
    """
    known: list[Box] | None = [*unit.undecided]
    for place, let in zip(first_alike(unit.table), unit.table.lets, strict=False):
        callee = units[let.call.table]
        if not _forbids(callee.table):
            continue
        try:
            found = _excluded(unit, let, callee, place)
        except OverBudget:
            yield Excluded(callee.table, None, None)
            known = None
            continue
        for rule in sorted(found, key=lambda rule: (rule == NEVER, rule)):
            cases = None if known is None else _count(found[rule], known)
            if cases != 0:
                yield Excluded(callee.table, None if rule == NEVER else rule, cases)
        if known is not None:
            known.extend(box for boxes in found.values() for box in boxes)


def _forbids(table: Table) -> bool:
    """Whether the table, or one that it asks, calls anything impossible.

    Columns that follow from others have cells that no case has; nobody excludes those.
    """
    asked = with_called(table)
    return any(rule.kind is RuleKind.IMPOSSIBLE for each in asked for rule in each.rules)


def _excluded(unit: Unit, let: Let, callee: Unit, place: int) -> dict[int, list[Box]]:
    """The callee's excluding rules, or NEVER, and the caller's inputs for which each decides.

    It is asked, by the way in which calls are asked for their answers, for its rules' numbers.
    """
    numbered = tuple(
        Piece(box, Fixed(rule)) for rule, boxes in callee.claims.won.items() for box in boxes
    )
    found: dict[int, list[Box]] = {}
    given = borrowed_from(callee, let.call, place).arguments
    asked = Callee(let.call, callee.axes[: callee.inputs], numbered, given)
    for piece in guarded(let, flatten(asked, unit.caller), unit.caller, unit.axes):
        number = piece.answer.value if isinstance(piece.answer, Fixed) else None
        if isinstance(number, int) and _excludes(callee, number):
            found.setdefault(number, []).append(piece.box)
    return found


def _count(boxes: Sequence[Box], known: Sequence[Box]) -> int | None:
    """The cases of disjoint boxes that are not in `known`; None where that is too hard to tell."""
    try:
        return sum(volume(part) for box in boxes for part in open_parts(box, known))
    except OverBudget:
        return None


def _counted(unit: Unit) -> Mapping[int, int] | None:
    """How many cases each rule excludes; None where that is not known."""
    try:
        return unit.tally if unit.following is None else None
    except OverBudget:
        return None


def _excludes(unit: Unit, rule: int) -> bool:
    return rule == NEVER or (rule >= 0 and unit.table.rules[rule].kind is RuleKind.IMPOSSIBLE)


def _own(page: Page, unit: Unit, numbers: Sequence[int]) -> Grid | None:
    table, counts = unit.table, _counted(unit)
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
    return grid(["Rule", *names, *counted, "Why"], rows) if rows else None


def _inherited(page: Page, unit: Unit) -> Grid | None:
    rows: list[tuple[Line, ...]] = []
    for table, number, cases in inherited(unit, page.site.units):
        counted = cases is not None and unit.following is None
        size: Line = text(f"{cases:,}") if counted else (Emphasis("not counted"),)
        link = Link(Text(table.title or table.name), page.table(table))
        if number is None:
            why: Line = (Emphasis("excluded by a table that this one calls"),)
            rows.append(((link,), why, size, ()))
        else:
            rule = table.rules[number]
            named = (rule_link(page, table, rule),)
            rows.append(((link,), named, size, marked_reason(page, rule)))
    return grid(["Excluded by", "Rule", "Cases", "Why"], rows) if rows else None
