"""SQL over columns of every type: all of the grid, for every database that is there.

GAPLESS_GRID_PYTHONS names further interpreters, each with a DuckDB or an SQLite of another version, as
`/path/to/python=duckdb,sqlite:apsw /path/to/another=sqlite`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from pyspark.errors import AnalysisException, ParseException
from pyspark.sql import SparkSession, types

from tests.pages import ROOT
from tests.sql_grid import (
    HERE,
    LABELS,
    NO_VALUE,
    Found,
    Holds,
    Kind,
    Tally,
    Unmade,
    decimals,
    moment,
    tried,
)


class PostgreSQL:
    """A server, by a connection that commits each statement."""

    dialect = "postgres"
    HOLDS = {  # noqa: RUF012
        **dict.fromkeys(("smallint", "integer", "bigint", "numeric"), Holds.EXACT),
        **dict.fromkeys(("real", "double precision"), Holds.BINARY),
        **dict.fromkeys(("text", "character varying", "character", "name"), Holds.TEXT),
        "boolean": Holds.TRUTH,
        "date": Holds.DAY,
        "timestamp without time zone": Holds.MOMENT,
        "time without time zone": Holds.TIME,
    }
    LISTED = """
        SELECT format_type(oid, NULL) FROM pg_type
        WHERE typtype IN ('b', 'r', 'm') AND typelem = 0 AND typname NOT LIKE '\\_%'
          AND typnamespace = 'pg_catalog'::regnamespace
        ORDER BY 1"""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self.connection.prepare_threshold = None  # so that what is prepared is ours alone
        self.version = str(connection.info.server_version)
        labels = ", ".join(f"'{each}'" for each in LABELS)
        for name, of in (
            ("listed", f"ENUM ({labels})"),
            ("worded", "text"),
            ("counted", "numeric(6,1)"),
            ("told", "boolean"),
            ("dated", "date"),
            ("zoned", "timestamp with time zone"),
        ):
            made = "TYPE" if of.startswith("ENUM") else "DOMAIN"
            self._run(f"CREATE {made} grid_{name} AS {of}")

    def kinds(self) -> Sequence[Kind]:
        listed = [str(name) for (name,) in self._run(self.LISTED)]
        return (
            *(Kind(name, self.HOLDS.get(name, Holds.OTHER)) for name in listed),
            *decimals("numeric", 38, [(5, -2), (3, 5), (1000, 500)]),
            *(Kind(name, Holds.TEXT) for name in ("character(6)", "character varying(6)")),
            *(Kind(f"grid_{name}", Holds.TEXT) for name in ("listed", "worded")),
            *(Kind("grid_counted", Holds.EXACT), Kind("grid_told", Holds.TRUTH)),
            *(Kind("grid_dated", Holds.DAY), Kind("grid_zoned", Holds.OTHER)),
            *(Kind("timestamp(0)", Holds.MOMENT), Kind("timestamp(3) with time zone", Holds.OTHER)),
            *(Kind("time(0)", Holds.TIME), Kind("time(3) with time zone", Holds.OTHER)),
        )

    def hold(self, kind: Kind, texts: Sequence[str]) -> Sequence[object]:
        self._run("DROP TABLE IF EXISTS given_rows, given CASCADE")
        try:
            self._run(f"CREATE TABLE given (n serial, x {kind.name})")
        except psycopg.Error:
            self._run("CREATE TABLE given (n serial, x text)")  # pseudo-types hold nothing at all
            texts = ()
        for each in texts:
            with suppress(psycopg.Error):
                self._run(f"INSERT INTO given (x) VALUES ('{each}')")
        self._run("INSERT INTO given (x) VALUES (NULL)")
        self._run(
            "CREATE TABLE given_rows AS SELECT 2 * n + flag AS n, flag = 0 AS k, x, 2 AS y"
            " FROM given, generate_series(0, 1) AS flag"
        )
        as_text = kind.holds in (Holds.DAY, Holds.MOMENT, Holds.TIME, Holds.TEXT)
        shown = "x::text" if as_text else "NULL" if kind.holds is Holds.OTHER else "x"
        if kind.holds is Holds.BINARY:
            shown = "x::float8"  # of a real, psycopg reads the shortest digits, not the value
        rows = self._run(f"SELECT {shown}, x IS NULL FROM given ORDER BY n")
        is_day = kind.holds in (Holds.DAY, Holds.MOMENT, Holds.TIME)
        return [
            None if nothing else moment(value) if is_day else NO_VALUE if value is None else value
            for value, nothing in rows
        ]

    def made(self, statements: Sequence[str], query: str) -> list[tuple[Any, ...]]:
        # Rolled back, since no view or function may be replaced by one of another type.
        self._run("BEGIN")
        try:
            try:
                for statement in statements:
                    self._run(statement)
                self._run(f"PREPARE asked AS {query}")
            except psycopg.Error as reason:
                raise Unmade(str(reason).splitlines()[0]) from None
            return self._run("EXECUTE asked")
        finally:
            self._run("ROLLBACK")
            self._run("DEALLOCATE ALL")

    def _run(self, statement: str) -> list[tuple[Any, ...]]:
        cursor = self.connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


class Spark:
    """Spark in this process, with tables of Parquet."""

    dialect = "spark"
    HOLDS = {  # noqa: RUF012
        **dict.fromkeys(("tinyint", "smallint", "int", "bigint"), Holds.EXACT),
        **dict.fromkeys(("float", "double"), Holds.BINARY),
        **dict.fromkeys(("string", "char(6)", "varchar(6)"), Holds.TEXT),
        "boolean": Holds.TRUTH,
        "date": Holds.DAY,
        "timestamp_ntz": Holds.MOMENT,
    }

    def __init__(self, spark: Any) -> None:
        self.spark = spark
        self.version = spark.version
        self.is_padded = False

    def kinds(self) -> Sequence[Kind]:
        names = {"char(6)", "varchar(6)", "variant"}  # and of DECIMAL every size
        for each in vars(types).values():
            is_atomic = isinstance(each, type) and issubclass(each, types.AtomicType)
            with suppress(TypeError, AttributeError):  # such as must be told a length
                names |= {each().simpleString()} if is_atomic else set()
        names -= {"numeric", "decimal(10,0)"}
        kinds = [Kind(name, self.HOLDS.get(name, Holds.OTHER)) for name in sorted(names)]
        return [*kinds, *decimals("decimal", 38)]

    def hold(self, kind: Kind, texts: Sequence[str]) -> Sequence[object]:
        self.spark.sql("DROP TABLE IF EXISTS given_rows")
        try:
            self.spark.sql(
                f"CREATE TABLE given_rows (n INT, k BOOLEAN, x {kind.name}, y INT) USING parquet"
            )
        except AnalysisException:
            return []
        cast = f"TRY_CAST(s AS {kind.name})"
        if kind.name.startswith(("char", "varchar")):
            cast = "CASE WHEN length(s) <= 6 THEN s END"
        said = ", ".join(f"({n}, '{each}')" for n, each in enumerate(texts))
        rows = f"SELECT n, {cast} AS x FROM VALUES {said} AS t(n, s)"
        with suppress(AnalysisException):
            self.spark.sql(
                "INSERT INTO given_rows SELECT 2 * n + flag, flag = 0, x, 2"
                f" FROM ({rows}) LATERAL VIEW explode(array(0, 1)) AS flag WHERE x IS NOT NULL"
            )
        last = len(texts)
        self.spark.sql(
            f"INSERT INTO given_rows VALUES ({2 * last}, TRUE, NULL, 2), ({2 * last + 1}, FALSE, NULL, 2)"
        )
        shown = "NULL" if kind.holds is Holds.OTHER else "x"
        query = f"SELECT {shown}, x IS NULL FROM given_rows WHERE k ORDER BY n"
        self.is_padded = kind.name.startswith("char")
        return [
            None if nothing else NO_VALUE if value is None else self._said(value)
            for value, nothing in self.spark.sql(query).collect()
        ]

    def _said(self, value: Any) -> Any:
        """A CHAR compares without the blanks at its end, and so it is read."""
        return value.rstrip(" ") if self.is_padded and isinstance(value, str) else value

    def made(self, statements: Sequence[str], query: str) -> list[tuple[Any, ...]]:
        try:
            for statement in statements:
                self.spark.sql(statement.rstrip().rstrip(";"))
            asked = self.spark.sql(query)
        except (AnalysisException, ParseException) as reason:
            raise Unmade(str(reason).splitlines()[0]) from None
        return [tuple(map(self._said, row)) for row in asked.collect()]


EVERY = int(os.environ.get("GAPLESS_GRID_EVERY", "7"))
"""Of so many cells one is tried on Spark, which takes a second for each; 1 is all of them."""


def _holds(tally: Tally, record: Any) -> None:
    sys.stdout.write(f"{tally}\n")
    record("grid", str(tally))
    assert not tally.wrong, tally.wrong[:20]
    assert tally.counts["view", Found.RIGHT] > 1000


@pytest.mark.parametrize("name", HERE)
def test_a_database_in_this_process(name: str, record_property: Any) -> None:
    _holds(tried(HERE[name]()), record_property)


def test_postgres(postgres: psycopg.Connection[Any], record_property: Any) -> None:
    _holds(tried(PostgreSQL(postgres)), record_property)


def test_spark(spark: SparkSession, record_property: Any) -> None:
    _holds(tried(Spark(spark), every=EVERY), record_property)


def others() -> Iterator[tuple[str, str]]:
    for each in os.environ.get("GAPLESS_GRID_PYTHONS", "").split():
        program, _, engines = each.partition("=")
        yield program, engines


@pytest.mark.parametrize(("program", "engines"), [*others()])
def test_another_interpreter(program: str, engines: str) -> None:
    path = os.pathsep.join(str(ROOT / each) for each in ("dsl", "compiler", ""))
    done = subprocess.run(
        [program, "-m", "tests.sql_grid", *engines.split(",")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        check=False,
        capture_output=True,
        text=True,
    )
    sys.stdout.write(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
