"""Gaps and conflicts of tables that calculate over millions of values, held against z3."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

import pytest
import z3

from gapless.driver import Result, compile_sources
from gapless.model import (
    AllOf,
    AnyOf,
    Anything,
    Between,
    ColumnValue,
    Compared,
    Constant,
    Equals,
    Expression,
    IntType,
    Operation,
    Operator,
    Table,
    Test,
    Value,
)
from gapless.semantics import Contradicted, Unanswered, evaluate
from gapless_dsl.source import Source
from tests.amounts import so_many

SEEDS = range(so_many(60))
Formula = Any
"""z3 has no types worth the name."""


def text(seed: int) -> str:
    """Two or three whole numbers up to a million, sums of them, and rows that mostly leave no gap."""
    random = Random(seed)
    names = ["a", "b", "c"][: random.randint(2, 3)]
    lines = [f"  in {name} : int 0..{random.choice((100, 5_000, 1_000_000))}" for name in names]
    columns = [*names]
    for name in ("x", "y")[: random.randint(1, 2)]:
        lines.append(f"  let {name} = {expression(random, columns, 2)}")
        columns.append(name)
    split = random.choice(columns)
    others = [name for name in columns if name != split]
    bound = random.choice([*others, str(random.randint(5, 90)), str(random.randint(5, 90))])
    strict = random.random() < 0.7
    below = row(random, columns, split, f"{random.choice(('<', '<', '<='))} {bound}", "1")
    above = row(random, columns, split, f"{'>=' if strict else '>'} {bound}", "2")
    header = f"  | unique | {' | '.join(columns)} || o |"
    return "\n".join(["table t", *lines, "  out o : int 1..2", "", header, *below, *above, ""])


def row(random: Random, columns: list[str], split: str, cell: str, answer: str) -> list[str]:
    """One row, or two that share its cases out by another column."""
    cells = dict.fromkeys(columns, "-") | {split: cell}
    free = [name for name in columns if name != split]
    if random.random() < 0.5 or not free:
        return [f"  | r{answer} | {' | '.join(cells.values())} || {answer} |"]
    other, edge = random.choice(free), random.randint(3, 80)
    rows = []
    for number, part in enumerate((f"<= {edge}", f"> {edge}")):
        told = {**cells, other: part}
        rows.append(f"  | r{answer}{number} | {' | '.join(told.values())} || {answer} |")
    return rows


def expression(random: Random, columns: list[str], depth: int) -> str:
    if depth == 0:
        return random.choice([*columns, str(random.randint(0, 50))])
    left, right = (expression(random, columns, depth - 1) for _ in range(2))
    return random.choice(
        (
            f"({left} + {right})",
            f"({left} - {right})",
            f"({random.randint(2, 9)} * {left})",
            f"max({left}, {right})",
            f"min({left}, {right})",
        )
    )


@cache
def compiled(seed: int) -> tuple[Result, Table] | None:
    result = compile_sources([Source("t.dtable", text(seed))])
    tables = [table for policy in result.policies for table in policy.tables]
    return (result, tables[0]) if tables and tables[0] in result.units else None


# ---------------------------------------------------------------- formulas


def worked_out(made: Expression, known: dict[str, Formula]) -> Formula:
    match made:
        case Constant(int() as value):
            return z3.IntVal(value)
        case ColumnValue(column):
            return known[column]
        case Operation(operator, operands):
            left, *right = (worked_out(each, known) for each in operands)
            match operator:
                case Operator.ADD:
                    return left + right[0]
                case Operator.SUBTRACT:
                    return left - right[0]
                case Operator.MULTIPLY:
                    return left * right[0]
                case Operator.LEAST:
                    return z3.If(left <= right[0], left, right[0])
                case Operator.GREATEST:
                    return z3.If(left >= right[0], left, right[0])
    raise AssertionError(made)


def holds(test: Test, value: Formula, known: dict[str, Formula]) -> Formula:
    match test:
        case Anything():
            return z3.BoolVal(True)
        case Equals(int() as wanted):
            return value == wanted
        case Between(low, high, with_low, with_high):
            asked = []
            if low is not None:
                asked.append(value >= low if with_low else value > low)
            if high is not None:
                asked.append(value <= high if with_high else value < high)
            return z3.And(*asked)
        case Compared(operator, column):
            other = known[column]
            told = {"<": value < other, "<=": value <= other, ">": value > other}
            return (told | {">=": value >= other, "=": value == other, "<>": value != other})[
                operator
            ]
        case AnyOf(tests):
            return z3.Or(*(holds(each, value, known) for each in tests))
        case AllOf(tests):
            return z3.And(*(holds(each, value, known) for each in tests))
    raise AssertionError(test)


def read(table: Table) -> tuple[list[Formula], list[Formula]]:
    """What is true of every case, and, for each rule, that it applies."""
    known: dict[str, Formula] = {}
    facts = []
    for column in table.inputs:
        known[column.name] = z3.Int(column.name)
        assert isinstance(column.type, IntType)
        facts += [known[column.name] >= column.type.low, known[column.name] <= column.type.high]
    for each in table.computed:
        known[each.column.name] = worked_out(each.expression, known)
    rules = [
        z3.And(
            *(
                holds(cell.test, known[column.name], known)
                for column, cell in zip(table.columns, rule.conditions, strict=True)
            )
        )
        for rule in table.rules
    ]
    return facts, rules


def possible(*formulas: Formula) -> bool:
    solver = z3.Solver()
    solver.add(*formulas)
    verdict = solver.check()
    assert verdict != z3.unknown
    return bool(verdict == z3.sat)


# ---------------------------------------------------------------- laws


@pytest.mark.parametrize("seed", SEEDS)
def test_a_gap_is_found_where_z3_finds_one_and_nowhere_else(seed: int) -> None:
    made = compiled(seed)
    if made is None:
        return
    result, table = made
    facts, rules = read(table)
    codes = {each.code for each in result.diagnostics}
    gap = possible(*facts, *(z3.Not(rule) for rule in rules))
    if gap:
        assert codes & {"GAP101", "GAP131"}, seed
    else:
        assert "GAP101" not in codes, seed


@pytest.mark.parametrize("seed", SEEDS)
def test_a_conflict_is_found_where_z3_finds_one(seed: int) -> None:
    made = compiled(seed)
    if made is None:
        return
    result, table = made
    facts, rules = read(table)
    found = any(
        possible(*facts, one, other)
        for place, one in enumerate(rules)
        for later, other in enumerate(rules[place + 1 :], place + 1)
        if table.rules[place].outcomes[0].value != table.rules[later].outcomes[0].value
    )
    told = [each for each in result.diagnostics if each.code == "GAP102"]
    assert found <= bool(told), seed
    assert found >= any(each.witness for each in told), seed


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_shown_happens(seed: int) -> None:
    made = compiled(seed)
    if made is None:
        return
    result, table = made
    meant = {"GAP101": Unanswered, "GAP102": Contradicted}
    for each in result.diagnostics:
        if each.code in meant and each.witness:
            case: dict[str, Value] = {name: int(value) for name, value in each.witness}
            assert isinstance(evaluate(table, case), meant[each.code]), (seed, each.witness)


def test_most_of_these_tables_are_decided() -> None:
    made = [each for seed in SEEDS if (each := compiled(seed)) is not None]
    undecided = [r for r, _ in made if any(d.code == "GAP131" for d in r.diagnostics)]
    assert len(made) > len(SEEDS) * 0.6
    assert len(undecided) < len(made) / 10
