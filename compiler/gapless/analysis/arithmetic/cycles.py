"""Orders of columns that cannot hold together, for they go round: `a < b`, `b <= c`, `c <= a`.

What columns are is not asked, so this takes no search, and it names no more orders than play a part.
A difference of orders is consistent unless some cycle is strict (R. Dechter, I. Meiri and J. Pearl, 1991).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from gapless.analysis.arithmetic.dependent import Following
from gapless.analysis.domain.derived import ABOVE, BELOW, LIKE, Ordering
from gapless.analysis.domain.partition import bits
from gapless.model import ColumnValue, Constant

End: TypeAlias = tuple[Constant | ColumnValue, tuple[str, ...]]
"""What is compared, and the ordered list by which it is, if it is by one."""


class _Order(NamedTuple):
    """How a comparison, which is axis `place`, may stand."""

    place: int
    left: End
    right: End
    signs: frozenset[object]


def cycle(following: Following, masks: Sequence[int], places: Iterable[int]) -> tuple[int, ...]:
    """Comparisons among `places` that cannot all be as the masks of their axes have it; empty if none are found.

    The fewest that are found from any one of them.
    """
    orders = [*_orders(following, masks, places)]
    steps: dict[End, list[tuple[End, int]]] = {}
    for place, low, high in (each for order in orders for each in _rising(order)):
        steps.setdefault(low, []).append((high, place))
    found: list[tuple[int, ...]] = []
    for order in orders:
        ways = [_way(steps, *ends) for ends in _barring(order)]
        if ways and all(way is not None for way in ways):
            found.append((order.place, *(place for way in ways for place in way or ())))
    return tuple(sorted(set(min(found, key=lambda each: len(set(each)), default=()))))


def _orders(following: Following, masks: Sequence[int], places: Iterable[int]) -> Iterator[_Order]:
    """The comparisons whose ends are there, whatever else holds."""
    for place in places:
        definition, axis = following.definition(place), following.axes[place]
        if isinstance(definition, Ordering) and masks[place] != axis.whole:
            signs = frozenset(axis.sample(number) for number in bits(masks[place]))
            if None not in signs:
                left, right = (
                    (definition.left, definition.members),
                    (definition.right, definition.members),
                )
                yield _Order(place, left, right, signs)


def _rising(order: _Order) -> Iterator[tuple[int, End, End]]:
    """The first end is at most the second."""
    if order.signs <= {BELOW, LIKE}:
        yield order.place, order.left, order.right
    if order.signs <= {ABOVE, LIKE}:
        yield order.place, order.right, order.left


def _barring(order: _Order) -> Iterator[tuple[End, End]]:
    """If the first end of each of these were at most the second, the comparison could not be so."""
    if LIKE in order.signs:
        return
    if ABOVE not in order.signs:
        yield order.right, order.left
    elif BELOW not in order.signs:
        yield order.left, order.right
    else:
        yield from ((order.left, order.right), (order.right, order.left))


def _way(steps: dict[End, list[tuple[End, int]]], start: End, goal: End) -> tuple[int, ...] | None:
    """The comparisons on a shortest way up from one end to another."""
    reached: dict[End, tuple[int, ...]] = {start: ()}
    waiting = [start]
    for end in waiting:
        if end == goal:
            return reached[end]
        for higher, place in steps.get(end, ()):
            if higher not in reached:
                reached[higher] = (*reached[end], place)
                waiting.append(higher)
    return None
