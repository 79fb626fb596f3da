"""A set of atoms as the shortest readable test of one column, given which atoms it may still be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from gapless import ranks
from gapless.backends.python.naming import upper
from gapless.backends.python.text import string
from gapless.backends.python.values import Constants
from gapless.model import AnyOf, Between, BoolType, Equals, NoneOf, OptionalType, Rule, Test
from gapless.space import Axis, Other, Point, Run, bits

LONG_LIST = 6
"""From so many members on a list of them is given a name, and looked up rather than searched."""


LONG_TEXT = 45
"""Of so many letters together, texts are given a name, so that the question still fits on a line."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`parts` are where it may be broken: `setting`, `== "hospital"`."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Junction:
    """Conditions joined by `and` or `or`, at least two."""

    word: str
    operands: tuple[Condition, ...]


Condition: TypeAlias = Comparison | Junction

Number: TypeAlias = int | Decimal | date


@dataclass(frozen=True, slots=True)
class Tested:
    """A column under test: its axis, its name in the code, and the values that its author wrote."""

    axis: Axis
    name: str
    written: frozenset[Number]


def joined(word: str, conditions: Iterable[Condition]) -> Condition:
    """The conditions as one."""
    operands: list[Condition] = []
    for each in conditions:
        if isinstance(each, Junction) and each.word == word:
            operands.extend(each.operands)
        else:
            operands.append(each)
    return operands[0] if len(operands) == 1 else Junction(word, tuple(operands))


def written(rules: Iterable[Rule], number: int) -> frozenset[Number]:
    """The numbers and dates that the conditions on column `number` name."""
    return frozenset(value for rule in rules for value in _named(rule.conditions[number].test))


def condition(tested: Tested, mask: int, possible: int, constants: Constants) -> Condition | None:
    """What tells the atoms `mask` from the rest of `possible`, or None where there is no rest."""
    mask &= possible
    if mask == possible:
        return None
    if ranks.ordered(tested.axis.column.type) is not None:
        return _ordered(tested, mask, possible, constants)
    if isinstance(_inner(tested.axis), BoolType):
        return _truth(tested, mask, possible)
    return _membership(tested, mask, possible, constants)


# ---------------------------------------------------------------- yes and no


def _truth(tested: Tested, mask: int, possible: int) -> Condition:
    """`urgent`, `not urgent`; spelt out where it may be missing."""
    others = possible & ~mask
    if possible.bit_count() == 2 and not _has_missing(tested.axis, possible):
        return Comparison((tested.name if _only(tested.axis, mask) else f"not {tested.name}",))
    if mask.bit_count() == 1:
        return Comparison((tested.name, f"is {_only(tested.axis, mask)}"))
    return Comparison((tested.name, f"is not {_only(tested.axis, others)}"))


def _only(axis: Axis, mask: int) -> str | bool | None:
    atom = axis.atoms[mask.bit_length() - 1]
    return atom.value if isinstance(atom, Point) else None


# ---------------------------------------------------------------- members and texts


def _membership(tested: Tested, mask: int, possible: int, constants: Constants) -> Condition:
    """The members by name, or those that they are not, where of all the column's members these are few."""
    axis = tested.axis
    inside, outside = _texts(axis, mask), _texts(axis, axis.whole & ~mask)
    others = possible & ~mask
    few = len(outside) * 2 <= len(inside) and not _holds(axis, axis.whole & ~mask, Other.TEXT)
    if few or _holds(axis, mask, Other.TEXT):
        return _none_of(tested, _texts(axis, others), _has_missing(axis, others), constants)
    return _one_of(tested, inside, _has_missing(axis, mask), constants)


def _one_of(tested: Tested, texts: list[str], missing: bool, constants: Constants) -> Condition:
    parts = [Comparison((tested.name, "is None"))] if missing else []
    if len(texts) == 1:
        parts.append(Comparison((tested.name, f"== {_word(tested, texts[0], constants)}")))
    elif texts:
        parts.append(Comparison((tested.name, f"in {_listed(tested, texts, constants)}")))
    return joined("or", parts)


def _none_of(tested: Tested, texts: list[str], missing: bool, constants: Constants) -> Condition:
    parts = [Comparison((tested.name, "is not None"))] if missing else []
    if len(texts) == 1:
        parts.append(Comparison((tested.name, f"!= {_word(tested, texts[0], constants)}")))
    elif texts:
        parts.append(Comparison((tested.name, f"not in {_listed(tested, texts, constants)}")))
    return joined("and", parts)


def _word(tested: Tested, text: str, constants: Constants) -> str:
    if len(text) <= LONG_TEXT:
        return string(text)
    return constants.name(text, upper(tested.axis.column.name, text[:20]))


def _listed(tested: Tested, texts: list[str], constants: Constants) -> str:
    if len(texts) < LONG_LIST and sum(map(len, texts)) <= LONG_TEXT:
        return f"({', '.join(string(text) for text in texts)})"
    name = upper(tested.axis.column.name, texts[0], "and", str(len(texts) - 1), "more")
    return constants.name(frozenset(texts), name)


def _texts(axis: Axis, mask: int) -> list[str]:
    atoms = (axis.atoms[number] for number in bits(mask))
    return [str(atom.value) for atom in atoms if isinstance(atom, Point)]


# ---------------------------------------------------------------- numbers and dates


