"""What a table decides has one digest: however its rules are cut, and no other function has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise, product
from random import Random
from typing import Any

import pytest

from gapless import checks
from gapless.analysis.building import build_units
from gapless.analysis.meaning import Meaning, meaning
from gapless.model import (
    AnyOf,
    Anything,
    Begins,
    Condition,
    Constant,
    EnumerationType,
    Equals,
    HitPolicy,
    Holds,
    HowMany,
    IsMissing,
    NoneOf,
    Outcome,
    Reason,
    Rule,
    RuleKind,
    SetType,
    Table,
    Test,
    TextType,
    Value,
)
from gapless.semantics import holds
from gapless_dsl.diagnostic import Severity
from tests.amounts import so_many
from tests.mutants import meant
from tests.random_tables import (
    LETTERS,
    NOWHERE,
    PAIR,
    TYPES,
    random_outcome,
    random_table,
    random_test,
    values,
)

Answers = Mapping[tuple[Value, ...], object]

SEEDS = range(so_many(3_000, 6))


def told(table: Table) -> Meaning | None:
    """What a sound table decides; None of any other."""
    unit = build_units([table]).units.get(table)
    if unit is None or any(e.severity is Severity.ERROR for e in checks.findings(unit)):
        return None
    return meaning(unit)


def answers(table: Table) -> Answers:
    """By brute force and the reference meaning, inputs in the order of their names."""
    names = [column.name for column in table.inputs]
    ordered = sorted(names)
    found = {}
    for given in product(*(values(column.type) for column in table.inputs)):
        case: dict[str, Any] = dict(zip(names, given, strict=True))
        found[tuple(case[name] for name in ordered)] = meant(table, case)
    return found


def tables(seed: int) -> Table:
    """A table that answers everything that its rules and the tables it calls do not exclude."""
    random = Random(seed)
    kind = random.choice([LETTERS, PAIR, *TYPES])
    policy = HitPolicy.FIRST
    callee = None
    if random.random() < 0.4:
        callee = _whole(
            random_table(random, "b", outcome_type=kind, policy=policy, columns=2), random
        )
    table = random_table(
        random, "a", outcome_type=kind, callee=callee, policy=policy, guards=0.3, rules=7
    )
    return _whole(table, random)


def _whole(table: Table, random: Random) -> Table:
    rules = [rule for rule in table.rules if rule.kind is not RuleKind.OTHERWISE]
    kind = table.outputs[0].type
    conditions = tuple(Condition(Anything(), "-", NOWHERE) for _ in table.columns)
    outcome = random_outcome(random, table.inputs, kind, None)  # type: ignore[arg-type]
    rest = Rule("rest", RuleKind.OTHERWISE, conditions, (outcome,), Reason("x"), (), NOWHERE)
    return replace(table, rules=(*rules, rest))


# ---------------------------------------------------------------- the same function, otherwise said


def case_by_case(table: Table, random: Random) -> Table:
    """The same with a row for every case, and constants for what is handed on; of texts that is not the same."""
    if isinstance(table.outputs[0].type, TextType):
        return table
    rules = []
    for number, (given, said) in enumerate(answers(table).items()):
        columns = sorted(table.inputs, key=lambda each: each.name)
        cells = tuple(
            Condition(_only(column.type, value), "", NOWHERE)
            for column, value in zip(columns, given, strict=True)
        )
        kind = RuleKind.RULE if isinstance(said, tuple) else RuleKind.IMPOSSIBLE
        outcomes = (
            tuple(Outcome(Constant(each), "", NOWHERE) for each in said)
            if isinstance(said, tuple)
            else ()
        )
        rules.append(Rule(f"r{number}", kind, cells, outcomes, Reason("x"), (), NOWHERE))
    random.shuffle(rules)
    inputs = tuple(sorted(table.inputs, key=lambda each: each.name))
    return replace(
        table,
        inputs=inputs,
        lets=(),
        policy=HitPolicy.UNIQUE,
        rules=tuple(rules),
        written=tuple(column.name for column in inputs),
    )


def _only(type: object, value: Value) -> Test:
    """The cell that one value passes; of texts that nobody names, all that are told from others."""
    if value is None:
        return IsMissing()
    if isinstance(type, SetType):
        assert isinstance(value, frozenset) and isinstance(type.of, EnumerationType)
        names = tuple(member.name for member in type.of.members)
        ways = tuple(HowMany((name,), int(name in value), int(name in value)) for name in names)
        return Holds((ways,))
    match value:
        case "unnamed":
            return NoneOf((Begins("x"), Equals("y")))
        case "xz":
            return Begins("x", (Begins("xa"), Equals("x")))
        case "xaz":
            return Begins("xa", (Equals("xa"),))
    assert not isinstance(value, tuple | frozenset)
    return Equals(value)


def cut_in_two(table: Table, random: Random) -> Table:
    """One row as two, those of a first-match table moved about where that changes nothing."""
    rules = [*table.rules]
    rows = [n for n, rule in enumerate(rules) if rule.kind is RuleKind.RULE]
    if not rows:
        return table
    number = random.choice(rows)
    rule, place = rules[number], random.randrange(len(table.columns))
    column = table.columns[place]
    test = random_test(random, column.type, 0.0)
    passed = [value for value in values(column.type) if _passes(test, value)]
    mine = [v for v in values(column.type) if _passes(rule.conditions[place].test, v)]
    inside = [value for value in mine if value in passed]
    outside = [value for value in mine if value not in passed]
    if isinstance(column.type, SetType) or not inside or not outside:
        return table
    parts = [
        replace(
            rule,
            name=f"{rule.name}{part}",
            conditions=tuple(
                Condition(AnyOf(tuple(_only(column.type, v) for v in those)), "", NOWHERE)
                if other == place
                else each
                for other, each in enumerate(rule.conditions)
            ),
        )
        for part, those in (("a", inside), ("b", outside))
    ]
    random.shuffle(parts)
    return replace(table, rules=(*rules[:number], *parts, *rules[number + 1 :]))


def _passes(test: Test, value: Value) -> bool:
    return holds(test, value)


def turned(table: Table, random: Random) -> Table:
    """Inputs in another order, rules by other names, the grid's columns too."""
    order = random.sample(range(len(table.inputs)), len(table.inputs))
    rest = range(len(table.inputs), len(table.columns))
    rules = tuple(
        replace(
            rule,
            name=f"other{number}",
            conditions=tuple(rule.conditions[each] for each in (*order, *rest)),
        )
        for number, rule in enumerate(table.rules)
    )
    written = random.sample(table.written, len(table.written))
    inputs = tuple(table.inputs[each] for each in order)
    return replace(table, name="z", inputs=inputs, rules=rules, written=tuple(written))


