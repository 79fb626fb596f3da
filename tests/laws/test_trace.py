"""The rows that an answer rests on are those of the reference meaning, wherever they are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any, TypeAlias

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapless.analysis.arithmetic.dependent import Exactly, Following
from gapless.analysis.by_inputs import tabulation
from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.domain.answers import Row
from gapless.analysis.unit import Unit
from gapless.backends.python import emit
from gapless.backends.traces import basis_told, rows_told
from gapless.cli.build import objections
from gapless.driver import Result, compile_sources
from gapless.model import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    HitPolicy,
    IntType,
    ListType,
    OptionalType,
    Policy,
    SetType,
    Table,
    TimeType,
    Value,
)
from gapless.semantics import Answered, evaluate, trace
from gapless_dsl.source import Source
from tests.amounts import so_many
from tests.generated_columns import columnar, every
from tests.generated_columns import given as given_as
from tests.generated_python import compiled, functions, meant
from tests.random_policies import random_policy
from tests.random_tables import rule_at
from tests.sql_cases import real
from tests.strategies import cases, policies, probes
from tests.traced import told as words

Rows: TypeAlias = tuple[tuple[Row, ...], ...]

slow = settings(
    max_examples=so_many(60),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def told(unit: Unit, case: Mapping[str, Value], as_analyzed: Rows | None) -> Rows:
    """What of which rows flows where, by the reference meaning; collecting tables as a whole where the analysis has them so."""
    whole = {row.table for rows in as_analyzed or () for row in rows if row.rule is None}
    found = []
    for parts in trace(unit.table, case).parts:
        as_rows = (
            Row(t, None if t in whole else t.rules.index(rule), output)
            for (t, rule), output in parts
        )
        found.append(tuple(dict.fromkeys(as_rows)))
    return tuple(found)


def analyzed(unit: Unit, case: Mapping[str, Value]) -> Rows | None:
    """The rows by the tabulation; None where that was not worked out."""
    found = tabulation(unit, is_traced=True)
    if found is None:
        return None
    values = tuple(case[column.name] for column in unit.table.inputs)
    following = Following(unit.axes[: unit.inputs], len(values), (), {})
    exactly = Exactly(unit.following or following, values)
    cell = [exactly.atom(place) for place in range(len(found.axes))]
    return found.endings[rule_at(found.decision.root, cell)].rows


def _agree(result: Result, chance: Random, most: int) -> int:
    """How many cases were held against the reference."""
    tried = 0
    for unit in result.units.values():
        values = [probes(unit.table, column) for column in unit.table.inputs]
        for _ in range(most):
            case = {
                column.name: chance.choice(of)
                for column, of in zip(unit.table.inputs, values, strict=True)
            }
            if isinstance(evaluate(unit.table, case), Answered):
                rows = analyzed(unit, case)
                assert rows is None or rows == told(unit, case, rows), (unit.table.name, case)
                tried += rows is not None
    return tried


@slow
@given(policies(), st.data())
def test_the_analysis_traces_as_the_reference_does(policy: Policy, data: st.DataObject) -> None:
    for unit in compiled(policy).units.values():
        case = data.draw(cases(unit.table))
        if isinstance(evaluate(unit.table, case), Answered):
            rows = analyzed(unit, case)
            assert rows is None or rows == told(unit, case, rows)


def _alone(table: Table, output: int) -> Table:
    """The table with one output, whose marks are said of whole rows."""
    column = table.outputs[output]
    rules = (
        replace(
            rule,
            outcomes=rule.outcomes[output : output + 1],
            reason=replace(rule.reason, basis=rule.reason.basis_of(column.name), marks=()),
        )
        for rule in table.rules
    )
    return replace(table, outputs=(column,), rules=tuple(rules))


@slow
@given(policies(), st.data())
def test_an_output_rests_on_the_sources_as_if_it_were_the_only_one(
    policy: Policy, data: st.DataObject
) -> None:
    for table in policy.tables:
        case = data.draw(cases(table))
        # Under `priority` all outputs together say which row wins.
        if table.policy is HitPolicy.PRIORITY or not isinstance(evaluate(table, case), Answered):
            continue
        for output, basis in enumerate(trace(table, case).bases):
            assert trace(_alone(table, output), case).bases == (basis,)


@pytest.mark.parametrize("seed", range(so_many(40)))
def test_of_random_policies_too(seed: int) -> None:
    result = compile_sources(random_policy(seed))
    _agree(result, Random(seed), 60)


def test_of_every_policy_in_the_tree() -> None:
    assert _agree(real(), Random(1), 80) > 2_000


# ---------------------------------------------------------------- whole columns


def _wanted(unit: Unit, rows: Sequence[Sequence[Value]]) -> list[tuple[str | None, str | None]]:
    """The rows that each answer rests on, and their basis, by the reference meaning."""
    names = [column.name for column in unit.table.inputs]
    found: list[tuple[str | None, str | None]] = []
    for row in rows:
        case = dict(zip(names, row, strict=True))
        meaning = evaluate(unit.table, case)
        if isinstance(meaning, Answered):
            found.append(words(unit, case, meaning.rule))
        else:
            found.append((None, None))
    return found


@pytest.mark.parametrize("name", sorted(every()))
def test_whole_columns_trace_as_the_reference_does(name: str) -> None:
    function = every()[name]
    chance, of = Random(name), [probes(function.table, c) for c in function.table.inputs]
    rows = [tuple(map(chance.choice, of)) for _ in range(60)]
    wanted = _wanted(function.unit, rows)
    found = function.columns(*given_as(rows), refused="report")
    assert [*zip(found.rule().tolist(), found.basis().tolist(), strict=True)] == wanted
    kinds = {each.name: kind_of(each.type) for each in function.table.inputs}
    frame = pl.DataFrame([*zip(*rows, strict=True)], schema=kinds, strict=False)
    lists = any(isinstance(each.type, ListType | SetType) for each in function.table.outputs)
    for made in (frame, *([] if lists else [frame.lazy()])):
        told = function.frame(made).lazy().collect()
        assert [*zip(told["rule"], told["basis"], strict=True)] == wanted


@slow
@given(policies(), st.data())
def test_whole_columns_of_random_tables_too(policy: Policy, data: st.DataObject) -> None:
    for function in columnar(compiled(policy)):
        names = [column.name for column in function.table.inputs]
        drawn = data.draw(st.lists(cases(function.table), min_size=1, max_size=8))
        rows = [tuple(case[name] for name in names) for case in drawn]
        found = function.columns(*given_as(rows), refused="null")
        told = [*zip(found.rule().tolist(), found.basis().tolist(), strict=True)]
        assert told == _wanted(function.unit, rows)


def kind_of(type: object) -> Any:
    """The polars type of an input."""
    match type:
        case OptionalType(of):
            return kind_of(of)
        case BoolType():
            return pl.Boolean
        case IntType():
            return pl.Int64
        case DecimalType(digits):
            return pl.Decimal(38, digits)
        case DateType():
            return pl.Date
        case TimeType():
            return pl.Time
        case DatetimeType():
            return pl.Datetime("us")
        case _:
            return pl.String


# ---------------------------------------------------------------- explanations


def _explained(result: Result, chance: Random, most: int) -> int:
    """That functions which explain tell the rows of the reference; of how many cases these are several."""
    several = 0
    for function in functions(result):
        table = function.table
        of = [probes(table, column) for column in table.inputs]
        names = [column.name for column in table.inputs]
        for _ in range(most):
            case = dict(zip(names, map(chance.choice, of), strict=True))
            if isinstance(evaluate(table, case), Answered):
                said = function.asked(case)
                assert said == meant(table, case), (table.name, case)
                several += len({*said.steering, *(each for rows in said.rows for each in rows)}) > 1
    return several


@pytest.mark.parametrize("seed", range(so_many(40)))
def test_explanations_tell_the_rows_of_random_policies(seed: int) -> None:
    result = compile_sources(random_policy(seed))
    if all(table in result.units for policy in result.policies for table in policy.tables):
        _explained(result, Random(seed), 60)


@slow
@given(policies(), st.data())
def test_explanations_tell_the_rows_of_random_tables(policy: Policy, data: st.DataObject) -> None:
    for function in functions(compiled(policy)):
        case = data.draw(cases(function.table))
        if isinstance(evaluate(function.table, case), Answered):
            assert function.asked(case) == meant(function.table, case)


def test_explanations_tell_the_rows_of_every_policy_in_the_tree() -> None:
    assert _explained(real(), Random(2), 60) > 1_200


def test_a_chain_in_which_each_asks_the_one_before_twice_is_told_at_once() -> None:
    text = "table t0\n  in  a : int 0..9\n  out o : int 0..9\n\n"
    text += "  | unique | a   || o |\n  | low    | < 5 || 1 |\n  | high   | > 4 || 2 |\n"
    for n in range(1, 61):
        text += f"\ntable t{n}\n  in  a : int 0..9\n  let p = t{n - 1}(a)\n  let q = t{n - 1}(p)\n"
        text += "  out o : int 0..9\n\n  | unique | a   | q || o |\n"
        text += f"  | low{n} | < 5 | - || p |\n  | high{n} | > 4 | - || q |\n"
    *_, last = functions(compile_sources([Source("chain.dtable", text)]))
    found = last.explain(9)
    assert len(found.rows) + len(found.asked) == 121
    assert last.asked({"a": 9}) == meant(last.table, {"a": 9})


def test_an_output_into_which_no_row_flows_is_stated() -> None:
    """Marks of single outcomes name an output; a decision's column only hands on an input."""
    text = """
table fee
  in  a : int 0..9
  out o : int 0..9

  | unique | a || o || because        |
  |--------|---||---||----------------|
  | all    | - || 5 || inferred: why  |

decision bill
  in  a : int 0..9
  let f = fee(a)
  out o = f
  out b = a
"""
    result = compile_sources([Source("bill.dtable", text)])
    assert [each.severity for each in result.diagnostics] == []
    *_, bill = functions(result)
    assert [bill.explain(3).basis_of(output) for output in ("o", "b")] == ["inferred", "stated"]
    assert bill.asked({"a": 3}) == meant(bill.table, {"a": 3})


