"""Types of columns, and their values."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from gapless.model import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    ListType,
    Member,
    OptionalType,
    Scalar,
    ScalarType,
    SetType,
    TextType,
    TimeType,
    Type,
    Value,
    counted,
    instant_at,
)
from tests.strategies.words import HOSTILE_WORDS, words

LETTERS = EnumerationType("Letter", tuple(Member(name) for name in "abc"))
PAIR = EnumerationType("pair", (Member("p", 'the "first"'), Member("q", '"""')))
LEVELS = EnumerationType(
    "Level", (Member("none"), Member("low", "A little"), Member("mid"), Member("high")), True
)
WORDS = EnumerationType("None", tuple(Member(name, name) for name in HOSTILE_WORDS if name.strip()))

MORNING = datetime(2020, 1, 1, 9)

scalar_types: st.SearchStrategy[ScalarType] = st.sampled_from(
    (
        *(LETTERS, LETTERS, PAIR, LEVELS, WORDS, BoolType(), TextType()),
        *(IntType(), IntType(0, 4), IntType(-20_000, 30_000), IntType(1, None), IntType(None, -1)),
        *(DecimalType(0), DecimalType(1, Decimal("0.0"), Decimal("0.5"))),
        *(DecimalType(2, Decimal("0.01"), None), DecimalType(3, None, Decimal("-0.005"))),
        *(
            DateType(),
            DateType(date(2020, 1, 1), date(2020, 1, 4)),
            DateType(date(2024, 2, 28)),
            DateType(high=date(2020, 1, 5)),
        ),
        *(TimeType(), TimeType(time(9), time(9, 0, 3)), TimeType(high=time(0, 0, 30))),
        *(DatetimeType(), DatetimeType(MORNING, datetime(2020, 1, 1, 9, 0, 4))),
    )
)

set_types: st.SearchStrategy[Type] = st.sampled_from(
    tuple(SetType(of) for of in (LETTERS, LETTERS, PAIR, LEVELS, WORDS))
)
"""Of several members, which conditions ask about."""

input_types: st.SearchStrategy[Type] = st.one_of(
    scalar_types, scalar_types.map(OptionalType), scalar_types, set_types
)

output_types: st.SearchStrategy[Type] = (
    input_types | scalar_types.map(ListType) | scalar_types.map(SetType)
)


def inner(type: Type) -> ScalarType:
    """The type of the values themselves."""
    return type.of if isinstance(type, OptionalType | ListType | SetType) else type


def scalars(type: ScalarType) -> st.SearchStrategy[Scalar]:
    """Values of a type; those of open types mostly near each other, so that rules meet."""
    match type:
        case EnumerationType(_, members):
            return st.sampled_from([member.name for member in members])
        case BoolType():
            return st.booleans()
        case TextType():
            return st.sampled_from(("x", "y", "Dr. No", "")) | words
        case IntType(low, high):
            middle = low if low is not None else high if high is not None else 0
            near = st.integers(
                middle - 4 if low is None else max(low, middle - 4),
                middle + 4 if high is None else min(high, middle + 4),
            )
            return near | st.integers(low, high)
        case DecimalType(digits, low, high):
            first = int((low if low is not None else Decimal(-10)).scaleb(digits))
            last = int((high if high is not None else Decimal(10)).scaleb(digits))
            return st.integers(first, last).map(lambda rank: Decimal(rank).scaleb(-digits))
        case DateType(low, high):
            start = min(max(low, date(2020, 1, 1)), high)
            near = st.integers(0, min((high - start).days, 1500))
            return near.map(lambda days: start + timedelta(days)) | st.dates(low, high)
        case TimeType() | DatetimeType():
            first, last = counted(type.low), counted(type.high)
            morning = MORNING.time() if isinstance(type, TimeType) else MORNING
            middle = min(max(first, counted(morning)), last)
            near = st.integers(middle, min(middle + 3, last))
            return (near | st.integers(first, last)).map(lambda count: instant_at(type, count))


def values(type: Type) -> st.SearchStrategy[Value]:
    """Values of any type."""
    match type:
        case OptionalType(of):
            return st.none() | scalars(of)
        case ListType(of):
            return st.lists(scalars(of), max_size=3).map(tuple)
        case SetType(of):
            return st.frozensets(scalars(of), max_size=3)
        case _:
            return scalars(type)
