"""What could be drawn more simply: columns that no answer depends on (GAP113), rows that could be one (GAP112)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, pairwise
from operator import ne
from typing import NamedTuple, TypeAlias

from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.coverage.cover import disjoint
from gapless.analysis.coverage.intersections import Intersections
from gapless.analysis.decision.diagram import GAP, NEVER
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Box, meet
from gapless.analysis.overlaps import differ
from gapless.analysis.unit import Unit
from gapless.checks.support import finding
from gapless.model import Anything, Call, HitPolicy, Items, OutcomeValue, Rule, RuleKind
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, decision, mechanical

FEW = 8
"""How many rules are asked first, one by one."""

WORK = 4_000
"""How many boxes may be looked at for one table."""


def indifferent(unit: Unit) -> Iterator[Diagnostic]:
    for axis in unneeded(unit, range(len(unit.axes))):
        column, first = unit.axes[axis].column, _testing(unit, axis)[0]
        yield finding.note(
            unit,
            "GAP113",
            f"no answer of `{unit.table.name}` depends on `{column.name}`",
            Label(column.span, "this column"),
            Label(unit.lowered.cells[first][axis].span, "looked at, without effect"),
            column=column.name,
            notes=("were every cell of it `-`, each case would get the answer that it gets now",),
            helps=(
                f"if `{column.name}` should matter, look for the row that is wrong",
                "or leave the column out, and keep one of the rows that are then alike",
            ),
        )


def unneeded(unit: Unit, axes: Collection[int]) -> Iterator[int]:
    """Those of the columns that some cell tests, and that no answer depends on. Raises OverBudget."""
    if unit.precedence.over or unit.table.policy is HitPolicy.PRIORITY:
        return  # what a rule would newly take depends on more than its place
    boxes = [(rule, box) for rule, boxes in unit.claims.won.items() for box in boxes]
    won, left = _Labeled(boxes), WORK
    for axis in axes:
        tested, matters = _testing(unit, axis), False
        for looks, matters in _changes(unit, tested, axis, won):
            left -= looks
            if left < 0:
                raise OverBudget
            if matters:
                break
        if tested and not matters:
            yield axis


@dataclass(frozen=True)
class _Labeled:
    """Boxes of inputs, each with the rule, GAP or NEVER that it belongs to."""

    boxes: Sequence[tuple[int, Box]]

    def scanned(self, box: Box) -> Iterator[tuple[int, Box]]:
        """The parts of `box` that lie in one of them, and which: one look at each of them."""
        for rule, each in self.boxes:
            shared = meet(each, box)
            if shared is not None:
                yield rule, shared

    def found(self, box: Box) -> Iterator[tuple[int, Box]]:
        """The same, worth it where there are many questions."""
        met = bits(self._meetings.met(box))
        return _Labeled([self.boxes[number] for number in met]).scanned(box)

    @cached_property
    def _meetings(self) -> Intersections:
        return Intersections.of([box for _, box in self.boxes])


_Look: TypeAlias = Callable[[_Labeled, Box], Iterator[tuple[int, Box]]]


def _testing(unit: Unit, axis: int) -> list[int]:
    """The rules that look at a column, in the order in which they win."""
    in_order = (*unit.rules(RuleKind.IMPOSSIBLE), *unit.rows)
    return [
        number
        for number in in_order
        if not isinstance(unit.lowered.cells[number][axis].test, Anything)
    ]


def _changes(
    unit: Unit, tested: Sequence[int], axis: int, won: _Labeled
) -> Iterator[tuple[int, bool]]:
    """As `_changes_by`; mostly the first rules show that an answer changes, and no other is asked."""
    yield from _changes_by(unit, tested[:FEW], axis, won, _Labeled.scanned)
    yield from _changes_by(unit, tested, axis, won, _Labeled.found)


def _changes_by(
    unit: Unit, tested: Sequence[int], axis: int, won: _Labeled, look: _Look
) -> Iterator[tuple[int, bool]]:
    """For parts of the inputs, whether an answer changes there when some cells of a column are `-`.

    With each, how many boxes were looked at for it. Under `first`, what a rule would newly take
    counts only where no rule above it does so too.
    """
    widened = [(rule, part) for rule in tested for part in _widened(unit, rule, axis)]
    in_order = unit.table.policy is HitPolicy.FIRST
    above = _Labeled(widened if in_order else ())
    order = {rule: place for place, rule in enumerate(tested)}
    for rule, part in widened:
        higher = [box for other, box in look(above, part) if order[other] < order[rule]]
        yield len(higher), False
        for added in disjoint([part], [*unit.parts[rule], *higher]):
            for other, shared in look(won, added):
                yield 1, _differs(unit, rule, other, shared)


def _widened(unit: Unit, rule: int, axis: int) -> list[Box]:
    """Disjoint boxes of inputs: where a rule would apply if it did not look at one column."""
    masks = [
        column.whole if number == axis else column.mask(condition.test)
        for number, (column, condition) in enumerate(
            zip(unit.axes, unit.lowered.cells[rule], strict=True)
        )
    ]
    return unit.inputs_in(tuple(masks)) if all(masks) else []


def _differs(unit: Unit, rule: int, other: int, box: Box) -> bool:
    """Whether an answer changes in `box` when `rule` applies there besides `other`, which decides."""
    if other in (GAP, NEVER):
        return other == GAP
    kind, other_kind = unit.table.rules[rule].kind, unit.table.rules[other].kind
    if RuleKind.IMPOSSIBLE in (kind, other_kind):
        return other_kind is not RuleKind.IMPOSSIBLE
    is_above = other in unit.rows and other < rule
    if unit.table.policy is HitPolicy.FIRST and is_above:
        return False
    return differ(unit, rule, other, box)


# ---------------------------------------------------------------- rows that could be one


MOST = 8
"""So many findings of a table are told one by one."""


class _Group(NamedTuple):
    """Rules, one below the other, that differ only in the cells of one axis."""

    rules: tuple[int, ...]
    axis: int


def mergeable(unit: Unit) -> Iterator[Diagnostic]:
    """Rows that stand apart do so for their readers' sake, and under `first` they may have to."""
    if unit.precedence.over:
        return  # an exception is one of the rules that it is an exception to
    merged: set[int] = set()
    groups = sorted(_groups(unit), key=lambda each: (-len(each.rules), each))
    axes, needless = {group.axis for group in groups}, list[int]()
    with suppress(OverBudget):  # columns that could go are a finding of their own, as far as known
        needless = list(unneeded(unit, axes)) if axes else []
    alike: list[_Group] = []
    for group in groups:
        if group.axis not in needless and merged.isdisjoint(group.rules):
            merged.update(group.rules)
            alike.append(group)
    found = [_merged(unit, group) for group in alike]
    yield from found if len(found) <= MOST else [_all_merged(unit, alike, found)]


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


def _all_merged(unit: Unit, groups: Sequence[_Group], found: Sequence[Diagnostic]) -> Diagnostic:
    """One finding of many, in a table that is mostly a list."""
    rows = sum(len(group.rules) for group in groups)
    shown = groups[: finding.SHOWN]
    named = [f"rules {finding.names(unit, group.rules)}" for group in shown]
    edits = [edit for each in found for help_ in each.helps for edit in help_.edits]
    return finding.note(
        unit,
        "GAP112",
        f"{rows:,} rules of `{unit.table.name}` could be {len(groups):,} rows",
        *(
            replace(each.labels[0], text=f"{said}: {each.labels[0].text}")
            for each, said in zip(found, named, strict=False)
        ),
        notes=(
            "in each of these they give the same answer for the same reason",
            *finding.and_more(groups, "such row"),
        ),
        helps=(decision("write each of them as one row; proved to change no answer", *edits),),
        cases=sum(unit.tally.get(number, 0) for group in groups for number in group.rules),
    )


def _merged(unit: Unit, group: _Group) -> Diagnostic:
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
