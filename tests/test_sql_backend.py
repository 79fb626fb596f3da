"""What SQL files, statements and the command say; other dialects are parsed back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from gapless.analysis.unit import Unit
from gapless.backends.sql import (
    Expressions,
    Flavor,
    Unsupported,
    asked,
    emit,
    expressions,
    statements,
)
from gapless.backends.sql.dialects import ALL
from gapless.backends.sql.literals import quoted, text
from gapless.backends.sql.statements import Written, expression, functions, unviewed, view, written
from gapless.cli import arguments
from gapless.driver import Result, compile_sources
from gapless.semantics import Answered, evaluate
from gapless_dsl.source import Source
from tests.amounts import LONG
from tests.pages import ROOT, Fence, fences, programs, run
from tests.sql_cases import hostile, real

READ_BACK = ("duckdb", "postgres", "spark", "snowflake", "bigquery")


@cache
def units() -> list[Unit]:
    """The tables that can be expressed in SQL, real ones and odd ones."""
    return [
        result.units[table]
        for result in (real(), hostile())
        for policy in result.policies
        for table in policy.tables
        if isinstance(expressions(result.units[table]), Expressions)
    ]


def share(name: str, whole: int) -> list[Unit]:
    """A share of the tables for each dialect, another one for each; all of them in a long run.

    sqlglot takes longer to read a statement than we to write it.
    """
    return units() if LONG else units()[READ_BACK.index(name) :: whole]


def _unit(page: str) -> Unit:
    result = compile_sources([Source("page.dtable", page)])
    assert result.is_sound, [each.title for each in result.diagnostics]
    (unit,) = result.units.values()
    return unit


FEE = """
table fee
  in  weight : int 1..100
  in  value  : optional decimal(2) 0..
  out price  : decimal(2) 0..

  | unique | weight | value           || price |
  |--------|--------|-----------------||-------|
  | small  | ..5    | -               || 4.90  |
  | large  | 6..    | missing, ..10.5 || 9.00  |
  | dear   | 6..    | > 10.5          || 19.00 |
