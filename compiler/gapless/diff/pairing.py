"""What two tables take and give, held against each other: what both share, and what callers meet of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias, assert_never

from gapless.analysis.domain import ordinals as ranks
from gapless.diff.change import Effect, Shape
from gapless.model import (
    BoolType,
    Column,
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
    Table,
    TextType,
    TimeType,
    Type,
)
from gapless.text.types import type_words
from gapless.text.words import listed, literal

Ranged: TypeAlias = IntType | DecimalType | DateType | TimeType | DatetimeType


class Paired(NamedTuple):
    """An input: with the values that both sides know of it, or of one side alone."""

    column: Column
    old: int | None
    new: int | None


class Pairing(NamedTuple):
    """`inputs` are told in the new order, then what only the old table asks. `outputs` are the shared ones.

    `apart` are inputs of one name whose values have nothing in common: nothing can be compared then.
    """

    inputs: tuple[Paired, ...]
    outputs: tuple[tuple[str, int, int], ...]
    shapes: tuple[Shape, ...]
    apart: tuple[str, ...]


def paired(old: Table, new: Table, pinned: tuple[str | None, str | None]) -> Pairing:
    """How two tables stand to each other; `pinned` is the input of each side that has one value only."""
    before = {column.name: place for place, column in enumerate(old.inputs)}
    after = {column.name: place for place, column in enumerate(new.inputs)}
    for names, name in zip((before, after), pinned, strict=True):
        names.pop(name or "", None)
    inputs: list[Paired] = []
    shapes: list[Shape] = []
    apart: list[str] = []
    for name, place in after.items():
        column = new.inputs[place]
        if name not in before:
            inputs.append(Paired(column, None, place))
            shapes.append(Shape(name, True, "only the new table asks it", Effect.BREAKING))
            continue
        one = old.inputs[before[name]]
        shared = shared_type(one.type, column.type)
        if shared is None:
            apart.append(name)
        else:
            inputs.append(Paired(replace(column, type=shared), before[name], place))
        shapes += (Shape(name, True, *each) for each in _inward(one.type, column.type))
    for name, place in before.items():
        if name not in after:
            inputs.append(Paired(old.inputs[place], place, None))
            shapes.append(Shape(name, True, "only the old table asks it", Effect.BREAKING))
    shapes += _moved([n for n in before if n in after], [n for n in after if n in before], True)
    outputs, given = _outputs(old, new)
    return Pairing(tuple(inputs), outputs, (*shapes, *given), tuple(apart))


def _outputs(old: Table, new: Table) -> tuple[tuple[tuple[str, int, int], ...], list[Shape]]:
    before = {column.name: place for place, column in enumerate(old.outputs)}
    after = {column.name: place for place, column in enumerate(new.outputs)}
    shared = tuple((name, before[name], after[name]) for name in after if name in before)
    # One output is answered as itself, several as fields of one tuple.
    alone = Effect.BREAKING if 1 in (len(before), len(after)) else Effect.WIDENING
    shapes = [
        Shape(name, False, "only the new table answers it", alone)
        for name in after
        if name not in before
    ]
    shapes += (
        Shape(name, False, "only the old table answers it", Effect.BREAKING)
        for name in before
        if name not in after
    )
    shapes += _moved([n for n in before if n in after], [n for n in after if n in before], False)
    for name, one, other in shared:
        types = old.outputs[one].type, new.outputs[other].type
        shapes += (Shape(name, False, *each) for each in _outward(*types))
    return shared, shapes


def _moved(before: Sequence[str], after: Sequence[str], is_input: bool) -> Iterator[Shape]:
    """Columns that stand in another order: generated functions take and give them by place, too."""
    kind = "inputs" if is_input else "outputs"
    for one, other in zip(before, after, strict=True):
        if one != other:
            yield Shape(other, is_input, f"has another place among the {kind} now", Effect.BREAKING)


# ---------------------------------------------------------------- what both know


def shared_type(one: Type, other: Type) -> Type | None:
    """The type of the values that both types have; None where they have none in common."""
    if isinstance(one, ListType | SetType) or isinstance(other, ListType | SetType):
        if type(one) is not type(other):
            return None
        both = shared_type(one.scalar, other.scalar)
        return None if both is None else replace(one, of=both)  # type: ignore[arg-type]
    both = _shared(one.scalar, other.scalar)
    if both is None:
        return None
    optional = isinstance(one, OptionalType) and isinstance(other, OptionalType)
    return OptionalType(both) if optional else both


def _shared(one: ScalarType, other: ScalarType) -> ScalarType | None:
    match one, other:
        case (EnumerationType(), EnumerationType()):
            kept = tuple(each for each in other.members if each.name in one.names)
            return replace(other, members=kept) if kept else None
        case (BoolType(), BoolType()) | (TextType(), TextType()):
            return other
        case (IntType() | DecimalType(), IntType() | DecimalType()):
            # The coarser of the two has the values that both have.
            coarse = min((one, other), key=lambda each: getattr(each, "digits", 0))
            return _within(coarse, one, other)
        case (DateType(), DateType()) | (TimeType(), TimeType()) | (DatetimeType(), DatetimeType()):
            return _within(other, one, other)  # type: ignore[arg-type]
    return None


def _within(kind: Ranged, one: Ranged, other: Ranged) -> Ranged | None:
    """The kind with the inner ones of the bounds."""
    lows: list[int] = [
        ranks.first_at(kind, each.low) for each in (one, other) if each.low is not None
    ]
    highs: list[int] = [
        ranks.first_after(kind, each.high) - 1 for each in (one, other) if each.high is not None
    ]
    low, high = max(lows, default=None), min(highs, default=None)
    if low is not None and high is not None and low > high:
        return None
    ends = (None if each is None else ranks.value_at(kind, each) for each in (low, high))
    return replace(kind, **dict(zip(("low", "high"), ends, strict=True)))  # type: ignore[arg-type]


# ---------------------------------------------------------------- what callers meet


Said: TypeAlias = tuple[str, Effect, bool | None]


def _inward(one: Type, other: Type) -> Iterator[Said]:
    """Of an input: more that can go in is no trouble, less is."""
    for what, grows in _differences(one, other):
        yield what, Effect.WIDENING if grows else Effect.BREAKING, grows


def _outward(one: Type, other: Type) -> Iterator[Said]:
    """Of an output: less that can come out is no trouble, more may be."""
    for what, grows in _differences(one, other):
        effects = {True: Effect.WIDENING, False: Effect.COMPATIBLE, None: Effect.BREAKING}
        yield what, effects[grows], grows


def _differences(one: Type, other: Type) -> Iterator[tuple[str, bool | None]]:
    """What is different about a type, and whether it has more values for it; None: it is another kind."""
    forms = tuple(
        type(each) if isinstance(each, ListType | SetType) else None for each in (one, other)
    )
    if forms[0] is not forms[1]:
        yield _instead(one, other), None
        return
    a, b = one.scalar, other.scalar
    missing = isinstance(one, OptionalType), isinstance(other, OptionalType)
    if missing == (False, True):
        yield "may be missing now", True
    if missing == (True, False):
        yield "must not be missing any more", False
    match a, b:
        case (EnumerationType(), EnumerationType()):
            yield from _members(a, b)
        case (IntType() | DecimalType(), IntType() | DecimalType()):
            if type(a) is not type(b):
                yield _instead(one, other), None
                return
            yield from _digits(a, b)
            yield from _bounds(a, b)
        case (DateType(), DateType()) | (TimeType(), TimeType()) | (DatetimeType(), DatetimeType()):
            yield from _bounds(a, b)  # type: ignore[arg-type]
        case _ if type(a) is not type(b):
            yield _instead(one, other), None


def _instead(one: Type, other: Type) -> str:
    return f"is {type_words(other)} now, was {type_words(one)}"


def _members(one: EnumerationType, other: EnumerationType) -> Iterator[tuple[str, bool]]:
    before: Mapping[str, Member] = {each.name: each for each in one.members}
    after = {each.name: each for each in other.members}
    more = [literal(name) for name in after if name not in before]
    fewer = [literal(name) for name in before if name not in after]
    if more:
        yield f"has {listed(more)} more", True
    if fewer:
        yield f"lacks {listed(fewer)} now", False


def _digits(one: IntType | DecimalType, other: IntType | DecimalType) -> Iterator[tuple[str, bool]]:
    if (
        isinstance(one, DecimalType)
        and isinstance(other, DecimalType)
        and one.digits != other.digits
    ):
        yield f"has {other.digits} digits now, had {one.digits}", other.digits > one.digits


def _bounds(one: Ranged, other: Ranged) -> Iterator[tuple[str, bool]]:
    for name, a, b, sign in (
        ("lower", one.low, other.low, 1),
        ("upper", one.high, other.high, -1),
    ):
        if a != b:
            yield f"{name} bound is {_end(b)} now, was {_end(a)}", _is_wider(a, b, sign)


def _is_wider(a: Scalar | None, b: Scalar | None, sign: int) -> bool:
    if a is None or b is None:
        return b is None
    return b < a if sign > 0 else b > a  # type: ignore[operator]


def _end(value: Scalar | None) -> str:
    return "open" if value is None else literal(value)


def both(one: ScalarType, other: ScalarType) -> bool:
    """Whether the values of two types can be held against each other."""
    match one:
        case IntType() | DecimalType():
            return isinstance(other, IntType | DecimalType)
        case EnumerationType() | TextType():
            return isinstance(other, EnumerationType | TextType)
        case BoolType() | DateType() | TimeType() | DatetimeType():
            return type(one) is type(other)
    assert_never(one)
