"""What a column can hold in many cases, in how many of them it passes a test, and where that changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from typing import NamedTuple, assert_never

from gapless.model import (
    AllOf,
    AnyOf,
    Anything,
    Begins,
    Between,
    Compared,
    Equals,
    Holds,
    IsMissing,
    IsPresent,
    NoneOf,
    Test,
    Value,
)
from gapless.model.intervals import NOWHERE, Reach, reach_of_value, union


class Truth(IntEnum):
    """In which of many cases a test holds. All of several tests is the least of these, any the greatest."""

    NEVER = 0
    PERHAPS = 1
    ALWAYS = 2


@dataclass(frozen=True, slots=True)
class Held:
    """What a column can hold in many cases: some of `values`, or where these are not listed, of `reach`.

    `rests` are the inputs that have something to do with it; `of` is the one whose value it is, if it is one's.
    """

    values: frozenset[Value] | None
    reach: Reach = NOWHERE
    rests: frozenset[str] = frozenset()
    of: str | None = None

    @property
    def is_one(self) -> bool:
        return self.values is not None and len(self.values) == 1

    @property
    def one(self) -> Value:
        """The value, where there is only one."""
        assert self.values is not None
        return next(iter(self.values))

    @property
    def may_lack(self) -> bool:
        """Whether it is missing in some case."""
        return self.reach.absent if self.values is None else None in self.values

    @property
    def may_be_there(self) -> bool:
        if self.values is None:
            return not self.reach.empty
        return len(self.values) > (None in self.values)

    @property
    def reached(self) -> Reach:
        """From the least to the greatest, whether listed or not."""
        if self.values is None:
            return self.reach
        # Sets stand in no order.
        ordered = (each for each in self.values if not isinstance(each, frozenset | tuple))
        return union(map(reach_of_value, ordered))

    def may_be(self, value: Value) -> bool:
        """Whether it is that value in some case, as far as is known."""
        if self.values is not None:
            return value in self.values
        is_many = isinstance(value, tuple | frozenset)
        return is_many or inside(reach_of_value(value), self.reach)

    def within(self, other: Held) -> bool:
        """Whether the other takes all of it in."""
        if self.values is not None and other.values is not None:
            return self.values <= other.values
        return other.values is None and inside(self.reached, other.reach)


def just(value: Value) -> Held:
    return Held(frozenset({value}))


MISSING = just(None)


ANY = Reach(absent=True)
"""Anything at all."""


def joined(held: Iterable[Held]) -> Held:
    """What takes all of them in."""
    each = [*dict.fromkeys(held)]
    if len(each) == 1:
        return each[0]
    rests = frozenset[str]().union(*(one.rests for one in each))
    of = each[0].of if len({one.of for one in each}) == 1 else None
    if all(one.values is not None for one in each):
        return Held(frozenset().union(*(one.values or () for one in each)), NOWHERE, rests, of)
    if any(isinstance(v, tuple | frozenset) for one in each for v in one.values or ()):
        return Held(None, ANY, rests, of)
    return Held(None, union(one.reached for one in each), rests, of)


def inside(inner: Reach, outer: Reach) -> bool:
    if inner.absent and not outer.absent:
        return False
    if inner.empty:
        return True
    low = outer.low is None or (inner.low is not None and inner.low >= outer.low)
    high = outer.high is None or (inner.high is not None and inner.high <= outer.high)
    return low and high and not outer.empty


# ---------------------------------------------------------------- tests


def truth(test: Test, held: Held, columns: Mapping[str, Held]) -> Truth:
    """In which of the cases a column passes a test."""
    match test:
        case Anything():
            return Truth.ALWAYS
        case IsMissing():
            return _of(held.may_lack, held.may_be_there)
        case IsPresent():
            return _of(held.may_be_there, held.may_lack)
        case AnyOf(tests):
            return max((truth(each, held, columns) for each in tests), default=Truth.NEVER)
        case AllOf(tests):
            return min((truth(each, held, columns) for each in tests), default=Truth.ALWAYS)
        case NoneOf(tests):
            some = max((truth(each, held, columns) for each in tests), default=Truth.NEVER)
            return min(_of(held.may_be_there, held.may_lack), Truth(Truth.ALWAYS - some))
        case Equals(value) if held.values is not None:
            return _of(value in held.values, len(held.values) > (value in held.values))
        case Equals(value) if isinstance(value, str):
            return _of(held.may_be_there, True)
        case Equals(value):
            return _between(held.reached, reach_of_value(value), (True, True))
        case Begins() if held.values is not None:
            passing = sum(_begins(test, each) for each in held.values)
            return _of(passing > 0, passing < len(held.values))
        case Begins():
            return _of(held.may_be_there, True)
        case Holds() if held.values is not None:
            passing = sum(_holds(test, each) for each in held.values)
            return _of(passing > 0, passing < len(held.values))
        case Holds():
            return Truth.PERHAPS
        case Between(low, high, low_included, high_included):
            ends = Reach(_end(low), _end(high))
            return _between(held.reached, ends, (low_included, high_included))
        case Compared(operator, name, members):
            other = columns[name]
            left, right = _among(held, members), _among(other, members)
            signs = {*_signs(left, right)}
            holds = any(sign in operator for sign in signs)
            fails = left.absent or right.absent or any(sign not in operator for sign in signs)
            return _of(holds, fails)
    assert_never(test)


def _holds(test: Holds, value: Value) -> bool:
    """Whether a set has the members that are asked for."""
    if not isinstance(value, tuple | frozenset):
        return False
    held = frozenset(value)
    return any(
        all(low <= len(held.intersection(members)) <= high for members, low, high in way)
        for way in test.ways
    )


def _begins(test: Begins, value: Value) -> bool:
    """Whether a text begins so, and is none of those left out."""
    if not isinstance(value, str) or not value.startswith(test.prefix):
        return False
    alone = {"": Held(frozenset({value}))}
    return all(truth(each, alone[""], alone) is Truth.NEVER for each in test.but)


def _of(holds: bool, fails: bool) -> Truth:
    """Of whether a test may hold, and whether it may fail."""
    if holds and fails:
        return Truth.PERHAPS
    return Truth.ALWAYS if holds else Truth.NEVER


def _end(value: object) -> Fraction | None:
    return None if value is None else reach_of_value(value).low


def _between(reach: Reach, ends: Reach, included: tuple[bool, bool]) -> Truth:
    """Whether what lies within a reach lies between two ends."""
    if reach.empty:
        return Truth.NEVER
    (low, high), (with_low, with_high) = ends[:2], included
    above = low is None or (reach.low is not None and _from(reach.low, low, with_low))
    below = high is None or (reach.high is not None and _from(-reach.high, -high, with_high))
    too_low = low is not None and reach.high is not None and not _from(reach.high, low, with_low)
    too_high = (
        high is not None and reach.low is not None and not _from(-reach.low, -high, with_high)
    )
    return _of(not too_low and not too_high, reach.absent or not above or not below)


def _from(value: Fraction, end: Fraction, is_included: bool) -> bool:
    return value > end or (is_included and value == end)


def _among(held: Held, members: Sequence[str]) -> Reach:
    """Its reach; members of an ordered list count from 0."""
    if not members:
        return held.reached
    if held.values is None:
        return Reach(Fraction(0), Fraction(len(members) - 1), held.may_lack)
    places = [Fraction(members.index(str(each))) for each in held.values if each is not None]
    if not places:
        return Reach(absent=True, empty=True)
    return Reach(min(places), max(places), held.may_lack)


def _signs(left: Reach, right: Reach) -> Iterator[str]:
    """How a value of one reach may stand to one of the other."""
    if left.empty or right.empty:
        return
    if left.low is None or right.high is None or left.low < right.high:
        yield "<"
    if left.high is None or right.low is None or left.high > right.low:
        yield ">"
    above = left.low is None or right.high is None or left.low <= right.high
    if above and (left.high is None or right.low is None or right.low <= left.high):
        yield "="


# ---------------------------------------------------------------- where tests change


class Cut(NamedTuple):
    """A place in an ordered column at which a test changes: just below a value or, if `after`, just above it."""

    value: Fraction
    after: bool


def cuts_of(test: Test, columns: Mapping[str, Held]) -> Iterator[Cut]:
    """Where the truth of a test changes in an ordered column, as far as that can be read off it."""
    match test:
        case Equals(value) if not isinstance(value, str | bool):
            yield from around(value)
        case Between(low, high, low_included, high_included):
            if (first := _end(low)) is not None:
                yield Cut(first, not low_included)
            if (last := _end(high)) is not None:
                yield Cut(last, high_included)
        case AnyOf(tests) | NoneOf(tests) | AllOf(tests):
            for each in tests:
                yield from cuts_of(each, columns)
        case Compared(_, name, ()) if columns[name].is_one:
            yield from around(columns[name].one)
        case _:
            return


def around(value: Value) -> Iterator[Cut]:
    if value is not None and not isinstance(value, str | bool | tuple | frozenset):
        place = _end(value)
        assert place is not None
        yield from (Cut(place, after=False), Cut(place, after=True))


def compared_in(test: Test) -> Iterator[str]:
    match test:
        case Compared(_, column):
            yield column
        case AllOf(tests):
            yield from (each.column for each in tests if isinstance(each, Compared))
        case _:
            return
