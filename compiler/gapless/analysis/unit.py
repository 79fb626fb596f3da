"""One table analyzed: its axes, boxes, claims and decision, built once and read by everything after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import assert_never

from gapless.analysis.aggregate import Collected, collected
from gapless.analysis.arithmetic.dependent import Case, Following
from gapless.analysis.arithmetic.solver import Answer as Unsolved
from gapless.analysis.arithmetic.solver import solve
from gapless.analysis.composition.calls import Callee, Caller, allowed, join, silent, undecided
from gapless.analysis.coverage.budget import Work
from gapless.analysis.coverage.cover import disjoint, open_parts
from gapless.analysis.coverage.intersections import meetings
from gapless.analysis.decision.claims import Claims
from gapless.analysis.decision.diagram import GAP, NEVER, Decision
from gapless.analysis.decision.first_match import Claim, canonical, smallest
from gapless.analysis.domain.answers import DRAFT, Answer, Nothing, Piece, Same, as_held, split
from gapless.analysis.domain.derived import Lowered, at, fits
from gapless.analysis.domain.partition import Axis, Box, volume
from gapless.model import (
    Call,
    ColumnValue,
    Computed,
    Constant,
    Items,
    OutcomeValue,
    Precedence,
    RuleKind,
    Table,
    precedence,
)

PARTS = 12
"""In so many parts of a box, what is excluded cut out, a case is looked for."""


@dataclass(frozen=True, eq=False)
class Unit:
    """What the compiler knows of one table; what costs work is worked out when it is first asked for.

    `axes` are the table's inputs, then its lets. `boxes` has the box of each rule over these axes,
    None where a condition can never hold.
    """

    table: Table
    axes: tuple[Axis, ...]
    boxes: tuple[Box | None, ...]
    caller: Caller
    called: Mapping[int, tuple[Piece, ...]]
    """What each call in an outcome answers, by `id` of the call."""
    lowered: Lowered
    """The derived columns, and the rules' cells, as long as `axes`."""
    hidden: Mapping[str, tuple[Piece, ...]]
    """What called tables look up, where a derived column rests on it."""
    barred: tuple[Box, ...] = ()
    """Boxes of inputs and derived columns that no case has, as far as that was asked."""
    known: Claims | None = None
    """The claims, if they are known beforehand."""
    work: Work | None = None
    """What questions about the table may still spend together; None where each has steps of its own."""
    callees: tuple[tuple[Unit, Callee], ...] = ()
    """For each call, those of lets first: the table that it calls, and what that answers."""

    @cached_property
    def claims(self) -> Claims:
        """The rules as claims on inputs, those first that win: excluded, impossible, rules, otherwise."""
        if self.known is not None:
            return self.known
        claims = [Claim(box, NEVER) for box in self.excluded]
        for number in self.precedence.order:
            claims.extend(Claim(part, number) for part in self.parts[number])
        return Claims(self.caller.whole, tuple(claims))

    @cached_property
    def parts(self) -> tuple[tuple[Box, ...], ...]:
        """For each rule, disjoint boxes of inputs: where its conditions hold."""
        return tuple(() if box is None else tuple(self.inputs_in(box)) for box in self.boxes)

    @cached_property
    def excluded(self) -> tuple[Box, ...]:
        """Boxes of inputs for which some let has no value, or the version asked says so."""
        held = (values for values in self.held)
        unheld = (box for values in held for box, mask in values if not mask)
        return (*unheld, *self._silent(), *self.barred)

    @cached_property
    def never(self) -> tuple[Box, ...]:
        """Boxes of inputs that no case has: excluded, or declared impossible by a rule."""
        impossible = self.rules(RuleKind.IMPOSSIBLE)
        return (*self.excluded, *(part for number in impossible for part in self.parts[number]))

    def _silent(self) -> Iterator[Box]:
        """Where a table of versions asks one that says that this cannot happen."""
        for rule, parts in zip(self.table.rules, self.parts, strict=True):
            value = rule.outcomes[0].value if self.table.by_version else None
            if isinstance(value, Call):
                pieces = (piece for box in parts for piece in split(self.called[id(value)], box))
                yield from (box for box, answer, _ in pieces if answer == Nothing(impossible=True))

    @cached_property
    def decision(self) -> Decision | None:
        """What each case gets, told in the columns that the author wrote; None where over budget.

        It relies on every let having the value that it can have.
        """
        barred = ((*box, *self.wholes[self.inputs :]) for box in self.barred)
        claims = [Claim(box, NEVER) for box in (*self._never(), *barred)]
        order = self.precedence.order
        claims += [Claim(box, n) for n in order if (box := self.boxes[n]) is not None]
        names = [axis.column.name for axis in self.axes]
        return smallest(claims, self.wholes, [names.index(name) for name in self.table.written])

    @cached_property
    def collected(self) -> tuple[Collected, ...]:
        """For each output, what a table that collects answers."""
        return tuple(collected(self.table, self.claims, n) for n in range(len(self.table.outputs)))

    @property
    def tally(self) -> Mapping[int, int]:
        """How many cases lead to each rule, to GAP and to NEVER. Raises OverBudget."""
        return self.claims.tally

    def inputs_in(self, box: Box) -> list[Box]:
        """Disjoint boxes of inputs: the cases, of those where every let has a value, in `box`."""
        found = [box[: self.inputs]]
        for values, mask, axis in zip(
            self.held, box[self.inputs :], self.axes[self.inputs :], strict=True
        ):
            if mask != axis.whole:
                held = [part for part, atoms in values if atoms & mask]
                found = [both for _, _, both in meetings(found, held)]
        return found

    @cached_property
    def held(self) -> tuple[tuple[tuple[Box, int], ...], ...]:
        """For each let, disjoint boxes of inputs and the atoms it can have there: one, or none."""
        return tuple(
            tuple(held for piece in pieces for held in allowed(piece, axis, self.caller.inputs))
            for pieces, axis in zip(
                self.caller.lets.values(), self.axes[self.inputs :], strict=True
            )
        )

    @cached_property
    def undecided(self) -> tuple[Box, ...]:
        """Disjoint boxes of inputs for which the first let without a value calls what is a draft there."""
        return tuple(undecided(self.caller.lets.values()))

    def _never(self) -> Iterator[Box]:
        """The boxes in which some let has a value that it cannot have for these inputs."""
        for number, values in enumerate(self.held, self.inputs):
            for box, mask in values:
                rest = self.axes[number].whole & ~mask
                if rest:
                    before, after = self.wholes[self.inputs : number], self.wholes[number + 1 :]
                    yield (*box, *before, rest, *after)

    @cached_property
    def precedence(self) -> Precedence:
        """Which of the rules that answer win."""
        return precedence(self.table)

    @property
    def inputs(self) -> int:
        """How many of the axes are inputs or derived; the rest are lets. Boxes of inputs have them all."""
        return len(self.table.inputs) + len(self.lowered.derived)

    @cached_property
    def following(self) -> Following | None:
        """How derived columns follow from inputs; None where there are none."""
        if not self.lowered.derived:
            return None
        definitions = tuple(each.definition for each in self.lowered.derived)
        axes, inputs = self.axes[: self.inputs], len(self.table.inputs)
        return Following(axes, inputs, definitions, self.looked_up)

    @property
    def looked_up(self) -> Mapping[str, tuple[Piece, ...]]:
        """The looked-up columns on which derived ones may rest, the table's own and hidden ones."""
        return {**self.caller.lets, **self.hidden} if self.lowered.derived else {}

    def case(self, box: Box) -> Case | Unsolved:
        """A case in a box of inputs, one value for each of the table's inputs; or why none is shown."""
        if self.following is None:
            return tuple(axis.example(mask) for axis, mask in zip(self.axes, box, strict=False))
        if box not in self._cases:
            self._cases[box] = solve(self.following, box)
        return self._cases[box]

    def happening(self, box: Box) -> Case | Unsolved:
        """A case in a box of inputs that nothing excludes; or why none is shown."""
        found = Unsolved.NEVER
        for number, part in enumerate(open_parts(box, self.excluded)):
            case = self.case(part) if number < PARTS else Unsolved.UNKNOWN
            if not isinstance(case, Unsolved):
                return case
            if case is Unsolved.UNKNOWN:
                found = case
            if number == PARTS:
                break
        return found

    @cached_property
    def _cases(self) -> dict[Box, Case | Unsolved]:
        return {}

    @cached_property
    def traces(self) -> dict[int, tuple[Piece, ...]]:
        """What `tracing.traced` found, by output."""
        return {}

    @property
    def wholes(self) -> Box:
        return tuple(axis.whole for axis in self.axes)

    @property
    def cases(self) -> int:
        """How many cases the inputs make, each column cut wherever a rule makes a difference."""
        return volume(self.caller.whole)

    def place(self, name: str) -> int:
        """The number of an input or a derived column among the axes."""
        return self._places[name]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {axis.column.name: place for place, axis in enumerate(self.axes)}

    def rules(self, kind: RuleKind) -> Sequence[int]:
        """The numbers of the rules of that kind."""
        return self._by_kind[kind]

    @cached_property
    def rows(self) -> Sequence[int]:
        """The numbers of what stands between `impossible` and `otherwise`: rules and drafts, in order."""
        return sorted((*self.rules(RuleKind.RULE), *self.rules(RuleKind.DRAFT)))

    @cached_property
    def _by_kind(self) -> Mapping[RuleKind, Sequence[int]]:
        found: dict[RuleKind, list[int]] = {kind: [] for kind in RuleKind}
        for number, rule in enumerate(self.table.rules):
            found[rule.kind].append(number)
        return found


