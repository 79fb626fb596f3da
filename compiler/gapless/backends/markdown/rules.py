"""A table's rules as its reader wants them: labels, few columns, reasons beside or below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gapless.backends.markdown.addresses import Page
from gapless.backends.markdown.conditions import condition
from gapless.backends.markdown.grid import Grid, grid
from gapless.backends.markdown.grouping import Group, groups
from gapless.backends.markdown.inline import Line, Text, markdown, text
from gapless.backends.markdown.outcomes import outcome
from gapless.backends.markdown.reasons import reason, rule_link, rule_name
from gapless.backends.markdown.values import name_of
from gapless.model import Anything, HitPolicy, Rule, RuleKind
from gapless.unit import Unit

ROOM = 4
"""With more conditions and answers than this, reasons stand below the table instead of in it."""


@dataclass(frozen=True, slots=True)
class Rules:
    """One table of rules; `heading` says what they have in common, `reasons` follow below."""

    heading: str
    grid: Grid
    reasons: tuple[str, ...]


def applies(unit: Unit) -> str:
    """The hit policy in words."""
    several = sum(1 for _ in unit.rules(RuleKind.RULE)) > 1
    match unit.table.policy:
        case HitPolicy.FIRST if several:
            return "The rules are read from the top: the first one that applies answers."
        case HitPolicy.ANY if several:
            return "Several rules may apply to one case; those that do give the same answer."
        case HitPolicy.UNIQUE if several:
            return "Just one rule answers each case, so their order does not matter."
        case _:
            return ""


def rules(page: Page, unit: Unit) -> tuple[Rules, ...]:
    """The rules proper, in one table or several; no `impossible`, no `otherwise`."""
    numbers = tuple(unit.rules(RuleKind.RULE))
    divided = groups(unit, numbers) if numbers else ()
    widest = max((len(_tested(unit, group)) for group in divided), default=0)
    inside = widest + len(unit.table.outputs) <= ROOM
    return tuple(_group(page, unit, group, divided, inside=inside) for group in divided)


def _group(
    page: Page, unit: Unit, group: Group, divided: Sequence[Group], *, inside: bool
) -> Rules:
    table = unit.table
    tested = _tested(unit, group)
    columns = [table.columns[number] for number in tested]
    head = ["Rule", *map(name_of, columns), *(f"→ {name_of(each)}" for each in table.outputs)]
    rows = [_row(page, unit, number, tested) for number in group.rules]
    chosen = [table.rules[number] for number in group.rules]
    if inside:
        rows = [(*row, reason(page, rule)) for row, rule in zip(rows, chosen, strict=True)]
        head.append("Why")
    below = () if inside else tuple(_below(page, unit, chosen))
    return Rules(markdown(_heading(unit, group, divided)), grid(head, rows), below)


def _heading(unit: Unit, group: Group, divided: Sequence[Group]) -> Line:
    """What the rules of a group have in common; nothing where there is one group."""
    if len(divided) == 1:
        return ()
    if group.axis is None:
        return text("All others")
    column = unit.table.columns[group.axis]
    cell = unit.table.rules[group.rules[0]].conditions[group.axis]
    return (Text(f"{name_of(column)}: "), *condition(column, cell.test))


def _tested(unit: Unit, group: Group) -> list[int]:
    """The condition columns that tell the group's rules apart, as the author ordered them."""
    names = [column.name for column in unit.table.columns]
    return [
        number
        for number in map(names.index, unit.table.written)
        if number != group.axis and _is_tested(unit, group.rules, number)
    ]


def _is_tested(unit: Unit, rules: Sequence[int], column: int) -> bool:
    cells = (unit.table.rules[number].conditions[column] for number in rules)
    return any(not isinstance(cell.test, Anything) for cell in cells)


def _row(page: Page, unit: Unit, number: int, tested: Sequence[int]) -> tuple[Line, ...]:
    table = unit.table
    rule = table.rules[number]
    place = None
    if table.policy is HitPolicy.FIRST:
        place = 1 + list(unit.rules(RuleKind.RULE)).index(number)
    conditions = (condition(table.columns[i], rule.conditions[i].test) for i in tested)
    answers = (
        outcome(page, table, column, cell.value)
        for column, cell in zip(table.outputs, rule.outcomes, strict=True)
    )
    return (rule_name(table, rule, place), *conditions, *answers)


def _below(page: Page, unit: Unit, rules: Sequence[Rule]) -> Iterator[str]:
    """A line for every rule of which more is known than its name."""
    for rule in rules:
        why = reason(page, rule)
        if why:
            yield markdown((rule_link(page, unit.table, rule), Text(": "), *why))
