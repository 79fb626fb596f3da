"""Random models, as large as asked for, from a seed: for laws that want many or big tables.

Hypothesis finds the small counterexamples (`strategies/`); these are for volume.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from itertools import combinations
from random import Random
from typing import Any

from gapless.analysis.decision.diagram import Branch, Node
from gapless.model import (
    AnyOf,
    Anything,
    Begins,
    Between,
    BoolType,
    Call,
    Column,
    ColumnValue,
    Condition,
    Constant,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    Equals,
    Guard,
    HitPolicy,
    Holds,
    HowMany,
    IntType,
    IsMissing,
    IsPresent,
    Let,
    ListType,
    Member,
    NoneOf,
    OptionalType,
    Outcome,
    OutcomeValue,
    Reason,
    Rule,
    RuleKind,
    Scalar,
    ScalarType,
    SetType,
    Table,
    Temporal,
    Test,
    TextType,
    TimeType,
    Type,
    counted,
    instant_at,
)
from gapless.semantics import holds
from gapless_dsl.source import Span

NOWHERE = Span("", 0, 0)
LETTERS = EnumerationType("Letter", tuple(Member(name) for name in "abc"))
PAIR = EnumerationType("Pair", tuple(Member(name) for name in "pq"))
LEVELS = EnumerationType("Level", tuple(map(Member, ("none", "low", "mid", "high"))), True)
TYPES: tuple[ScalarType, ...] = (
    LETTERS,
    PAIR,
    LEVELS,
    BoolType(),
    IntType(0, 4),
    DecimalType(1, Decimal("0.0"), Decimal("0.5")),
    DateType(date(2020, 1, 1), date(2020, 1, 4)),
    TimeType(time(23, 59, 57)),
    DatetimeType(datetime(2020, 1, 1, 23, 59, 58), datetime(2020, 1, 2, 0, 0, 1)),
    TextType(),
)


UNNAMED = ("unnamed", "xz", "xaz")
"""Texts that no table names: one that begins like no other, and of each beginning one."""
TEXTS = ("x", "y", "xa", *UNNAMED)

SET = SetType(LETTERS)


def values(type: Type) -> list[Any]:
    """Every value of a small type; of texts, those that rules name, and some that none does."""
    match type:
        case SetType(EnumerationType(_, members)):
            names = [member.name for member in members]
            sizes = range(len(names) + 1)
            return [frozenset(each) for size in sizes for each in combinations(names, size)]
        case OptionalType(of):
            return [*values(of), None]
        case EnumerationType(_, members):
            return [member.name for member in members]
        case BoolType():
            return [False, True]
        case IntType(int(low), int(high)):
            return list(range(low, high + 1))
        case DecimalType(1, Decimal() as least, Decimal() as most):
            return [Decimal(tenths) / 10 for tenths in range(int(least * 10), int(most * 10) + 1)]
        case DateType(first, last):
            return [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]
        case TimeType(low, high) | DatetimeType(low, high):
            return [instant_at(type, count) for count in range(counted(low), counted(high) + 1)]
        case TextType():
            return [*TEXTS]
    raise AssertionError(f"{type} is not small")


def random_table(
    random: Random,
    name: str,
    *,
    outcome_type: ScalarType | OptionalType = LETTERS,
    callee: Table | None = None,
    policy: HitPolicy | None = None,
    columns: int = 3,
    rules: int = 6,
    plain: bool = False,
    any_share: float = 0.4,
    exceptions: float = 0.4,
    drafts: float = 0.0,
    guards: float = 0.0,
    sets: float = 0.1,
) -> Table:
    """A table with up to so many columns and rules; `plain` outcomes are constants and columns.

    `exceptions` is the share of those tables with exceptions that may have them, `drafts` that of the
    rules whose answer is still to be decided, `guards` that of lets with a guard, `sets` that of inputs that hold several members.
    """
    inputs = tuple(
        _column(f"i{k}", _input_type(random, callee, sets))
        for k in range(random.randint(1, columns))
    )
    lets: list[Let] = []
    for number in range(random.randint(0, 2) if callee else 0):
        assert callee is not None
        known = [*inputs, *(let.column for let in lets)]
        guard = _guard(random, known) if random.random() < guards else ()
        answered = callee.outputs[0].type
        if guard and not isinstance(answered, OptionalType):
            answered = OptionalType(answered)  # type: ignore[arg-type]
        call = _call(random, callee, [_narrowed(column, guard) for column in known])
        lets.append(Let(_column(f"l{number}", answered), call, guard))
    tested = [*inputs, *(let.column for let in lets)]
    called = None if plain else callee
    rows = [
        _rule(random, str(number), tested, outcome_type, called, any_share)
        for number in range(random.randint(0, rules))
    ]
    policy = policy or random.choice([each for each in HitPolicy if not each.is_collecting])
    if drafts:
        rows = [_undecided(each) if random.random() < drafts else each for each in rows]
    if policy in (HitPolicy.UNIQUE, HitPolicy.ANY) and random.random() < exceptions:
        rows = _with_exceptions(random, rows)
    if random.random() < 0.3:
        rows.append(_otherwise(random, tested, outcome_type, called))
    return Table(
        name=name,
        title=None,
        notes=(),
        inputs=inputs,
        lets=tuple(lets),
        outputs=(_column("o", outcome_type),),
        written=tuple(column.name for column in tested),
        policy=policy,
        rules=tuple(rows),
        examples=(),
        span=NOWHERE,
    )


def _guard(random: Random, known: Sequence[Column]) -> tuple[Guard, ...]:
    return tuple(
        Guard(column.name, Condition(random_test(random, column.type, 0.1), "", NOWHERE))
        for column in random.sample(known, random.randint(1, min(2, len(known))))
    )


def _narrowed(column: Column, guard: Sequence[Guard]) -> Column:
    """The column with the values that pass the guard, as far as a type says which these are."""
    tests = [condition.test for name, condition in guard if name == column.name]
    type = column.type
    if isinstance(type, ListType | SetType):
        return column
    left = [each for each in values(type) if all(holds(test, each) for test in tests)]
    there = [each for each in left if each is not None]
    if not there or not tests:
        return column
    least = between(type.scalar, there)
    return _column(column.name, OptionalType(least) if None in left else least)


def between(type: ScalarType, there: Sequence[Scalar]) -> ScalarType:
    """The type with these of its values, and those between them."""
    match type:
        case EnumerationType(_, members):
            return replace(type, members=tuple(each for each in members if each.name in there))
        case IntType() | DecimalType() | DateType():
            return replace(type, low=min(there), high=max(there))  # type: ignore[arg-type]
    return type


def _with_exceptions(random: Random, rows: list[Rule]) -> list[Rule]:
    """Some rules over some of those before or after them, never in a circle."""
    answering = [rule.name for rule in rows if rule.kind is not RuleKind.IMPOSSIBLE]
    random.shuffle(answering)
    over: dict[str, tuple[str, ...]] = {}
    for place, name in enumerate(answering):
        below = answering[place + 1 :]
        if below and random.random() < 0.6:
            over[name] = tuple(random.sample(below, random.randint(1, min(2, len(below)))))
    return [replace(rule, over=over.get(rule.name, ())) for rule in rows]


def _undecided(rule: Rule) -> Rule:
    return replace(rule, kind=RuleKind.DRAFT, outcomes=())


def _column(name: str, type: object) -> Column:
    assert isinstance(
        type,
        EnumerationType
        | BoolType
        | IntType
        | DecimalType
        | Temporal
        | TextType
        | OptionalType
        | SetType,
    )
    return Column(name, type, None, None, NOWHERE)


def _input_type(random: Random, callee: Table | None, sets: float) -> object:
    if callee is not None and random.random() < 0.6:
        type = random.choice(callee.inputs).type
        if random.random() < 0.7:
            return type
        own = type.present
        return random.choice([each for each in TYPES if isinstance(own, each.__class__)] or [own])
    type = random.choice(TYPES)
    if random.random() < sets:
        return SET
    if callee is None and random.random() < 0.25:
        several = [each for each in values(type) if each is not None]
        type = between(type, random.sample(several, random.randint(1, len(several))))
    return OptionalType(type) if random.random() < 0.2 else type


def fits(given: object, wanted: object) -> bool:
    """Whether every value of one type is one of the other, and is known by that there."""
    if SetType in (type(given), type(wanted)):
        return given == wanted
    assert isinstance(given, OptionalType | ScalarType)
    assert isinstance(wanted, OptionalType | ScalarType)
    alike = isinstance(given.scalar, wanted.scalar.__class__)
    return alike and {*values(given)} <= {*values(wanted)}


def _call(random: Random, callee: Table, known: Sequence[Column]) -> Call:
    arguments: list[Constant | ColumnValue] = []
    for wanted in callee.inputs:
        fitting = [column.name for column in known if fits(column.type, wanted.type)]
        if fitting and random.random() < 0.85:
            arguments.append(ColumnValue(random.choice(fitting)))
        else:
            arguments.append(Constant(random.choice(values(wanted.type))))
    return Call(callee, 0, tuple(arguments), NOWHERE)


def random_outcome(
    random: Random,
    columns: Sequence[Column],
    type: ScalarType | OptionalType,
    callee: Table | None,
) -> Outcome:
    choices: list[OutcomeValue] = [Constant(random.choice(_named(type)))]
    fitting = [column.name for column in columns if column.type == type]
    if fitting:
        choices.append(ColumnValue(random.choice(fitting)))
    if callee is not None and callee.outputs[0].type == type:
        choices.append(_call(random, callee, columns))
    return Outcome(random.choice(choices), "", NOWHERE)


def _rule(
    random: Random,
    name: str,
    columns: Sequence[Column],
    type: ScalarType | OptionalType,
    callee: Table | None,
    any_share: float,
) -> Rule:
    conditions = tuple(
        Condition(random_test(random, column.type, any_share), "", NOWHERE) for column in columns
    )
    if random.random() < 0.15:
        return Rule(name, RuleKind.IMPOSSIBLE, conditions, (), Reason("x"), (), NOWHERE)
    outcome = random_outcome(random, columns, type, callee)
    return Rule(name, RuleKind.RULE, conditions, (outcome,), Reason(), (), NOWHERE)


def _otherwise(
    random: Random,
    columns: Sequence[Column],
    type: ScalarType | OptionalType,
    callee: Table | None,
) -> Rule:
    conditions = tuple(Condition(Anything(), "-", NOWHERE) for _ in columns)
    outcome = random_outcome(random, columns, type, callee)
    return Rule("otherwise", RuleKind.OTHERWISE, conditions, (outcome,), Reason("x"), (), NOWHERE)


def random_test(random: Random, type: object, any_share: float = 0.4) -> Test:
    """A test that a cell of that type could hold; it may be empty."""
    if random.random() < any_share:
        return Anything()
    if isinstance(type, SetType):
        return random_set_test(random, type)
    optional = isinstance(type, OptionalType)
    inner = type.of if isinstance(type, OptionalType) else type
    form = random.random()
    if optional and form < 0.2:
        return IsMissing()
    if optional and form < 0.3:
        return IsPresent()
    if form < 0.6:
        return _part(random, inner)
    if form < 0.8:
        return NoneOf((_part(random, inner),))
    if optional and form < 0.9:
        return AnyOf((IsMissing(), NoneOf((_part(random, inner),))))
    return AnyOf((_part(random, inner), _part(random, inner)))


def random_set_test(random: Random, type: SetType) -> Holds:
    """A test of a set in one way or in two, each of one number or of two; it may be empty."""
    assert isinstance(type.of, EnumerationType)
    names = [member.name for member in type.of.members]

    def number() -> HowMany:
        those = random.sample(names, random.randint(1, len(names)))
        members = tuple(name for name in names if name in those)
        low = random.randint(0, len(members))
        high = random.randint(low, len(members))
        count = len(members)
        return random.choice(
            (
                HowMany(members, 1, count),
                HowMany(members, count, count),
                HowMany(members, 0, 0),
                HowMany(members, low, high),
            )
        )

    ways = range(random.choice((1, 1, 1, 2)))
    return Holds(tuple(tuple(number() for _ in range(random.choice((1, 1, 2)))) for _ in ways))


def _part(random: Random, type: object) -> Test:
    assert isinstance(
        type, EnumerationType | BoolType | IntType | DecimalType | Temporal | TextType
    )
    known = _named(type)
    if isinstance(type, IntType | DecimalType | Temporal) and random.random() < 0.6:
        low, high = (random.choice([*known, None]) for _ in range(2))
        return Between(low, high, random.random() < 0.5, random.random() < 0.5)  # type: ignore[arg-type]
    if isinstance(type, TextType) and random.random() < 0.5:
        return Begins(random.choice(("x", "xa")))
    value = random.choice(known)
    assert value is not None
    return Equals(value)


def _named(type: ScalarType | OptionalType) -> list[Scalar | None]:
    """The values that tables may name: of texts, one is kept for "any other"."""
    return [value for value in values(type) if value not in UNNAMED]


def rule_at(root: Node, cell: Sequence[int]) -> int:
    """What the cell, one atom number per axis, leads to."""
    while isinstance(root, Branch):
        atom = 1 << cell[root.axis]
        root = next(child for mask, child in root.ways if mask & atom)
    return root.rule
