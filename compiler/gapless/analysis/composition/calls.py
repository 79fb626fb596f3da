"""What a called table answers, said in the caller's inputs: exact, whatever the two have in common.

A table's answer is a partition of its inputs into boxes, each with a value, or with the input whose
value is passed on. Calling it with columns, constants, or columns that are themselves called, gives
such a partition of the caller's inputs. A step under a guard has the missing value outside of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from typing import NamedTuple, assert_never

from gapless.analysis.coverage.budget import Work
from gapless.analysis.coverage.cover import disjoint
from gapless.analysis.coverage.intersections import Intersections, meetings
from gapless.analysis.decision.first_match import canonical
from gapless.analysis.domain.answers import (
    DRAFT,
    Answer,
    Fixed,
    Flow,
    Nothing,
    Piece,
    Same,
    Several,
    once,
    split,
)
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.derived import lowered, named_in
from gapless.analysis.domain.partition import Axis, Box, meet
from gapless.model import Call, ColumnValue, Constant, Guard, Let, Rule, Table


class Callee(NamedTuple):
    """A call, the axes of the table it calls (inputs, then derived ones), and what that table answers.

    `arguments` go into the axes, one each; `lets` are the looked-up columns of that table which its
    derived ones name.
    """

    call: Call
    axes: tuple[Axis, ...]
    pieces: tuple[Piece, ...]
    arguments: tuple[Constant | ColumnValue, ...]
    lets: Mapping[str, tuple[Piece, ...]] = {}


@dataclass(frozen=True)
class Caller:
    """The columns a call may name: input and derived axes, and for the lets before it, what they hold."""

    inputs: tuple[Axis, ...]
    lets: Mapping[str, tuple[Piece, ...]]

    @cached_property
    def whole(self) -> Box:
        return tuple(axis.whole for axis in self.inputs)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The number of each input and derived column."""
        return {axis.column.name: place for place, axis in enumerate(self.inputs)}

    def held(self, argument: Constant | ColumnValue) -> Sequence[Piece]:
        """What a constant or a column is: disjoint boxes of the inputs, together all of them."""
        match argument:
            case Constant(value):
                return (Piece(self.whole, Fixed(value)),)
            case ColumnValue(name) if name in self.lets:
                return self.lets[name]
            case ColumnValue(name):
                place = self.places[name]
                return (Piece(self.whole, Same(place), (place,)),)
        assert_never(argument)


@lru_cache(maxsize=1024)
def calls(table: Table) -> tuple[Call, ...]:
    """Every call in a table, those of lets first, in order."""
    lets = (let.call for let in table.lets)
    return (*lets, *(call for rule in table.rules for call in calls_of(rule)))


def with_called(table: Table) -> Iterator[Table]:
    """The table, and every table that it calls, itself or by others; each once, the nearest first."""
    waiting, seen = [table], {table}
    for each in waiting:
        yield each
        fresh = dict.fromkeys(call.table for call in calls(each) if call.table not in seen)
        seen.update(fresh)
        waiting.extend(fresh)


def calls_of(rule: Rule) -> Iterator[Call]:
    """The calls in a rule's outcomes, in order."""
    for outcome in rule.outcomes:
        yield from (part for part in outcome.parts if isinstance(part, Call))


def handed_on(table: Table) -> frozenset[str]:
    """The columns whose values the table answers with, calculates with or compares, or hands to others."""
    outcomes = (outcome for rule in table.rules for outcome in rule.outcomes)
    parts = (part for outcome in outcomes for part in outcome.parts)
    given = (argument for call in calls(table) for argument in call.arguments)
    handed = {each.column for each in (*parts, *given) if isinstance(each, ColumnValue)}
    definitions = (each.definition for each in lowered(table).derived)
    return frozenset(handed.union(*map(named_in, definitions)))


def undecided(lets: Iterable[Sequence[Piece]]) -> list[Box]:
    """Disjoint boxes of inputs for which the first let without a value calls what is a draft there."""
    found: list[Box] = []
    others: list[Box] = []
    for pieces in lets:
        silent = [piece for piece in pieces if isinstance(piece.answer, Nothing)]
        drafts = [piece.box for piece in silent if piece.answer == DRAFT]
        found.extend(disjoint(drafts, [*found, *others]))
        others.extend(piece.box for piece in silent if piece.answer != DRAFT)
    return found


