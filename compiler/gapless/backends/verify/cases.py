"""The cases that are tried: the lowest and the highest of every combination of stretches, and others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product
from typing import TypeAlias

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.partition import Axis, Run
from gapless.model import DateType, Scalar

Case: TypeAlias = tuple[Scalar | None, ...]

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


def ends(axis: Axis, number: int) -> tuple[Scalar | None, Scalar | None]:
    """The lowest and the highest value of an atom; far ones where it goes on."""
    first, *_, last = within(axis, number)
    return first, last


def within(axis: Axis, number: int) -> list[Scalar | None]:
    """Values of an atom, ascending: its ends, their neighbors and the middle; twice where it has one."""
    atom, kind = axis.atoms[number], ranks.ordered(axis.column.type)
    if not isinstance(atom, Run) or kind is None:
        return [axis.sample(number)] * 2
    low, high = _reach(atom, kind)
    chosen = sorted({low, min(low + 1, high), (low + high) // 2, max(high - 1, low), high})
    values: list[Scalar | None] = [ranks.value_at(kind, rank) for rank in chosen]
    return values if len(values) > 1 else values * 2


def _reach(atom: Run, kind: ranks.OrderedType) -> tuple[int, int]:
    """The ranks between which values are taken."""
    far = FAR if not isinstance(kind, DateType) else date.max.toordinal()
    match atom:
        case Run(None, None):
            return -far, far
        case Run(None, int() as high):
            return high - far, high
        case Run(int() as low, None):
            return low, low + far
        case Run(int() as low, int() as high):
            return low, high
    raise AssertionError("a run has two ends, or goes on")
