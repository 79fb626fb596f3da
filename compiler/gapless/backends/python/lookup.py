"""Many rules as rows of a text that the module reads once: a lookup, where questions would be too many.

A column knows for each value which rows it lets pass, as the bits of one integer; what all columns
let pass is their `&`, and its lowest bit is the row that decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Axis, Other, Point, Run
from gapless.analysis.domain.prefixes import Begun
from gapless.analysis.unit import Unit
from gapless.backends.code.layout import (
    STEP,
    Expression,
    Group,
    Loop,
    Quote,
    items,
    lay,
    led,
    remark,
    string,
)
from gapless.backends.code.naming import LONGEST, Names, annotation, upper
from gapless.backends.code.scope import REFUSALS, Scope, is_constant
from gapless.backends.python.lets import Needs, computed
from gapless.backends.python.rows import USES, deciding_head, ready
from gapless.model import (
    Column,
    DatetimeType,
    DateType,
    DecimalType,
    Instant,
    Rule,
    Table,
    TimeType,
    written,
)


class Tested(NamedTuple):
    """A column that some rule tests: what reads its cells, and the cell of each row."""

    axis: Axis
    reader: Expression
    cells: tuple[str, ...]


def lookup(unit: Unit, scope: Scope) -> Iterator[list[str]]:
    """What rows lead to, the rows, and the function that decides."""
    table = unit.table
    numbers = [number for number in unit.precedence.order if unit.boxes[number] is not None]
    tested = [_tested(unit, axis, numbers) for axis in _asked(unit)]
    rows = scope.names.take(upper(table.name, "rows").lower())
    yield _rows(rows, unit, numbers, tested, scope)
    columns = tuple(each.axis.column for each in tested)
    yield _function(unit, columns, f"{rows}()", [table.rules[number] for number in numbers], scope)


def _asked(unit: Unit) -> list[int]:
    """The axes on which some rule is not whole."""
    boxes = [box for box in unit.boxes if box is not None]
    return [n for n, whole in enumerate(unit.wholes) if any(box[n] != whole for box in boxes)]


def _tested(unit: Unit, number: int, rules: Iterable[int]) -> Tested:
    axis = unit.axes[number]
    masks = [box[number] for rule in rules if (box := unit.boxes[rule]) is not None]
    called = words(axis)
    if ranks.ordered(axis.column.type) is None:
        told = {mask: members(axis, mask, called) for mask in dict.fromkeys(masks)}
        reader: Expression = Group("_Members(", _spelt(axis, called))
    else:
        told = {mask: stretches(axis, mask) for mask in dict.fromkeys(masks)}
        reader = f"_Stretches({_reading(axis)})"
    return Tested(axis, reader, tuple(told[mask] for mask in masks))


def _reading(axis: Axis) -> str:
    """What makes a value of a word."""
    match ranks.ordered(axis.column.type):
        case DecimalType():
            return "Decimal"
        case DateType():
            return "datetime.date.fromisoformat"
        case TimeType():
            return "datetime.time.fromisoformat"
        case DatetimeType():
            return "datetime.datetime.fromisoformat"
        case _:
            return "int"


def _spelt(axis: Axis, called: Sequence[str]) -> tuple[Expression, ...]:
    """Words and the values they stand for, if these are not the words themselves."""
    pairs: list[Expression] = [
        Quote(f"{string(word)}: ", atom.value)
        if isinstance(atom.value, str)
        else f"{string(word)}: {atom.value}"
        for word, atom in zip(called, axis.atoms, strict=True)
        if isinstance(atom, Point) and atom.value != word
    ]
    return (Group("{", tuple(pairs), "}"),) if pairs else ()


def _kind(table: Table, rule: Rule, scope: Scope) -> Expression:
    """The type of what stands for a rule; where it has no answer, `first` raises that."""
    explanation = Group("Explanation[", (scope.tables[table].answer,), "]")
    if is_constant(rule):
        return explanation
    columns = scope.tables[table].together or ()
    given = [annotation(column.type, scope.aliases) for column in columns]
    given += [USES] if table.lets else []
    return Group("Callable[", (Group("[", tuple(given), "]"), explanation), "]")


def _rows(
    name: str, unit: Unit, numbers: Sequence[int], tested: Sequence[Tested], scope: Scope
) -> list[str]:
    """What rows lead to; then a line for each: its rule, and what each column must hold.

    They are read when one is first asked for: loading the module takes no time for them.
    """
    table = unit.table
    rules = [table.rules[number] for number in numbers]
    answering = [rule for rule in rules if rule.kind not in REFUSALS] or rules
    first, *others = dict.fromkeys(_kind(table, rule, scope) for rule in answering)
    kinds = Loop((first, *(led("| ", each) for each in others)))
    lead = items(*(_lead(table, number, scope) for number in numbers))
    head = ["rule", *(remark(each.axis.column.name) for each in tested)]
    named = [plain(table.rules[number].name) for number in numbers]
    lines = ["|".join(row) for row in zip(named, *(each.cells for each in tested), strict=True)]
    readers = [line for each in tested for line in lay(each.reader, last=",", depth=2)]
    return [
        "@cache",
        *lay(Group(f"def {name}() -> _Rows[", (kinds,), "]:")),
        f'{STEP}"""The rows, read when one of them is first asked for."""',
        f"{STEP}return _Rows(",
        *lay(lead, last=",", depth=2),
        f"{STEP * 2}# {'|'.join(head)}",
        f'{STEP * 2}"""',
        *lines,
        '""",',
        *readers,
        f"{STEP})",
    ]