def silent(boxes: Sequence[Box], impossible: bool, undecided: Sequence[Box]) -> Iterator[Piece]:
    """Boxes without an answer: a draft where they are `undecided`, else impossible or a gap."""
    left = disjoint(boxes, undecided) if undecided else boxes
    yield from (Piece(box, Nothing(impossible)) for box in left)
    if undecided:
        yield from (Piece(box, DRAFT) for box in disjoint(boxes, left))


def flatten(callee: Callee, caller: Caller) -> tuple[Piece, ...]:
    """What the call answers: disjoint boxes of the caller's inputs, together all of them.

    Each piece of the called table is looked for where its arguments lie in it, one after the other: how
    many values all arguments together have does not matter. Raises OverBudget.
    """
    work, whole = Work.on(len(callee.pieces)), caller.whole
    asking = _Asking(callee, caller)
    found = [*asking.silent()]
    for piece in callee.pieces:
        handed = _handed(piece)
        parts: list[tuple[Box, dict[int, Piece]]] = [(whole, {})]
        for place, mask in enumerate(piece.box):
            where = asking.where(place, mask, is_handed=place in handed)
            if where is not None:
                work.spend(1 + len(parts) * len(where))
                parts = [
                    (both, {**given, place: argument})
                    for box, given in parts
                    for argument in where
                    if (both := meet(box, argument.box)) is not None
                ]
        work.spend(1)
        found.extend(
            Piece(box, _passed(piece.answer, given), _flowing(piece.flow, given))
            for box, given in parts
        )
    return tuple(found)


class _Asking:
    """The arguments of a call: where in the caller's inputs each of them has which values."""

    def __init__(self, callee: Callee, caller: Caller) -> None:
        self.callee = callee
        self.caller = caller
        self.known: dict[tuple[int, int, bool], Sequence[Piece] | None] = {}
        self.lacking = {
            place for place in range(len(callee.arguments)) if any(self._without_value(place))
        }

    def silent(self) -> Iterator[Piece]:
        """Where an argument has no value, neither has the call: the first of them says why."""
        before: list[Box] = []
        for place in sorted(self.lacking):
            for box, answer, _ in self._without_value(place):
                yield from (Piece(part, answer) for part in disjoint([box], before))
            before.extend(piece.box for piece in self._without_value(place))

    def where(self, place: int, mask: int, *, is_handed: bool) -> Sequence[Piece] | None:
        """Disjoint boxes in which an argument lies in a mask of its axis; None where it always does.

        Its values are told apart only where they are handed on.
        """
        key = (place, mask, is_handed)
        if key not in self.known:
            is_whole = mask == self.callee.axes[place].whole and place not in self.lacking
            self.known[key] = (
                None if is_whole and not is_handed else self._where(place, mask, is_handed)
            )
        return self.known[key]

    def _where(self, place: int, mask: int, is_handed: bool) -> Sequence[Piece]:
        axis = self.callee.axes[place]
        found = [
            piece._replace(box=part)
            for piece in self.caller.held(self.callee.arguments[place])
            for part in self._within(piece.box, piece.answer, axis, mask)
        ]
        if is_handed or len(found) < 2:
            return found
        boxes = [piece.box for piece in found]
        return [Piece(box, ANY) for box in min(canonical(boxes, self.caller.whole), boxes, key=len)]

    def _within(self, box: Box, answer: Answer, axis: Axis, mask: int) -> Iterator[Box]:
        """The part of a box in which a value lies in a mask; all of it, where the mask is whole."""
        match answer:
            case Fixed(value):
                if mask == axis.whole or mask & axis.atom_of(value):
                    yield box
            case Same(number):
                inside = box[number]
                if mask != axis.whole:
                    inside &= pulled_back(mask, axis, self.caller.inputs[number])
                if inside:
                    yield (*box[:number], inside, *box[number + 1 :])
            case Several() if axis.steps and mask != axis.whole:
                found = held_together(box, answer, axis, self.caller.inputs)
                yield from (part for part, atom in found if atom & mask)
            case Several():
                yield box

    def _without_value(self, place: int) -> Iterator[Piece]:
        pieces = self.caller.held(self.callee.arguments[place])
        yield from (piece for piece in pieces if isinstance(piece.answer, Nothing))


