"""How a lookup finds the class of an argument: in a table of members or small numbers, or by comparing.

Numbers are told apart by binary search, written out, with the ends of what is allowed as two more
edges: what lies outside is not found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TypeAlias, assert_never

from gapless import ranks
from gapless.backends.python.layout import STEP, Expression, Group, Quote, constant, items
from gapless.backends.python.naming import upper
from gapless.backends.python.scope import Scope
from gapless.backends.python.text import string
from gapless.backends.python.values import Constants, annotation
from gapless.layered import Classes
from gapless.model import DateType, IntType, Table
from gapless.space import Axis, Other, Point, Run

NUMBERS = 1024
"""So many whole numbers are found in a table; more are compared with edges."""

Spell: TypeAlias = Callable[[int], str]
"""What stands for a class in the code."""


@dataclass(frozen=True, slots=True)
class Reading:
    """`lines` come before the lookup, `word` is the class in it, and `block` is a table that it needs."""

    word: str
    lines: tuple[str, ...] = ()
    block: tuple[str, ...] = ()


def reading(
    column: Classes, table: Table, scope: Scope, spell: Spell, local: str, kind: str
) -> Reading:
    """How the class of a column's argument is found; `kind` is the type of what stands for classes."""
    name = scope.tables[table].arguments[column.axis.column.name]
    if not is_in_table(column):
        return Reading(local, tuple(_compared(column, name, local, scope, spell)))
    known = scope.names.take(upper(table.name, column.axis.column.name))
    if ranks.ordered(column.axis.column.type) is None:
        block, word = _members(column, name, known, scope, spell, kind)
    else:
        block, word = _numbers(column, known, spell, kind), f"{known}[{name}]"
    return Reading(word, block=tuple(block))


def is_in_table(column: Classes) -> bool:
    """Whether the class is found in a table, and not by comparing."""
    type = ranks.ordered(column.axis.column.type)
    return type is None or is_small(column.axis)


def is_small(axis: Axis) -> bool:
    """Whether a column holds whole numbers, all of them present, and few of them."""
    type = axis.column.type
    if not isinstance(type, IntType):
        return False
    low, high = ranks.bounds(type)
    return low is not None and high is not None and high - low < NUMBERS


def keys(axis: Axis) -> list[tuple[int, Expression]]:
    """The values of a closed list, of yes and no, or the texts that are told apart, by atom."""
    found: list[tuple[int, Expression]] = []
    for number, atom in enumerate(axis.atoms):
        match atom:
            case Point(str() as text):
                found.append((number, Quote("", text)))
            case Point(value):
                found.append((number, str(value)))
            case Other.MISSING:
                found.append((number, "None"))
    return found


def has_others(axis: Axis) -> bool:
    """Whether there are texts that no rule names."""
    return Other.TEXT in axis.atoms


def keyed(key: Expression, value: Expression) -> Expression:
    """`key: value`."""
    before = f"{string(key.text)}" if isinstance(key, Quote) else str(key)
    match value:
        case str():
            return f"{before}: {value}"
        case Quote(head, text):
            return Quote(f"{before}: {head}", text)
        case Group(head, parts, tail, notes):
            return Group(f"{before}: {head}", parts, tail, notes)
    raise AssertionError("a loop stands in brackets of its own")


def _members(
    column: Classes, name: str, known: str, scope: Scope, spell: Spell, kind: str
) -> tuple[list[str], str]:
    axis = column.axis
    pairs = tuple(keyed(key, spell(column.of[atom])) for atom, key in keys(axis))
    key_type = annotation(axis.column.type, scope.aliases)
    block = constant(known, f"dict[{key_type}, {kind}]", Group("{", pairs, "}"))
    if not has_others(axis):
        return block, f"{known}[{name}]"
    other = spell(column.of[axis.atoms.index(Other.TEXT)])
    return block, f"{known}.get({name}, {other})"


def _numbers(column: Classes, known: str, spell: Spell, kind: str) -> list[str]:
    """Each whole number and its class: where stretches begin, what they are, and the last number."""
    stretches = segments(column)
    last = stretches[-1][1]
    assert last is not None
    starts = items(*(str(low) for low, _, _ in stretches))
    values = items(*(spell(code) for _, _, code in stretches))
    return constant(known, f"dict[int, {kind}]", Group("_numbered(", (starts, str(last), values)))


