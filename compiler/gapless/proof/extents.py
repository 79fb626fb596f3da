"""Which values pass a test: from edge to edge along a column, so that tests can be compared."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from fractions import Fraction
from functools import cache
from itertools import accumulate
from math import ceil, floor, inf
from typing import TypeAlias, assert_never

from gapless.model.conditions import (
    AllOf,
    AnyOf,
    Anything,
    Begins,
    Between,
    Compared,
    Equals,
    Holds,
    HowMany,
    IsMissing,
    IsPresent,
    NoneOf,
    Test,
)
from gapless.model.types import (
    BoolType,
    DecimalType,
    EnumerationType,
    IntType,
    OptionalType,
    Scalar,
    SetType,
    Temporal,
    Type,
)

Edge: TypeAlias = tuple[float, str, bool]
"""A place between two neighboring values. All that a column could hold stands in one row: the
missing value, then the others by rank (how many days, seconds, last digits) or by spelling."""

Extent: TypeAlias = tuple[Edge, Edge]
"""The values between two edges; none if the second is not beyond the first."""

MISSING: Edge = (-inf, "", False)
PRESENT: Edge = (-inf, "", True)
END: Edge = (inf, "", False)

_LAST = "\U0010ffff"


def extents(type: Type, test: Test) -> Sequence[Extent]:
    """Where `test` holds, in a column of that type and beyond it; some may overlap."""
    match test:
        case Anything():
            return [(MISSING, END)]
        case IsMissing():
            return [(MISSING, PRESENT)]
        case IsPresent():
            return [(PRESENT, END)]
        case Equals(value):
            return [(_edge(type, value, after=False), _edge(type, value, after=True))]
        case Begins(prefix, ()):
            return [((0, prefix, False), _after(prefix))]
        case Begins(prefix, but):
            return extents(type, NoneOf((NoneOf((Begins(prefix),)), *but)))
        case Between(low, high, with_low, with_high):
            first = PRESENT if low is None else _edge(type, low, after=not with_low)
            return [(first, END if high is None else _edge(type, high, after=with_high))]
        case AnyOf(tests):
            return [extent for each in tests for extent in extents(type, each)]
        case NoneOf(tests):
            held = sorted(e for each in tests for e in extents(type, each) if e[0] < e[1])
            starts = accumulate((high for _, high in held), max, initial=PRESENT)
            return list(zip(starts, [*(low for low, _ in held), END], strict=True))
        case Compared() | AllOf() | Holds():
            raise AssertionError("what compares columns, or asks about sets, is not certified")
    assert_never(test)


def _after(prefix: str) -> Edge:
    """The place before the first text, in the order of letters, that comes after all that begin so."""
    short = prefix.rstrip(_LAST)
    return (0, short[:-1] + chr(ord(short[-1]) + 1), False) if short else END


def domain(type: Type) -> Test:
    """The test that the values of a condition column's type pass, and nothing else."""
    match type:
        case OptionalType(of):
            return AnyOf((IsMissing(), domain(of)))
        case EnumerationType(_, members):
            return AnyOf(tuple(Equals(member.name) for member in members))
        case BoolType():
            return AnyOf((Equals(False), Equals(True)))
        case IntType() | DecimalType():
            return Between(type.low, type.high)
    if isinstance(type, Temporal):
        return Between(type.low, type.high)
    return IsPresent()


def cut(type: Type, tests: Iterable[Test]) -> Callable[[Test], int]:
    """A column cut at the edges of its domain and of `tests`: gives any test's pieces, as bits.

    One that cuts elsewhere gets all pieces that it reaches into, so that none of its values is lost.
    """
    if isinstance(type, SetType):
        return _cut_sets(type, tuple(dict.fromkeys(tests)))
    held = [extent for test in {domain(type), *tests} for extent in extents(type, test)]
    edges = sorted({MISSING, PRESENT, END}.union(*held))

    @cache
    def pieces(test: Test) -> int:
        found = 0
        for low, high in extents(type, test):
            if low < high:
                found |= (1 << bisect_left(edges, high)) - (1 << bisect_right(edges, low) - 1)
        return found

    return pieces


def _cut_sets(type: SetType, tests: Sequence[Test]) -> Callable[[Test], int]:
    """The same of sets of members: a piece is all sets that pass the same of `tests`."""
    places: dict[tuple[bool, ...], int] = {}
    for each in _samples(type, tests):
        places.setdefault(tuple(_passes(each, test) for test in tests), len(places))
    known = {
        test: sum(1 << place for passed, place in places.items() if passed[number])
        for number, test in enumerate(tests)
    }

    @cache
    def pieces(test: Test) -> int:
        if test in known:
            return known[test]
        found = 0
        for each in _samples(type, (*tests, test)):
            if _passes(each, test):
                found |= 1 << places[tuple(_passes(each, other) for other in tests)]
        return found

    return pieces


def _samples(type: SetType, tests: Iterable[Test]) -> Iterable[frozenset[str]]:
    """A set for each way in which sets can pass some of the tests: member by member, in or left out."""
    assert isinstance(type.of, EnumerationType)
    names = [member.name for member in type.of.members]
    most: dict[tuple[str, ...], int] = {}
    for members, low, high in (number for test in tests for number in _numbers(names, test)):
        most[members] = max(most.get(members, 0), low, high + 1)
    ends = [*most.values()]
    found = {(0,) * len(most): frozenset[str]()}
    for name in names:
        counted = [place for place, members in enumerate(most) if name in members]
        for counts, held in tuple(found.items()):
            reached = [*counts]
            for place in counted:
                reached[place] = min(counts[place] + 1, ends[place])
            found.setdefault(tuple(reached), held | {name})
    return found.values()


def _numbers(names: Sequence[str], test: Test) -> Iterator[HowMany]:
    """All numbers of members that a test asks for, just one set being those it has and no other."""
    match test:
        case Holds(ways):
            yield from (number for way in ways for number in way)
        case Equals(frozenset() as value):
            for members in (
                tuple(n for n in names if (n in value) is is_in) for is_in in (True, False)
            ):
                yield HowMany(members, 0, len(members))


def _passes(held: frozenset[str], test: Test) -> bool:
    match test:
        case Anything() | IsPresent():
            return True
        case Equals(value):
            return value == held
        case Holds(ways):
            return any(
                all(low <= len(held.intersection(of)) <= high for of, low, high in way)
                for way in ways
            )
    return False


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, ascending."""
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1


def _edge(type: Type, value: Scalar, *, after: bool) -> Edge:
    """The place before or after `value`, alike for two values with none of the type between them."""
    match value:
        case str():
            return 0, value, after
        case bool():
            return value + after, "", False
        case time():
            return _seconds(value) + after, "", False
        case datetime():
            return 86_400 * value.toordinal() + _seconds(value) + after, "", False
        case date():
            return value.toordinal() + after, "", False
    inner = type.present
    if isinstance(value, int) and not isinstance(inner, DecimalType):
        return value + after, "", False
    scaled = Fraction(value) * 10 ** (inner.digits if isinstance(inner, DecimalType) else 0)
    return floor(scaled) + 1 if after else ceil(scaled), "", False


def _seconds(value: time | datetime) -> int:
    """Since midnight."""
    return 3_600 * value.hour + 60 * value.minute + value.second
