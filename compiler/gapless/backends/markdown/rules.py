"""A table's rules as its reader wants them: labels, few columns, reasons beside or below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.overlaps import overlaps
from gapless.analysis.unit import Unit
from gapless.analysis.verdict import shares
from gapless.backends.markdown.addresses import Page, reason_anchor
from gapless.backends.markdown.collecting import collects
from gapless.backends.markdown.conditions import condition
from gapless.backends.markdown.grid import Grid, grid
from gapless.backends.markdown.grouping import Group, groups
from gapless.backends.markdown.inline import (
    Anchor,
    Break,
    Emphasis,
    Inline,
    Line,
    Text,
    flat,
    joined,
    markdown,
    plain,
    text,
)
from gapless.backends.markdown.reasons import marked_reason, reason, rule_link, rule_name
from gapless.backends.markdown.sides import WIDTH, answers_of, conditions_of, fitted, tested
from gapless.backends.markdown.values import name_of
from gapless.model import EnumerationType, HitPolicy, Rule, Table

ROOM = 3
"""With more conditions and answers than this, reasons stand below the table instead of in it."""

SHORT = 40
"""A column of reasons that are no longer takes the room of one condition less."""


@dataclass(frozen=True, slots=True)
class Rules:
    """One table of rules; `heading` says what they have in common, `reasons` follow below."""

    heading: str
    note: str
    grid: Grid
    reasons: tuple[str, ...]


class Where(Enum):
    """Where a table's reasons stand."""

    NOWHERE = "no rule gives one"
    BESIDE = "in a column of their own"
    BELOW = "in a list below"


def applies(unit: Unit) -> str:
    """How rules decide together, as it is proved: the hit policy in words."""
    if unit.table.policy.is_collecting:
        return collects(unit.table)
    if len(unit.rows) < 2:
        return ""
    if unit.table.policy is HitPolicy.FIRST:
        return "The rules are read from the top: the first one that applies answers."
    decided = _decided(unit)
    if not _may_meet(unit):
        return decided or "Just one rule applies to each case, so their order does not matter."
    alike = f"{decided} Several" if decided else "Several"
    alike += " of these rules may apply to one case; then they give the same answer"
    return f"{alike}, and the case is counted at the first of them."


def _may_meet(unit: Unit) -> bool:
    """Whether several rules apply to some case, or it would take too long to find out."""
    try:
        return next(overlaps(unit), None) is not None
    except OverBudget:
        return True


def _decided(unit: Unit) -> str:
    """How it is settled which of several rules answers, where that is not by their order."""
    if unit.precedence.over:
        return "Where a rule and an exception to it both apply, the exception answers."
    if unit.table.policy is not HitPolicy.PRIORITY:
        return ""
    orders = [
        f"{column.label or column.name} ({', '.join(m.label or m.name for m in column.type.members)})"
        for column in unit.table.outputs
        if isinstance(column.type, EnumerationType)
    ]
    by = ", then of ".join(orders)
    return f"Where several rules apply, the one answers whose answer stands first in the order of {by}."


def rules(page: Page, unit: Unit) -> tuple[Rules, ...]:
    """The rules proper, in one table or several; no `impossible`, no `otherwise`."""
    numbers = tuple(unit.rows)
    divided = groups(unit, numbers) if numbers else ()
    return listed(page, unit, divided)


def listed(page: Page, unit: Unit, divided: Sequence[Group]) -> tuple[Rules, ...]:
    """A table of rules for each group."""
    where = _where(page, unit, divided)
    return tuple(_group(page, unit, group, divided, where) for group in divided)


def _where(page: Page, unit: Unit, divided: Sequence[Group]) -> Where:
    """Beside the rules, unless there is nothing to say, or no room for saying it."""
    reasons = [reason(page, unit.table.rules[i]) for group in divided for i in group.rules]
    if not any(reasons):
        return Where.NOWHERE
    widest = max(len(_columns(unit, group)) for group in divided) + len(unit.table.outputs)
    longest = max(len(plain(each)) for each in reasons)
    return Where.BESIDE if widest <= ROOM + (longest <= SHORT) else Where.BELOW


def _group(page: Page, unit: Unit, group: Group, divided: Sequence[Group], where: Where) -> Rules:
    table = unit.table
    rules = [table.rules[number] for number in group.rules]
    beside = where is Where.BESIDE
    sides = (
        conditions_of(table, rules, _columns(unit, group)),
        answers_of(page, table, rules),
    )
    names, cells = fitted(sides, WIDTH - 2 - beside)
    places, counts = _places(unit), shares(unit)
    rows = [
        (
            (*places.get(number, ()), *_name(page, unit, number, where)),
            *row,
            *([] if counts is None else [text(f"{counts.get(number, 0):,}")]),
            *([reason(page, table.rules[number])] if beside else []),
        )
        for number, row in zip(group.rules, cells, strict=True)
    ]
    below = tuple(_below(page, table, rules)) if where is Where.BELOW else ()
    heading, note = _heading(unit, group, divided)
    head = ["Rule", *names, *([] if counts is None else ["Cases"]), *(["Why"] if beside else [])]
    return Rules(markdown(heading), note, grid(head, rows), below)


def _heading(unit: Unit, group: Group, divided: Sequence[Group]) -> tuple[Line, str]:
    """What the rules of a group have in common, and a warning at the rest; nothing for one group."""
    if len(divided) == 1:
        return (), ""
    if group.axis is None:
        return text("All other rules"), "These may concern the groups above as well."
    column = unit.table.columns[group.axis]
    cell = unit.table.rules[group.rules[0]].conditions[group.axis]
    return (
        Text(f"{name_of(column)}: "),
        *flat(condition(column, cell.test, unit.table.columns)),
    ), ""


def _columns(unit: Unit, group: Group) -> list[int]:
    """The condition columns that tell the group's rules apart."""
    rules = [unit.table.rules[number] for number in group.rules]
    return [number for number in tested(unit.table, rules) if number != group.axis]


def _name(page: Page, unit: Unit, number: int, where: Where) -> Line:
    rule = unit.table.rules[number]
    below = where is Where.BELOW and marked_reason(page, rule)
    why = f"#{reason_anchor(unit.table, rule)}" if below else ""
    return (*rule_name(unit.table, rule, why=why), *_related(page, unit.table, rule))


def _related(page: Page, table: Table, rule: Rule) -> Line:
    """The rules to which a rule is an exception, and its own exceptions."""
    general = [rule_link(page, table, each) for each in table.rules if each.name in rule.over]
    special = [rule_link(page, table, each) for each in table.rules if rule.name in each.over]
    told: list[Inline] = []
    for words, links in (("exception to ", general), ("except ", special)):
        if links:
            listed = joined([(link,) for link in links], text(", "))
            told += [Break(), Emphasis(words.strip()), Text(" "), *listed]
    return tuple(told)


def _places(unit: Unit) -> dict[int, Line]:
    """The rules' places among the rules, where their order matters."""
    if unit.table.policy is not HitPolicy.FIRST:
        return {}
    return {number: text(f"{place}. ") for place, number in enumerate(unit.rows, 1)}


def _below(page: Page, table: Table, rules: Sequence[Rule]) -> Iterator[str]:
    """A line for every rule of which more is known than its name."""
    for rule in rules:
        why = marked_reason(page, rule)
        if why:
            anchor = Anchor(reason_anchor(table, rule))
            yield markdown((anchor, rule_link(page, table, rule), Text(": "), *why))
