"""Whether any value at all can pass a test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import assert_never

from gapless.model import (
    AllOf,
    AnyOf,
    Anything,
    Between,
    BoolType,
    Compared,
    DateType,
    DecimalType,
    EnumerationType,
    Equals,
    IntType,
    IsMissing,
    IsPresent,
    NoneOf,
    OptionalType,
    Scalar,
    ScalarType,
    Test,
    TextType,
)
from gapless.semantics import holds


def possible(test: Test, of: ScalarType | OptionalType) -> bool:
    """Whether some value of `of` passes `test`, whose values all belong to `of`.

    How it stands to another column is not asked, only that it is there.
    """
    if isinstance(test, Compared | AllOf):
        return possible(_by_itself(test), of)
    if isinstance(of, OptionalType):
        return holds(test, None) or possible(test, of.of)
    return any(holds(test, probe) for probe in _probes(test, of))


def _by_itself(test: Compared | AllOf) -> Test:
    tests = test.tests if isinstance(test, AllOf) else ()
    return next((each for each in tests if not isinstance(each, Compared)), IsPresent())


def _probes(test: Test, of: ScalarType) -> Iterator[Scalar]:
    """Enough values to find one that passes.

    Between two neighboring edges of a test every value fares alike, so the values at the edges,
    those one step aside, and the ends of the type speak for all.
    """
    edges = tuple(_edges(test))
    match of:
        case EnumerationType():
            yield from (member.name for member in of.members)
        case BoolType():
            yield from (True, False)
        case TextType():
            yield from edges
            yield "".join(str(edge) for edge in edges) + "?"
        case IntType() | DecimalType() | DateType():
            yield from _numbers(edges, of)
        case _:
            assert_never(of)


def _numbers(edges: tuple[Scalar, ...], of: IntType | DecimalType | DateType) -> Iterator[Scalar]:
    ends = tuple(end for end in (of.low, of.high) if end is not None)
    for edge in (*edges, *ends, *(() if isinstance(of, DateType) else (0,))):
        for probe in _around(edge, of):
            low_enough = of.high is None or probe <= of.high  # type: ignore[operator]
            if low_enough and (of.low is None or probe >= of.low):  # type: ignore[operator]
                yield probe


def _around(edge: Scalar, of: IntType | DecimalType | DateType) -> tuple[Scalar, ...]:
    match of, edge:
        case DateType(), date():
            days = (edge.toordinal() + step for step in (0, -1, 1))
            last = date.max.toordinal()
            return tuple(date.fromordinal(day) for day in days if 1 <= day <= last)
        case DecimalType(digits), Decimal() | int():
            return _decimals_around(Decimal(edge), digits)
        case IntType(), int():
            return (edge, edge - 1, edge + 1)
    raise TypeError(f"{edge!r} is no value of {of!r}")


def _decimals_around(edge: Decimal, digits: int) -> tuple[Decimal, ...]:
    """As whole numbers of the last digit: `Decimal` itself would round a long sum."""
    sign, figures, exponent = edge.as_tuple()
    assert isinstance(exponent, int)
    count = int("".join(map(str, figures))) * 10 ** (exponent + digits) * (-1 if sign else 1)
    return tuple(_exactly(count + step, digits) for step in (0, -1, 1))


def _exactly(count: int, digits: int) -> Decimal:
    figures = tuple(int(figure) for figure in str(abs(count)))
    return Decimal((1 if count < 0 else 0, figures, -digits))


def _edges(test: Test) -> Iterator[Scalar]:
    match test:
        case Anything() | IsMissing() | IsPresent():
            return
        case Equals(value):
            yield value
        case Between(low, high):
            yield from (end for end in (low, high) if end is not None)
        case Compared() | AllOf():
            raise AssertionError("what compares columns stands alone in its cell")
        case AnyOf(tests) | NoneOf(tests):
            for each in tests:
                yield from _edges(each)
        case _:
            assert_never(test)
