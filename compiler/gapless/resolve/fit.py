"""Whether every value of one type is a value of another, and which are not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias

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
from gapless.resolve import writing
from gapless.resolve.findings import listed
from gapless_dsl import lexis

Ordered: TypeAlias = int | Decimal | date


def misfit(given: Type, wanted: Type) -> str | None:
    """The values of `given` that `wanted` does not take, in words; None where it takes them all."""
    match given, wanted:
        case OptionalType(of), OptionalType(wanted_of):
            return misfit(of, wanted_of)
        case OptionalType(of), _:
            return misfit(of, wanted) or "it may be `missing`"
        case _, OptionalType(wanted_of):
            return misfit(given, wanted_of)
        case (ListType(of), ListType(wanted_of)) | (SetType(of), SetType(wanted_of)):
            return misfit(of, wanted_of)
        case EnumerationType(), EnumerationType():
            strangers = tuple(each.name for each in given.members if each.name not in wanted.names)
            return _strangers(strangers) or _otherwise_ordered(given, wanted)
        case IntType(low, high), IntType(wanted_low, wanted_high):
            return _beyond(low, high, wanted_low, wanted_high)
        case DateType(low, high), DateType(wanted_low, wanted_high):
            return _beyond(low, high, wanted_low, wanted_high)
        case DecimalType(digits, low, high), DecimalType(wanted_digits, wanted_low, wanted_high):
            if digits > wanted_digits:
                return f"it may have {digits} digits after the point, not {wanted_digits}"
            return _beyond(low, high, wanted_low, wanted_high)
        case (BoolType(), BoolType()) | (TextType(), TextType()):
            return None
    return f"`{writing.type_words(given)}` is another kind of value"


def _strangers(names: tuple[str, ...]) -> str | None:
    return f"it may be {listed(names)}" if names else None


def _otherwise_ordered(given: EnumerationType, wanted: EnumerationType) -> str | None:
    """Two orders must not disagree; a list without one says nothing that could."""
    if not given.is_ordered or not wanted.is_ordered:
        return None
    places = {member.name: place for place, member in enumerate(wanted.members)}
    for lower, higher in pairwise(member.name for member in given.members):
        if places[lower] > places[higher]:
            first, second = lexis.word(lower), lexis.word(higher)
            return f"`{given.name}` has `{first}` below `{second}`, `{wanted.name}` above it"
    return None


def _beyond(
    low: Ordered | None, high: Ordered | None, least: Ordered | None, most: Ordered | None
) -> str | None:
    """How far a range reaches beyond another of its kind."""
    if least is not None and (low is None or low < least):  # type: ignore[operator]
        return f"it may be less than `{writing.value(least)}`"
    if most is not None and (high is None or high > most):  # type: ignore[operator]
        return f"it may be more than `{writing.value(most)}`"
    return None
