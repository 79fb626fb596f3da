"""GAP112: neighboring rules that differ in one cell only, and could be one row."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import suppress
from itertools import groupby, pairwise
from operator import ne
from typing import NamedTuple

from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.unit import Unit
from gapless.checks.redundancy.indifferent import unneeded
from gapless.checks.support import finding
from gapless.model import Call, Items, OutcomeValue, Rule, RuleKind
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, mechanical


class _Group(NamedTuple):
    """Rules, one below the other, that differ only in the cells of one axis."""

    rules: tuple[int, ...]
    axis: int


def check(unit: Unit) -> Iterator[Diagnostic]:
    """Rows that stand apart do so for their readers' sake, and under `first` they may have to."""
    if unit.precedence.over:
        return  # an exception is one of the rules that it is an exception to
    merged: set[int] = set()
    groups = sorted(_groups(unit), key=lambda each: (-len(each.rules), each))
    axes, needless = {group.axis for group in groups}, list[int]()
    with suppress(OverBudget):  # columns that could go are a finding of their own, as far as known
        needless = list(unneeded(unit, axes)) if axes else []
    for group in groups:
        if group.axis not in needless and merged.isdisjoint(group.rules):
            merged.update(group.rules)
            yield _finding(unit, group)


def _groups(unit: Unit) -> Iterator[_Group]:
    """Every group of two or more, for every axis."""
    for axis, pairs in groupby(enumerate(_steps(unit)), key=lambda each: each[1]):
        if axis is not None:
            numbers = [number for number, _ in pairs]
            yield _Group((*numbers, numbers[-1] + 1), axis)


def _steps(unit: Unit) -> Iterator[int | None]:
    """From each rule to the next: the axis of the one cell that differs, if that is all.

    The crossings of a row are told apart by their heads, and are one row already.
    """
    rules = unit.table.rules
    for (rule, box), (below, other) in pairwise(zip(rules, unit.boxes, strict=True)):
        differs = box is not None and other is not None and sum(map(ne, box, other)) == 1
        alike = differs and RuleKind.OTHERWISE not in (rule.kind, below.kind)
        alike = alike and rule.declared is None
        if alike and _said(rule) == _said(below):
            assert box is not None and other is not None
            differing = next(axis for axis, cell in enumerate(box) if cell != other[axis])
            # The differing cell may stand above the rule: among the heads, or in a cell it repeats.
            is_above = below.conditions[differing].span.start < below.span.start
            yield None if is_above else differing
        else:
            yield None


def _said(rule: Rule) -> Hashable:
    """What a rule says apart from its conditions and its name."""
    outcomes = tuple(_bare(outcome.value) for outcome in rule.outcomes)
    return rule.kind, outcomes, rule.reason, rule.annotations


def _bare(value: OutcomeValue) -> Hashable:
    """An outcome without its place in the file."""
    match value:
        case Call(table, output, arguments):
            return table, output, arguments
        case Items(items, as_set):
            return tuple(_bare(item) for item in items), as_set
        case _:
            return value


def _finding(unit: Unit, group: _Group) -> Diagnostic:
    rules = [unit.table.rules[number] for number in group.rules]
    column, mask = unit.axes[group.axis], 0
    for number in group.rules:
        box = unit.boxes[number]
        assert box is not None
        mask |= box[group.axis]
    text = words.cell(column, mask)
    first, *others = (unit.lowered.cells[number][group.axis].span for number in group.rules)
    return finding.note(
        unit,
        "GAP112",
        f"rules {finding.names(unit, group.rules)} could be one row",
        Label(first, f"with `{text}` here"),
        *(Label(span, "all that differs") for span in others[: finding.SHOWN]),
        rule=rules[0],
        column=column.column.name,
        notes=("they give the same answer for the same reason",),
        helps=(
            mechanical(
                f"say `{text}` under `{column.column.name}` and delete "
                f"{finding.names(unit, group.rules[1:])}; proved to change no answer",
                Edit(first, text),
                *(Edit(rule.span, "") for rule in rules[1:]),
            ),
        ),
        cases=sum(unit.tally.get(number, 0) for number in group.rules),
    )
