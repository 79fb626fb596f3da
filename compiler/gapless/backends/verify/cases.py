"""The cases that a generated function is tried on, how many of them, and by which reading of its rules.

Where all can be tried, all are; both ends of every stretch are, and of every column values that it
does not allow, for what is close to right is what slips through.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from enum import Enum
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any, TypeAlias, assert_never

from gapless.analysis.by_inputs import tabulation
from gapless.analysis.composition.calls import with_called
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.partition import Axis, Run
from gapless.analysis.domain.prefixes import Begun
from gapless.analysis.unit import Unit
from gapless.model import (
    BoolType,
    Column,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    Instant,
    IntType,
    ListType,
    OptionalType,
    SetType,
    Temporal,
    TextType,
    TimeType,
    Type,
    Value,
    counted,
    instant_at,
    is_end,
)
from gapless.text.words import count

READINGS = 40_000
"""So many rules in all are read, one by one for each case: that takes longest and is plainest."""

PAINTED = 3_000_000
"""Up to so many cases each is tried, against what the rules' boxes hold."""

SOME = 1_000
"""Of more cases than can be tried, or can be told apart, so many are, fewer where there are many rules."""


class Ground(Enum):
    """What the answers of a function are held against."""

    READ = "against its rules, read one by one"
    BOXES = "against what its rules claim"
    SOME = "as many as are tried where not all can be, against its rules, read one by one"


@dataclass(frozen=True, slots=True)
class Plan:
    """On how many cases a function is tried, and against what."""

    ground: Ground
    cases: int

    def __str__(self) -> str:
        """`each of 384 cases, against its rules, read one by one`."""
        if self.ground is Ground.SOME:
            return f"{count(self.cases)}, {self.ground.value}"
        whole = f"each of {count(self.cases)}" if self.cases > 1 else "its only case"
        return f"{whole}, {self.ground.value}"


@lru_cache(maxsize=256)
def planned(unit: Unit) -> Plan:
    """How the functions of a table are tried.

    Where columns are worked out from inputs, the cuts of the inputs do not tell all cases apart.
    """
    cells = prod(len(axis.atoms) for axis in unit.axes[: len(unit.table.inputs)])
    if not unit.lowered.derived and cells <= readable(unit):
        return Plan(Ground.READ, cells)
    found = tabulation(unit) if cells <= PAINTED else None
    if found is not None and found.is_ready:
        return Plan(Ground.BOXES, cells)
    return Plan(Ground.SOME, min(SOME, readable(unit)))


def readable(unit: Unit) -> int:
    """For how many cases the rules of a table, and of those it calls, may be read."""
    rules = sum(len(table.rules) for table in with_called(unit.table))
    return READINGS // rules


# ---------------------------------------------------------------- what its columns allow

Case: TypeAlias = tuple[Value, ...]

FAR = 1_000_000
"""How far from the other end a value is taken where a stretch goes on without end."""

PRIMES = (7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97)


def every(axes: Sequence[Axis]) -> Iterator[tuple[Case, ...]]:
    """For each combination of atoms, the last column's changing fastest: its lowest case, and its highest.

    So whatever else holds, both sides of every edge are tried with it.
    """
    choices = [[ends(axis, number) for number in range(len(axis.atoms))] for axis in axes]
    for chosen in product(*choices):
        low, high = tuple(each[0] for each in chosen), tuple(each[1] for each in chosen)
        yield (low,) if low == high else (low, high)


def edges(axes: Sequence[Axis]) -> Iterator[Case]:
    """Both ends of every stretch of every column, among first values of the others."""
    base = [ends(axis, 0)[0] for axis in axes]
    for place, axis in enumerate(axes):
        for number in range(len(axis.atoms)):
            for value in ends(axis, number):
                yield (*base[:place], value, *base[place + 1 :])


