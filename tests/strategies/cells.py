"""What condition cells say: any test, and tests that part a column between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import strategies as st

from gapless.model import (
    AnyOf,
    Anything,
    Between,
    DecimalType,
    Equals,
    IntType,
    IsMissing,
    IsPresent,
    ListType,
    NoneOf,
    OptionalType,
    Scalar,
    ScalarType,
    SetType,
    Temporal,
    Test,
    Type,
)
from tests.strategies.types import inner, scalars


@st.composite
def tests(draw: st.DrawFn, type: Type) -> Test:
    """What a cell of a column could say; it may be that nothing passes it."""
    if draw(st.integers(0, 9)) < 4 or isinstance(type, ListType | SetType):
        return Anything()  # no cell asks about a list
    of = inner(type)
    parts: list[Test] = draw(st.lists(_parts(of), min_size=1, max_size=3))
    either: Test = parts[0] if len(parts) == 1 else AnyOf(tuple(parts))
    forms: list[Test] = [either, either, NoneOf(tuple(parts))]
    if isinstance(type, OptionalType):
        forms += [IsMissing(), IsPresent(), AnyOf((IsMissing(), *parts))]
        forms.append(AnyOf((IsMissing(), NoneOf(tuple(parts)))))
    return draw(st.sampled_from(forms))


@st.composite
def _parts(draw: st.DrawFn, type: ScalarType) -> Test:
    value = draw(scalars(type))
    if not isinstance(type, IntType | DecimalType | Temporal) or draw(st.booleans()):
        return Equals(value)
    other = draw(st.none() | scalars(type))
    low, high = draw(st.permutations((value, other)))
    return Between(low, high, draw(st.booleans()), draw(st.booleans()))  # type: ignore[arg-type]


@st.composite
def partitions(draw: st.DrawFn, type: Type) -> list[Test]:
    """Tests of one column of which every value passes exactly one; at least two where it can be."""
    if isinstance(type, ListType | SetType):
        return [Anything()]
    of = inner(type)
    if isinstance(of, IntType | DecimalType | Temporal):
        found = _stretches(sorted(draw(st.frozensets(scalars(of), min_size=1, max_size=3))))
    else:
        named = draw(st.lists(scalars(of), min_size=1, max_size=3, unique_by=repr))
        found = [*(Equals(value) for value in named), NoneOf(tuple(map(Equals, named)))]
    if not isinstance(type, OptionalType):
        return found
    number = draw(st.integers(0, len(found)))
    if number == len(found):
        return [*found, IsMissing()]
    return [AnyOf((IsMissing(), test)) if k == number else test for k, test in enumerate(found)]


def _stretches(cuts: Sequence[Scalar]) -> list[Test]:
    """Below the first cut, between two each, and from the last on."""
    ends = [None, *cuts, None]
    return [Between(low, high, True, False) for low, high in pairwise(ends)]  # type: ignore[arg-type]
