"""A set of members, texts or truths as the shortest readable test of a column."""

from __future__ import annotations

from gapless.analysis.domain.partition import Axis, Other, Point, bits
from gapless.backends.code.conditions import (
    Comparison,
    Condition,
    Tested,
    among,
    joined,
    not_among,
)
from gapless.backends.code.naming import upper
from gapless.backends.code.text import string
from gapless.backends.code.values import Constants

MANY = 6
"""So many members are given a name together, and looked up rather than searched."""

LONG = 45
"""Texts of more letters, together, are given a name, so that the question still fits on a line."""


def truth(tested: Tested, mask: int, possible: int) -> Condition:
    """`urgent`, `not urgent`; spelt out where it may be missing."""
    others = possible & ~mask
    if not tested.holds(possible, Other.MISSING):
        return Comparison((tested.name if _only(tested.axis, mask) else f"not {tested.name}",))
    if mask.bit_count() == 1:
        return Comparison((tested.name, f"is {_only(tested.axis, mask)}"))
    return Comparison((tested.name, f"is not {_only(tested.axis, others)}"))


def membership(tested: Tested, mask: int, possible: int, constants: Constants) -> Condition:
    """The members by name; or those that they are not, where of all the column's members these are few."""
    axis, others = tested.axis, possible & ~mask
    inside, outside = _texts(axis, mask), _texts(axis, axis.whole & ~mask)
    closed = not tested.holds(axis.whole & ~mask, Other.TEXT)
    if tested.holds(mask, Other.TEXT) or (closed and len(outside) * 2 <= len(inside)):
        return _none_of(tested, _texts(axis, others), others, constants)
    return _one_of(tested, inside, mask, constants)


def _one_of(tested: Tested, texts: list[str], mask: int, constants: Constants) -> Condition:
    missing = tested.holds(mask, Other.MISSING)
    parts = [Comparison((tested.name, "is None"))] if missing else []
    if _is_long(texts):
        parts.append(Comparison((tested.name, f"in {_named(tested, texts, constants)}")))
    elif texts:
        parts.append(among(tested.name, _spelt(tested, texts, constants)))
    return joined("or", parts)


def _none_of(tested: Tested, texts: list[str], others: int, constants: Constants) -> Condition:
    missing = tested.holds(others, Other.MISSING)
    parts = [Comparison((tested.name, "is not None"))] if missing else []
    if _is_long(texts):
        parts.append(Comparison((tested.name, f"not in {_named(tested, texts, constants)}")))
    elif texts:
        parts.append(not_among(tested.name, _spelt(tested, texts, constants)))
    return joined("and", parts)


def _is_long(texts: list[str]) -> bool:
    return len(texts) >= MANY or (len(texts) > 1 and sum(map(len, texts)) > LONG)


def _named(tested: Tested, texts: list[str], constants: Constants) -> str:
    name = upper(tested.axis.column.name, texts[0], "and", str(len(texts) - 1), "more")
    return constants.name(frozenset(texts), name)


def _spelt(tested: Tested, texts: list[str], constants: Constants) -> list[str]:
    """Each text as it stands in the code; a long one, which then is the only one, by a name."""
    return [
        string(text)
        if len(text) <= LONG
        else constants.name(text, upper(tested.axis.column.name, text[:20]))
        for text in texts
    ]


def _texts(axis: Axis, mask: int) -> list[str]:
    atoms = (axis.atoms[number] for number in bits(mask))
    return [str(atom.value) for atom in atoms if isinstance(atom, Point)]


def _only(axis: Axis, mask: int) -> str | bool | None:
    """The value of a single atom, None for the missing one."""
    atom = axis.atoms[mask.bit_length() - 1]
    return atom.value if isinstance(atom, Point) else None
