"""SQL on a real PostgreSQL server and on Spark answers as the tables do, in every form that they have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
import pytest

from gapless.backends.sql import Expressions, expressions
from gapless.backends.sql.dialects import ALL
from gapless.backends.sql.literals import quoted
from gapless.backends.sql.statements import (
    Written,
    expression,
    functions,
    source_of,
    view,
    view_of,
    written,
)
from gapless.model import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    OptionalType,
    TextType,
    TimeType,
    Type,
)
from tests.sql_cases import ROW, Expected, Trial, agrees, hostile, read, real, timed, trial

UNITS = {
    f"{policy.name}.{table.name}": result.units[table]
    for result in (real(), hostile(), timed())
    for policy in result.policies
    for table in policy.tables
}
NAMES = sorted(name for name, unit in UNITS.items() if isinstance(expressions(unit), Expressions))
ON_SPARK = [name for name in NAMES if isinstance(written(UNITS[name], ALL["spark"]), Written)]
MOST = 120
"""Up to so many combinations of values for each table: servers are asked for their own part only."""


def test_most_tables_are_tried() -> None:
    assert len(NAMES) >= 40


# ---------------------------------------------------------------- PostgreSQL


@pytest.mark.parametrize("name", NAMES)
def test_a_view_on_postgres_answers_as_the_table_does(
    name: str, postgres: psycopg.Connection[Any]
) -> None:
    tried = trial(UNITS[name], most=MOST)
    table = _written(tried, "postgres")
    _into_postgres(postgres, tried)
    postgres.execute(_bytes(view(table)[0]))

    rows = postgres.execute(_bytes(_selected(tried, table.said))).fetchall()

    _holds(tried, rows)


@pytest.mark.parametrize("name", NAMES)
def test_functions_and_expressions_on_postgres_answer_alike(
    name: str, postgres: psycopg.Connection[Any]
) -> None:
    tried = trial(UNITS[name], most=MOST)
    table = _written(tried, "postgres")
    _into_postgres(postgres, tried)
    made = [*functions(table)]
    for statement in made:
        postgres.execute(_bytes(statement))

    _holds(tried, postgres.execute(_bytes(_calls(tried, made))).fetchall())
    _holds(tried, postgres.execute(_bytes(_expressions(tried, table))).fetchall())


def _into_postgres(postgres: psycopg.Connection[Any], tried: Trial) -> None:
    columns = ", ".join(
        f"{quoted(column.name)} {_in_postgres(column.type)}" for column in tried.table.inputs
    )
    source = quoted(source_of(tried.table.name))
    postgres.execute(_bytes(f"DROP TABLE IF EXISTS {source} CASCADE"))
    postgres.execute(_bytes(f"CREATE TABLE {source} ({ROW} integer, {columns})"))
    with postgres.cursor() as cursor, cursor.copy(_bytes(f"COPY {source} FROM STDIN")) as copy:
        for number, row in enumerate(tried.rows):
            copy.write_row((number, *row))


def _in_postgres(type: Type) -> str:
    match type:
        case OptionalType(of):
            return _in_postgres(of)
        case IntType():
            return "bigint"
        case DecimalType():
            return "numeric"
        case BoolType():
            return "boolean"
        case DateType():
            return "date"
        case TimeType():
            return "time"
        case DatetimeType():
            return "timestamp"
        case EnumerationType() | TextType():
            return "varchar"
    raise AssertionError("lists do not go in")


def test_postgres_refuses_a_numeric_that_is_no_number(postgres: psycopg.Connection[Any]) -> None:
    table = written(UNITS["library.may_borrow"], ALL["postgres"])
    assert isinstance(table, Written)
    for statement in functions(table):
        postgres.execute(_bytes(statement))
    for value in ("NaN", "Infinity", "-Infinity"):
        asked = f"SELECT may_borrow_rejected('{value}', 0, FALSE)"
        reason = postgres.execute(_bytes(asked)).fetchone()
        assert reason == ("owed must be a number from 0.00 on with at most 2 decimals",)


def test_postgres_knows_no_word_that_we_leave_unquoted(postgres: psycopg.Connection[Any]) -> None:
    words = postgres.execute("SELECT word FROM pg_get_keywords() WHERE catcode <> 'U'").fetchall()

    assert [word for (word,) in words if quoted(word) == word] == []


# ---------------------------------------------------------------- Spark


@pytest.mark.parametrize("name", ON_SPARK)
def test_spark_answers_as_the_table_does(name: str, spark: Any) -> None:
    tried = trial(UNITS[name], most=MOST)
    table = _written(tried, "spark")
    _into_spark(spark, tried)
    spark.sql(view(table)[0].rstrip().rstrip(";"))

    _holds(tried, _collected(spark, _selected(tried, table.said, "`")))
    _holds(tried, _collected(spark, _expressions(tried, table, "`")))


def test_spark_refuses_a_double_that_is_no_number(spark: Any) -> None:
    table = written(UNITS["library.may_borrow"], ALL["spark"])
    assert isinstance(table, Written)
    *_, reason = expression(table)
    select = reason.rstrip().rstrip(";")
    for value in ("NaN", "Infinity", "-Infinity"):
        inner = f"SELECT CAST('{value}' AS DOUBLE) AS owed, 0L AS days_late, FALSE AS lost_card"
        [(told,)] = spark.sql(f"{select} FROM ({inner})").collect()
        assert told == "owed must be a number from 0.00 on with at most 2 decimals"


def _into_spark(spark: Any, tried: Trial) -> None:
    source = _ticked(source_of(tried.table.name), "`")
    spark.sql(f"DROP TABLE IF EXISTS {source}")
    frame = spark.createDataFrame(tried.arrow())
    frame.createOrReplaceTempView("tried_cases")
    # What Arrow says of a moment without a zone is one in the session's zone, UTC, to Spark.
    told = [
        f"CAST({_ticked(each.name, '`')} AS TIMESTAMP_NTZ) AS {_ticked(each.name, '`')}"
        if isinstance(each.type.present, DatetimeType)
        else _ticked(each.name, "`")
        for each in tried.table.inputs
    ]
    columns = ", ".join([ROW, *told])
    spark.sql(f"CREATE TABLE {source} USING parquet AS SELECT {columns} FROM tried_cases")


def _collected(spark: Any, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in spark.sql(query).collect()]


# ---------------------------------------------------------------- what both share


def _written(tried: Trial, dialect: str) -> Written:
    table = written(tried.unit, ALL[dialect])
    assert isinstance(table, Written)
    return table


def _selected(tried: Trial, said: Expressions, quote: str = '"') -> str:
    names = [*(each.name for each in said.outputs), *said.names[1:]]
    columns = ", ".join(_ticked(name, quote) for name in names)
    return f"SELECT {columns} FROM {_ticked(view_of(tried.table.name), quote)} ORDER BY {ROW}"


def _calls(tried: Trial, statements: Sequence[str]) -> str:
    names = [statement.split(" FUNCTION ", 1)[1].split("(", 1)[0] for statement in statements]
    given = ", ".join(quoted(column.name) for column in tried.table.inputs)
    calls = ", ".join(f"{name}({given})" for name in names)
    return f"SELECT {calls} FROM {quoted(source_of(tried.table.name))} ORDER BY {ROW}"


def _expressions(tried: Trial, table: Written, quote: str = '"') -> str:
    selects = [each.rstrip().rstrip(";").partition("SELECT")[2] for each in expression(table)]
    source = _ticked(source_of(tried.table.name), quote)
    return f"SELECT {', '.join(selects)} FROM {source} ORDER BY {ROW}"


def _ticked(name: str, quote: str) -> str:
    return f"{quote}{name.replace(quote, quote * 2)}{quote}"


def _holds(tried: Trial, rows: Sequence[Sequence[Any]]) -> None:
    assert len(rows) == len(tried.rows)
    for asked, expected, row in zip(tried.rows, tried.expected, rows, strict=True):
        *outputs, rule, basis, rejected = row
        values = tuple(
            read(value, column.type)
            for value, column in zip(outputs, tried.table.outputs, strict=True)
        )
        found: Expected = (values, rule, basis, rejected)
        assert agrees(expected, found), (tried.table.name, asked, expected, found)


def _bytes(query: str) -> bytes:
    """What psycopg takes for a query that was put together."""
    return query.encode()