@pytest.mark.parametrize("batch", range(4))
def test_the_same_function_has_the_same_digest_however_it_is_cut(batch: int) -> None:
    tried = 0
    for seed in SEEDS[batch::4]:
        random, table = Random(-seed), tables(seed)
        before = told(table)
        if before is None or before.as_written:
            continue
        for other in (case_by_case, cut_in_two, turned):
            again = other(table, random)
            assert answers(again) == answers(table)
            after = told(again)
            if after is not None:
                assert after == before, (seed, other.__name__)
                tried += 1
    assert tried > len(SEEDS) // 4


# ---------------------------------------------------------------- another function


def mutated(table: Table, random: Random) -> Table:
    """One cell or one outcome otherwise."""
    number = random.randrange(len(table.rules))
    rule = table.rules[number]
    if rule.outcomes and (rule.kind is RuleKind.OTHERWISE or random.random() < 0.5):
        kind = table.outputs[0].type
        outcome = random_outcome(random, table.columns, kind, None)  # type: ignore[arg-type]
        changed = replace(rule, outcomes=(outcome,))
    elif rule.kind is RuleKind.OTHERWISE:
        return table
    else:
        place = random.randrange(len(table.columns))
        cells = [*rule.conditions]
        test = random_test(random, table.columns[place].type)
        cells[place] = Condition(test, "", NOWHERE)
        changed = replace(rule, conditions=tuple(cells))
    return replace(table, rules=(*table.rules[:number], changed, *table.rules[number + 1 :]))


@pytest.mark.parametrize("batch", range(4))
def test_another_function_has_another_digest(batch: int) -> None:
    same = different = 0
    for seed in SEEDS[batch::4]:
        random, table = Random(-seed), tables(seed)
        found = [
            (told(each), answers(each))
            for each in (table, *(mutated(table, random) for _ in range(4)))
        ]
        sound = [(mine, said) for mine, said in found if mine is not None and not mine.as_written]
        for (one, said), (other, also) in pairwise(sound):
            assert (one == other) == (said == also), seed
            same += said == also
            different += said != also
    assert same > len(SEEDS) // 40
    assert different > len(SEEDS) // 8
