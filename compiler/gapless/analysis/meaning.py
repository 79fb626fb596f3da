"""What a table decides, as digests: the same for tables that give the same answers to the same inputs.

An output whose function can be written in its one form (`canonical`) is told by that; any other,
of a table that calculates or is too large, by its rules as they are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any, assert_never

from gapless.analysis.by_inputs import Ending, Given, claimed
from gapless.analysis.canonical.nodes import Input, Label, Word, listing
from gapless.analysis.canonical.writing import NotWritten, Writing
from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.decision.diagram import NEVER, Branch, Decision, Node, fold, renumbered
from gapless.analysis.decision.first_match import decide
from gapless.analysis.domain.answers import Fixed, Same, Several
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.unit import Unit
from gapless.model import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    ListType,
    OptionalType,
    Rule,
    SetType,
    Table,
    TextType,
    TimeType,
    Type,
    Value,
    copied,
)

TIMES = 2
"""An approval may take so many times the steps of one question, for each output once more."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What one output is told by; `by_rules` says that it is the rules as written, not what they decide."""

    name: str
    digest: str
    by_rules: bool


@dataclass(frozen=True, slots=True)
class Meaning:
    """`inputs` is a digest of their names and types; `outputs` are in the order of their names."""

    inputs: str
    outputs: tuple[Decided, ...]

    @property
    def digest(self) -> str:
        return _digest((self.inputs, [(each.name, each.digest) for each in self.outputs]))

    @property
    def by_rules(self) -> tuple[str, ...]:
        """The outputs of which not the function is told."""
        return tuple(each.name for each in self.outputs if each.by_rules)


@lru_cache(maxsize=256)
def meaning(unit: Unit) -> Meaning:
    """What a sound table decides."""
    table = unit.table
    inputs = _digest(sorted((c.name, kind_of(c.type)) for c in table.inputs))
    ordered = _in_order(unit)
    written: str | None = None
    found = []
    for number, column in sorted(enumerate(table.outputs), key=lambda each: each[1].name):
        root = None if ordered is None else _function(ordered, number)
        by_rules = root is None
        if root is None:
            written = written or _digest([*_rules(table)])
            root = f"by rules: {written}"
        found.append(Decided(column.name, _digest((kind_of(column.type), root)), by_rules))
    return Meaning(inputs, tuple(found))


def _digest(said: object) -> str:
    return sha256(ascii(said).encode("ascii")).hexdigest()


# ---------------------------------------------------------------- what is decided


@dataclass(frozen=True, slots=True)
class _Ordered:
    """A table by its inputs, asked in the order of their names; `places` has that of each by its number."""

    unit: Unit
    claims: int
    endings: tuple[Ending, ...]
    decision: Decision
    places: Mapping[int, int]


def _in_order(unit: Unit) -> _Ordered | None:
    """None where that is too large. What is derived comes last: it is of no use there."""
    known = claimed(unit)
    if known is None:
        return None
    claims, endings = known
    inputs = range(len(unit.table.inputs))
    order = sorted(inputs, key=lambda number: unit.axes[number].column.name)
    derived = range(len(inputs), unit.inputs)
    work = Work.of(TIMES * Work.on(len(claims)).own)
    decision = decide(claims, unit.caller.whole, (*order, *derived), elastic_from=0, work=work)
    if decision is None:
        return None
    places = {number: place for place, number in enumerate(order)}
    return _Ordered(unit, len(claims), endings, decision, places)


def _function(of: _Ordered, output: int) -> str | None:
    """The digest of what one output is; None where it has no form of its own."""
    places, into = of.places, of.unit.table.outputs[output].type
    labels = [_label(ending, output, into, places) for ending in of.endings]
    told = [each for each in labels if each is not None]
    numbers = {each: number for number, each in enumerate(dict.fromkeys(told))}
    if len(told) < len(labels):
        return None
    root = renumbered(of.decision.root, {n: numbers[each] for n, each in enumerate(told)})
    if not _is_of_inputs(root, len(places)):
        return None
    axes = [of.unit.axes[number] for number in places]
    writing = Writing(axes, into, wording, Work.of(TIMES * Work.on(of.claims).own))
    known = [*numbers]

    def branch(node: Branch, ways: Sequence[tuple[int, int]]) -> int:
        place = places[node.axis]
        children = [0] * len(axes[place].atoms)
        for mask, child in ways:
            below = writing.opened(child, place)
            for atom in bits(mask):
                children[atom] = below
        return writing.branch(place, children)

    try:
        top = writing.opened(fold(root, lambda number: writing.leaf(known[number]), branch), -1)
        return writing.digest(top, [axis.column.name for axis in axes])
    except (OverBudget, NotWritten):
        return None


