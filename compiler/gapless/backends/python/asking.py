"""Questions put to columns: the shortest readable test that tells some atoms from the others.

A column holds numbers or days (a stretch of them is asked for), members, texts or truths, or says how
two other columns stand to each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import NamedTuple

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.derived import ABOVE, BELOW, LIKE, Ordering
from gapless.analysis.domain.partition import Axis, Other, Point, Run, kinds_told
from gapless.analysis.domain.prefixes import NONE, Texts, Tree, said
from gapless.analysis.unit import Unit
from gapless.backends.code.layout import (
    Comparison,
    Condition,
    among,
    joined,
    not_among,
    string,
)
from gapless.backends.code.naming import Constants, Number, upper
from gapless.backends.code.scope import TableNames
from gapless.backends.python.steps import Question
from gapless.model import (
    AnyOf,
    Between,
    BoolType,
    ColumnValue,
    EnumerationType,
    Equals,
    HowMany,
    NoneOf,
    OptionalType,
    Test,
)


class Side(NamedTuple):
    """A column that is compared with another: its name in the code, and whether it may be missing."""

    name: str
    is_optional: bool


@dataclass(frozen=True, slots=True)
class Tested:
    """A column under test: its axis, its name in the code, and the values that its author wrote."""

    axis: Axis
    name: str
    written: frozenset[Number]
    sides: tuple[Side, ...] = ()
    """The two columns, where it is asked how one stands to the other; then `members`, if these are a list's."""
    members: tuple[str, ...] = ()
    held: int = -1
    """The kinds of sets that it can have, where it is looked up."""

    def holds(self, mask: int, other: Other) -> bool:
        """Whether the missing value, or any text that no rule names, is among the atoms `mask`."""
        return any(self.axis.atoms[number] is other for number in bits(mask))


def tested(unit: Unit, names: TableNames) -> tuple[Tested, ...]:
    """The condition columns of a table, as its code tests them."""
    return tuple(
        Tested(
            axis,
            names.arguments.get(axis.column.name, ""),
            _written(unit, number),
            held=_held(unit, number),
        )
        if (order := ordering(unit, number)) is None
        else _compared(unit, axis, order, names)
        for number, axis in enumerate(unit.axes)
    )


def _held(unit: Unit, number: int) -> int:
    """The kinds of sets that a looked-up column can have: an answer that no call gives need not be asked for."""
    if number < unit.inputs or not unit.axes[number].steps:
        return -1
    return reduce(or_, (mask for _, mask in unit.held[number - unit.inputs]), 0)


def ordering(unit: Unit, number: int) -> Ordering | None:
    """How two columns stand, where that is what an axis is about."""
    inputs, derived = len(unit.table.inputs), unit.lowered.derived
    if not inputs <= number < inputs + len(derived):
        return None
    definition = derived[number - inputs].definition
    return definition if isinstance(definition, Ordering) else None


def _compared(unit: Unit, axis: Axis, order: Ordering, names: TableNames) -> Tested:
    columns = {column.name: column for column in unit.table.columns}
    sides = tuple(
        Side(names.arguments[end.column], isinstance(columns[end.column].type, OptionalType))
        for end in (order.left, order.right)
        if isinstance(end, ColumnValue) and end.column in columns
    )
    return Tested(axis, "", frozenset(), sides, order.members)


def asked(
    questions: Iterable[Question], columns: tuple[Tested, ...], constants: Constants
) -> Condition:
    """What every question asks, in one condition."""
    found = (_condition(columns[each.axis], each, constants) for each in questions)
    return joined("and", found)


def _condition(tested: Tested, question: Question, constants: Constants) -> Condition:
    mask, possible = question.mask & question.possible, question.possible
    assert mask != possible, "a question with one answer"
    if tested.sides:
        return compared(tested, mask, possible, constants)
    if ranks.ordered(tested.axis.column.type) is not None:
        return stretches(tested, mask, possible, constants)
    if tested.axis.steps:
        return held(tested, mask, possible, constants)
    if isinstance(tested.axis.column.type.present, BoolType):
        return truth(tested, mask, possible)
    return membership(tested, mask, possible, constants)


def _written(unit: Unit, number: int) -> frozenset[Number]:
    """The numbers and dates that the cells on an axis name, those of guards too."""
    name = unit.axes[number].column.name
    tests = [cells[number].test for cells in unit.lowered.cells]
    tests += [
        each.condition.test for let in unit.table.lets for each in let.guard if each.column == name
    ]
    return frozenset(value for test in tests for value in _values_in(test))