ANY = Fixed(None)
"""A value that nobody looks at."""


def _handed(piece: Piece) -> frozenset[int]:
    """The inputs whose values an answer hands on, and those whose flows it brings."""
    answer = piece.answer
    items = answer.items if isinstance(answer, Several) else (answer,)
    values = (item.input for item in items if isinstance(item, Same))
    return frozenset((*values, *(each for each in piece.flow if isinstance(each, int))))


def _flowing(flow: Flow, arguments: Mapping[int, Piece]) -> Flow:
    """The callee's flow in the caller's terms."""
    if not flow:
        return ()
    return once(
        part
        for each in flow
        for part in (arguments[each].flow if isinstance(each, int) else (each,))
    )


def join(parts: Sequence[Sequence[Piece]], whole: Box, *, as_set: bool) -> Iterator[Piece]:
    """Several partitions as one, of lists (or sets) of their answers. Raises OverBudget."""
    for box, items in together(parts, whole):
        answer = _collected([item.answer for item in items], as_set)
        yield Piece(box, answer, once(part for item in items for part in item.flow))


def together(
    parts: Sequence[Sequence[Piece]], whole: Box
) -> Iterable[tuple[Box, tuple[Piece, ...]]]:
    """Where pieces of several partitions meet, and these pieces, one of each. Raises OverBudget."""
    work = Work.on(sum(map(len, parts)))
    found: list[tuple[Box, tuple[Piece, ...]]] = [(whole, ())]
    for pieces in parts:
        work.spend(len(found) * len(pieces))
        met = meetings([box for box, _ in found], [piece.box for piece in pieces])
        found = [(shared, (*found[one][1], pieces[other])) for one, other, shared in met]
    return found


def pulled_back(mask: int, inner: Axis, outer: Axis) -> int:
    """The atoms of `outer`, which is cut wherever `inner` is, whose values lie in `mask` of `inner`."""
    pulled = 0
    for number, index in enumerate(inner.image(outer)):
        if index is not None and mask >> index & 1:
            pulled |= 1 << number
    return pulled


def pushed_forward(mask: int, outer: Axis, inner: Axis) -> int:
    """The atoms of `inner`, of which `outer` is cut wherever it is, that hold the values in `mask` of `outer`."""
    image, pushed = inner.image(outer), 0
    for atom in bits(mask):
        index = image[atom]
        pushed |= 0 if index is None else 1 << index
    return pushed


def allowed(piece: Piece, let: Axis, inputs: Sequence[Axis]) -> Iterator[tuple[Box, int]]:
    """Parts of the piece's box, and the atoms that the let column can have in each."""
    match piece.answer:
        case Fixed(value):
            yield piece.box, let.atom_of(value)
        case Same(number):
            image = let.image(inputs[number])
            groups: dict[int, int] = {}
            for atom in bits(piece.box[number]):
                index = image[atom]
                assert index is not None, "an argument outside the callee's domain"
                groups[index] = groups.get(index, 0) | 1 << atom
            for index, mask in groups.items():
                yield (*piece.box[:number], mask, *piece.box[number + 1 :]), 1 << index
        case Nothing():
            yield piece.box, 0
        case Several() if let.steps:
            yield from held_together(piece.box, piece.answer, let, inputs)
        case Several():
            yield piece.box, let.whole
        case _:
            assert_never(piece.answer)


def held_together(
    box: Box, answer: Several, axis: Axis, inputs: Sequence[Axis]
) -> Iterator[tuple[Box, int]]:
    """Parts of a box, one for each combination of what the inputs named in a set can be, and the set's kind.

    Such an input is of a closed list, so that each of its atoms is one member. Raises OverBudget.
    """
    places = sorted({item.input for item in answer.items if isinstance(item, Same)})
    work = Work.on(0)
    for atoms in product(*(list(bits(box[place])) for place in places)):
        work.spend(1)
        cell = dict(zip(places, atoms, strict=True))
        values = (
            inputs[item.input].sample(cell[item.input]) if isinstance(item, Same) else item.value
            for item in answer.items
        )
        part = tuple(1 << cell[at] if at in cell else mask for at, mask in enumerate(box))
        yield part, axis.atom_of(frozenset(values))  # type: ignore[arg-type]


