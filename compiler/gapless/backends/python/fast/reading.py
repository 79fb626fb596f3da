"""How a look-up reads its columns: in which order, by which means, and what it lets in.

A column of two members costs least to compare with, then tables by member or small number; numbers
that must be compared with edges cost most, and come last: what they find is the answer. They are
found by binary search, written out (Knuth, volume 3, 6.2.1).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import groupby
from math import prod
from typing import TypeAlias, assert_never

from gapless.analysis.by_inputs import Tabulation
from gapless.analysis.decision.tables import Classes, Layers, classes, layers
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.partition import Axis, Other, Point, Run
from gapless.backends.code.layout import (
    STEP,
    Comparison,
    Condition,
    Expression,
    Group,
    Quote,
    constant,
    flat,
    items,
    joined,
    led,
)
from gapless.backends.code.naming import Constants, annotation, upper
from gapless.backends.code.scope import Scope
from gapless.model import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    Instant,
    IntType,
    OptionalType,
    Table,
    Temporal,
    TextType,
    TimeType,
    Type,
    is_end,
)


@dataclass(frozen=True, slots=True)
class Written:
    """Blocks of constants, and the statements that find the answer, the last of which returns it."""

    blocks: tuple[list[str], ...]
    lines: tuple[str, ...]

    def after(self, remark: list[str], *blocks: list[str]) -> Written:
        """The same after other blocks, with a remark above all of them; or above its statements."""
        every = (*blocks, *self.blocks)
        if not every:
            return Written((), (*remark, *self.lines))
        return Written(([*remark, *every[0]], *every[1:]), self.lines)


NUMBERS = 2_048
"""Whole numbers from 0 to below this are found in a table; others are compared with edges."""

FEW = 2
"""Columns of so many members are compared with them; of three, a dict is faster where words are known."""

BRANCHES = 16
"""So many ways in all are taken by comparing members."""

TRIED = 6_000
"""Of decisions with more nodes than this one order of columns is tried."""


class Means(Enum):
    """How a column's class is found."""

    MEMBERS = "by comparing it with its members"
    TABLE = "in a table"
    EDGES = "by comparing it with edges"


def means(axis: Axis) -> Means:
    """The means that suit a column on its own."""
    type = axis.column.type
    if ranks.ordered(type) is not None:
        return Means.TABLE if is_small(axis) else Means.EDGES
    few = isinstance(type, EnumerationType) and len(type.members) <= FEW
    return Means.MEMBERS if few else Means.TABLE


def is_small(axis: Axis) -> bool:
    """Whether a column holds whole numbers, all of them present, few of them and none negative."""
    type = axis.column.type
    if not isinstance(type, IntType):
        return False
    low, high = ranks.bounds(type)
    return low is not None and high is not None and low >= 0 and high < NUMBERS


def compared_with_members(found: Tabulation) -> tuple[int, ...]:
    """The first columns of a look-up: as many as make few ways in all, the shortest first."""
    short = [place for place in found.asked if means(found.axes[place]) is Means.MEMBERS]
    chosen: list[int] = []
    for place in sorted(short, key=lambda place: (len(found.axes[place].atoms), place)):
        sizes = [len(found.axes[each].atoms) for each in (*chosen, place)]
        if prod(sizes) <= BRANCHES:
            chosen.append(place)
    return tuple(chosen)


def laid(found: Tabulation, first: tuple[int, ...]) -> Layers | None:
    """The layers with fewest entries that begin with the columns `first` and end with compared edges."""
    tried = []
    for order in _orders(found, first):
        if (decision := found.in_order(order)) is not None:
            columns = classes(decision.root, found.axes, order)
            tried.append(layers(decision.root, columns))
        if found.decision.nodes > TRIED:
            break
    return min(tried, key=lambda each: each.entries, default=None)


