"""Values that no column allows, one of every kind: what is close to right is what slips through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from typing import Any, assert_never

from gapless.model import (
    BoolType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    ListType,
    OptionalType,
    SetType,
    TextType,
    Type,
)

_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)


class _Text(str):
    """Text that is not just text."""

    __slots__ = ()


def strangers(type: Type) -> Iterator[Any]:
    """Values outside `type`, of the right Python type and of others."""
    if isinstance(type, OptionalType):
        yield from strangers(type.of)
        return
    yield from ([], b"x", 1.5, float("nan"), float("inf"))
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
        case DateType(low, high):
            yield from ("2020-01-01", 20200101, datetime(2020, 1, 1), *_days_beside(low, high))
        case ListType() | SetType():
            raise AssertionError("lists and sets do not go in")
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


def _days_beside(low: date, high: date) -> Iterator[date]:
    if low > date.min:
        yield low - timedelta(1)
    if high < date.max:
        yield high + timedelta(1)