def _values_in(test: Test) -> Iterator[Number]:
    match test:
        case Equals(value) if not isinstance(value, str | bool):
            yield value
        case Between(low, high):
            yield from (end for end in (low, high) if end is not None)
        case AnyOf(tests) | NoneOf(tests):
            for each in tests:
                yield from _values_in(each)
        case _:
            return


_TURNED = {">=": "<=", ">": "<"}


def stretches(tested: Tested, mask: int, possible: int, constants: Constants) -> Condition:
    """What tells the atoms `mask` from the rest of `possible`; that a value is there is asked first."""
    inside, may_be = _runs(tested.axis, mask), _runs(tested.axis, possible)
    if not tested.holds(possible, Other.MISSING):
        return joined("or", _within(tested, inside, may_be, constants))
    outside = [run for run in may_be if run not in inside]
    if tested.holds(mask, Other.MISSING):
        missing = (
            [] if _are_few(outside, inside, may_be) else [Comparison((tested.name, "is None"))]
        )
        return joined("or", [*missing, *_within(tested, inside, may_be, constants)])
    present = Comparison((tested.name, "is not None"))
    if not outside and not (len(inside) == 1 and _is_single(inside[0])):
        return present
    found = _within(tested, inside, may_be, constants)
    return joined("and", [*([] if _is_equality(found) else [present]), joined("or", found)])


def _within(
    tested: Tested, inside: list[Run], may_be: list[Run], constants: Constants
) -> list[Condition]:
    """Of which one must hold for the value to lie in the runs `inside`, being one of `may_be`."""
    if not inside:
        return []
    outside = [run for run in may_be if run not in inside]
    if _are_few(outside, inside, may_be):
        return [not_among(tested.name, _values(tested, outside, constants))]
    rows, gaps = _rows(inside, may_be), _rows(outside, may_be)
    if len(gaps) == 1 < len(rows):
        first, *rest = _stretch(tested, *gaps[0], may_be, constants)
        return [Comparison((f"not {first}", *rest))]
    alone = [first for first, last in rows if first is last and _is_single(first)]
    values = _values(tested, alone, constants)
    wide = [ends for ends in rows if ends[0] not in alone]
    return [
        *([among(tested.name, values)] if values else []),
        *(Comparison(_stretch(tested, *ends, may_be, constants)) for ends in wide),
    ]


def _are_few(outside: list[Run], inside: list[Run], may_be: list[Run]) -> bool:
    """Whether what is left out are single values, fewer than the stretches that they leave."""
    few = len(outside) == 1 or len(outside) < len(_rows(inside, may_be))
    return bool(outside and inside) and few and all(map(_is_single, outside))


def _values(tested: Tested, runs: list[Run], constants: Constants) -> list[str]:
    """Single values, spelt."""
    return [constants.ordered(_value(tested, run.low)) for run in runs]


def _is_equality(conditions: list[Condition]) -> bool:
    """Whether a value that passes equals another, so that it need not be asked if it is there."""
    return all(
        isinstance(each, Comparison) and each.parts[1].startswith(("==", "in"))
        for each in conditions
    )


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


def _is_single(run: Run) -> bool:
    return run.low is not None and run.low == run.high


def _runs(axis: Axis, mask: int) -> list[Run]:
    atoms = (axis.atoms[number] for number in bits(mask))
    return [atom for atom in atoms if isinstance(atom, Run)]


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
    if axis.tree is not None:
        return beginnings(tested, axis.tree, mask, possible, constants)
    inside, outside = _texts(axis, mask), _texts(axis, axis.whole & ~mask)
    closed = not tested.holds(axis.whole & ~mask, Other.TEXT)
    if tested.holds(mask, Other.TEXT) or (closed and len(outside) * 2 <= len(inside)):
        return _none_of(tested, _texts(axis, others), others, constants)
    return _one_of(tested, inside, mask, constants)


def beginnings(
    tested: Tested, tree: Tree, mask: int, possible: int, constants: Constants
) -> Condition:
    """Texts by name, and by how they begin; those that are left out where they have fewer words."""
    may_miss, missing = (tested.holds(each, Other.MISSING) for each in (possible, mask))
    absent = tested.axis.atom_of(None)
    turned = tested.holds(mask, Other.TEXT)
    parts = said(tree, (possible & ~mask if turned else mask) & ~absent, ~possible)
    found = _begun(tested, parts, constants, is_one=not turned)
    if missing:
        asked = [] if parts == NONE and not turned else [found] if found is not None else []
        return joined("or", [Comparison((tested.name, "is None")), *asked])
    there = [Comparison((tested.name, "is not None"))] if may_miss else []
    return joined("and", [*there, *([found] if found is not None else [])])