def _passed(answer: Answer, arguments: Mapping[int, Piece]) -> Answer:
    """The callee's answer in the caller's terms."""
    match answer:
        case Same(number):
            return arguments[number].answer
        case Several(items, as_set):
            return _collected([_passed(item, arguments) for item in items], as_set)
        case Fixed() | Nothing():
            return answer
    assert_never(answer)


def _collected(answers: Sequence[Answer], as_set: bool) -> Answer:
    for answer in answers:
        if isinstance(answer, Nothing):
            return answer
    items = tuple(answer for answer in answers if isinstance(answer, Fixed | Same))
    assert len(items) == len(answers), "a list within a list"
    if any(isinstance(item, Same) for item in items):
        return Several(items, as_set)
    values = tuple(item.value for item in items if isinstance(item, Fixed))
    return Fixed(frozenset(values) if as_set else values)  # type: ignore[arg-type]


# ---------------------------------------------------------------- guards


def guarded(
    let: Let, pieces: Sequence[Piece], caller: Caller, axes: Sequence[Axis]
) -> tuple[Piece, ...]:
    """What a let column holds, given what its table answers: the missing value outside the guard."""
    if not let.guard:
        return tuple(pieces)
    inside, outside = asked(let.guard, caller, axes)
    work = Work.on(len(pieces) + len(inside))
    near = _Near.of([piece.box for piece in pieces], work)
    held = [
        piece
        for box in inside
        for piece in split([pieces[number] for number in near.numbers(box)], box)
    ]
    return (*held, *(Piece(box, Fixed(None)) for box in outside))


def asked(
    guard: Iterable[Guard], caller: Caller, axes: Sequence[Axis]
) -> tuple[list[Box], list[Box]]:
    """Disjoint boxes of the caller's inputs: where every test holds, and where one does not.

    Together they are all inputs. Raises OverBudget.
    """
    by_name = {axis.column.name: axis for axis in axes}
    inside: list[Box] = [caller.whole]
    outside: list[Box] = []
    for name, condition in guard:
        mask = by_name[name].mask(condition.test)
        held = _held(name, caller, by_name)
        near = _Near.of([part for part, _, _ in held], Work.on(len(held) + len(inside)))
        left: list[Box] = []
        for box in inside:
            for part, atoms, number in (held[each] for each in near.numbers(box)):
                both = meet(box, part)
                assert both is not None, "they share a cell"
                if number is None:
                    (left if atoms & mask else outside).append(both)
                    continue
                left.extend(_with(both, number, mask))
                outside.extend(_with(both, number, ~mask))
        inside = left
    return inside, outside


@dataclass(frozen=True, slots=True)
class _Near:
    """Boxes of which it is soon told which of them a box meets, at a price."""

    meetings: Intersections
    work: Work

    @staticmethod
    def of(boxes: Sequence[Box], work: Work) -> _Near:
        return _Near(Intersections.of(boxes), work)

    def numbers(self, box: Box) -> Iterator[int]:
        """Raises OverBudget."""
        met = self.meetings.met(box)
        self.work.spend(1 + met.bit_count())
        return bits(met)


def _held(name: str, caller: Caller, axes: Mapping[str, Axis]) -> list[tuple[Box, int, int | None]]:
    """Disjoint boxes of inputs, and the atom that a let column has there; an input has its number instead."""
    if name in caller.lets:
        return [
            (box, atoms, None)
            for piece in caller.lets[name]
            for box, atoms in allowed(piece, axes[name], caller.inputs)
        ]
    return [(caller.whole, 0, caller.places[name])]


def _with(box: Box, number: int, mask: int) -> Iterable[Box]:
    """The part of the box whose input `number` is among `mask`, if there is one."""
    if box[number] & mask:
        yield (*box[:number], box[number] & mask, *box[number + 1 :])
