"""What a table decides, as digests: the same for tables that give the same answers to the same inputs.

An output whose function can be written in its one form (`canonical`) is told by that. One that rests on
what is worked out from inputs is told as a function of these, and of formulas as they are written;
any other, of what called tables calculate or too large, by rules as they are written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any, assert_never

from gapless.analysis.by_inputs import Ending, Given, claimed
from gapless.analysis.canonical.nodes import Input, Label, Word, listing
from gapless.analysis.canonical.writing import NotWritten, Writing
from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.decision.diagram import GAP, NEVER, Branch, Decision, Node, fold, renumbered
from gapless.analysis.decision.first_match import decide
from gapless.analysis.domain.answers import Fixed, Same, Several
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.derived import lowered, named_in, put
from gapless.analysis.unit import Unit
from gapless.model import (
    BoolType,
    ColumnValue,
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


class KnownBy(StrEnum):
    """What an output is told by: its function, or that of inputs and formulas, or rules as written."""

    FUNCTION = "function"
    FORMULAS = "formulas"
    RULES = "rules"


@dataclass(frozen=True, slots=True)
class Decided:
    """What one output comes to."""

    name: str
    digest: str
    known_by: KnownBy


@dataclass(frozen=True, slots=True)
class Meaning:
    """`inputs` is a digest of their names and types; `outputs` are in the order of their names."""

    inputs: str
    outputs: tuple[Decided, ...]

    @property
    def digest(self) -> str:
        return _digest((self.inputs, [(each.name, each.digest) for each in self.outputs]))

    @property
    def as_written(self) -> Mapping[str, KnownBy]:
        """The outputs of which not just the function is told."""
        return {e.name: e.known_by for e in self.outputs if e.known_by is not KnownBy.FUNCTION}


@lru_cache(maxsize=256)
def meaning(unit: Unit) -> Meaning:
    """What a sound table decides."""
    table = unit.table
    inputs = _digest(sorted((c.name, kind_of(c.type)) for c in table.inputs))
    reading = _Reading(unit)
    found = []
    for number, column in sorted(enumerate(table.outputs), key=lambda each: each[1].name):
        known_by, root = reading.output(number)
        said = kind_of(column.type), known_by.value, root
        found.append(Decided(column.name, _digest(said), known_by))
    return Meaning(inputs, tuple(found))


class _Reading:
    """One table, read in the ways that its outputs need, each once."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit

    def output(self, number: int) -> tuple[KnownBy, str]:
        """What an output is told by, and the digest of that."""
        found = self.of_inputs and _function(self.of_inputs, number)
        if found:
            return KnownBy.FUNCTION, found
        found = self.of_formulas and _function(self.of_formulas, number)
        if found:
            return KnownBy.FORMULAS, found
        return KnownBy.RULES, self.rules

    @cached_property
    def of_inputs(self) -> _Ordered | None:
        return _in_order(self.unit, {})

    @cached_property
    def of_formulas(self) -> _Ordered | None:
        formulas = _formulas(self.unit)
        return _in_order(self.unit, formulas) if formulas else None

    @cached_property
    def rules(self) -> str:
        return _digest([*_rules(self.unit.table)])


def _digest(said: object) -> str:
    return sha256(ascii(said).encode("ascii")).hexdigest()


# ---------------------------------------------------------------- what is decided


@dataclass(frozen=True, slots=True)
class _Ordered:
    """A table by its inputs, and perhaps by formulas of them, asked in the order of their names.

    `places` has the place of each axis that may be asked by its number, `names` are in that order.
    """

    unit: Unit
    claims: int
    endings: tuple[Ending, ...]
    decision: Decision
    places: Mapping[int, int]
    names: tuple[str, ...]


def _in_order(unit: Unit, formulas: Mapping[int, str]) -> _Ordered | None:
    """None where that is too large. Derived columns that are no formulas come last, and may not be asked.

    What no case has goes anywhere, so that as few columns as can be are asked; by formulas, it goes
    nowhere, and is not told apart from what no rule claims, for how much of it is known depends on the rules.
    """
    known = claimed(unit)
    if known is None:
        return None
    claims, endings = known
    inputs = range(len(unit.table.inputs))
    names = {**{number: unit.axes[number].column.name for number in inputs}, **formulas}
    asked = [*sorted(inputs, key=names.__getitem__), *sorted(formulas, key=names.__getitem__)]
    order = [*asked, *(number for number in range(unit.inputs) if number not in names)]
    if formulas:
        claims = tuple(each for each in claims if each.rule != NEVER)
    work = Work.of(TIMES * Work.on(len(claims)).own)
    elastic_from = len(order) if formulas else 0
    decision = decide(claims, unit.caller.whole, order, elastic_from=elastic_from, work=work)
    if decision is None:
        return None
    places = {number: place for place, number in enumerate(asked)}
    told = tuple(names[number] for number in asked)
    return _Ordered(unit, len(claims), endings, decision, places, told)


def _formulas(unit: Unit) -> Mapping[int, str]:
    """Names for the table's own columns that are worked out from its inputs alone, by what they are.

    What rests on a table that is called has none: how it is worked out is not all that it is.
    """
    known: dict[str, object] = {c.name: ("input", c.name) for c in unit.table.inputs}
    first, found = len(known), dict[int, str]()
    for number, (column, definition) in enumerate(lowered(unit.table).derived, first):
        named = named_in(definition)
        if all(name in known for name in named):
            plain = put(definition, {name: ColumnValue(f"{n}") for n, name in enumerate(named)})
            said = _plain(plain, unit.table, {}, []), [known[name] for name in named]
            found[number] = f"= {_digest(said)}"
            known[column.name] = found[number]
    return found


def _function(of: _Ordered, output: int) -> str | None:
    """The digest of what one output is; None where it has no form of its own."""
    places, into = of.places, of.unit.table.outputs[output].type
    labels = [_label(ending, output, into, places) for ending in of.endings]
    told = [each for each in labels if each is not None]
    numbers = {each: number for number, each in enumerate(dict.fromkeys(told))}
    if len(told) < len(labels):
        return None
    root = renumbered(of.decision.root, {n: numbers[each] for n, each in enumerate(told)})
    if not _asks_only(root, places):
        return None
    axes = [of.unit.axes[number] for number in places]
    writing = Writing(axes, into, wording, Work.of(TIMES * Work.on(of.claims).own))
    known = [*numbers]

    def leaf(number: int) -> int:
        return writing.leaf(Word("never") if number == GAP else known[number])

    def branch(node: Branch, ways: Sequence[tuple[int, int]]) -> int:
        place = places[node.axis]
        children = [0] * len(axes[place].atoms)
        for mask, child in ways:
            below = writing.opened(child, place)
            for atom in bits(mask):
                children[atom] = below
        return writing.branch(place, children)

    try:
        top = writing.opened(fold(root, leaf, branch), -1)
        return writing.digest(top, of.names)
    except (OverBudget, NotWritten):
        return None


def _asks_only(root: Node, places: Collection[int]) -> bool:
    """Whether no other axis is asked, nor a case told that nobody has."""
    return fold(
        root,
        lambda number: number != NEVER,
        lambda node, ways: node.axis in places and all(good for _, good in ways),
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