def _begun(tested: Tested, texts: Texts, constants: Constants, *, is_one: bool) -> Condition | None:
    """That a text is one of these, or is none of them."""
    begins = "" if is_one else "not "
    parts: list[Condition] = []
    if texts.named:
        named = list(texts.named)
        if _is_long(named):
            sign = "in" if is_one else "not in"
            parts.append(Comparison((tested.name, f"{sign} {_named(tested, named, constants)}")))
        else:
            say = among if is_one else not_among
            parts.append(say(tested.name, _spelt(tested, named, constants)))
    plain = [prefix for prefix, but in texts.begun if but == NONE]
    if plain:
        spelt = ", ".join(map(string, plain))
        given = spelt if len(plain) == 1 else f"({spelt})"
        parts.append(Comparison((f"{begins}{tested.name}.startswith({given})",)))
    for prefix, but in texts.begun:
        if but != NONE:
            first = Comparison((f"{begins}{tested.name}.startswith({string(prefix)})",))
            rest = _begun(tested, but, constants, is_one=not is_one)
            assert rest is not None
            parts.append(joined("and" if is_one else "or", [first, rest]))
    return joined("or" if is_one else "and", parts) if parts else None


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


def held(tested: Tested, mask: int, possible: int, constants: Constants) -> Condition:
    """What a set holds, in the words of the rules: members by name, or how many of them."""
    inside, may_be = mask & tested.held, possible & tested.held
    if inside in (0, may_be):  # nobody comes here
        inside, may_be = mask, possible
    ways = kinds_told(tested.axis, inside, may_be).ways
    return joined(
        "or", [joined("and", [_number(tested, each, constants) for each in way]) for way in ways]
    )


def _number(tested: Tested, number: HowMany, constants: Constants) -> Condition:
    name, (members, low, high) = tested.name, number
    if len(members) == 1:
        return Comparison((string(members[0]), f"{'in' if low else 'not in'} {name}"))
    of = tested.axis.column.type.scalar
    is_whole = isinstance(of, EnumerationType) and len(members) == len(of.members)
    if is_whole and not high:
        return Comparison((f"not {name}",))
    if is_whole and (low, high) == (1, len(members)):
        return Comparison((name,))
    if is_whole:
        return _counted(f"len({name})", number)
    wish = upper(tested.axis.column.name, members[0], "and", str(len(members) - 1), "more")
    those = constants.name(frozenset(members), wish)
    if high == len(members) and low in (1, high):
        if low == high:
            return Comparison((name, f">= {those}"))
        return Comparison((f"not {name}.isdisjoint({those})",))
    if not high:
        return Comparison((f"{name}.isdisjoint({those})",))
    return _counted(f"len({name} & {those})", number)


def _counted(count: str, number: HowMany) -> Condition:
    members, low, high = number
    if low == high:
        return Comparison((count, f"== {low}"))
    if low and high < len(members):
        return Comparison((str(low), f"<= {count}", f"<= {high}"))
    return Comparison((count, f">= {low}" if low else f"<= {high}"))


_OPERATORS = {
    frozenset({BELOW}): "<",
    frozenset({LIKE}): "==",
    frozenset({ABOVE}): ">",
    frozenset({BELOW, LIKE}): "<=",
    frozenset({LIKE, ABOVE}): ">=",
    frozenset({BELOW, ABOVE}): "!=",
}


def compared(tested: Tested, mask: int, possible: int, constants: Constants) -> Condition:
    """What tells the orders `mask` from the rest of `possible`; that both are there is asked first."""
    signs, may_be = _signs(tested, mask), _signs(tested, possible)
    missing = tested.holds(possible, Other.MISSING)
    if tested.holds(mask, Other.MISSING):
        absent = [Comparison((side.name, "is None")) for side in tested.sides if side.is_optional]
        return joined("or", [*absent, *([_stands(tested, signs, constants)] if signs else [])])
    sides = tested.sides if missing else ()
    present = [Comparison((side.name, "is not None")) for side in sides if side.is_optional]
    asked = [] if signs == may_be else [_stands(tested, signs, constants)]
    return joined("and", [*present, *asked])


def _signs(tested: Tested, mask: int) -> frozenset[str]:
    atoms = (tested.axis.atoms[number] for number in bits(mask))
    return frozenset(str(atom.value) for atom in atoms if isinstance(atom, Point))


def _stands(tested: Tested, signs: frozenset[str], constants: Constants) -> Condition:
    left, right = (side.name for side in tested.sides)
    if tested.members:
        name = constants.name(tested.members, upper(*tested.members[:2], "order"))
        left, right = (f"{name}.index({side})" for side in (left, right))
    return Comparison((left, f"{_OPERATORS[signs]} {right}"))
