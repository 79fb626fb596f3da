"""How derived columns follow from inputs: exactly in one case, and as intervals in a part of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from gapless.analysis.composition.calls import Fixed, Piece, Same
from gapless.analysis.domain.axes import Axis
from gapless.analysis.domain.derived import ABOVE, BELOW, LIKE, Definition, Ordering, named_in
from gapless.model import (
    NO_VALUE,
    ColumnValue,
    Constant,
    Scalar,
    Value,
    fitted,
    value_of,
)

Case: TypeAlias = tuple[Scalar | None, ...]
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
                waiting.extend(each for name in named_in(definition) for each in self._behind(name))
            found.add(place)
        return frozenset(found)

    def _behind(self, name: str) -> Iterator[int]:
        """The axes that the value of a column depends on directly."""
        if name in self.places:
            yield self.places[name]
            return
        yield from self._looked_up_by[name]

    @cached_property
    def _looked_up_by(self) -> dict[str, frozenset[int]]:
        return {name: frozenset(self._seen_in(pieces)) for name, pieces in self.lets.items()}

    def _seen_in(self, pieces: Sequence[Piece]) -> Iterator[int]:
        for box, answer in pieces:
            yield from (place for place, mask in enumerate(box) if mask != self.axes[place].whole)
            if isinstance(answer, Same):
                yield answer.input


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
        assert not isinstance(value, tuple | frozenset)
        found = axis.locate(value)
        assert found is not None, "a derived column's type takes in all that it can be"
        return found

    def _derived(self, place: int) -> Value:
        definition = self.following.definition(place)
        assert definition is not None
        if isinstance(definition, Ordering):
            return _stands(definition, self._end(definition.left), self._end(definition.right))
        found = fitted(value_of(definition, self.value), self.following.axes[place].column.type)  # type: ignore[arg-type]
        assert found is not NO_VALUE
        return found  # type: ignore[return-value]

    def _end(self, end: Constant | ColumnValue) -> Value:
        return end.value if isinstance(end, Constant) else self.value(end.column)

    def _looked_up(self, name: str) -> Value:
        for box, answer in self.following.lets[name]:
            if all(
                mask >> self.atom(place) & 1
                for place, mask in enumerate(box)
                if mask != self.following.axes[place].whole
            ):
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
        left, right = (ordering.members.index(str(end)) for end in (left, right))
    if left == right:
        return LIKE
    return BELOW if left < right else ABOVE  # type: ignore[operator]