RATE = """
source act "Act {0}"

table rate
  in  a : int 0..9
  out o : int 0..9

  | unique | a   || o   || because |
  |--------|-----||-----||---------|
  | low    | < 5 || {0} || [act]   |
  | high   | > 4 || 5   || [act]   |
"""

FEE = """
use "third.dtable"

table fee
  in  a : int 0..9
  let b = rate(a)
  out o : int 0..9

  | unique | b   || o       |
  |--------|-----||---------|
  | low    | < 5 || rate(b) |
  | high   | > 4 || b       |
"""

BILL = """
table bill
  in  a : int 0..9
  let b = rate(a)
  out o : int 0..9
  out p : int 0..9

  | unique | b   || o | p      |
  |--------|-----||---|--------|
  | low    | < 5 || b | fee(b) |
  | high   | > 4 || b | fee(a) |
"""


def test_rows_of_one_name_are_told_apart() -> None:
    """A policy may have a table, and call one that calls another of the same name, in a third file."""
    first = f'use "second.dtable"\n{RATE.format(2)}{BILL}'
    texts = {"third": RATE.format(1), "second": FEE, "first": first}
    result = compile_sources([Source(f"{name}.dtable", text) for name, text in texts.items()])
    [bill] = [each for each in functions(result) if each.table.name == "bill"]
    for a in range(10):
        assert bill.asked({"a": a}) == meant(bill.table, {"a": a})
    acts = {
        output: [each.title for row in bill.explain(1).rows_of(output) for each in row.citations]
        for output in ("o", "p")
    }
    assert acts == {"o": ["Act 2"], "p": ["Act 1"]}