"""


def quoted_parts() -> Iterator[tuple[str, Fence]]:
    """The file of each policy on the specification page, with every part of it that is quoted below."""
    text = (ROOT / "tests" / "spec" / "41-sql.md").read_text(encoding="utf-8")
    starts = {program.fence.line: program for program in programs(text)}
    file = ""
    for fence in fences(text):
        if fence.line in starts:
            file = emit(starts[fence.line].compiled())[0].text
        elif fence.info == "sql":
            yield file, fence


def test_the_specification_page_quotes_files_as_they_are() -> None:
    parts = [*quoted_parts()]

    assert parts
    assert [part.text for file, part in parts if part.text not in file] == []


@pytest.mark.parametrize("name", READ_BACK)
def test_every_view_is_read_back_with_its_texts_whole(name: str) -> None:
    for unit in share(name, whole=len(READ_BACK)):
        table = written(unit, ALL[name])
        assert isinstance(table, Written)
        tree = sqlglot.parse_one(view(table)[0], read=name)
        assert isinstance(tree, exp.Create)
        assert {row.rejected for row in table.said.rows} <= {"NULL", *map(text, _texts(tree))}


@pytest.mark.parametrize("name", READ_BACK)
def test_expressions_and_functions_are_read_back(name: str) -> None:
    for unit in share(name, whole=8):
        table = written(unit, ALL[name])
        assert isinstance(table, Written)
        for part in expression(table):
            assert isinstance(sqlglot.parse_one(part, read=name), exp.Select)
        # sqlglot knows no SQL body of PostgreSQL; the server itself reads them in tests/engines.
        has_functions = ALL[name].function is not None and name != "postgres"
        for part in functions(table) if has_functions else ():
            assert isinstance(sqlglot.parse_one(part, read=name), exp.Create)


def _texts(tree: exp.Create) -> set[str]:
    return {str(each.this) for each in tree.find_all(exp.Literal) if each.is_string}


def test_a_hostile_file_is_read_as_one_statement_for_each_table() -> None:
    (artefact,) = emit(hostile())

    with duckdb.connect() as duck:
        columns = '"group" VARCHAR, "from" VARCHAR, "Where" BIGINT'
        duck.execute(f"CREATE TABLE order_input ({columns})")
        duck.execute("INSERT INTO order_input VALUES ('O''Hara', NULL, 3)")
        duck.execute(artefact.text)
        rows = duck.execute('SELECT "select", "end", rule FROM order_answers').fetchall()

    assert rows == [("a'b\"c", json.dumps(["and", "O'Hara"]), "table")]


def test_files_of_real_policies_run_whole() -> None:
    for policy, artefact in zip(real().policies, emit(real()), strict=True):
        with duckdb.connect() as duck:
            for unit in (real().units[table] for table in policy.tables):
                said = expressions(unit)
                if isinstance(said, Unsupported):
                    continue
                columns = ", ".join(f"{quoted(each.name)} {each.type}" for each in said.columns)
                source = quoted(f"{unit.table.name}_input")
                duck.execute(f"CREATE OR REPLACE TABLE {source} ({columns})")
            duck.execute(artefact.text)
            views = duck.execute(
                "SELECT count(*) FROM duckdb_views() WHERE NOT internal"
            ).fetchone()
        assert views == (artefact.text.count("CREATE OR REPLACE VIEW"),)


def test_a_null_and_a_nan_and_a_stranger_are_refused_with_a_reason() -> None:
    query = asked(_unit(FEE), "tried")
    assert not isinstance(query, Unsupported)
    with duckdb.connect() as duck:
        duck.execute("CREATE TABLE tried (place INTEGER, weight DOUBLE, value DECIMAL(9, 3))")
        duck.execute(
            "INSERT INTO tried VALUES (1, NULL, 1), (2, 'NaN', 1), (3, 6, -1), (4, 6, -0.001),"
            " (5, 0, 1), (6, 101, 1), (7, 5.5, 1), (8, 6, 10.505), (9, 6, NULL), (10, 6, 10.51)"
        )
        rows = duck.execute(f"SELECT price, rejected FROM ({query.sql}) ORDER BY place").fetchall()

    weight = "weight must be a whole number from 1 to 100"
    value = "value must be a number from 0.00 on with at most 2 decimals"
    refused = ["weight is missing", weight, value, value, weight, weight, weight, value]
    assert [told for _, told in rows[:8]] == refused
    assert [given for given, _ in rows[:8]] == [None] * 8
    assert rows[8:] == [(Decimal("9.00"), None), (Decimal("19.00"), None)]


def test_a_large_table_is_joined_and_says_why() -> None:
    rows = "".join(
        f"  | r{a}_{b} | {a} | {b} || {(7 * a + 3 * b) % 50} |\n"
        for a in range(20)
        for b in range(20)
    )
    unit = _unit(
        "table grid\n  in  a : int 0..19\n  in  b : int 0..19\n  out c : int\n\n"
        f"  | unique | a | b || c |\n  |---|---|---||---|\n{rows}"
    )
    query = asked(unit, "tried")
    said = expressions(unit)
    assert not isinstance(query, Unsupported) and isinstance(said, Expressions)
    with duckdb.connect() as duck:
        duck.execute("CREATE TABLE tried AS SELECT a, b FROM range(20) x(a), range(20) y(b)")
        found = duck.execute(f"SELECT a, b, c, rule FROM ({query.sql})").fetchall()

    assert query.shape.startswith("lookups, 1 joined table with 400 rows")
    assert said.questions > statements.QUESTIONS
    assert sorted(found) == sorted(
        (a, b, (7 * a + 3 * b) % 50, f"r{a}_{b}") for a in range(20) for b in range(20)
    )


def test_what_sqlite_does_not_hold_exactly_is_refused_there() -> None:
    said = expressions(_unit(FEE), Flavor.SQLITE)

    assert said == Unsupported("SQLite has no exact decimal numbers")


def test_names_that_differ_in_case_alone_are_refused() -> None:
    said = expressions(_unit(FEE.replace("value", "Weight")))

    assert said == Unsupported("databases take its columns weight and Weight for one")


BROKEN_LINES = """policy p

table fee
  in  kind : Kind
  in  note : text
  out o    : text

  | unique | kind            | note            || o |
  |--------|-----------------|-----------------||---|
  | r0     | -               | "two\\nlines"    || "a\\nb" |
  | r1     | plain           | not "two\\nlines" || "plain" |
  | r2     | "a\\n  member" | not "two\\nlines" || "other" |

type Kind = plain | "a\\n  member"
"""


@pytest.mark.parametrize("flavor", [Flavor.DUCKDB, Flavor.SQLITE])
def test_line_breaks_in_texts_stay_as_they_are(flavor: Flavor) -> None:
    unit = _unit(BROKEN_LINES)
    made = asked(unit, "given_rows", flavor)
    assert not isinstance(made, Unsupported)
    rows = [*product(("plain", "a\n  member"), ("two\nlines", "two\n  lines", "two lines"))]

    connect = sqlite3.connect if flavor is Flavor.SQLITE else duckdb.connect
    with closing(connect(":memory:")) as database:
        database.execute("CREATE TABLE given_rows (kind VARCHAR, note VARCHAR)")
        database.executemany("INSERT INTO given_rows VALUES (?, ?)", rows)
        told = database.execute(made.sql).fetchall()

    for kind, note, o, rule, basis, rejected in told:
        meaning = evaluate(unit.table, {"kind": kind, "note": note})
        assert isinstance(meaning, Answered)
        assert (o, rule, rejected) == (*meaning.values, meaning.rule.name, None)
        assert basis == "stated"
    assert len(told) == len(rows)


PASSING_ITSELF = """policy p

decision same
  in a : bool
  out a
"""


def test_a_view_without_names_for_all_its_columns_is_refused() -> None:
    unit = _unit(PASSING_ITSELF)

    made = written(unit, ALL["duckdb"])

    assert isinstance(made, Written)
    assert unviewed(made) == "a view would have two columns called a"
    assert [*expression(made)]


LARGE_ANSWERS = """policy p

