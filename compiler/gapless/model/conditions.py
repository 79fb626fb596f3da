"""Tests on the value of one column."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from gapless.model.instants import Instant
from gapless.model.types import Scalar
from gapless_dsl.source import Span

# A condition is a test of one value. `None`, the missing value, satisfies only `Anything`,
# `IsMissing`, and an `AnyOf` that holds one of these.


@dataclass(frozen=True, slots=True)
class Anything:
    """`-`: every value, the missing one too."""


@dataclass(frozen=True, slots=True)
class IsMissing:
    """`missing`."""


@dataclass(frozen=True, slots=True)
class IsPresent:
    """`present`."""


@dataclass(frozen=True, slots=True)
class Equals:
    value: Scalar


@dataclass(frozen=True, slots=True)
class Between:
    """From `low` to `high`; an absent end is open; for numbers, days and times only."""

    low: int | Decimal | Instant | None
    high: int | Decimal | Instant | None
    low_included: bool = True
    high_included: bool = True


@dataclass(frozen=True, slots=True)
class Begins:
    """`77*`: a text whose first letters these are, that text itself too; of text columns only.

    Such a text that passes one of `but` is left out: texts, and longer beginnings.
    """

    prefix: str
    but: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of `tests`."""

    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """A present value that passes none of `tests`; an author who means missing too writes `missing, not …`."""

    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """How a present value stands to that of another column, present too: `<`, `<=`, `>`, `>=`, `=`,
    or `<>`, below or above it.

    `members` are those of an ordered list, the lowest first; empty for numbers, days and times.
    """

    operator: str
    column: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of `tests`: a range of which an end is another column."""

    tests: tuple[Between | Compared | AnyOf, ...]


class HowMany(NamedTuple):
    """So many of `members` does a set hold: from `low` to `high`, both included.

    Any of them is one at least, all of them is all, and none of them is 0.
    """

    members: tuple[str, ...]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Holds:
    """A set for which, in one of `ways`, every number is right."""

    ways: tuple[tuple[HowMany, ...], ...]


Test: TypeAlias = (
    Anything
    | IsMissing
    | IsPresent
    | Equals
    | Begins
    | Between
    | AnyOf
    | NoneOf
    | Compared
    | AllOf
    | Holds
)


def begins(test: Test) -> bool:
    """Whether a test asks how a text begins."""
    match test:
        case Begins():
            return True
        case AnyOf(tests) | NoneOf(tests):
            return any(map(begins, tests))
    return False


class Condition(NamedTuple):
    """One condition cell: what it tests, how it is written (`text`), and where."""

    test: Test
    text: str
    span: Span
