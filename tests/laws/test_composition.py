"""What steps, guards and decisions come to: asked once, related exactly, and followed down to the last table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings

from gapless import checks
from gapless.analysis.building import build_units
from gapless.analysis.composition.calls import calls_of
from gapless.analysis.domain.partition import Box
from gapless.analysis.reachability import reached
from gapless.analysis.unit import Unit
from gapless.analysis.verdict import verdict
from gapless.backends.markdown.exclusions import inherited
from gapless.backends.python import emit
from gapless.driver import compile_sources
from gapless.model import (
    Anything,
    Call,
    Column,
    ColumnValue,
    Condition,
    Constant,
    EnumerationType,
    Equals,
    HitPolicy,
    Let,
    NoneOf,
    OptionalType,
    Outcome,
    Policy,
    Reason,
    Rule,
    RuleKind,
    Table,
    Value,
)
from gapless.semantics import Answered, evaluate, holds
from gapless.text.verdicts import sentence
from gapless_dsl.diagnostic import Severity
from gapless_dsl.source import Source
from tests.amounts import so_many
from tests.random_tables import LETTERS, NOWHERE, PAIR, TYPES, random_table, values
from tests.strategies import policies

SEEDS = range(so_many(480))

Case = Mapping[str, Value]


# ---------------------------------------------------------------- which cases are led to


@pytest.mark.parametrize("batch", range(3))
def test_what_is_reached_is_what_is_asked_case_by_case(batch: int) -> None:
    exact = 0
    for seed in SEEDS[batch::3]:
        top, units = _chain(seed)
        if len(units) < 3 or top not in units:
            continue
        found = reached([top], units)
        asked: dict[Table, set[tuple[int, ...]]] = {}
        for case in _cases(top):
            _trace(top, case, units, asked)
        sound = not any(_is_wrong(unit) for unit in units.values())
        exact += sound
        for table in units:
            boxes = found.get(table, ())
            assert boxes is not None
            cells = {cell for box in boxes for cell in _cells(box)}
            met = asked.get(table, set())

            assert met <= cells
            assert met == cells or not sound
    assert exact > 0


def _chain(seed: int) -> tuple[Table, Mapping[Table, Unit]]:
    """A table that nobody calls, one that it calls, and one that this calls."""
    random = Random(seed)
    outcome = random.choice([LETTERS, PAIR, *TYPES])
    last = random_table(random, "a", outcome_type=outcome, policy=HitPolicy.FIRST, columns=2)
    middle = random_table(
        random, "b", outcome_type=outcome, callee=last, policy=HitPolicy.FIRST, guards=0.5
    )
    top = random_table(
        random, "c", outcome_type=outcome, callee=middle, policy=HitPolicy.FIRST, guards=0.5
    )
    return top, build_units([top]).units


def _is_wrong(unit: Unit) -> bool:
    return any(found.severity is Severity.ERROR for found in checks.findings(unit))


def _cases(table: Table) -> Iterator[dict[str, Value]]:
    names = [column.name for column in table.inputs]
    for each in product(*(values(column.type) for column in table.inputs)):
        yield dict(zip(names, each, strict=True))


def _trace(
    table: Table,
    case: Case,
    units: Mapping[Table, Unit],
    asked: dict[Table, set[tuple[int, ...]]],
) -> None:
    """Note the case, and all that answering it asks; nobody puts a case that is impossible."""
    unit = units[table]
    cell = [axis.locate(case[axis.column.name]) for axis in unit.axes[: unit.inputs]]
    asked.setdefault(table, set()).add(tuple(0 if atom is None else atom for atom in cell))
    meaning = evaluate(table, case)
    if not isinstance(meaning, Answered):
        return
    full = dict(case)
    for let in table.lets:
        full[let.column.name] = None
        if all(holds(each.condition.test, full[each.column]) for each in let.guard):
            full[let.column.name] = _traced(let.call, full, units, asked)
    for call in calls_of(meaning.rule):
        _traced(call, full, units, asked)


def _traced(
    call: Call,
    case: Case,
    units: Mapping[Table, Unit],
    asked: dict[Table, set[tuple[int, ...]]],
) -> Value:
    given = [
        case[each.column] if isinstance(each, ColumnValue) else each.value
        for each in call.arguments
    ]
    inner = dict(zip((column.name for column in call.table.inputs), given, strict=True))
    _trace(call.table, inner, units, asked)
    meaning = evaluate(call.table, inner)
    assert isinstance(meaning, Answered)
    return meaning.values[call.output]


def _cells(box: Box) -> Iterator[tuple[int, ...]]:
    yield from product(*([n for n in range(mask.bit_length()) if mask >> n & 1] for mask in box))


# ---------------------------------------------------------------- one table, asked twice


def test_a_table_asked_twice_of_the_same_never_says_two_things() -> None:
    """No case is left to rows in which the two differ, and none is open without them."""
    for seed in SEEDS:
        kind = [LETTERS, PAIR][seed % 2]
        callee = random_table(Random(seed), "a", outcome_type=kind, policy=HitPolicy.FIRST)
        table = _asking_twice(callee, kind)
        unit = build_units([table]).units[table]
        answering = {number for number in unit.tally if number >= 0}

        assert answering <= set(range(len(kind.members)))
        assert not unit.claims.gap.at_most


def _asking_twice(callee: Table, kind: EnumerationType) -> Table:
    """A table with a row for each answer, and then, for each, one in which the two answers differ."""
    given = tuple(ColumnValue(column.name) for column in callee.inputs)
    columns = [Column(name, kind, None, None, NOWHERE) for name in ("one", "other")]
    lets = tuple(Let(column, Call(callee, 0, given, NOWHERE)) for column in columns)
    members = [Equals(member.name) for member in kind.members]
    tests = [(each, each) for each in members] + [(each, NoneOf((each,))) for each in members]
    anything = tuple(Condition(Anything(), "-", NOWHERE) for _ in given)
    outcome = Outcome(Constant(kind.members[0].name), "", NOWHERE)
    rules = tuple(
        Rule(
            str(number),
            RuleKind.RULE,
            (*anything, *(Condition(test, "", NOWHERE) for test in pair)),
            *((outcome,), Reason(), (), NOWHERE),
        )
        for number, pair in enumerate(tests)
    )
    return Table(
        *("twice", None, (), callee.inputs, lets, (Column("o", kind, None, None, NOWHERE),)),
        *(("one", "other"), HitPolicy.UNIQUE, rules, (), NOWHERE),
    )


# ---------------------------------------------------------------- decisions


@settings(max_examples=so_many(60))
@given(policies())
def test_a_decision_is_total_and_never_decides_by_chance(policy: Policy) -> None:
    for table, unit in build_units(policy.tables).units.items():
        if table.is_decision:
            assert sentence(verdict(unit)).startswith("total: ")
            assert unit.claims.gap.at_most == 0
            for let in table.lets:
                assert not let.guard or isinstance(let.column.type, OptionalType)


PARCEL = """
type Zone = home | world