def _is_of_inputs(root: Node, inputs: int) -> bool:
    """Whether neither a derived column is asked, nor a case told that nobody has."""
    return fold(
        root,
        lambda number: number != NEVER,
        lambda node, ways: node.axis < inputs and all(good for _, good in ways),
    )


def _label(ending: Ending, output: int, into: Type, places: Mapping[int, int]) -> Label | None:
    """What an ending says in one output; None where it hands on what was worked out."""
    if ending.answers is None:
        return Word("draft" if ending.is_draft else "impossible")
    return _said(ending.answers[output], into, places)


def _said(given: Given, into: Type, places: Mapping[int, int]) -> Label | None:
    match given:
        case Fixed(tuple() | frozenset() as several):
            words = (Word(wording(copied(each, into))) for each in several)
            return listing(words, as_set=isinstance(several, frozenset))
        case Fixed(value):
            return Word(wording(copied(value, into)))
        case Same(number):
            return Input(places[number]) if number in places else None
        case Several(items, as_set):
            told = [_said(each, into, places) for each in items]
            single = [each for each in told if isinstance(each, Word | Input)]
            return listing(single, as_set=as_set) if len(single) == len(told) else None
    assert_never(given)


def wording(value: Value) -> str:
    """A value in the one way to write it, whatever type holds it."""
    match value:
        case None:
            return "missing"
        case bool():
            return "yes" if value else "no"
        case str():
            return ascii([value])[1:-1]
        case Decimal():
            text = f"{value:f}"
            text = text.rstrip("0").rstrip(".") if "." in text else text
            return "0" if text in ("-0", "") else text
        case date() | time():
            return value.isoformat()
        case tuple() | frozenset():
            told = [wording(each) for each in value]
            return f"[{', '.join(told if isinstance(value, tuple) else sorted(told))}]"
        case int():
            return str(value)
    assert_never(value)


def kind_of(type: Type) -> str:
    """A type by the values that it has, whatever it is called and however they are explained."""
    match type:
        case OptionalType(of) | ListType(of) | SetType(of):
            word = {OptionalType: "optional", ListType: "list of", SetType: "set of"}
            return f"{word[type.__class__]} {kind_of(of)}"
        case EnumerationType(_, members, is_ordered):
            names = [ascii(member.name) for member in members]
            return f"ordered {' < '.join(names)}" if is_ordered else " | ".join(sorted(names))
        case BoolType():
            return "bool"
        case TextType():
            return "text"
        case IntType(low, high) | DecimalType(_, low, high):
            ends = "..".join("" if end is None else wording(end) for end in (low, high))
            return f"int {ends}" if isinstance(type, IntType) else f"decimal({type.digits}) {ends}"
        case DateType(low, high) | TimeType(low, high) | DatetimeType(low, high):
            return f"{type.__class__.__name__} {low.isoformat()}..{high.isoformat()}"
    assert_never(type)


# ---------------------------------------------------------------- rules as they are written

_ASIDE = frozenset(
    ("span", "text", "label", "title", "notes", "reason", "annotations", "examples", "declared")
) | {"crosstab", "written", "type_name", "columns"}
"""What tables, rules, cells and columns say besides what they mean."""


def _rules(table: Table) -> Iterator[object]:
    """All that a table and those it calls say, but for how they say it and why; each table once."""
    numbers = {table: 0}
    waiting = [table]
    for each in waiting:
        yield [_plain(getattr(each, name), each, numbers, waiting) for name in _meant(each)]


def _plain(of: object, home: Table, numbers: dict[Table, int], waiting: list[Table]) -> object:
    """A part of a table as plain data; tables that it calls by their numbers, and to be told in turn."""
    match of:
        case Table():
            if of not in numbers:
                numbers[of] = len(numbers)
                waiting.append(of)
            return "table", numbers[of]
        case Rule():
            names = [rule.name for rule in home.rules]
            over = sorted(names.index(name) for name in of.over)
            told = [_plain(each, home, numbers, waiting) for each in (of.conditions, of.outcomes)]
            return of.kind.value, *told, over
        case None | str() | bool() | int() | Decimal() | date() | time():
            return of.__class__.__name__, wording(of)
        case frozenset():
            return "set", sorted(ascii(_plain(each, home, numbers, waiting)) for each in of)
    if isinstance(of, Type):
        return kind_of(of)
    if isinstance(of, tuple) and not hasattr(of, "_fields"):
        return [_plain(each, home, numbers, waiting) for each in of]
    parts = [_plain(getattr(of, name), home, numbers, waiting) for name in _meant(of)]
    return of.__class__.__name__, *parts


def _meant(of: Any) -> list[str]:
    """The names of what a part of the model means."""
    names = [each.name for each in fields(of)] if is_dataclass(of) else of._fields
    return [name for name in names if name not in _ASIDE]
