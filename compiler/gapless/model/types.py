"""Values, and the types that say which of them a column can hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Self, TypeAlias

from gapless_dsl.source import Span

Scalar: TypeAlias = str | bool | int | Decimal | date | time
"""A present value: enumeration members and text are `str`, decimals are `Decimal`, never `float`.

Moments are `datetime` without a zone, which to Python is a `date`; they and times are whole seconds.
"""

Value: TypeAlias = Scalar | tuple[Scalar | None, ...] | frozenset[Scalar | None] | None
"""Any value: `None` is missing; a list outcome is a tuple, a set outcome a frozenset."""


@dataclass(frozen=True, slots=True)
class Member:
    """A value of a closed list; `since` and `until` are the first and the last day of its life.

    It is a value on every day: what is said with it outside its life is found, not another meaning.
    """

    name: str
    label: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def has_life(self) -> bool:
        """Whether there are days on which it should not be used."""
        return self.since is not None or self.until is not None


class Plain:
    """What all types but `optional`, lists and sets are: their values are single and always there."""

    __slots__ = ()

    @property
    def present(self) -> Self:
        return self

    @property
    def scalar(self) -> Self:
        return self


@dataclass(frozen=True, slots=True)
class EnumerationType(Plain):
    """A closed list of members, at least one, names all different, in the author's order.

    Where it `is_ordered` the lowest comes first. Tests know nothing of that: a comparison is resolved
    to the members that it names.
    """

    name: str
    members: tuple[Member, ...]
    is_ordered: bool = False
    names: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", frozenset(member.name for member in self.members))

    @property
    def lived(self) -> tuple[Member, ...]:
        """The members that are not in force on every day."""
        return tuple(member for member in self.members if member.has_life)


@dataclass(frozen=True, slots=True)
class BoolType(Plain):
    """`yes` and `no`."""


@dataclass(frozen=True, slots=True)
class IntType(Plain):
    """Whole numbers; both bounds belong to the type; None is unbounded."""

    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class DecimalType(Plain):
    """Exact numbers with at most `digits` digits after the point; bounds belong to the type."""

    digits: int
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DateType(Plain):
    """Days, 0001-01-01 to 9999-12-31; bounds belong to the type."""

    low: date = date.min
    high: date = date.max


@dataclass(frozen=True, slots=True)
class TimeType(Plain):
    """Times of a day without a zone, in whole seconds; bounds belong to the type."""

    low: time = time.min
    high: time = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class DatetimeType(Plain):
    """Days with a time, without a zone, in whole seconds; bounds belong to the type."""

    low: datetime = datetime.min
    high: datetime = datetime(9999, 12, 31, 23, 59, 59)


Temporal: TypeAlias = DateType | TimeType | DatetimeType
"""What is counted by the calendar or the clock."""


@dataclass(frozen=True, slots=True)
class TextType(Plain):
    """Any string whatever."""


ScalarType: TypeAlias = EnumerationType | BoolType | IntType | DecimalType | Temporal | TextType


@dataclass(frozen=True, slots=True)
class OptionalType:
    """A value of `of`, or missing."""

    of: ScalarType

    @property
    def present(self) -> ScalarType:
        """The type of the values that are there."""
        return self.of

    @property
    def scalar(self) -> ScalarType:
        """The type of single values, as one word of the language says them."""
        return self.of


@dataclass(frozen=True, slots=True)
class ListType:
    """Outcomes only: values in an order."""

    of: ScalarType

    @property
    def present(self) -> Self:
        return self

    @property
    def scalar(self) -> ScalarType:
        return self.of


@dataclass(frozen=True, slots=True)
class SetType:
    """Different values without an order; an input only where they are members of a closed list."""

    of: ScalarType

    @property
    def present(self) -> Self:
        return self

    @property
    def scalar(self) -> ScalarType:
        return self.of


Type: TypeAlias = ScalarType | OptionalType | ListType | SetType


@dataclass(frozen=True, slots=True)
class NamedType:
    """A `type` declaration."""

    name: str
    title: str | None
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Column:
    """`type_name` is the declared name the column was given, `int` and its kin have none."""

    name: str
    type: Type
    label: str | None
    type_name: str | None
    span: Span
