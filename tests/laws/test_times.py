"""Times go in and come out alike everywhere; what is split, zoned or of another kind is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapless import cli
from gapless.backends.sql import asked, statements
from gapless.backends.sql.dialects import ALL, Flavor
from gapless.model import DatetimeType, DateType, Temporal, TimeType, counted, instant_at, written
from gapless.model.conditions import Between, Equals
from gapless.proof.extents import cut
from gapless.resolve.literals import read
from gapless.semantics import holds
from tests import generated_columns as columns
from tests.generated_columns import agree, columnar, packed
from tests.generated_python import functions
from tests.sql_cases import TIMED, timed
from tests.strategies import probes

KINDS: tuple[Temporal, ...] = (DateType(), TimeType(), DatetimeType())
SINCE, DAY, HOUR, CLOSE = datetime(2026, 1, 1, 9), date(2026, 1, 1), time(9), time(12)
GOOD = (SINCE, DAY, HOUR, CLOSE)


# ---------------------------------------------------------------- counting and reading


@given(st.sampled_from(KINDS), st.data())
def test_values_are_counted_and_written_and_read_again(kind: Temporal, data: st.DataObject) -> None:
    count = data.draw(st.integers(counted(kind.low), counted(kind.high)))
    value = instant_at(kind, count)

    assert counted(value) == count
    assert read(written(value), kind) == value
    for other in KINDS:
        assert (read(written(value), other) == value) == (other == kind)


@given(st.sampled_from(KINDS), st.data())
def test_a_later_count_is_a_later_value(kind: Temporal, data: st.DataObject) -> None:
    counts = st.integers(counted(kind.low), counted(kind.high))
    one, other = data.draw(counts), data.draw(counts)

    assert (one < other) == (instant_at(kind, one) < instant_at(kind, other))  # type: ignore[operator]


@given(st.sampled_from(KINDS[1:]), st.data())
def test_the_auditor_cuts_where_a_test_ends(kind: Temporal, data: st.DataObject) -> None:
    """The auditor counts in a way of its own."""
    near = st.integers(counted(kind.low) + 40_000, counted(kind.low) + 40_006)
    low, high, at = (instant_at(kind, data.draw(near)) for _ in range(3))
    test = Between(low, high, *data.draw(st.tuples(st.booleans(), st.booleans())))
    pieces = cut(kind, [test, Equals(at)])

    assert bool(pieces(test) & pieces(Equals(at))) == holds(test, at)


# ---------------------------------------------------------------- doors


STRANGERS: dict[int, tuple[object, ...]] = {
    0: (DAY, HOUR, SINCE.replace(microsecond=1), SINCE.replace(tzinfo=UTC), "2026-01-01T09:00"),
    1: (SINCE, datetime(2026, 1, 1), HOUR),
    2: (SINCE, time(9, 0, 0, 1), time(9, tzinfo=UTC), "09:00", 32_400),
    3: (time(11, 59, 59), time(12, 0, 0, 1), None),
}
PLACES = [(place, each) for place, some in STRANGERS.items() for each in some]


@pytest.mark.parametrize(("place", "value"), PLACES)
def test_python_refuses_what_is_of_another_kind_split_or_zoned(place: int, value: object) -> None:
    [function, _] = functions(timed())
    function.answer(*GOOD)

    with pytest.raises(function.module.InputError):
        function.answer(*GOOD[:place], value, *GOOD[place + 1 :])


@pytest.mark.parametrize(("place", "value"), PLACES)
def test_columns_of_objects_refuse_the_same(place: int, value: object) -> None:
    [function, _] = columnar(timed())
    row = (*GOOD[:place], value, *GOOD[place + 1 :])
    found = function.columns(*columns.given([GOOD, row]), refused="report")

    assert [each is None for each in found.reject.tolist()] == [True, False]


def test_columns_in_every_form_answer_as_the_table_does() -> None:
    [function, _] = columnar(timed())
    rows = list(product(*(probes(function.table, each) for each in function.table.inputs)))[::7]
    agree(columns.asked(function, columns.given(rows)), function.table, rows)
    for number, column in enumerate(function.table.inputs):
        for form, held in packed(function, column, [row[number] for row in rows]).items():
            given = columns.given(rows)
            got = columns.asked(function, [*given[:number], held, *given[number + 1 :]])
            assert got == columns.asked(function, columns.given(rows)), form


SPLIT = np.array(["2026-01-01T09:00:00.5", "NaT", "2026-01-01T09:00"], "datetime64[ns]")
FORMS: dict[str, object] = {
    "numpy": SPLIT,
    "arrow": pa.array(SPLIT),
    "pandas": pd.Series(SPLIT),
    "polars": pl.Series(SPLIT),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_split_second_in_a_column_is_refused_and_no_time_is_missing(form: str) -> None:
    [function, _] = columnar(timed())
    _, *others = columns.given([GOOD] * 3)
    found = function.columns(FORMS[form], *others, refused="report")

    assert [str(each).partition(" in ")[0] for each in found.reject.tolist()] == [
        "since must be a date and time",
        "since is missing",
        "None",
    ]


ZONED: dict[str, object] = {
    "arrow": pa.array([SINCE], pa.timestamp("us", "UTC")),
    "pandas": pd.Series([SINCE]).dt.tz_localize("UTC"),
    "polars": pl.Series([SINCE], dtype=pl.Datetime("us", "UTC")),
    "days": np.array(["2026-01-01"], "datetime64[D]"),
    "arrow days": pa.array([DAY]),
}


@pytest.mark.parametrize("form", ZONED)
def test_columns_with_a_zone_and_columns_of_days_are_refused(form: str) -> None:
    [function, _] = columnar(timed())
    _, *others = columns.given([GOOD])

    with pytest.raises(function.module.ColumnError, match="since takes datetimes without a zone"):
        function.columns(ZONED[form], *others)


# ---------------------------------------------------------------- databases and files


def _duck(columns: Sequence[str]) -> list[tuple[Any, ...]]:
    [unit, _] = timed().units.values()
    with duckdb.connect() as duck:
        duck.execute(f"CREATE TABLE given AS SELECT {', '.join(columns)}")
        query = asked(unit, "given", Flavor.DUCKDB)
        assert isinstance(query, statements.Query)
        return duck.execute(query.sql).fetchall()


SQL = (
    "TIMESTAMP '2026-01-01 09:00:00' AS since",
    "DATE '2026-01-01' AS day",
    "TIME '09:00:00' AS hour",
    "TIME '12:00:00' AS close",
)


@pytest.mark.parametrize(
    ("place", "column", "is_answered"),
    [
        (0, "TIMESTAMP_S '2026-01-01 09:00:00' AS since", True),
        (0, "TIMESTAMP_NS '2026-01-01 09:00:00' AS since", True),
        (0, "TIMESTAMP_NS '2026-01-01 09:00:00.000000001' AS since", False),
        (0, "TIMESTAMP '2026-01-01 09:00:00.5' AS since", False),
        (0, "TIMESTAMP 'infinity' AS since", False),
        (0, "TIMESTAMPTZ '2026-01-01 09:00:00+00' AS since", False),
        (0, "DATE '2026-01-01' AS since", False),
        (0, "'2026-01-01 09:00:00' AS since", False),
        (2, "TIME '09:00:00.000001' AS hour", False),
        (2, "TIMETZ '09:00:00+00' AS hour", False),
        (2, "TIMESTAMP '2026-01-01 09:00:00' AS hour", False),
        (2, "NULL AS hour", True),
        (3, "TIME '24:00:00' AS close", False),
    ],
)
def test_duckdb_refuses_the_same(place: int, column: str, is_answered: bool) -> None:
    [row] = _duck([*SQL[:place], column, *SQL[place + 1 :]])

    assert (row[-1] is None) == is_answered, row


def _applied(tmp_path: Path, table: pa.Table) -> int:
    (tmp_path / "shop.dtable").write_text(TIMED, encoding="utf-8")
    pq.write_table(table, tmp_path / "given.parquet")
    given, out = str(tmp_path / "given.parquet"), str(tmp_path / "out.parquet")
    words = ["apply", "fee", given, "-o", out, "--tables", str(tmp_path), "--quiet"]
    return cli.main(words)


def test_files_hold_times_without_a_zone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = {"since": [SINCE], "day": [DAY], "hour": [HOUR], "close": [CLOSE]}
    assert _applied(tmp_path, pa.table(held)) == 0
    [answer] = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert (answer["until"], answer["on"]) == (CLOSE, SINCE)

    zoned = pa.array([SINCE], pa.timestamp("us", "UTC"))
    assert _applied(tmp_path, pa.table({**held, "since": zoned})) != 0
    assert "say in which zone it is meant" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["sqlite", "snowflake", "bigquery", "spark"])
def test_databases_that_cannot_hold_them_are_refused(name: str) -> None:
    [unit, _] = timed().units.values()
    said = statements.written(unit, ALL[name])

    assert not isinstance(said, statements.Written)
