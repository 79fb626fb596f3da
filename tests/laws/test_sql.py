"""What SQL answers is what the table says, row for row, on DuckDB and on SQLite."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

import duckdb
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gapless.analysis.unit import Unit
from gapless.backends.sql import Expressions, Flavor, Unsupported, asked, expressions, statements
from gapless.backends.sql.dialects import ALL
from gapless.backends.sql.literals import quoted
from gapless.backends.sql.statements import Written, functions, written
from gapless.model import Policy
from tests.amounts import so_many
from tests.generated_python import compiled
from tests.pages import ROOT
from tests.sql_cases import MOST, ROW, Expected, Trial, agrees, read, real, timed, trial
from tests.strategies import cases, policies

slow = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

FILES = sorted(
    path.name
    for folder in ("tables", "tables/examples")
    for path in ROOT.glob(f"{folder}/*.dtable")
)


@cache
def trials(file: str, most: int, flavor: Flavor = Flavor.DUCKDB) -> tuple[Trial, ...]:
    """A trial of each table of a real policy that can be expressed in an SQL."""
    return tuple(
        trial(unit, most=most)
        for policy in real().policies
        if policy.path == file
        for table in policy.tables
        if isinstance(expressions(unit := real().units[table], flavor), Expressions)
    )


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": "1"}) as connection:
        yield connection


@pytest.mark.parametrize("file", FILES)
def test_a_query_on_duckdb_answers_as_the_table_does(
    file: str, duck: duckdb.DuckDBPyConnection
) -> None:
    for tried in trials(file, MOST):
        _holds(tried, _queried(duck, tried))


@pytest.mark.parametrize("file", FILES)
def test_joined_lookups_answer_alike(
    file: str, duck: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "QUESTIONS", -1)
    for tried in trials(file, 100):
        _holds(tried, _queried(duck, tried))


@pytest.mark.parametrize("file", FILES)
def test_expressions_by_the_ending_answer_alike(file: str, duck: duckdb.DuckDBPyConnection) -> None:
    for tried in trials(file, 100):
        _holds(tried, _by_ending(duck, tried))


@pytest.mark.parametrize("file", FILES)
def test_macros_answer_alike(file: str, duck: duckdb.DuckDBPyConnection) -> None:
    for tried in trials(file, 100):
        table = written(tried.unit, ALL["duckdb"])
        assert isinstance(table, Written)
        for statement in functions(table):
            duck.execute(statement)
        _holds(tried, _called(duck, tried, [*functions(table)]))


def test_times_are_alike_in_every_form(
    duck: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for unit in timed().units.values():
        tried = trial(unit, most=MOST)
        table = written(tried.unit, ALL["duckdb"])
        assert isinstance(table, Written)
        for statement in functions(table):
            duck.execute(statement)
        _holds(tried, _called(duck, tried, [*functions(table)]))
        _holds(tried, _by_ending(duck, tried))
        _holds(tried, _queried(duck, tried))
        monkeypatch.setattr(statements, "QUESTIONS", -1)
        _holds(tried, _queried(duck, tried))


@pytest.mark.parametrize("file", FILES)
def test_a_query_on_sqlite_answers_as_the_table_does(file: str) -> None:
    for tried in trials(file, MOST, Flavor.SQLITE):
        _holds(tried, _in_sqlite(tried))


@settings(slow, max_examples=so_many(20))
@given(policies(), st.data())
def test_any_table_answers_in_sql_as_it_does(policy: Policy, data: st.DataObject) -> None:
    assume(not re.search(r"\\ud[89a-f]", repr(policy)))  # no file in UTF-8 has half a letter
    with duckdb.connect(config={"threads": "1"}) as duck:
        for unit in compiled(policy).units.values():
            if isinstance(expressions(unit), Unsupported):
                continue
            drawn = data.draw(st.lists(cases(unit.table), max_size=10))
            tried = trial(unit, drawn, most=60)
            _holds(tried, _queried(duck, tried))
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(statements, "QUESTIONS", -1)
                _holds(tried, _queried(duck, tried))
            _holds(tried, _by_ending(duck, tried))
            if isinstance(expressions(unit, Flavor.SQLITE), Expressions):
                _holds(tried, _in_sqlite(tried))


def test_most_tables_are_tried() -> None:
    assert sum(len(trials(file, MOST)) for file in FILES) >= 40
    assert sum(len(trials(file, MOST, Flavor.SQLITE)) for file in FILES) >= 25


def _holds(tried: Trial, found: Sequence[Expected]) -> None:
    assert len(found) == len(tried.rows)
    for row, expected, answer in zip(tried.rows, tried.expected, found, strict=True):
        assert agrees(expected, answer), (tried.table.name, row, expected, answer)


def _queried(duck: duckdb.DuckDBPyConnection, tried: Trial) -> list[Expected]:
    duck.register("tried_cases", tried.arrow())
    query = asked(tried.unit, "tried_cases")
    assert not isinstance(query, Unsupported)
    said = _said(tried.unit)
    columns = ", ".join(quoted(name) for name in _added(said))
    rows = duck.execute(f"SELECT {columns} FROM ({query.sql}) ORDER BY {ROW}").fetchall()
    return [_answer(tried, row) for row in rows]


def _by_ending(duck: duckdb.DuckDBPyConnection, tried: Trial) -> list[Expected]:
    said = _said(tried.unit)
    duck.register("tried_cases", tried.arrow())
    outputs = [f"{each.sql} AS {quoted(each.name)}" for each in said.outputs]
    columns = ", ".join((*outputs, said.rule, said.basis, said.rejected))
    inner = f"SELECT *, {said.ending} AS {quoted(said.number)} FROM tried_cases"
    rows = duck.execute(f"SELECT {columns} FROM ({inner}) ORDER BY {ROW}").fetchall()
    return [_answer(tried, row) for row in rows]


def _called(
    duck: duckdb.DuckDBPyConnection, tried: Trial, statements: Sequence[str]
) -> list[Expected]:
    duck.register("tried_cases", tried.arrow())
    names = [statement.split("MACRO ", 1)[1].split("(", 1)[0] for statement in statements]
    given = ", ".join(quoted(column.name) for column in tried.table.inputs)
    calls = ", ".join(f"{name}({given})" for name in names)
    rows = duck.execute(f"SELECT {calls} FROM tried_cases ORDER BY {ROW}").fetchall()
    return [_answer(tried, row) for row in rows]


def _in_sqlite(tried: Trial) -> list[Expected]:
    said = expressions(tried.unit, Flavor.SQLITE)
    query = asked(tried.unit, "tried_cases", Flavor.SQLITE)
    assert isinstance(said, Expressions) and not isinstance(query, Unsupported)
    columns = ", ".join(quoted(name) for name in _added(said))
    named = ", ".join([ROW, *(f"{quoted(each.name)} {each.type}" for each in said.columns)])
    holes = ", ".join("?" * (len(said.columns) + 1))
    rows = [(number, *map(_plain, row)) for number, row in enumerate(tried.rows)]
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(f"CREATE TABLE tried_cases ({named})")
        connection.executemany(f"INSERT INTO tried_cases VALUES ({holes})", rows)
        found = connection.execute(f"SELECT {columns} FROM ({query.sql}) ORDER BY {ROW}").fetchall()
    finally:
        connection.close()
    return [_answer(tried, row, plain=True) for row in found]


def _said(unit: Unit) -> Expressions:
    said = expressions(unit)
    assert isinstance(said, Expressions)
    return said


def _added(said: Expressions) -> list[str]:
    return [*(each.name for each in said.outputs), *said.names[1:]]


def _plain(value: object) -> object:
    """A value as SQLite has it: days as ISO text."""
    return value.isoformat() if isinstance(value, date) else value


def _answer(tried: Trial, row: Sequence[object], *, plain: bool = False) -> Expected:
    *outputs, rule, basis, rejected = row
    values = tuple(
        read(value, column.type, plain=plain)
        for value, column in zip(outputs, tried.table.outputs, strict=True)
    )
    return values, _text(rule), _text(basis), _text(rejected)


def _text(value: object) -> str | None:
    assert value is None or isinstance(value, str)
    return value
