"""A table said by its inputs alone: what each case gets, with all that called tables have to say of it.

The decision of a unit asks for looked-up columns; this one asks for none, and ends in answers, not
in rules that are still to be worked out. Whatever answers fast, or many rows at once, reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TypeAlias

from gapless.analysis.composition.calls import together
from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.decision.diagram import (
    NEVER,
    Decision,
    Leaf,
    UniqueTable,
    branches,
    paths,
    renumbered,
)
from gapless.analysis.decision.first_match import Claim, decide, smallest
from gapless.analysis.domain.answers import Fixed, Nothing, Piece, Row, Same, Several
from gapless.analysis.domain.partition import Axis, Box
from gapless.analysis.tracing import ruled, traced
from gapless.analysis.unit import Unit, answers, as_ruled
from gapless.model import RuleKind

Given: TypeAlias = Fixed | Same | Several
"""What one output is: a value, or the axis whose value is passed on, or a list of such."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What some cases get: one answer for each output, or None where they are refused.

    `rule` is the number of the rule that decides; None where rules answer together, and where a
    called table is the one that refuses. `is_draft` says that the answer is still to be decided.
    `rows` has, for each output, the rows that flow into its answer.
    """

    rule: int | None
    answers: tuple[Given, ...] | None
    is_draft: bool = False
    rows: tuple[tuple[Row, ...], ...] = ()


@dataclass(frozen=True)
class Tabulation:
    """`decision` is over `axes`: the inputs, as many as `inputs`, then the columns derived from them.

    Its leaves number `endings`. A leaf is NEVER only where no case is: derived columns follow from inputs.
    `claims` are what it was decided from, the first that holds winning.
    """

    axes: tuple[Axis, ...]
    inputs: int
    endings: tuple[Ending, ...]
    decision: Decision
    claims: tuple[Claim, ...]

    @cached_property
    def asked(self) -> frozenset[int]:
        """The axes that make a difference."""
        return frozenset(each.axis for each in branches(self.decision.root))

    @cached_property
    def passed(self) -> frozenset[int]:
        """The axes whose values are answered with."""
        given = (each for ending in self.endings for each in ending.answers or ())
        items = (each.items if isinstance(each, Several) else (each,) for each in given)
        return frozenset(each.input for some in items for each in some if isinstance(each, Same))

    @cached_property
    def leaves(self) -> frozenset[int]:
        """The numbers that cases lead to, of endings or NEVER."""
        root = self.decision.root
        children = (child for branch in branches(root) for _, child in branch.ways)
        return frozenset(each.rule for each in (root, *children) if isinstance(each, Leaf))

    @cached_property
    def is_ready(self) -> bool:
        """Whether every answer is a value, and no column is derived."""
        given = (each for ending in self.endings for each in ending.answers or ())
        of_inputs = len(self.axes) == self.inputs and NEVER not in self.leaves
        return of_inputs and all(isinstance(each, Fixed) for each in given)

    @cached_property
    def by_answer(self) -> Tabulation:
        """The same, where it does not matter which rule gives an answer."""
        plain = [replace(each, rule=None, rows=()) for each in self.endings]
        numbers = {each: number for number, each in enumerate(dict.fromkeys(plain))}
        names = {number: numbers[each] for number, each in enumerate(plain)}
        return self._named(names, tuple(numbers))

    def numbered(self, order: Sequence[int]) -> Tabulation:
        """The same, with its endings in another order."""
        names = {number: place for place, number in enumerate(order)}
        return self._named(names, tuple(self.endings[number] for number in order))

    def _named(self, names: Mapping[int, int], endings: tuple[Ending, ...]) -> Tabulation:
        """The same with other numbers for its endings."""
        unique = UniqueTable()
        root = renumbered(self.decision.root, names, unique)
        decision = Decision(root, self.decision.order, self.decision.wholes, len(unique))
        claims = tuple(Claim(box, names.get(number, number)) for box, number in self.claims)
        return Tabulation(self.axes, self.inputs, endings, decision, claims)

    def in_order(self, order: Sequence[int]) -> Decision | None:
        """The decision with its columns in another order; None where it would become too large."""
        if tuple(order) == self.decision.order:
            return self.decision
        return decide(self.claims, self.decision.wholes, order, elastic_from=0)


@lru_cache(maxsize=256)
def tabulation(unit: Unit, *, is_traced: bool = False) -> Tabulation | None:
    """The table by its inputs alone; None where that would become too large, or was never worked out.

    Endings have `rows` where it `is_traced`: the same answer that rests on other rows is another ending.
    Where just that would become too large, they have none.
    """
    found = _tabulated(unit, is_traced)
    return tabulation(unit) if is_traced and found is None else found


def _tabulated(unit: Unit, is_traced: bool) -> Tabulation | None:
    known = claimed(unit, is_traced=is_traced)
    if known is None:
        return None
    claims, endings = known
    axes, inputs = unit.axes[: unit.inputs], len(unit.table.inputs)
    decision = smallest(claims, unit.caller.whole, range(len(axes)))
    if decision is None:
        return None
    found = Tabulation(axes, inputs, endings, decision, claims)
    is_of_inputs = all(place < inputs for place in found.asked | found.passed)
    return _without_derived(found) if is_of_inputs and len(axes) > inputs else found


def claimed(
    unit: Unit, *, is_traced: bool = False
) -> tuple[tuple[Claim, ...], tuple[Ending, ...]] | None:
    """Boxes of inputs and derived columns in the order in which they win, with the numbers of their endings.

    None where that takes too many steps.
    """
    endings: dict[Ending, int] = {}
    try:
        claims = [
            Claim(box, NEVER if ending is None else endings.setdefault(ending, len(endings)))
            for box, each in endings_of(unit, is_traced=is_traced)
            for ending in (each if each is None or is_traced else replace(each, rows=()),)
        ]
    except OverBudget:
        return None
    return tuple(claims), tuple(endings)


def _without_derived(found: Tabulation) -> Tabulation:
    """The tabulation that asks no derived column as one that has none, if that takes few enough boxes.

    What claims say of such a column is of no use: its values go together with some inputs only.
    """
    wholes, inputs = found.decision.wholes[: found.inputs], found.inputs
    try:
        claims = [
            Claim(*each)
            for each in paths(found.decision.root, wholes, Work.aside(len(found.claims)))
        ]
    except OverBudget:
        return found
    order = tuple(place for place in found.decision.order if place < inputs)
    decision = Decision(found.decision.root, order, wholes, found.decision.nodes)
    return replace(found, axes=found.axes[:inputs], decision=decision, claims=tuple(claims))


def endings_of(unit: Unit, *, is_traced: bool = False) -> Iterator[tuple[Box, Ending | None]]:
    """Boxes of inputs in the order in which they win, and what they end in; None where no case is.

    Raises OverBudget.
    """
    yield from ((box, None) for box in unit.barred)
    yield from ((box, Ending(None, None, is_draft=True)) for box in unit.undecided)
    yield from ((box, Ending(None, None)) for box in unit.excluded)
    if unit.table.policy.is_collecting:
        yield from _collecting(unit, traced if is_traced else answers)
        return
    for number in unit.precedence.order:
        for box in unit.parts[number]:
            yield from _deciding(unit, number, box, ruled if is_traced else as_ruled)


def _deciding(
    unit: Unit, number: int, box: Box, ruled: Callable[[Unit, int, int, Box], Iterable[Piece]]
) -> Iterator[tuple[Box, Ending]]:
    """What one rule answers in a part of what it claims."""
    rule = unit.table.rules[number]
    if rule.kind in (RuleKind.IMPOSSIBLE, RuleKind.DRAFT):
        yield box, Ending(number, None, is_draft=rule.kind is RuleKind.DRAFT)
        return
    parts = [[*ruled(unit, number, output, box)] for output in range(len(rule.outcomes))]
    for part, given in together(parts, box):
        yield part, _ending(number, given)


def _collecting(
    unit: Unit, answers: Callable[[Unit, int], Iterable[Piece]]
) -> Iterator[tuple[Box, Ending]]:
    """What all rules that apply answer together; what the rules exclude is refused by them."""
    for number in unit.rules(RuleKind.IMPOSSIBLE):
        yield from ((box, Ending(number, None)) for box in unit.parts[number])
    parts = [[*answers(unit, output)] for output in range(len(unit.table.outputs))]
    for box, given in together(parts, unit.caller.whole):
        yield box, _ending(None, given)


def _ending(number: int | None, given: Sequence[Piece]) -> Ending:
    """The ending with these answers; refused, if one of them is none."""
    found: list[Given] = []
    for _, answer, _ in given:
        if isinstance(answer, Nothing):
            return Ending(number, None, answer.is_draft)
        found.append(answer)
    rows = (tuple(row for row in each.flow if isinstance(row, Row)) for each in given)
    return Ending(number, tuple(found), rows=tuple(rows))
