"""The cases that both sides know, as axes, and where each side's own boxes, columns and answers are on them.

Inputs are shared by name, over the values that both sides know. A column that follows from others is
shared where both define it alike; else each side has its own, and what they can be together is for
the solver to find out. Where one side passes a column on and the other does not, or another one, the
axes are cut so that each part of the cases is alike or different as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import TypeAlias

from gapless.analysis.arithmetic.dependent import Following
from gapless.analysis.domain.answers import Answer, Fixed, Nothing, Piece, Same, Several
from gapless.analysis.domain.derived import (
    ABOVE,
    BELOW,
    LIKE,
    Definition,
    Ordering,
    named_in,
    put,
)
from gapless.analysis.domain.partition import Axis, Box, Cuts, axis, cuts_of, moved, value_cuts
from gapless.diff.pairing import Pairing, both, shared_type
from gapless.diff.sides import Side
from gapless.model import (
    BoolType,
    Column,
    ColumnValue,
    Constant,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    ListType,
    Member,
    OptionalType,
    SetType,
    TimeType,
    Value,
    is_kind,
)

MOST_ORDERS = 40
"""So many pairs of columns that are passed on are compared with each other."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What tells apart whether two answers are alike: `values` at which shared columns are cut, by place, and
    pairs of columns that are held against each other.
    """

    values: Mapping[int, frozenset[Value]] = field(default_factory=dict)
    orders: frozenset[tuple[int, int]] = frozenset()


Names: TypeAlias = dict[str, Constant | ColumnValue]


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """A side on the shared axes: `places` has for each of its own inputs and derived columns the shared one."""

    side: Side
    places: Mapping[int, int]
    axes: Sequence[Axis]
    _masks: dict[tuple[int, int], int] = field(default_factory=dict, repr=False)

    def box(self, box: Box) -> Box | None:
        """A box of its own, shared; None where no shared case is in it."""
        masks = [each.whole for each in self.axes]
        for place, mask in enumerate(box):
            if place == self.side.pinned:
                if not mask & self.side.unit.axes[place].atom_of(self.side.day):
                    return None
                continue
            there = self.places[place]
            masks[there] &= self.mask(place, mask)
            if not masks[there]:
                return None
        return tuple(masks)

    def mask(self, place: int, mask: int) -> int:
        """Some atoms of one of its own axes, as atoms of the shared one."""
        key = (place, mask)
        if key not in self._masks:
            shared = self.axes[self.places[place]]
            image = self.side.unit.axes[place].image(shared)
            self._masks[key] = sum(
                1 << number
                for number, atom in enumerate(image)
                if atom is not None and mask >> atom & 1
            )
        return self._masks[key]

    def answer(self, given: Answer) -> Answer:
        """An answer, told in shared columns."""
        match given:
            case Same(place):
                if place == self.side.pinned:
                    return Fixed(self.side.day)
                return Same(self.places[place])
            case Several(items, as_set):
                told = (self.answer(each) for each in items)
                return Several(tuple(e for e in told if isinstance(e, Fixed | Same)), as_set)
        return given


@dataclass(frozen=True)
class Shared:
    """`axes` are the inputs, as many as `inputs`, then what follows from them, by `definitions`.

    `orders` has for two columns that are passed on the axis that says how they stand to each other.
    """

    axes: tuple[Axis, ...]
    inputs: int
    definitions: tuple[Definition, ...]
    lets: Mapping[str, Sequence[Piece]]
    sides: tuple[Seen, Seen]
    orders: Mapping[tuple[int, int], int]
    names: Mapping[str, str]
    """What the author calls a looked-up column."""

    @property
    def wholes(self) -> Box:
        return tuple(each.whole for each in self.axes)

    @cached_property
    def following(self) -> Following | None:
        """How the later columns follow from the inputs; None where there are none."""
        if not self.definitions:
            return None
        return Following(self.axes, self.inputs, self.definitions, self.lets)


def shared(pairing: Pairing, sides: tuple[Side, Side], needs: Needs) -> Shared:
    """Both sides on axes that they share: places are the same whatever is needed besides.

    Raises OverBudget and ManyKinds.
    """
    building = _Building(pairing, sides, needs)
    building.inputs()
    while building.identified():
        pass
    building.apart()
    return building.whole()


class _Building:
    """The axes as far as they are known, and what each side calls them."""

    def __init__(self, pairing: Pairing, sides: tuple[Side, Side], needs: Needs) -> None:
        self.pairing, self.sides, self.needs = pairing, sides, needs
        self.axes: list[Axis] = []
        self.definitions: list[Definition] = []
        self.places: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self.names: tuple[Names, Names] = ({}, {})
        self.lets: dict[str, tuple[int, str]] = {}
        """Under which name which side's looked-up column is known."""

    # ------------------------------------------------------------ columns

    def inputs(self) -> None:
        for each in self.pairing.inputs:
            own = [(n, p) for n, p in enumerate((each.old, each.new)) if p is not None]
            self._add(each.column, own)
        for side, names in zip(self.sides, self.names, strict=True):
            if side.pinned_name is not None:
                names[side.pinned_name] = Constant(side.day)

    def identified(self) -> bool:
        """Whether one more column, or looked-up one, was found to be the same on both sides."""
        old, new = self.sides
        found = False
        twins = {put: place for place in self._open(1) if (put := self._put(1, place)) is not None}
        for place in self._open(0):
            one = self._put(0, place)
            other = None if one is None else twins.pop(one, None)
            column = None if other is None else self._in_common(place, other)
            if other is not None and column is not None:
                self._add(column, [(0, place), (1, other)], one)
                found = True
        for name, pieces in old.unit.looked_up.items():
            if name in self.names[0]:
                continue
            for twin, others in new.unit.looked_up.items():
                if twin not in self.names[1]:
                    told = self._told(0, pieces)
                    if told is not None and told == self._told(1, others):
                        known = f"={len(self.lets)}"
                        self.lets[known] = (0, name)
                        self.names[0][name] = self.names[1][twin] = ColumnValue(known)
                        found = True
                        break
        return found

    def _in_common(self, place: int, other: int) -> Column | None:
        """A derived column with the values that it has on both sides, if it can be missing on both or neither."""
        one, two = (
            side.unit.axes[each].column
            for side, each in zip(self.sides, (place, other), strict=True)
        )
        optional = isinstance(one.type, OptionalType) is isinstance(two.type, OptionalType)
        both = shared_type(one.type, two.type) if optional else None
        return None if both is None else replace(one, type=both)

    def apart(self) -> None:
        """What is left is each side's own."""
        waiting: list[tuple[int, int, Axis]] = []
        for number, side in enumerate(self.sides):
            for name in side.unit.looked_up:
                if name not in self.names[number]:
                    known = f"={len(self.lets)}"
                    self.lets[known] = (number, name)
                    self.names[number][name] = ColumnValue(known)
            for place in self._open(number):
                made = side.unit.axes[place]
                self.names[number][made.column.name] = ColumnValue(
                    self._free(made.column.name, number)
                )
                waiting.append((number, place, made))
                self._append(made.column, [(number, place)], self.names[number][made.column.name])
        for number, place, _ in waiting:
            definition = self._put(number, place)
            assert definition is not None, "every column has a name by now"
            self.definitions.append(definition)

    def whole(self) -> Shared:
        inputs = len(self.pairing.inputs)
        orders = self._orders()
        seen = tuple(
            Seen(side, places, tuple(self.axes))
            for side, places in zip(self.sides, self.places, strict=True)
        )
        lets = {
            known: [*_pieces(seen[number], self.sides[number].unit.looked_up[name])]
            for known, (number, name) in self.lets.items()
        }
        names = {known: name for known, (_, name) in self.lets.items()}
        return Shared(
            tuple(self.axes),
            inputs,
            tuple(self.definitions),
            lets,
            (seen[0], seen[1]),
            orders,
            names,
        )

    def _open(self, number: int) -> list[int]:
        """The derived columns of a side that have no shared place yet."""
        unit = self.sides[number].unit
        places = range(len(unit.table.inputs), unit.inputs)
        return [place for place in places if place not in self.places[number]]

    def _put(self, number: int, place: int) -> Definition | None:
        """What a side's own derived column is, in shared names; None where some are not known."""
        unit, names = self.sides[number].unit, self.names[number]
        definition = unit.lowered.derived[place - len(unit.table.inputs)].definition
        if any(name not in names for name in named_in(definition)):
            return None
        return put(definition, names)

    def _add(
        self, column: Column, own: list[tuple[int, int]], definition: Definition | None = None
    ) -> None:
        """One more axis, and the name that those who have it know it by."""
        free = self._free(column.name, own[0][0])
        for number, place in own:
            self.names[number][self.sides[number].unit.axes[place].column.name] = ColumnValue(free)
        self._append(column, own, ColumnValue(free))
        if definition is not None:
            self.definitions.append(definition)

    def _append(
        self, column: Column, own: list[tuple[int, int]], name: Constant | ColumnValue
    ) -> None:
        assert isinstance(name, ColumnValue)
        column = replace(column, name=name.column)
        cut = Cuts()
        for number, place in own:
            made = self.sides[number].unit.axes[place]
            cut |= moved(cuts_of(made), made.column, column)
            self.places[number][place] = len(self.axes)
        for value in self.needs.values.get(len(self.axes), ()):
            cut |= value_cuts(column, value) if may_be(column, value) else Cuts()  # type: ignore[arg-type]
        self.axes.append(axis(column, cut))

    def _free(self, name: str, number: int) -> str:
        taken = {each.column.name for each in self.axes}
        names = (
            each.column
            for some in self.names
            for each in some.values()
            if isinstance(each, ColumnValue)
        )
        taken.update(names)
        if name not in taken:
            return name
        return f"{name} ({('before', 'after')[number]})"

    def _told(self, number: int, pieces: Sequence[Piece]) -> object | None:
        """Pieces of a looked-up column in shared terms; None where they rest on what is not shared yet."""
        side, places = self.sides[number], self.places[number]
        unit = side.unit
        seen = Seen(side, places, self.axes)
        found = set()
        for box, answer, _ in pieces:
            narrowed = []
            for place, mask in enumerate(box):
                if mask == unit.axes[place].whole:
                    continue
                if place == side.pinned:
                    if not mask & unit.axes[place].atom_of(side.day):
                        break
                elif place not in places:
                    return None
                else:
                    narrowed.append((places[place], seen.mask(place, mask)))
            else:
                items = answer.items if isinstance(answer, Several) else (answer,)
                if any(
                    isinstance(each, Same)
                    and each.input not in places
                    and each.input != side.pinned
                    for each in items
                ):
                    return None
                if all(mask for _, mask in narrowed):
                    found.add((frozenset(narrowed), seen.answer(answer)))
        return found

    # ------------------------------------------------------------ what is passed on

    def _orders(self) -> dict[tuple[int, int], int]:
        """How columns stand that one side passes on where the other passes on another: an axis for each two."""
        found: dict[tuple[int, int], int] = {}
        for pair in sorted(self.needs.orders)[:MOST_ORDERS]:
            column = self._ordering(*pair)
            if column is not None:
                found[pair] = len(self.axes)
                self.axes.append(axis(column[0], Cuts()))
                self.definitions.append(column[1])
        return found

    def _ordering(self, a: int, b: int) -> tuple[Column, Ordering] | None:
        left, right = self.axes[a].column, self.axes[b].column
        if isinstance(left.type, ListType | SetType) or isinstance(right.type, ListType | SetType):
            return None
        members: tuple[str, ...] = ()
        match left.type.scalar, right.type.scalar:
            case (EnumerationType() as one, EnumerationType() as other):
                names = (each.name for of in (one, other) for each in of.members)
                members = tuple(dict.fromkeys(names))
            case (one, other):
                if self.axes[a].kind is None or not both(one, other):
                    return None
        of = EnumerationType("order", tuple(Member(name) for name in (BELOW, LIKE, ABOVE)))
        optional = any(isinstance(each.type, OptionalType) for each in (left, right))
        name = f"{left.name} against {right.name} in the answer"
        column = replace(left, name=name, type=OptionalType(of) if optional else of)
        return column, Ordering(ColumnValue(left.name), ColumnValue(right.name), members)


def _pieces(seen: Seen, pieces: Iterable[Piece]) -> Iterator[Piece]:
    for box, answer, _ in pieces:
        there = seen.box(box)
        if there is not None:
            yield Piece(there, answer if isinstance(answer, Nothing) else seen.answer(answer))


def may_be(column: Column, value: Value) -> bool:
    """Whether a value is of the kind of a column's present ones."""
    if isinstance(column.type, ListType | SetType):
        return isinstance(value, frozenset) and isinstance(column.type.of, EnumerationType)
    match column.type.scalar:
        case IntType() | DecimalType():
            return isinstance(value, int | Decimal) and not isinstance(value, bool)
        case BoolType():
            return isinstance(value, bool)
        case DateType() | TimeType() | DatetimeType() as of:
            return is_kind(value, of)
    return isinstance(value, str)
