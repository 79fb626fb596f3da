"""Dependent columns: what they are in one case, exactly, and how far they reach in many, as intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import TypeAlias, TypeVar

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.answers import Answer, Fixed, Piece, Same
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.derived import ABOVE, BELOW, LIKE, Definition, Ordering, named_in
from gapless.analysis.domain.partition import Axis, Box, Other, Run
from gapless.model import (
    NO_VALUE,
    ColumnValue,
    Constant,
    DecimalType,
    OptionalType,
    Value,
    fitted,
    value_of,
)
from gapless.model.intervals import Reach, coarse, reach_of, reach_of_type, reach_of_value, union

Case: TypeAlias = tuple[Value, ...]
"""A value for every input."""


class Undefined(Exception):
    """A let has no value in a case: it does not happen. Never leaves the search."""


@dataclass(frozen=True, eq=False)
class Following:
    """`axes` are the inputs, then the derived columns, whose `definitions` come in the same order.

    `lets` are the looked-up columns that definitions may name, as partitions of all axes.
    """

    axes: tuple[Axis, ...]
    inputs: int
    definitions: tuple[Definition, ...]
    lets: Mapping[str, Sequence[Piece]]

    @cached_property
    def places(self) -> dict[str, int]:
        return {axis.column.name: place for place, axis in enumerate(self.axes)}

    @cached_property
    def wholes(self) -> Box:
        return tuple(axis.whole for axis in self.axes)

    @property
    def derived(self) -> range:
        """The places of derived columns."""
        return range(self.inputs, len(self.axes))

    def definition(self, place: int) -> Definition | None:
        """What a derived column is; None for an input."""
        return None if place < self.inputs else self.definitions[place - self.inputs]

    def rests_on(self, places: Sequence[int]) -> frozenset[int]:
        """Those columns, and all that they follow from."""
        found: set[int] = set()
        waiting = [*places]
        while waiting:
            place = waiting.pop()
            definition = self.definition(place)
            if place not in found and definition is not None:
                for name in named_in(definition):
                    looked_up = self._looked_up_by.get(name, ())
                    waiting.extend([self.places[name]] if name in self.places else looked_up)
            found.add(place)
        return frozenset(found)

    @cached_property
    def _looked_up_by(self) -> dict[str, frozenset[int]]:
        """The axes that the value of a let depends on directly."""
        return {
            name: frozenset(
                place
                for narrowed, answer in pieces
                for place in (
                    *(place for place, _ in narrowed),
                    *((answer.input,) if isinstance(answer, Same) else ()),
                )
            )
            for name, pieces in self.narrowed.items()
        }

    @cached_property
    def narrowed(self) -> dict[str, list[tuple[list[tuple[int, int]], Answer]]]:
        """For each let its pieces, of their boxes only what they narrow: places and masks."""
        return {
            name: [
                ([(n, mask) for n, mask in enumerate(box) if mask != self.wholes[n]], answer)
                for box, answer, _ in pieces
            ]
            for name, pieces in self.lets.items()
        }


# ---------------------------------------------------------------- one case


class Exactly:
    """The value of every column in one case, each worked out when it is first asked for."""

    def __init__(self, following: Following, case: Case) -> None:
        self.following = following
        self.inputs = case
        self.known: dict[str, Value] = {}
        for axis, value in zip(following.axes, case, strict=False):
            self.known[axis.column.name] = value

    def value(self, name: str) -> Value:
        """Raises Undefined."""
        if name not in self.known:
            place = self.following.places.get(name)
            self.known[name] = self._looked_up(name) if place is None else self._derived(place)
        return self.known[name]

    def atom(self, place: int) -> int:
        """The number of the atom in which the column lies. Raises Undefined."""
        axis = self.following.axes[place]
        value = self.value(axis.column.name)
        found = axis.locate(value)
        assert found is not None, "a derived column's type takes in all that it can be"
        return found

    def _derived(self, place: int) -> Value:
        definition = self.following.definition(place)
        assert definition is not None
        if isinstance(definition, Ordering):
            return _stands(definition, self._end(definition.left), self._end(definition.right))
        kind = self.following.axes[place].column.type
        found = fitted(value_of(definition, self.value), kind)  # type: ignore[arg-type]
        if (
            found is NO_VALUE
        ):  # a called table's column, where its guard keeps that from being asked
            if not isinstance(kind, OptionalType):
                raise Undefined
            return None
        return found  # type: ignore[return-value]

    def _end(self, end: Constant | ColumnValue) -> Value:
        return end.value if isinstance(end, Constant) else self.value(end.column)

    def _looked_up(self, name: str) -> Value:
        for narrowed, answer in self.following.narrowed[name]:
            if all(mask >> self.atom(place) & 1 for place, mask in narrowed):
                match answer:
                    case Fixed(value):
                        return value
                    case Same(place):
                        return self.value(self.following.axes[place].column.name)
                raise Undefined
        raise Undefined


def _stands(ordering: Ordering, left: Value, right: Value) -> str | None:
    if left is None or right is None:
        return None
    if ordering.members:
        if not {left, right} <= set(ordering.members):
            return None
        left, right = (ordering.members.index(str(end)) for end in (left, right))
    if left == right:
        return LIKE
    return BELOW if left < right else ABOVE  # type: ignore[operator]


# ---------------------------------------------------------------- intervals


Ends: TypeAlias = tuple[int | None, int | None]
End = TypeVar("End", int, Fraction)


@dataclass(frozen=True, slots=True)
class Part:
    """Cases: the atoms that each axis may have, and for some ordered inputs the ranks between which."""

    masks: list[int]
    ends: dict[int, Ends]

    def copy(self) -> Part:
        return Part([*self.masks], dict(self.ends))

    @property
    def is_empty(self) -> bool:
        return not all(self.masks)


class Intervals:
    """How far every column reaches in a part, each worked out when it is first asked for."""

    def __init__(self, following: Following, part: Part) -> None:
        self.following = following
        self.part = part
        self.known: dict[str, Reach] = {}
        self.asked: dict[int, Reach] = {}

    def is_news(self, place: int, wanted: Reach) -> bool:
        """Whether a derived column is asked to be within ends that it was not asked to be within so far.

        Each end is worked backwards by itself, so what two questions ask together was asked.
        """
        before = self.asked.get(place)
        low, high = within(before and before[:2], wanted[:2])
        self.asked[place] = Reach(low, high)
        return self.asked[place] != before

    def reach(self, name: str) -> Reach:
        if name not in self.known:
            place = self.following.places.get(name)
            found = self._looked_up(name) if place is None else self._on_axis(place)
            self.known[name] = coarse(found)
        return self.known[name]

    def defined(self, place: int) -> Reach:
        """How far a derived column reaches by its definition alone."""
        definition = self.following.definition(place)
        assert definition is not None and not isinstance(definition, Ordering)
        found, kind = reach_of(definition, self.reach), self.following.axes[place].column.type
        if found.absent or not isinstance(kind, OptionalType):
            return found
        own = reach_of_type(kind)
        beyond = _reaches_beyond(found, own)
        return found._replace(absent=True) if beyond else found

    def order(self, place: int) -> int:
        """The atoms that a comparison of two columns may have."""
        definition = self.following.definition(place)
        assert isinstance(definition, Ordering)
        left, right = self.of(definition, definition.left), self.of(definition, definition.right)
        axis = self.following.axes[place]
        signs = _signs(left, right)
        missing = axis.atom_of(None) if left.absent or right.absent else 0
        return missing | sum(axis.atom_of(sign) for sign in signs)

    def of(self, ordering: Ordering, end: Constant | ColumnValue) -> Reach:
        """One side of a comparison; members of an ordered list count from 0."""
        if isinstance(end, Constant):
            if ordering.members and isinstance(end.value, str):
                place = Fraction(ordering.members.index(end.value))
                return Reach(place, place)
            return reach_of_value(end.value)
        if not ordering.members:
            return self.reach(end.column)
        return self._among(ordering.members, end.column)

    def _among(self, members: Sequence[str], name: str) -> Reach:
        place = self.following.places.get(name)
        if place is None:
            return Reach(Fraction(0), Fraction(len(members) - 1), absent=True)
        axis, mask = self.following.axes[place], self.part.masks[place]
        values = [axis.sample(number) for number in bits(mask)]
        numbers = sorted(members.index(str(each)) for each in values if each in members)
        absent = len(numbers) < len(values)
        if not numbers:
            return Reach(absent=absent, empty=True)
        return Reach(Fraction(numbers[0]), Fraction(numbers[-1]), absent)

    def _on_axis(self, place: int) -> Reach:
        """As its atoms say, and, for a derived column, its definition."""
        own = hull(self.following.axes[place], self.part.masks[place], self.part.ends.get(place))
        definition = self.following.definition(place)
        if definition is None or isinstance(definition, Ordering):
            return own
        return _both(own, self.defined(place))

    def _looked_up(self, name: str) -> Reach:
        return union(self._pieces(name))

    def _pieces(self, name: str) -> Iterator[Reach]:
        for box, answer, _ in self.following.lets[name]:
            if all(a & b for a, b in zip(box, self.part.masks, strict=True)):
                match answer:
                    case Fixed(value) if not isinstance(value, tuple | frozenset):
                        yield reach_of_value(value)
                    case Same(place):
                        yield self.reach(self.following.axes[place].column.name)


def hull(axis: Axis, mask: int, ends: Ends | None = None) -> Reach:
    """From the lowest to the highest value of some atoms."""
    numbers = [*bits(mask)]
    absent = any(axis.atoms[number] is Other.MISSING for number in numbers)
    there = [atom for number in numbers if (atom := axis.atoms[number]) is not Other.MISSING]
    if not there:
        return Reach(absent=absent, empty=True)
    kind = axis.kind
    first, last = there[0], there[-1]
    if kind is None or not isinstance(first, Run) or not isinstance(last, Run):
        return Reach(absent=absent)
    low, high = within(ends, (first.low, last.high))
    if low is not None and high is not None and low > high:
        return Reach(absent=absent, empty=True)
    return Reach(exact_at(kind, low), exact_at(kind, high), absent)


def within(
    one: tuple[End | None, End | None] | None, other: tuple[End | None, End | None]
) -> tuple[End | None, End | None]:
    """What two stretches share; None is no end."""
    if one is None:
        return other
    (low, high), (bottom, top) = one, other
    return (
        low if bottom is None or (low is not None and low > bottom) else bottom,
        high if top is None or (high is not None and high < top) else top,
    )


def exact_at(kind: ranks.OrderedType, rank: int | None) -> Fraction | None:
    """The value with a rank; days are counted."""
    if rank is None:
        return None
    return Fraction(rank, 10**kind.digits) if isinstance(kind, DecimalType) else Fraction(rank)


def ranks_in(kind: ranks.OrderedType, reach: Reach) -> Ends:
    """The ranks of the values that lie within a reach."""
    scale = 10**kind.digits if isinstance(kind, DecimalType) else 1
    low = None if reach.low is None else ceil(reach.low * scale)
    return low, None if reach.high is None else floor(reach.high * scale)


def atoms_in(axis: Axis, reach: Reach) -> int:
    """The atoms that hold some value within a reach."""
    kind, mask = axis.kind, 0
    low, high = (None, None) if kind is None else ranks_in(kind, reach)
    for number, atom in enumerate(axis.atoms):
        if atom is Other.MISSING:
            mask |= reach.absent << number
        elif isinstance(atom, Run):
            below = high is not None and atom.low is not None and atom.low > high
            above = low is not None and atom.high is not None and atom.high < low
            mask |= (not reach.empty and not below and not above) << number
        else:
            mask |= (not reach.empty) << number
    return mask


def _reaches_beyond(one: Reach, other: Reach) -> bool:
    below = other.low is not None and (one.low is None or one.low < other.low)
    above = other.high is not None and (one.high is None or one.high > other.high)
    return not one.empty and (below or above)


def _both(one: Reach, other: Reach) -> Reach:
    low, high = within(one[:2], other[:2])
    crossed = low is not None and high is not None and low > high
    absent = one.absent and other.absent
    if one.empty or other.empty or crossed:
        return Reach(absent=absent, empty=True)
    return Reach(low, high, absent)


def _signs(left: Reach, right: Reach) -> Iterator[str]:
    """How a value of one reach can stand to one of the other."""
    if left.empty or right.empty:
        return
    if left.low is None or right.high is None or left.low < right.high:
        yield BELOW
    overlap = (left.low is None or right.high is None or left.low <= right.high) and (
        right.low is None or left.high is None or right.low <= left.high
    )
    if overlap:
        yield LIKE
    if left.high is None or right.low is None or left.high > right.low:
        yield ABOVE