def _lead(table: Table, number: int, scope: Scope) -> Expression:
    """What a row leads to: what stands for the rule in the module."""
    name = scope.tables[table].rows[number]
    rule = table.rules[number]
    if rule.kind in REFUSALS:
        return f"{REFUSALS[rule.kind]}(*{name})"
    if not is_constant(rule):
        return name
    made = ready(table, number, scope)
    return Group(f"Explanation[{scope.tables[table].answer}](", made.items)


def _function(
    unit: Unit, columns: Sequence[Column], rows: str, rules: Sequence[Rule], scope: Scope
) -> list[str]:
    """The table's own function, which takes its inputs and computes its lets."""
    table, names = unit.table, scope.tables[unit.table]
    answered = any(rule.kind not in REFUSALS for rule in rules)
    needed = frozenset(column.name for column in (*columns, *(names.together or ())))
    made = computed(unit, scope, Needs(needed, answered and bool(table.lets)))
    given = tuple(names.arguments[column.name] for column in columns)
    return [
        *deciding_head(table, scope),
        *made,
        *_ending(Group(f"{rows}.first(", given), table, rules, scope),
    ]


def _ending(found: Group, table: Table, rules: Iterable[Rule], scope: Scope) -> Iterator[str]:
    """What is done with what the row leads to; one kind alone needs no telling apart."""
    names = scope.tables[table]
    answering = [rule for rule in rules if rule.kind not in REFUSALS]
    uses = ["uses"] if table.lets and answering else []
    using = f".using({uses[0]})" if uses else ""
    given = (
        f"({', '.join([*(names.arguments[each.name] for each in names.together or ()), *uses])})"
    )
    kinds = {is_constant(rule) for rule in answering}
    if len(kinds) < 2:
        after = given if False in kinds else using
        yield from lay(replace(found, tail=found.tail + after), first="return ", depth=1)
        return
    name = Names({*scope.spoken, *names.arguments.values()}).take("found")
    yield from lay(found, first=f"{name} = ", depth=1)
    yield f"{STEP}if isinstance({name}, Explanation):"
    yield f"{STEP * 2}return {name}{using}"
    yield f"{STEP}return {name}{given}"


ANY = "-"
NOT = "!"
MISSING = "missing"

_TRUTHS: Mapping[str | bool, str] = {True: "yes", False: "no"}

_ODD = re.compile(r"[^A-Za-z0-9_.+-]+|^[^A-Za-z0-9_]+")


def plain(text: str) -> str:
    """`text` itself, if nothing in it can be mistaken; else what is left of it without that."""
    return _ODD.sub("_", text[:LONGEST]) or "_"


def words(axis: Axis) -> tuple[str, ...]:
    """What each atom of a column without order is called; for texts that no rule names there is no word."""
    names = Names({ANY, MISSING})
    return tuple(
        names.take(_TRUTHS.get(atom.value) or plain(str(atom.value)))
        if isinstance(atom, Point)
        else MISSING * (atom is Other.MISSING)
        for atom in axis.atoms
    )


def members(axis: Axis, mask: int, called: Sequence[str]) -> str:
    """`red,blue`; `!red,blue` for all others, where that is shorter or the others have no words."""
    if mask == axis.whole:
        return ANY
    rest = axis.whole & ~mask
    shorter = rest.bit_count() < mask.bit_count()
    nameless = _nameless(axis)
    turned = bool(mask & nameless) if nameless else shorter
    listed = ",".join(called[number] for number in bits(rest if turned else mask))
    return f"{NOT}{listed}" if turned else listed


def _nameless(axis: Axis) -> int:
    """The atoms of texts that no rule names, if there are such; no rule tells them apart."""
    return sum(
        1 << number
        for number, atom in enumerate(axis.atoms)
        if isinstance(atom, Begun) or atom is Other.TEXT
    )


def stretches(axis: Axis, mask: int) -> str:
    """`..<500,1000..<1500,missing`: each from a value up to, but not including, another."""
    return ANY if mask == axis.whole else ",".join(_stretches(axis, mask))


def _stretches(axis: Axis, mask: int) -> Iterator[str]:
    runs = len(axis.atoms) - (axis.atoms[-1] is Other.MISSING)
    inside = mask & (1 << runs) - 1
    while inside:
        low = inside & -inside
        after = inside + low & ~inside
        first, end = low.bit_length() - 1, after.bit_length() - 1
        start = _start(axis, first) if first else ""
        yield f"{start}..{f'<{_start(axis, end)}' if end < runs else ''}"
        inside &= -after
    if mask >> runs:
        yield MISSING


def _start(axis: Axis, number: int) -> str:
    """The value with which a run begins."""
    kind, run = ranks.ordered(axis.column.type), axis.atoms[number]
    assert kind is not None and isinstance(run, Run)
    assert run.low is not None, "only the first run is open below"
    value = ranks.value_at(kind, run.low)
    if isinstance(value, Instant):
        return written(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
