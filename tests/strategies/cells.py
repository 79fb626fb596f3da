"""What condition cells say: any test, and tests that part a column between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import strategies as st

from gapless.model import (
    AnyOf,
    Anything,
    Begins,
    Between,
    DecimalType,
    EnumerationType,
    Equals,
    Holds,
    HowMany,
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
    TextType,
    Type,
)
from tests.strategies.types import inner, scalars


@st.composite
def tests(draw: st.DrawFn, type: Type) -> Test:
    """What a cell of a column could say; it may be that nothing passes it."""
    if draw(st.integers(0, 9)) < 4 or is_not_asked(type):
        return Anything()
    if isinstance(type, SetType):
        return draw(_of_sets(type))
    of = inner(type)
    parts: list[Test] = draw(st.lists(_parts(of), min_size=1, max_size=3))
    either: Test = parts[0] if len(parts) == 1 else AnyOf(tuple(parts))
    forms: list[Test] = [either, either, NoneOf(tuple(parts))]
    if isinstance(type, OptionalType):
        forms += [IsMissing(), IsPresent(), AnyOf((IsMissing(), *parts))]
        forms.append(AnyOf((IsMissing(), NoneOf(tuple(parts)))))
    return draw(st.sampled_from(forms))


def is_not_asked(type: Type) -> bool:
    """Whether no cell may ask about a column: of lists, about sets of members alone."""
    if isinstance(type, SetType):
        return not isinstance(type.of, EnumerationType)
    return isinstance(type, ListType)


@st.composite
def _of_sets(draw: st.DrawFn, type: SetType) -> Holds:
    return Holds(tuple(draw(st.lists(_ways(type), min_size=1, max_size=2))))


@st.composite
def _ways(draw: st.DrawFn, type: SetType) -> tuple[HowMany, ...]:
    """One number of members, or two that are both right."""
    assert isinstance(type.of, EnumerationType)
    names = [member.name for member in type.of.members]
    numbers = []
    for _ in range(draw(st.sampled_from((1, 1, 2)))):
        those = draw(st.sets(st.sampled_from(names), min_size=1, max_size=3))
        members = tuple(name for name in names if name in those)
        count = len(members)
        low = draw(st.integers(0, count))
        ranges = ((1, count), (count, count), (0, 0), (low, draw(st.integers(low, count))))
        numbers.append(HowMany(members, *draw(st.sampled_from(ranges))))
    return tuple(numbers)


@st.composite
def _parts(draw: st.DrawFn, type: ScalarType) -> Test:
    value = draw(scalars(type))
    if isinstance(type, TextType) and value and draw(st.booleans()):
        return draw(_beginnings(str(value)))
    if not isinstance(type, IntType | DecimalType | Temporal) or draw(st.booleans()):
        return Equals(value)
    other = draw(st.none() | scalars(type))
    low, high = draw(st.permutations((value, other)))
    return Between(low, high, draw(st.booleans()), draw(st.booleans()))  # type: ignore[arg-type]


@st.composite
def _beginnings(draw: st.DrawFn, text: str) -> Begins:
    """How a text begins, perhaps without that text or a longer beginning."""
    prefix = text[: draw(st.integers(1, len(text)))]
    but: tuple[Test, ...] = draw(
        st.sampled_from(((), (), (Equals(text),), (Begins(f"{prefix}x"), Equals(f"{prefix}?"))))
    )
    return Begins(prefix, but)


@st.composite
def partitions(draw: st.DrawFn, type: Type) -> list[Test]:
    """Tests of one column of which every value passes exactly one; at least two where it can be."""
    if is_not_asked(type):
        return [Anything()]
    if isinstance(type, SetType):
        return draw(_counts(type))
    of = inner(type)
    if isinstance(of, IntType | DecimalType | Temporal):
        found = _stretches(sorted(draw(st.frozensets(scalars(of), min_size=1, max_size=3))))
    else:
        named = draw(st.lists(scalars(of), min_size=1, max_size=3, unique_by=repr))
        texts = tuple(map(Equals, named))
        found = [*texts, NoneOf(texts)]
        if isinstance(of, TextType) and (first := str(named[0])[:1]) and draw(st.booleans()):
            begins = tuple(each for each in texts if str(each.value).startswith(first))
            others = tuple(each for each in texts if each not in begins)
            found = [*texts, Begins(first, begins), NoneOf((*others, Begins(first)))]
    if not isinstance(type, OptionalType):
        return found
    number = draw(st.integers(0, len(found)))
    if number == len(found):
        return [*found, IsMissing()]
    return [AnyOf((IsMissing(), test)) if k == number else test for k, test in enumerate(found)]


@st.composite
def _counts(draw: st.DrawFn, type: SetType) -> list[Test]:
    """None of some members, each other number of them, the last ones as one."""
    assert isinstance(type.of, EnumerationType)
    names = [member.name for member in type.of.members]
    those = draw(st.sets(st.sampled_from(names), min_size=1, max_size=3))
    members = tuple(name for name in names if name in those)
    last = draw(st.integers(1, len(members)))
    ranges = [*((n, n) for n in range(last)), (last, len(members))]
    return [Holds(((HowMany(members, *each),),)) for each in ranges]


def _stretches(cuts: Sequence[Scalar]) -> list[Test]:
    """Below the first cut, between two each, and from the last on."""
    ends = [None, *cuts, None]
    return [Between(low, high, True, False) for low, high in pairwise(ends)]  # type: ignore[arg-type]