def segments(column: Classes) -> list[tuple[int | None, int | None, int]]:
    """Stretches of ranks, ascending, each with its class: neighbors of one class are one stretch."""
    runs = [
        (atom, column.of[number])
        for number, atom in enumerate(column.axis.atoms)
        if isinstance(atom, Run)
    ]
    found: list[tuple[int | None, int | None, int]] = []
    for code, group in groupby(runs, key=lambda run: run[1]):
        alike = [run for run, _ in group]
        found.append((alike[0].low, alike[-1].high, code))
    return found


def _compared(column: Classes, name: str, local: str, scope: Scope, spell: Spell) -> list[str]:
    """Statements that give `local` the class of the argument `name`; outside they raise LookupError."""
    kind = ranks.ordered(column.axis.column.type)
    assert kind is not None
    known = segments(column)
    low, high = known[0][0], known[-1][1]
    leaves: list[_Step] = [spell(code) for _, _, code in known]
    edges = [edge for edge, _, _ in known[1:] if edge is not None]
    if low is not None and not (isinstance(kind, DateType) and low == date.min.toordinal()):
        leaves.insert(0, None)
        edges.insert(0, low)
    if high is not None and not (isinstance(kind, DateType) and high == date.max.toordinal()):
        leaves.append(None)
        edges.append(high + 1)
    values = [_edge(ranks.value_at(kind, edge), scope.constants) for edge in edges]
    search = _search(name, values, leaves)
    missing = [column.of[n] for n, atom in enumerate(column.axis.atoms) if atom is Other.MISSING]
    if missing:
        search = _Ask(f"{name} is None", spell(missing[0]), search)
    return _statements(search, local)


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is done where `condition` holds, and what elsewhere."""

    condition: str
    yes: _Step
    no: _Step


_Step: TypeAlias = "str | _Ask | None"
"""A class, a question, or nothing: such a value is not found."""


def _search(name: str, edges: Sequence[str], leaves: Sequence[_Step]) -> _Step:
    """Binary search among edges: leaf n stands for what is below edge n and not below the one before."""
    if not edges:
        return leaves[0]
    middle = len(edges) // 2
    below = _search(name, edges[:middle], leaves[: middle + 1])
    above = _search(name, edges[middle + 1 :], leaves[middle + 1 :])
    if above is None:
        return _Ask(f"{name} >= {edges[middle]}", None, below)
    return _Ask(f"{name} < {edges[middle]}", below, above)


def _statements(step: _Step, local: str) -> list[str]:
    """Statements that give `local` the class."""
    match step:
        case None:
            return ["raise LookupError"]
        case str():
            return [f"{local} = {step}"]
        case _Ask(condition, None, no):
            return [f"if {condition}:", f"{STEP}raise LookupError", *_statements(no, local)]
        case _Ask(condition, str() as yes, str() as no):
            return [f"{local} = {yes} if {condition} else {no}"]
        case _Ask(condition, yes, no):
            first = [f"if {condition}:", *(f"{STEP}{each}" for each in _statements(yes, local))]
            rest = _statements(no, local)
            if _is_one_question(no):
                return [*first, f"el{rest[0]}", *rest[1:]]
            return [*first, "else:", *(f"{STEP}{each}" for each in rest)]
    assert_never(step)


def _is_one_question(step: _Step) -> bool:
    """Whether a step is written as one `if` with all that belongs to it."""
    match step:
        case _Ask(yes=None) | _Ask(yes=str(), no=str()):
            return False
        case _:
            return isinstance(step, _Ask)


def _edge(value: int | Decimal | date, constants: Constants) -> str:
    """An edge in a comparison; decimals have names, for with whole numbers they are compared slowly."""
    if not isinstance(value, Decimal):
        return constants.ordered(value)
    sign, digits = "minus" if value < 0 else "", f"{abs(value):f}"
    return constants.name(value, upper(sign, digits))
