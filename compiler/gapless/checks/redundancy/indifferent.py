"""GAP113: a condition column that no answer depends on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.coverage.cover import disjoint
from gapless.analysis.coverage.intersections import Intersections
from gapless.analysis.decision.diagram import GAP, NEVER
from gapless.analysis.domain.partition import Box, bits, meet
from gapless.analysis.overlaps import differ
from gapless.analysis.unit import Unit
from gapless.checks.support import finding
from gapless.model import Anything, HitPolicy, RuleKind
from gapless_dsl.diagnostic import Diagnostic, Label

FEW = 8
"""How many rules are asked first, one by one."""

WORK = 4_000
"""How many boxes may be looked at for one table."""


def check(unit: Unit) -> Iterator[Diagnostic]:
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