def answered(unit: Unit, value: OutcomeValue, box: Box) -> Iterator[Piece]:
    """What an outcome is, in disjoint boxes of inputs that make up `box`."""
    match value:
        case Constant() | ColumnValue():
            yield from split(unit.caller.held(value), box)
        case Computed():
            place = unit.place(unit.lowered.outcomes[id(value)])
            fitting = fits(unit.axes[place], value)
            held = at(unit.caller.whole, place, fitting)
            yield from split([Piece(held, Same(place), (place,))], box)
            rest = unit.axes[place].whole & ~fitting
            if rest:
                yield from split([Piece(at(unit.caller.whole, place, rest), Nothing(False))], box)
        case Call():
            yield from split(unit.called[id(value)], box)
        case Items(items, as_set):
            parts = [list(answered(unit, item, box)) for item in items]
            yield from join(parts, box, as_set=as_set)
        case _:
            assert_never(value)


def answers(unit: Unit, output: int) -> Iterator[Piece]:
    """What the table answers in one output: disjoint boxes of its inputs, together all of them.

    In as few as are easily found: rules that answer alike are one. Raises OverBudget.
    """
    if unit.table.policy.is_collecting:
        yield from unit.collected[output].pieces(unit.undecided)
        return
    alike: dict[Answer, list[Box]] = {}
    for piece in as_decided(unit, output):
        alike.setdefault(piece.answer, []).append(piece.box)
    for answer, boxes in alike.items():
        yield from (
            Piece(box, answer) for box in min(canonical(boxes, unit.caller.whole), boxes, key=len)
        )


