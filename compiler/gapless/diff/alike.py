"""Where two answers are the same: everywhere, nowhere, or where some columns have some values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from gapless.analysis.by_inputs import Given
from gapless.analysis.domain.answers import Fixed, Same, Several
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.derived import LIKE
from gapless.analysis.domain.partition import Box, Other, Point, Run, meet
from gapless.analysis.domain.subsets import Kind
from gapless.diff.shared import Shared, may_be
from gapless.model import Value

Alternatives: TypeAlias = Sequence[Box] | None
"""Disjoint boxes: there, and only there, two answers are the same. None: that cannot be said so."""


def alike(shared: Shared, one: Given, other: Given) -> Alternatives:
    """Where two answers, told in shared columns, are the same value."""
    match one, other:
        case Fixed(a), Fixed(b):
            return [shared.wholes] if is_same(a, b) else []
        case (Same(place), Fixed(value)) | (Fixed(value), Same(place)):
            return _at(shared, place, value)
        case Same(a), Same(b):
            return [shared.wholes] if a == b else _together(shared, a, b)
    if one == other:
        return [shared.wholes]
    left, right = _items(one), _items(other)
    if left is None or right is None:
        return None
    if len(left) != len(right):
        return []
    found: list[Box] = [shared.wholes]
    unknown = False
    for each, twin in zip(left, right, strict=True):
        boxes = alike(shared, each, twin)
        if boxes is None:
            unknown = True
        else:
            found = [both for a in found for b in boxes if (both := meet(a, b)) is not None]
    return None if unknown and found else found


def needs_of(
    shared: Shared, one: Given, other: Given
) -> Iterator[tuple[int, Value] | tuple[int, int, None]]:
    """What has to be told apart so that it can be said where two answers are the same."""
    match one, other:
        case (Same(place), Fixed(value)) | (Fixed(value), Same(place)):
            if _at(shared, place, value) is None:
                yield place, value
        case Same(a), Same(b) if a != b:
            yield min(a, b), max(a, b), None
    left, right = _items(one), _items(other)
    if left is not None and right is not None and len(left) == len(right):
        for each, twin in zip(left, right, strict=True):
            yield from needs_of(shared, each, twin)


def is_same(one: Value, other: Value) -> bool:
    """Whether two values are one; `yes` is not 1."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(is_same, one, other))
    return isinstance(one, bool) is isinstance(other, bool) and one == other


def _items(given: Given) -> Sequence[Fixed | Same] | None:
    """The items of a list; of a set there is no telling which of one is which of the other."""
    match given:
        case Several(items, False):
            return items
        case Fixed(tuple() as values):
            return [Fixed(each) for each in values]
    return None


def _at(shared: Shared, place: int, value: Value) -> Alternatives:
    """Where a column has a value: the axis is cut there."""
    axis = shared.axes[place]
    if value is not None and not isinstance(value, frozenset) and not may_be(axis.column, value):
        return []
    mask = axis.atom_of(value)
    for number in bits(mask):
        match axis.atoms[number]:
            case Run(low, high) if low is None or low != high:
                return None
            case Kind(is_one=False) | Other.TEXT:
                return None
            case Run() | Kind() | Point() | Other.MISSING:
                pass
            case _:
                return None
    return [_narrowed(shared, {place: mask})] if mask else []


def _together(shared: Shared, a: int, b: int) -> Alternatives:
    """Where two columns have the same value, or are both missing."""
    order = shared.orders.get((min(a, b), max(a, b)))
    if order is None:
        return None
    found = [_narrowed(shared, {order: shared.axes[order].atom_of(LIKE)})]
    missing = {place: shared.axes[place].atom_of(None) for place in (a, b)}
    if all(missing.values()):
        absent = shared.axes[order].atom_of(None)
        found.append(_narrowed(shared, {**missing, order: absent}))
    return found


def _narrowed(shared: Shared, masks: dict[int, int]) -> Box:
    return tuple(masks.get(place, whole) for place, whole in enumerate(shared.wholes))
