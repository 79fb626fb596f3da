"""How a look-up finds the class of an argument: in a table of members or of small numbers, or by edges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gapless.analysis.decision.tables import Classes
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.partition import Axis, Other, Point
from gapless.backends.code.layout import Expression, Group, Quote, constant, items
from gapless.backends.code.naming import upper
from gapless.backends.code.scope import Scope
from gapless.backends.code.text import string
from gapless.backends.code.values import annotation
from gapless.backends.python.fast.plan import Means, is_small, means
from gapless.backends.python.fast.searching import Spell, search, segments, statements
from gapless.model import BoolType, Table


@dataclass(frozen=True, slots=True)
class Reading:
    """`lines` come before the lookup, `word` is the class in it, and `block` is a table that it needs."""

    word: str
    lines: tuple[str, ...] = ()
    block: tuple[str, ...] = ()


def reading(column: Classes, table: Table, scope: Scope, spell: Spell, local: str) -> Reading:
    """How the class of a column's argument is found, which `local` is called where it takes statements."""
    name = scope.tables[table].arguments[column.axis.column.name]
    if means(column.axis) is Means.EDGES:
        found = search(column, name, spell, scope.constants)
        made = statements(found, lambda word: f"{local} = {word}", returning=False)
        return Reading(local, tuple(made))
    if isinstance(column.axis.column.type, BoolType):
        no, yes = (spell(code) for code in column.of)
        return Reading(f"({yes} if {name} else {no})")
    known = scope.names.take(upper(table.name, column.axis.column.name))
    if is_small(column.axis):
        block = _numbers(column, known, spell)
        return Reading(f"{known}[{name}]", block=tuple(block))
    block, word = _members(column, name, known, scope, spell)
    return Reading(word, block=tuple(block))


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
    before = f"{key.head}{string(key.text)}" if isinstance(key, Quote) else str(key)
    match value:
        case str():
            return f"{before}: {value}"
        case Quote(head, text):
            return Quote(f"{before}: {head}", text)
        case Group(head, parts, tail, notes):
            return Group(f"{before}: {head}", parts, tail, notes)
    raise AssertionError("a loop stands in brackets of its own")


def mapping(pairs: Iterable[tuple[Expression, Expression]]) -> Group:
    """A dict; what stands for nothing is not in it."""
    return Group("{", tuple(keyed(key, value) for key, value in pairs if value != ""), "}")


def _members(
    column: Classes, name: str, known: str, scope: Scope, spell: Spell
) -> tuple[list[str], str]:
    axis = column.axis
    pairs = mapping((key, spell(column.of[atom])) for atom, key in keys(axis))
    block = constant(known, f"dict[{annotation(axis.column.type, scope.aliases)}, int]", pairs)
    if not has_others(axis):
        return block, f"{known}[{name}]"
    other = spell(column.of[axis.atoms.index(Other.TEXT)])
    return block, f"{known}.get({name}, {other})"


def _numbers(column: Classes, known: str, spell: Spell) -> list[str]:
    """The class of each whole number from 0 on; what is below the first allowed one is not asked for."""
    stretches = segments(column)
    kind = ranks.ordered(column.axis.column.type)
    assert kind is not None
    last = ranks.bounds(kind)[1]
    starts = items(*(str(low) for low, _, _ in stretches))
    values = items(*(spell(code) for _, _, code in stretches))
    made = Group("_stretched(", (starts, str(last), values))
    return constant(known, "tuple[int, ...]", made)
