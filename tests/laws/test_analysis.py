"""What the compiler knows of a table is what its rows say, case by case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product
from random import Random
from typing import NamedTuple

import pytest

from gapless import checks
from gapless.analysis.building import build_units
from gapless.analysis.decision.diagram import GAP, NEVER
from gapless.analysis.domain.partition import Box
from gapless.analysis.overlaps import overlaps
from gapless.analysis.regions import regions
from gapless.analysis.unit import Unit
from gapless.model import (
    Call,
    ColumnValue,
    Constant,
    EnumerationType,
    HitPolicy,
    Rule,
    RuleKind,
    Table,
    Value,
    precedence,
)
from gapless.semantics import Answered, Meaning, evaluate, holds, matches
from gapless.text import words
from tests.random_tables import LETTERS, PAIR, TYPES, random_table, rule_at, values

ROWS = (RuleKind.RULE, RuleKind.DRAFT)
BATCHES = 10
"""Each of forty chains of three tables, each table calling the one before."""


@pytest.mark.parametrize("batch", range(BATCHES))
def test_decision_is_the_reference_meaning(batch: int) -> None:
    for table, unit in chains(batch):
        for case, full, expected in _cases(table):
            cell = _cell(unit, case if full is None else full)

            assert _winner(unit, cell[: unit.inputs]) == expected
            if full is not None:
                assert unit.decision is not None
                assert rule_at(unit.decision.root, cell) == expected


@pytest.mark.parametrize("batch", range(BATCHES))
def test_tally_counts_distinct_cases(batch: int) -> None:
    for table, unit in chains(batch):
        cells: dict[int, set[tuple[int, ...]]] = {}
        for case, _, rule in _cases(table):
            cells.setdefault(rule, set()).add(_cell(unit, case)[: unit.inputs])

        assert {rule: len(each) for rule, each in cells.items()} == dict(unit.tally)
        assert sum(unit.tally.values()) == unit.cases


@pytest.mark.parametrize("batch", range(BATCHES))
def test_overlaps_are_the_pairs_that_share_a_case(batch: int) -> None:
    for table, unit in chains(batch):
        shared, apart = set(), set()
        for _, full, _ in _cases(table):
            if full is not None:
                pairs = _pairs(table, full)
                shared |= pairs
                apart |= {pair for pair in pairs if _differ(table, *pair, full)}
        found = list(overlaps(unit))

        assert {(each.earlier, each.later) for each in found} == shared
        assert {(each.earlier, each.later) for each in found if each.outputs} == apart


@pytest.mark.parametrize("batch", range(BATCHES))
def test_gap_regions_hold_the_gaps_and_nothing_else(batch: int) -> None:
    for table, unit in chains(batch):
        found = regions(unit, GAP).boxes
        for case, _, expected in _cases(table):
            cell = _cell(unit, case)[: unit.inputs]
            inside = any(_holds(each.box, cell) for each in found)

            assert inside or expected != GAP
            assert not inside or expected in (GAP, NEVER)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_findings_are_true(batch: int) -> None:
    for table, unit in chains(batch):
        if table.policy is HitPolicy.FIRST:
            expected = {met.expected for met in _cases(table)} - {NEVER}
            found = {each.code: each for each in checks.findings(unit)}
            if "GAP108" in found:
                continue  # such a table is told of nothing else
            idle = {
                number
                for number, rule in enumerate(table.rules)
                if number not in expected and unit.boxes[number] is not None
            }
            otherwise = {n for n in idle if table.rules[n].kind is RuleKind.OTHERWISE}

            assert ("GAP101" in found) == (GAP in expected)
            assert ("GAP106" in found) == bool(otherwise)
            assert bool({"GAP103", "GAP105"} & set(found)) == bool(idle - otherwise)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_witness_of_a_gap_is_unanswered(batch: int) -> None:
    for table, unit in chains(batch):
        for finding in checks.findings(unit):
            if finding.code == "GAP101":
                for witness in (finding.witness, *(each.witness for each in finding.regions)):
                    assert witness is not None
                    full = _with_lets(table, _read(table, witness))

                    assert full is not None and _expected(table, full) == GAP


@lru_cache(maxsize=BATCHES)
def chains(batch: int) -> list[tuple[Table, Unit]]:
    return [each for seed in range(40 * batch, 40 * batch + 40) for each in _chain(seed)]


def _chain(seed: int) -> Iterator[tuple[Table, Unit]]:
    """Three tables, the last of any hit policy; the others are `first`, so that each has one answer.

    A third of the chains have drafts.
    """
    random = Random(seed)
    drafts = 0.25 if seed % 3 == 0 else 0.0
    guards = 0.5 if seed % 2 else 0.0
    outcome = random.choice([LETTERS, PAIR, *TYPES])
    first = random_table(random, "a", outcome_type=outcome, policy=HitPolicy.FIRST, drafts=drafts)
    second = random_table(
        random,
        "b",
        outcome_type=random.choice([outcome, PAIR]),
        callee=first,
        policy=HitPolicy.FIRST,
        drafts=drafts,
        guards=guards,
    )
    third = random_table(
        random, "c", outcome_type=outcome, callee=second, drafts=drafts, guards=guards
    )
    units = build_units([third]).units
    for table in (first, second, third):
        if table in units:
            yield table, units[table]


def _winner(unit: Unit, cell: tuple[int, ...]) -> int:
    """The one rule, GAP or NEVER that wins a cell of the inputs."""
    (winner,) = [
        rule for rule, boxes in unit.claims.won.items() for box in boxes if _holds(box, cell)
    ]
    return winner


class _Met(NamedTuple):
    """A case, the same with its computed columns, and the rule that wins it by the reference."""

    case: Mapping[str, Value]
    full: Mapping[str, Value] | None
    expected: int


@lru_cache(maxsize=120 * BATCHES)
def _cases(table: Table) -> list[_Met]:
    """Every case; of a table that is called and does not answer, what is expected is NEVER."""
    names = [column.name for column in table.inputs]
    found = []
    for each in product(*(values(column.type) for column in table.inputs)):
        case = dict(zip(names, each, strict=True))
        full = _with_lets(table, case)
        found.append(_Met(case, full, NEVER if full is None else _expected(table, full)))
    return found


def _with_lets(table: Table, case: Mapping[str, Value]) -> dict[str, Value] | None:
    """The case with its computed columns, or None where a called table does not answer."""
    full = dict(case)
    for let in table.lets:
        if not all(holds(each.condition.test, full[each.column]) for each in let.guard):
            full[let.column.name] = None
            continue
        meaning = _called(let.call, full)
        if not isinstance(meaning, Answered):
            return None
        full[let.column.name] = meaning.values[let.call.output]
    return full


def _called(call: Call, case: Mapping[str, Value]) -> Meaning:
    arguments = [
        case[each.column] if isinstance(each, ColumnValue) else each.value
        for each in call.arguments
    ]
    names = [column.name for column in call.table.inputs]
    return evaluate(call.table, dict(zip(names, arguments, strict=True)))


def _expected(table: Table, full: Mapping[str, Value]) -> int:
    """The number of the rule that wins, by the reference's own matching."""
    matching = [n for n, rule in enumerate(table.rules) if matches(table, rule, full)]
    for kinds in ((RuleKind.IMPOSSIBLE,), ROWS, (RuleKind.OTHERWISE,)):
        those = [number for number in matching if table.rules[number].kind in kinds]
        if kinds is ROWS:
            those = _unbeaten(table, those)
        if those:  # of equals, one is as good as another: the one that the file's readers see first
            return min(those, key=precedence(table).order.index)
    return GAP