table line
  in  zone : Zone
  out days : int 1..9
  out fee  : int 0..99

  | unique | zone  || days | fee |
  |--------|-------||------|-----|
  | near   | home  || 1    | 5   |
  | far    | world || 5    | 20  |

decision parcel
  in  zone : Zone
  let line = line(zone)
  let far  = line(zone) when line.days > 1
  out line
  out twice = far.fee
"""


def test_a_step_of_several_results_is_asked_once() -> None:
    result = compile_sources([Source("parcel.dtable", PARCEL)])
    (module,) = emit(result)
    _, _, parcel = module.text.partition("def _parcel(")

    assert result.is_sound
    assert parcel.partition("\ndef ")[0].count("_line(") == 1


LEAST = """
table least
  in  height : int 0..9
  in  ground : int 0..9
  out room   : int 0..9
  out sight  : int 0..9

  | unique | height   || room       | sight || because           |
  |--------|----------||------------|-------||-------------------|
  | flies  | > ground || 5          | 3     ||                   |
  | lands  | = ground || 1          | 1     ||                   |
  | buried | < ground || impossible         || nobody flies there |

table clear
  in  height : int 0..9
  in  ground : int 0..9
  let least  = least(height, ground)
  out clear  : bool

  | unique | least.room | least.sight || clear |
  |--------|------------|-------------||-------|
  | wide   | 5          | 3           || yes   |
  | narrow | 1          | 1           || no    |
"""


def test_what_is_compared_for_several_results_of_a_step_is_compared_once() -> None:
    result = compile_sources([Source("least.dtable", LEAST)])
    (clear,) = [unit for unit in result.units.values() if unit.table.name == "clear"]

    assert result.is_sound
    assert sum("against" in axis.column.name for axis in clear.axes) == 1
    assert [each.rule for each in inherited(clear, result.units)] == [2]
