"""Sets of members in kinds: all that no test tells apart are one kind, however many members there are.

A test counts how many of some members a set holds, so that what matters is where such a number begins
to make a difference. Members that the same tests name are counted as one group.

    any of a, b     at least 1 of {a, b}          in a set of a, b, c, d: three kinds,
    all of a, b     at least 2 of {a, b}          with none of a and b, with one, and with both
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import comb
from typing import NamedTuple, TypeAlias

from gapless.model import Column, Holds, HowMany, Scalar

MOST = 4_096
"""A column has no more kinds of sets: twelve members, each of them told apart from all others."""

Step: TypeAlias = tuple[frozenset[str], int]
"""At least so many of these, at least 1."""


class ManyKinds(Exception):
    """A column has more kinds of sets than can be told apart."""

    def __init__(self, column: Column) -> None:
        self.column = column


class Kind(NamedTuple):
    """Sets that no test tells apart: `value` is the smallest, `may` is what some of them hold, all
    together; `is_one` says that there is no other."""

    value: frozenset[Scalar | None]
    may: frozenset[str]
    is_one: bool


def steps(test: Holds) -> Iterator[Step]:
    """Where a test makes a difference."""
    for way in test.ways:
        for members, low, high in way:
            yield frozenset(members), low
            yield frozenset(members), high + 1


def exactly(value: Iterable[object], members: Iterable[str]) -> Iterator[Step]:
    """Where one set is told from all others."""
    inside = frozenset(map(str, value))
    yield inside, len(inside)
    yield frozenset(members) - inside, 1


def known(found: Iterable[Step], members: Iterable[str]) -> tuple[Step, ...]:
    """Those of the steps that sets of these members can be below and above, in an order of their own."""
    own = frozenset(members)
    inside = {(those & own, count) for those, count in found}
    real = {each for each in inside if 1 <= each[1] <= len(each[0])}
    return tuple(sorted(real, key=lambda each: (len(each[0]), sorted(each[0]), each[1])))


def key_of(value: frozenset[Scalar | None], those: Sequence[Step]) -> tuple[bool, ...]:
    """What tells the kind of a set from all others."""
    return tuple(len(members & value) >= count for members, count in those)


class _Sets(NamedTuple):
    value: tuple[int, ...]
    """The places of the members of the smallest set."""
    may: frozenset[str]
    size: int
    """How many sets they are."""

    def with_more(self, taken: Sequence[int], of: frozenset[str], ways: int) -> _Sets:
        """With some of a group, which can be chosen in so many ways."""
        value = tuple(sorted((*self.value, *taken))) if taken else self.value
        return _Sets(value, self.may | of if taken else self.may, self.size * ways)

    def __or__(self, other: _Sets) -> _Sets:
        value = min(self.value, other.value, key=lambda each: (len(each), each))
        return _Sets(value, self.may | other.may, self.size + other.size)


def kinds(members: Sequence[str], those: Sequence[Step]) -> dict[tuple[bool, ...], Kind] | None:
    """Every kind of sets of `members`, by what tells it, the smallest first; None where they are too many."""
    counted = list(dict.fromkeys(each for each, _ in those))
    most = {each: max(count for other, count in those if other == each) for each in counted}
    groups: dict[tuple[bool, ...], list[int]] = {}
    for place, member in enumerate(members):
        groups.setdefault(tuple(member in each for each in counted), []).append(place)
    states = {(0,) * len(counted): _Sets((), frozenset(), 1)}
    for named, group in groups.items():
        counters = [(place, most[counted[place]]) for place, is_in in enumerate(named) if is_in]
        those_of = frozenset(members[place] for place in group)
        after: dict[tuple[int, ...], _Sets] = {}
        for state, sets in states.items():
            for taken in range(len(group) + 1):
                reached = [*state]
                for place, end in counters:
                    reached[place] = min(state[place] + taken, end)
                found = sets.with_more(group[:taken], those_of, comb(len(group), taken))
                before = after.get(key := tuple(reached))
                after[key] = found if before is None else before | found
            if len(after) > 4 * MOST:
                return None
        states = after
    merged: dict[tuple[bool, ...], _Sets] = {}
    for state, sets in states.items():
        reached_by = dict(zip(counted, state, strict=True))
        told_by = tuple(reached_by[each] >= count for each, count in those)
        before = merged.get(told_by)
        merged[told_by] = sets if before is None else before | sets
    if len(merged) > MOST:
        return None
    ordered = sorted(merged.items(), key=lambda each: (len(each[1].value), each[1].value))
    return {
        key: Kind(frozenset(members[place] for place in sets.value), sets.may, sets.size == 1)
        for key, sets in ordered
    }


# ---------------------------------------------------------------- and back: kinds as a test


def told(
    members: Sequence[str],
    those: Sequence[Step],
    found: Sequence[tuple[bool, ...]],
    mask: int,
    possible: int,
) -> Holds:
    """The plainest test that of the kinds in `possible` just those in `mask` pass: some, not all.

    `found` are all kinds, by what tells them.
    """
    masks = {
        (step, is_reached): possible
        & sum(1 << number for number, key in enumerate(found) if key[place] is is_reached)
        for place, step in enumerate(those)
        for is_reached in (True, False)
    }
    alone = next((fact for fact in masks if masks[fact] == mask), None)
    if alone is not None:
        return Holds((_way([alone], members),))
    ways: list[tuple[HowMany, ...]] = []
    left = mask
    while left:
        first = (left & -left).bit_length() - 1
        true = [(step, found[first][place]) for place, step in enumerate(those)]
        kept = _fewest(true, masks, mask, possible)
        ways.append(_way(kept, members))
        left &= ~_shared(kept, masks, possible)
    return Holds(tuple(_joined(ways, members)))


_Fact: TypeAlias = tuple[Step, bool]
"""That a step is reached, or is not."""


def _fewest(
    true: Sequence[_Fact], masks: Mapping[_Fact, int], mask: int, whole: int
) -> list[_Fact]:
    """So many of the facts that no other kind is let in; what a set lacks is left out before what it has."""
    kept = list(true)
    for fact in sorted(true, key=lambda each: each[1]):
        rest = [each for each in kept if each != fact]
        if not _shared(rest, masks, whole) & ~mask:
            kept = rest
    return kept


def _shared(facts: Iterable[_Fact], masks: Mapping[_Fact, int], whole: int) -> int:
    for fact in facts:
        whole &= masks[fact]
    return whole


def _way(facts: Sequence[_Fact], members: Sequence[str]) -> tuple[HowMany, ...]:
    """Facts as numbers: those of the same members as one range, what is all there or not there together."""
    ranges: dict[frozenset[str], tuple[int, int]] = {}
    for (those, count), is_reached in facts:
        low, high = ranges.get(those, (0, len(those)))
        ranges[those] = (max(low, count), high) if is_reached else (low, min(high, count - 1))
    there = frozenset[str]().union(*(s for s, (low, _) in ranges.items() if low == len(s)))
    absent = frozenset[str]().union(*(s for s, (_, high) in ranges.items() if high == 0))
    found = [(there, len(there), len(there))] if there else []
    found += [(absent, 0, 0)] if absent else []
    found += [(s, low, high) for s, (low, high) in ranges.items() if low < len(s) and high]
    return tuple(HowMany(_in_order(s, members), low, high) for s, low, high in found)


def _joined(
    ways: Sequence[tuple[HowMany, ...]], members: Sequence[str]
) -> Iterator[tuple[HowMany, ...]]:
    """`any of a` or `any of b` is `any of a, b`."""
    any_of = [way[0] for way in ways if len(way) == 1 and _is_any(way[0])]
    if any_of:
        those = frozenset(name for each in any_of for name in each.members)
        yield (HowMany(_in_order(those, members), 1, len(those)),)
    yield from (way for way in ways if len(way) != 1 or not _is_any(way[0]))


def _is_any(number: HowMany) -> bool:
    return number.low == 1 and number.high == len(number.members)


def _in_order(those: Iterable[str], members: Sequence[str]) -> tuple[str, ...]:
    inside = frozenset(those)
    return tuple(each for each in members if each in inside)