def _unbeaten(table: Table, rules: list[int]) -> list[int]:
    """Those of the rules that apply which no other of them beats, by the words of the language."""
    if table.policy is HitPolicy.FIRST:
        return rules[:1]
    if table.policy is HitPolicy.PRIORITY:
        drafts = set(_numbers(table, RuleKind.DRAFT))
        best = min((_rank(table, number) for number in rules if number not in drafts), default=())
        return [n for n in rules if n in drafts or _rank(table, n) == best]
    return [n for n in rules if not any(_is_over(table, other, n) for other in rules)]


def _rank(table: Table, number: int) -> tuple[int, ...]:
    type, value = table.outputs[0].type, table.rules[number].outcomes[0].value
    if not isinstance(type, EnumerationType) or not isinstance(value, Constant):
        return ()
    return ([member.name for member in type.members].index(str(value.value)),)


def _is_over(table: Table, one: int, other: int) -> bool:
    """Whether a rule is an exception to another, or to one that is."""
    named = {rule.name: number for number, rule in enumerate(table.rules)}
    direct = [named[name] for name in table.rules[one].over]
    return other in direct or any(_is_over(table, each, other) for each in direct)


def _pairs(table: Table, full: Mapping[str, Value]) -> set[tuple[int, int]]:
    """The pairs of rules that apply to a possible case, where none decides over the other."""
    if _expected(table, full) in _numbers(table, RuleKind.IMPOSSIBLE):
        return set()
    rules = [n for n in _numbers(table, *ROWS) if matches(table, table.rules[n], full)]
    left = _unbeaten(table, rules)
    return {(a, b) for a in left for b in left if a < b}


def _numbers(table: Table, *kinds: RuleKind) -> list[int]:
    return [number for number, rule in enumerate(table.rules) if rule.kind in kinds]


def _differ(table: Table, one: int, other: int, full: Mapping[str, Value]) -> bool:
    """Whether two rules answer differently; no answer is like no other, but is itself."""
    a, b = (table.rules[number] for number in (one, other))
    if RuleKind.DRAFT in (a.kind, b.kind):
        return a.kind is not b.kind
    if a.outcomes[0].value == b.outcomes[0].value:
        return False
    values = [_answer(rule, full) for rule in (a, b)]
    return not all(values) or values[0] != values[1]


def _answer(rule: Rule, full: Mapping[str, Value]) -> tuple[Value] | None:
    match rule.outcomes[0].value:
        case Constant(value):
            return (value,)
        case ColumnValue(column):
            return (full[column],)
        case Call() as call:
            meaning = _called(call, full)
            return (meaning.values[0],) if isinstance(meaning, Answered) else None
    raise AssertionError("the random tables hold no lists")


def _cell(unit: Unit, case: Mapping[str, Value]) -> tuple[int, ...]:
    """The atoms of a case; where a let is not known, its first."""
    cell = []
    for axis in unit.axes:
        index = axis.locate(case[axis.column.name]) if axis.column.name in case else 0
        assert index is not None
        cell.append(index)
    return tuple(cell)


def _holds(box: Box, cell: tuple[int, ...]) -> bool:
    return all(mask >> atom & 1 for mask, atom in zip(box, cell, strict=True))


def _read(table: Table, witness: tuple[tuple[str, str], ...]) -> dict[str, Value]:
    """The case that a witness writes down; a text that no rule names stands for any other."""
    case: dict[str, Value] = {}
    for (name, text), column in zip(witness, table.inputs, strict=True):
        known: dict[str, Value] = {words.literal(value): value for value in values(column.type)}
        case[name] = known.get(text, known.get(text.removesuffix(".0"), text.strip('"')))
    return case