def _ordered(tested: Tested, mask: int, possible: int, constants: Constants) -> Condition:
    """A test of an ordered column; where it may be missing that is asked first, if it matters."""
    inside, may_be = _runs(tested.axis, mask), _runs(tested.axis, possible)
    if not _has_missing(tested.axis, possible):
        return joined("or", _stretches(tested, inside, may_be, constants))
    if not _has_missing(tested.axis, mask):
        if inside == may_be and len(inside) > 1:
            return Comparison((tested.name, "is not None"))
        found = _stretches(tested, inside, may_be, constants)
        present = Comparison((tested.name, "is not None"))
        return joined("and", [*([] if _only_equal(found) else [present]), joined("or", found)])
    if not inside:
        return _is_none(tested)
    outside = [run for run in may_be if run not in inside]
    missing = [] if len(outside) == 1 and _is_single(outside[0]) else [_is_none(tested)]
    return joined("or", [*missing, *_stretches(tested, inside, may_be, constants)])


def _is_none(tested: Tested) -> Condition:
    return Comparison((tested.name, "is None"))


def _is_single(run: Run) -> bool:
    return run.low is not None and run.low == run.high


def _only_equal(conditions: list[Condition]) -> bool:
    """Whether a value that passes must equal another, so that it need not be asked if it is there."""
    return all(
        isinstance(each, Comparison) and each.parts[1].startswith(("==", "in"))
        for each in conditions
    )


def _stretches(
    tested: Tested, inside: list[Run], may_be: list[Run], constants: Constants
) -> list[Condition]:
    """Of which one must hold for the value to lie in the runs `inside`, being one of `may_be`."""
    name = tested.name
    outside = [run for run in may_be if run not in inside]
    if not inside:
        return []
    if len(outside) == 1 and _is_single(outside[0]):
        return [Comparison((name, f"!= {constants.ordered(_value(tested, outside[0].low))}"))]
    within, without = _rows(inside, may_be), _rows(outside, may_be)
    if len(without) == 1 < len(within):
        parts = _stretch(tested, *without[0], may_be, constants)
        return [Comparison((f"not {parts[0]}", *parts[1:]))]
    alone = [first for first, last in within if first is last and _is_single(first)]
    values = [constants.ordered(_value(tested, run.low)) for run in alone]
    found: list[Condition] = []
    if values:
        among = f"== {values[0]}" if len(values) == 1 else f"in ({', '.join(values)})"
        found.append(Comparison((name, among)))
    wide = (ends for ends in within if ends[0] not in alone)
    return [*found, *(Comparison(_stretch(tested, *ends, may_be, constants)) for ends in wide)]


def _rows(runs: list[Run], may_be: list[Run]) -> list[tuple[Run, Run]]:
    """First and last of each row of neighbors among `may_be`."""
    rows: list[tuple[Run, Run]] = []
    previous: Run | None = None
    for run in may_be:
        if run in runs:
            if previous in runs and rows:
                rows[-1] = (rows[-1][0], run)
            else:
                rows.append((run, run))
        previous = run
    return rows


def _stretch(
    tested: Tested, first: Run, last: Run, may_be: list[Run], constants: Constants
) -> tuple[str, ...]:
    """`age`, `<= 17`; with both ends, where both matter, `18`, `<= age`, `<= 64`."""
    name = tested.name
    low = None if first is may_be[0] else first.low
    high = None if last is may_be[-1] else last.high
    if low is not None and high is not None:
        below, above = _lower(tested, low), _upper(tested, high)
        start = (constants.ordered(below[1]), f"{_TURNED[below[0]]} {name}")
        return (*start, f"{above[0]} {constants.ordered(above[1])}")
    operator, value = _lower(tested, low) if low is not None else _upper(tested, high)
    return (name, f"{operator} {constants.ordered(value)}")


_TURNED = {">=": "<=", ">": "<"}


def _lower(tested: Tested, low: int) -> tuple[str, Number]:
    """`>= low`, or `> the value before` where that is the value that the author wrote."""
    at, before = _value(tested, low), _value(tested, low - 1)
    return (">", before) if before in tested.written and at not in tested.written else (">=", at)


def _upper(tested: Tested, high: int | None) -> tuple[str, Number]:
    """`<= high`, or `< the value after` where that is the value that the author wrote."""
    assert high is not None, "a test that holds for every run"
    at, after = _value(tested, high), _value(tested, high + 1)
    return ("<", after) if after in tested.written and at not in tested.written else ("<=", at)


def _value(tested: Tested, rank: int | None) -> Number:
    kind = ranks.ordered(tested.axis.column.type)
    assert kind is not None and rank is not None
    return ranks.value_at(kind, rank)


def _runs(axis: Axis, mask: int) -> list[Run]:
    atoms = (axis.atoms[number] for number in bits(mask))
    return [atom for atom in atoms if isinstance(atom, Run)]


# ---------------------------------------------------------------- small questions


def _inner(axis: Axis) -> object:
    return axis.column.type.of if isinstance(axis.column.type, OptionalType) else axis.column.type


def _has_missing(axis: Axis, mask: int) -> bool:
    return _holds(axis, mask, Other.MISSING)


def _holds(axis: Axis, mask: int, other: Other) -> bool:
    return any(axis.atoms[number] is other for number in bits(mask))


def _named(test: Test) -> Iterator[Number]:
    match test:
        case Equals(value) if not isinstance(value, str | bool):
            yield value
        case Between(low, high):
            yield from (end for end in (low, high) if end is not None)
        case AnyOf(tests) | NoneOf(tests):
            for each in tests:
                yield from _named(each)
        case _:
            return