def some(axes: Sequence[Axis], count: int) -> Iterator[Case]:
    """So many cases: ends of stretches and values within them, all columns going round at their own pace."""
    values = [
        list(dict.fromkeys(v for n in range(len(axis.atoms)) for v in within(axis, n)))
        for axis in axes
    ]
    for turn in range(count):
        yield tuple(
            each[(turn * PRIMES[place % len(PRIMES)] + turn // len(each)) % len(each)]
            for place, each in enumerate(values)
        )


def ends(axis: Axis, number: int) -> tuple[Value, Value]:
    """The lowest and the highest value of an atom; far ones where it goes on."""
    first, *_, last = within(axis, number)
    return first, last


def within(axis: Axis, number: int) -> list[Value]:
    """Values of an atom, ascending: its ends, their neighbors and the middle; twice where it has one."""
    atom, kind = axis.atoms[number], ranks.ordered(axis.column.type)
    if isinstance(atom, Begun):
        sample = axis.sample(number)
        longer = f"{sample}{atom.prefix}~"
        return [sample, longer if axis.locate(longer) == number else sample]
    if not isinstance(atom, Run) or kind is None:
        return [axis.sample(number)] * 2
    low, high = atom
    far = FAR
    if low is None:
        low = -far if high is None else high - far
    if high is None:
        high = far if atom.low is None else low + far
    chosen = sorted({low, min(low + 1, high), (low + high) // 2, max(high - 1, low), high})
    values: list[Value] = [ranks.value_at(kind, rank) for rank in chosen]
    return values if len(values) > 1 else values * 2


# ---------------------------------------------------------------- what they do not

_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)


def strange(columns: Sequence[Column], case: Case) -> Iterator[tuple[Column, Any, Case]]:
    """A case with a value in it that its column does not allow, for each such value."""
    for place, column in enumerate(columns):
        besides = () if isinstance(column.type, OptionalType) else (None,)
        for value in (*strangers(column.type), *besides):
            yield column, value, (*case[:place], value, *case[place + 1 :])


class _Text(str):
    """Text that is not just text."""

    __slots__ = ()


def strangers(type: Type) -> Iterator[Any]:
    """Values outside `type`, of the right Python type and of others."""
    if isinstance(type, OptionalType):
        yield from strangers(type.of)
        return
    yield from (*([] if isinstance(type, SetType) else [[]]), b"x", 1.5, float("nan"), float("inf"))
    match type:
        case EnumerationType(_, members):
            yield from _texts([member.name for member in members])
        case TextType():
            yield from (0, True, _Text("x"))
        case BoolType():
            yield from (0, 1, "yes", "True")
        case IntType(low, high):
            yield from (True, "1", Decimal(1), 1.0, *_beside(low, high, 1))
        case DecimalType(digits, low, high):
            step = Decimal((0, (1,), -digits))
            yield from (True, "1", Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"))
            yield from (*_beside(low, high, step), *_between(low, high, step / 2))
            yield from (Decimal("1e-1100000"),) if (low or 0) <= 0 else ()
        case DateType():
            yield from ("2020-01-01", 20200101, datetime(2020, 1, 1), *_instants_beside(type))
        case TimeType():
            yield from ("09:00", time(9, 0, 0, 1), time(9, tzinfo=UTC), datetime(2020, 1, 1))
            yield from _instants_beside(type)
        case DatetimeType():
            yield from (
                "2020-01-01T09:00",
                date(2020, 1, 1),
                time(9),
                datetime(2020, 1, 1, tzinfo=UTC),
            )
            yield from (datetime(2020, 1, 1, 9, 0, 0, 1), *_instants_beside(type))
        case SetType(EnumerationType(_, members)):
            first = members[0].name
            yield from (0, True, first, {first: True}, [[first]], [None], [first, 0])
            yield from ([each] for each in _texts([member.name for member in members]))
        case ListType() | SetType():
            raise AssertionError("no other lists go in")
        case _:
            assert_never(type)


def _texts(members: list[str]) -> Iterator[Any]:
    first = members[0]
    others = (first.swapcase(), f"{first} ", f" {first}", "", f"{first}?", first[:-1])
    yield from (other for other in others if other not in members)
    yield from (_Text(first), 0, True)


def _beside(low: Any, high: Any, step: Any) -> Iterator[Any]:
    if low is not None:
        yield _sum(low, -step)
    if high is not None:
        yield from (_sum(high, step), *(n for n in (2**53 - 1, 2**53 + 1, 10**400) if n > high))


def _between(low: Decimal | None, high: Decimal | None, half: Decimal) -> Iterator[Decimal]:
    """Numbers that lie in the bounds and have a digit too many."""
    first = Decimal(0) if low is None else low
    yield from (_sum(first, half), _sum(first, 3 * half))
    if high is not None:
        yield _sum(high, -half)


def _sum(one: Any, other: Any) -> Any:
    """The exact sum, of decimals too that are longer than a context has room for."""
    return _EXACT.add(one, other) if isinstance(one, Decimal) else one + other


def _instants_beside(type: Temporal) -> Iterator[Instant]:
    if not is_end(type.low):
        yield instant_at(type, counted(type.low) - 1)
    if not is_end(type.high):
        yield instant_at(type, counted(type.high) + 1)
