"""Generated columnar functions on PySpark frames: expressions, no Python for each row, the same answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from random import Random
from typing import Any

import pytest
from pyspark.sql import SparkSession, types

from gapless.model import (
    BoolType,
    Column,
    DateType,
    DecimalType,
    IntType,
    ListType,
    SetType,
    Value,
)
from tests import generated_columns as columns
from tests.generated_columns import Columns, asked, every, inner, refused
from tests.strategies import probes

NAMES = [
    "igrt_columns.guidance_line",
    "library_columns.may_borrow",
    "parcel_columns.season_surcharge",
    "parcel_columns.zone_of",
]
"""Tables that have between them closed lists, texts, flags, numbers, days, and missing values."""


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """Spark in this process's own machine, two threads, seen by nobody else."""
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    yield session
    session.stop()


def _type(column: Column) -> types.DataType:
    match inner(column):
        case BoolType():
            return types.BooleanType()
        case IntType():
            return types.LongType()
        case DecimalType(digits):
            return types.DecimalType(25, digits + 1)
        case DateType():
            return types.DateType()
    return types.StringType()


def _rows(function: Columns) -> list[tuple[Value, ...]]:
    table, chance = function.table, Random(0)
    of = [probes(table, each) + refused(table, each) for each in table.inputs]
    if prod(map(len, of)) <= 300:
        return list(product(*of))
    return [tuple(map(chance.choice, of)) for _ in range(300)]


def _frame(spark: Any, function: Columns, rows: Sequence[tuple[Value, ...]]) -> Any:
    fields = [types.StructField("row", types.LongType())]
    fields += [types.StructField(each.name, _type(each)) for each in function.table.inputs]
    numbered = [(number, *row) for number, row in enumerate(rows)]
    return spark.createDataFrame(numbered, types.StructType(fields))


def test_tables_for_spark_have_every_kind_of_column() -> None:
    kinds = {
        type(inner(column)).__name__ for name in NAMES for column in every()[name].table.inputs
    }

    assert kinds >= {
        "EnumerationType",
        "BoolType",
        "DateType",
        "DecimalType",
        "IntType",
        "TextType",
    }


@pytest.mark.parametrize("name", NAMES)
def test_spark_answers_and_refuses_the_same_rows(name: str, spark: Any) -> None:
    function = every()[name]
    assert not any(isinstance(each.type, ListType | SetType) for each in function.table.outputs)
    rows = _rows(function)
    names = [each.name for each in function.table.outputs]

    answered = function.frame(_frame(spark, function, rows))
    got = {row[0]: tuple(row[1:]) for row in answered.select("row", *names, "refused").collect()}

    wanted = [
        (*[None] * len(names), each) if isinstance(each, str) else (*each, None)
        for each in asked(function, columns.given(rows))
    ]
    assert [got[number] for number in range(len(rows))] == wanted
    assert "BatchEvalPython" not in answered._jdf.queryExecution().toString()