def test_an_explanation_of_other_rows_is_found_before_anything_is_written() -> None:
    texts = {
        "third": RATE.format(1),
        "second": FEE,
        "first": f'use "second.dtable"\n{RATE.format(2)}{BILL}',
    }
    result = compile_sources([Source(f"{name}.dtable", text) for name, text in texts.items()])
    made = {artefact.path: artefact.text for artefact in emit(result)}
    assert [*objections(result, made)] == []
    right = '"low": (((0, 0),), ((1, 0),))'
    assert right in made["python/first.py"]
    made["python/first.py"] = made["python/first.py"].replace(right, right.replace("1", "0"))
    [found] = objections(result, made)
    assert (found.code, "explained by" in found.notes[0]) == ("GAP132", True)


def chain(order: int) -> str:
    """Tables that each call the one before; those that call come first where the order is -1."""
    tables = [
        "table t0\n  in  a : int 0..9\n  out o : int 0..9\n\n  | unique | a || o |\n  | r0 | - || a |\n"
    ]
    tables += [
        f"table t{n}\n  in  a : int 0..9\n  let p = t{n - 1}(a)\n  out o : int 0..9\n\n"
        f"  | unique | p   || o |\n  | r{n} | < 5 || p |\n  | s{n} | > 4 || p |\n"
        for n in range(1, 200)
    ]
    return "\n".join(tables[::order])


def test_a_long_chain_is_traced_whoever_stands_first() -> None:
    units = compile_sources([Source("chain.dtable", chain(-1))]).units
    last = next(unit for table, unit in units.items() if table.name == "t199")
    rows = analyzed(last, {"a": 7})
    assert rows is not None and len(rows[0]) == 200


def test_what_is_too_large_to_be_traced_is_answered_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object) -> None:
        raise OverBudget

    monkeypatch.setattr("gapless.analysis.by_inputs.ruled", never)
    (unit,) = compile_sources([Source("t.dtable", chain(1).split("\n\ntable")[0])]).units.values()
    found = tabulation.__wrapped__(unit, is_traced=True)
    assert found is not None
    assert {(rows_told(unit.table, e), basis_told(unit.table, e)) for e in found.endings} == {
        ("?", None)
    }