table fee
  in  y : int
  in  p : decimal(2) 0..100_000_000_000_000_000_000
  out o : decimal(3)
  out q : decimal(2)

  | unique | y    || o         | q    |
  |--------|------||-----------|------|
  | below  | < 0  || 1.125     | 4.25 |
  | above  | >= 0 || y * 7     | p    |
"""


def test_answers_have_a_type_that_holds_them() -> None:
    unit = _unit(LARGE_ANSWERS)
    made = asked(unit, "given_rows")
    assert not isinstance(made, Unsupported)
    rows = [(y, p) for y in (-1, 0, 10**15, 2**63 - 1) for p in (Decimal("0.01"), Decimal(10**20))]

    with closing(duckdb.connect(":memory:")) as database:
        database.execute("CREATE TABLE given_rows (y BIGINT, p DECIMAL(38, 2))")
        database.executemany("INSERT INTO given_rows VALUES (?, ?)", rows)
        told = database.execute(made.sql).fetchall()

    for y, p, *answers, rule, basis, rejected in told:
        meaning = evaluate(unit.table, {"y": y, "p": p})
        assert isinstance(meaning, Answered)
        assert (*answers, rule, rejected) == (*meaning.values, meaning.rule.name, None)
        assert basis == "stated"
    assert len(told) == len(rows)


def test_no_word_that_duckdb_reserves_is_left_unquoted() -> None:
    with duckdb.connect() as duck:
        words = duck.execute(
            "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'"
        ).fetchall()

    assert [word for (word,) in words if quoted(word) == word] == []


def test_the_command_names_the_dialects_and_forms_that_there_are() -> None:
    assert set(arguments.DIALECTS) == set(ALL)


def test_the_command_prints_a_view_of_another_relation(tmp_path: Path) -> None:
    (tmp_path / "page.dtable").write_text(FEE, encoding="utf-8")

    code, out, aside = run(["sql", str(tmp_path), "--from", "shop.parcels"])

    assert (code, aside) == (0, "")
    assert "FROM shop.parcels AS given\n" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--dialect", "sqlite"],
            "-- fee cannot be expressed in SQL: SQLite has no exact decimal numbers",
        ),
        (["--as", "function", "--dialect", "bigquery"], "CREATE TEMP FUNCTION fee("),
        (["--as", "function"], 'CREATE OR REPLACE MACRO fee(weight, "value") AS'),
    ],
)
def test_the_command_prints_what_is_asked_for(words: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "page.dtable").write_text(FEE, encoding="utf-8")

    code, out, _ = run(["sql", str(tmp_path), *words])

    assert code == 0
    assert said in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--dialect", "sqlite", "--table", "fee"],
            "page.fee cannot be expressed in SQL: SQLite has no",
        ),
        (["--dialect", "sqlite", "--as", "function"], "sqlite has no functions in SQL"),
        (["--table", "tax"], "there is no table `tax`; there are page.fee"),
    ],
)
def test_the_command_says_why_it_cannot(words: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "page.dtable").write_text(FEE, encoding="utf-8")

    code, out, aside = run(["sql", str(tmp_path), *words])

    assert (code, out) == (2, "")
    assert said in aside


def test_without_sqlglot_the_command_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "page.dtable").write_text(FEE, encoding="utf-8")
    monkeypatch.setitem(__import__("sys").modules, "sqlglot", None)

    code, _, aside = run(["sql", str(tmp_path), "--dialect", "spark"])

    assert code == 2
    assert "python -m pip install 'gapless[sql]'" in aside


def test_an_unsound_table_is_not_printed(tmp_path: Path) -> None:
    (tmp_path / "page.dtable").write_text(FEE.replace("..5 ", "..4 "), encoding="utf-8")

    code, out, _ = run(["sql", str(tmp_path)])

    assert code == 1
    assert "GAP101" in out and "CREATE" not in out


def test_the_bytes_depend_on_the_text_alone() -> None:
    paths = sorted(ROOT.glob("tables/*.dtable"))
    again: Result = compile_sources([Source(path.name, path.read_text("utf-8")) for path in paths])
    first = {each.path: each.text for each in emit(real())}

    assert all(first[each.path] == each.text for each in emit(again))


def test_a_table_that_refuses_nothing_says_so_with_a_type() -> None:
    unit = _unit(
        "table any\n  in  a : optional text\n  out b : text\n\n"
        "  | unique | a       || b |\n  |---|---------||---|\n"
        "  | x      | missing || none |\n  | y      | present || some |\n"
    )
    source = "(SELECT NULL AS a UNION ALL SELECT 'q')"
    query, said = asked(unit, source, Flavor.STANDARD), expressions(unit, Flavor.STANDARD)
    assert not isinstance(query, Unsupported) and isinstance(said, Expressions)
    with duckdb.connect() as duck:
        rows = duck.execute(f"SELECT b, rule, rejected FROM ({query.sql})").fetchall()

    assert sorted(rows) == [("none", "x", None), ("some", "y", None)]
    assert said.rejected == "CAST(NULL AS VARCHAR)"