def as_ruled(unit: Unit, number: int, output: int, box: Box) -> Iterator[Piece]:
    """What one rule answers in one output, in disjoint boxes of inputs that make up `box`."""
    into = unit.table.outputs[output].type
    for piece in answered(unit, unit.table.rules[number].outcomes[output].value, box):
        yield as_held(piece, into)


def as_decided(
    unit: Unit, output: int, ruled: Callable[[Unit, int, int, Box], Iterable[Piece]] = as_ruled
) -> Iterator[Piece]:
    """The same, rule by rule, of a table in which one of them answers. Raises OverBudget."""
    for number, boxes in unit.claims.won.items():
        rule = unit.table.rules[number] if number >= 0 else None
        if rule is None or rule.kind is RuleKind.IMPOSSIBLE:
            undecided = unit.undecided if number == NEVER else ()
            yield from silent(boxes, number != GAP, undecided)
        elif rule.kind is RuleKind.DRAFT:
            yield from (Piece(box, DRAFT) for box in boxes)
        else:
            for box in boxes:
                yield from ruled(unit, number, output, box)


def applicable(unit: Unit, number: int) -> list[Box]:
    """Disjoint boxes: the cases to which a rule applies, of those that can happen. Raises OverBudget."""
    return disjoint(unit.parts[number], unit.never)


def answered_by(unit: Unit) -> Mapping[int, Sequence[Box]]:
    """For each rule, GAP and NEVER: disjoint boxes, the cases in which it answers, alone or with others.

    Raises OverBudget.
    """
    if not unit.table.policy.is_collecting:
        return unit.claims.won
    together = {number: applicable(unit, number) for number in unit.rules(RuleKind.RULE)}
    return {**unit.claims.won, **{number: boxes for number, boxes in together.items() if boxes}}