def _orders(found: Tabulation, first: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    places = [place for place in found.decision.order if place not in first]
    tables = [place for place in places if means(found.axes[place]) is not Means.EDGES]
    edges = [place for place in places if means(found.axes[place]) is Means.EDGES]
    sizes = [len(axis.atoms) for axis in found.axes]
    edges.sort(key=lambda place: (sizes[place], place))
    up = sorted(tables, key=lambda place: (sizes[place], place))
    orders = [tables, sorted(tables), up, up[::-1]]
    yield from dict.fromkeys((*first, *order, *edges) for order in orders)


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


def mapping(pairs: Iterable[tuple[Expression, Expression]]) -> Group:
    """A dict; what stands for nothing is not in it."""
    return Group(
        "{", tuple(led(f"{flat(key)}: ", value) for key, value in pairs if value != ""), "}"
    )


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


Spell: TypeAlias = Callable[[int], str]
"""What stands for a class in the code."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is done where `condition` holds, and what elsewhere."""

    condition: str
    yes: Step
    no: Step


Step: TypeAlias = "str | Ask | None"
"""What stands for a class, a question, or nothing: such a value is not found."""


def search(column: Classes, name: str, spell: Spell, constants: Constants) -> Step:
    """How the class of the argument `name` is found by comparing."""
    kind = ranks.ordered(column.axis.column.type)
    assert kind is not None
    known = segments(column)
    low, high = known[0][0], known[-1][1]
    leaves: list[Step] = [_leaf(each, spell, name, kind, constants) for each in known]
    edges = [edge for edge, _, _ in known[1:] if edge is not None]
    if low is not None and not _is_seen_below(kind, low):
        leaves.insert(0, None)
        edges.insert(0, low)
    if high is not None and not (isinstance(kind, Temporal) and is_end(ranks.value_at(kind, high))):
        leaves.append(None)
        edges.append(high + 1)
    values = [spelt(ranks.value_at(kind, edge), constants) for edge in edges]
    found = _halved(name, values, leaves)
    missing = [column.of[n] for n, atom in enumerate(column.axis.atoms) if atom is Other.MISSING]
    return Ask(f"{name} is None", spell(missing[0]), found) if missing else found


def _is_seen_below(kind: ranks.OrderedType, low: int) -> bool:
    """Whether nothing is below the lowest rank, or whatever is there is not taken for zero."""
    if isinstance(kind, DecimalType):
        return low == 0
    return isinstance(kind, Temporal) and is_end(ranks.value_at(kind, low))


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


def statements(step: Step, done: Callable[[str], str], *, returning: bool) -> list[str]:
    """Statements that do what `done` says with the class; what is not found raises LookupError.

    Where each of them is `returning`, what comes after an `if` needs no `else`.
    """
    match step:
        case None:
            return ["raise LookupError"]
        case str():
            return [done(step)]
        case Ask(condition, None, no):
            rest = statements(no, done, returning=returning)
            return [f"if {condition}:", f"{STEP}raise LookupError", *rest]
        case Ask(condition, yes, no):
            inner = statements(yes, done, returning=returning)
            first = [f"if {condition}:", *(f"{STEP}{each}" for each in inner)]
            rest = statements(no, done, returning=returning)
            if returning:
                return [*first, *rest]
            if isinstance(no, Ask) and no.yes is not None:
                return [*first, f"el{rest[0]}", *rest[1:]]
            return [*first, "else:", *(f"{STEP}{each}" for each in rest)]
    assert_never(step)


def spelt(value: int | Decimal | Instant, constants: Constants) -> str:
    """An edge in a comparison; decimals have names, for with whole numbers they are compared slowly."""
    if not isinstance(value, Decimal):
        return constants.ordered(value)
    return constants.amount(value)


def _leaf(
    segment: tuple[int | None, int | None, int],
    spell: Spell,
    name: str,
    kind: ranks.OrderedType,
    constants: Constants,
) -> Step:
    """A stretch's class. What is smaller than a context can hold leaves no remainder, and is no zero."""
    low, high, code = segment
    has_zero = (low is None or low <= 0) and (high is None or high >= 0)
    if not isinstance(kind, DecimalType) or not has_zero:
        return spell(code)
    step = spelt(ranks.value_at(kind, 1), constants)
    least = "" if low == 0 else f"-{step} < "
    return Ask(f"{least}{name} < {step} and {name}", None, spell(code))


def _halved(name: str, edges: Sequence[str], leaves: Sequence[Step]) -> Step:
    """Leaf n stands for what is below edge n and not below the one before."""
    if not edges:
        return leaves[0]
    middle = len(edges) // 2
    below = _halved(name, edges[:middle], leaves[: middle + 1])
    above = _halved(name, edges[middle + 1 :], leaves[middle + 1 :])
    if above is None:
        return Ask(f"{name} >= {edges[middle]}", None, below)
    return Ask(f"{name} < {edges[middle]}", below, above)


def last(column: Classes, row: str, behind: str, table: Table, scope: Scope) -> list[str]:
    """Statements that return the entry of `row` for the column's class; the one of `behind` that it numbers."""
    name = scope.tables[table].arguments[column.axis.column.name]
    found = search(column, name, lambda code: f"{row}[{code}]", scope.constants)
    answer = f"return {behind}[{{}}]" if behind else "return {}"
    return statements(found, lambda word: answer.replace("{}", word), returning=True)


def accepted(axis: Axis, name: str, scope: Scope, *, looked_at: bool) -> Condition:
    """The test that an argument passes if it may be looked up; if nobody looks at it, all must be tested.

    Every value that passes is one that the column's type has, or one that the lookup does not find.
    """
    type = axis.column.type
    of = type.present
    present = _typed(of, name, scope.constants)
    if not looked_at:
        present = joined("and", [present, *_within(of, name, scope)])
    elif is_small(axis):  # a tuple counts negative numbers from its end
        assert isinstance(of, IntType)
        present = joined("and", [present, Comparison((name, f">= {of.low}"))])
    if isinstance(type, OptionalType):
        return joined("or", [Comparison((name, "is None")), present])
    return present


def _typed(type: Type, name: str, constants: Constants) -> Condition:
    match type:
        case EnumerationType() | TextType():
            return _is(name, "str")
        case BoolType():
            return _is(name, "bool")
        case IntType():
            return _is(name, "int")
        case DateType():
            return _is(name, "datetime.date")
        case TimeType() | DatetimeType():
            of = "datetime.time" if isinstance(type, TimeType) else "datetime.datetime"
            zone = Comparison((f"{name}.tzinfo", "is None"))
            return joined("and", [_is(name, of), zone, Comparison((f"{name}.microsecond", "== 0"))])
        case DecimalType(digits):
            step = constants.ordered(Decimal((0, (1,), -digits)))
            # True in no context for a number with more digits: it rounds, fails or is exact.
            alike = Comparison((f"{name}.quantize({step})", f"== {name}"))
            exact = joined("and", [_is(name, "Decimal"), alike])
            return joined("or", [exact, _is(name, "int")])
    raise AssertionError("lists and sets do not go in")


def _within(type: Type, name: str, scope: Scope) -> list[Condition]:
    """That a value of the right Python type is one of the column's."""
    if isinstance(type, EnumerationType):
        return [Comparison((name, f"in {scope.members[type]}"))]
    if not isinstance(type, IntType | DecimalType | Temporal):
        return []
    ends = (None if end is None else ranks.value_at(type, end) for end in ranks.bounds(type))
    within = scope.constants.within(name, *ends)
    return [within] if within else []


def _is(name: str, type: str) -> Condition:
    return Comparison((f"type({name})", f"is {type}"))


LINE = 76
"""How many letters of packed numbers stand on a line."""


def in_letters(numbers: Sequence[int]) -> tuple[int, list[str]]:
    """How many bytes each number takes, and all of them as lines of letters."""
    widest = max(numbers)
    size = 1 if widest < 1 << 8 else 2 if widest < 1 << 16 else 4
    data = b"".join(number.to_bytes(size, "little") for number in numbers)
    text = b64encode(data).decode("ascii")
    return size, [text[at : at + LINE] for at in range(0, len(text), LINE)]
