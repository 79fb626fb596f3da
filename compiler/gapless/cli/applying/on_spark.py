"""Spark, on one machine or many: one plan of SQL expressions over folders of Parquet, no Python in it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as F

from gapless.backends.sql.decided import decided
from gapless.backends.sql.flavor import Flavor
from gapless.calls import Fixed
from gapless.cli.applying.asking import Asked, asked, numbered
from gapless.cli.applying.formats import Format
from gapless.cli.applying.job import REASON, ROW, Count, Job
from gapless.cli.applying.schema import hold_against
from gapless.cli.console import CannotRun

FILE = "rejected_file"
VIEW = "gapless_data"

SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.variable.substitute": "false",
    "spark.sql.codegen.wholeStage": "false",
}
"""SQL as the standard has it; what stands in a text is text.

A stage that is one method is too long for Java to compile, and would be interpreted: parted in
expressions, each a method of its own, it takes half the time.
"""

TYPES = {"string": "VARCHAR", "int": "INTEGER"}
"""Types that Spark calls otherwise than the other engines."""


def run(job: Job, master: str, quiet: bool) -> tuple[Count, float]:
    """Put every row to the table; what became of them, and how many seconds it took."""
    for format in (job.format, job.out_format):
        if format is not Format.PARQUET:
            raise CannotRun("--engine spark reads and writes folders of Parquet, nothing else")
    with _session(master, quiet) as spark:
        begun = time.perf_counter()
        try:
            return _run(job, spark), time.perf_counter() - begun
        except PySparkException as reason:
            lines = [line for line in str(reason).splitlines() if line.strip()]
            raise CannotRun(f"Spark could not run: {lines[0]}") from None


@contextmanager
def _session(master: str, quiet: bool) -> Iterator[SparkSession]:
    """A session that is there already is used as it is, and stays."""
    there = SparkSession.getActiveSession()
    shows = not quiet and sys.stderr is not None and sys.stderr.isatty()
    builder = SparkSession.builder.appName("gapless apply")
    if there is None:
        builder = builder.master(master).config("spark.ui.showConsoleProgress", str(shows).lower())
    spark = builder.getOrCreate()
    before = {name: str(spark.conf.get(name)) for name in SETTINGS}
    try:
        for name, value in SETTINGS.items():
            spark.conf.set(name, value)
        yield spark
    finally:
        for name, value in before.items():
            spark.conf.set(name, value)
        if there is None:
            spark.stop()


def _run(job: Job, spark: SparkSession) -> Count:
    data = spark.read.parquet(_whole(job.data))
    answered, rejected = answers(job, data)
    seen = Observation()
    answered = answered.observe(seen, F.count(F.lit(1)).alias("rows"))
    lost = Observation()
    rejected = rejected.observe(lost, F.count(F.lit(1)).alias("rows"))
    places = [_whole(path) for path in (job.rejects, job.out) if path is not None]
    with _beside(spark, places) as works:
        if len(works) == 1:
            rejected.write.format("noop").mode("overwrite").save()
        else:
            rejected.write.parquet(works[0])
        answered.write.parquet(works[-1])
    return Count(int(seen.get["rows"]), int(lost.get["rows"]))


def _whole(path: str) -> str:
    """An address as it is; a path from the folder we are in, which need not be where Java is."""
    return path if "://" in path else os.path.abspath(path)


def answers(job: Job, data: DataFrame) -> tuple[DataFrame, DataFrame]:
    """The rows that are answered and those that are refused, each told apart by an expression alone."""
    names = data.columns
    types = [TYPES.get(type, type.upper()) for _, type in data.dtypes]
    hold_against(job, tuple(zip(names, types, strict=True)))
    places = [f"{_quoted(name)} AS {numbered(place)}" for place, name in enumerate(names)]
    row = [f"_metadata.file_path AS {FILE}", f"_metadata.row_index + 1 AS {ROW}"]
    data.selectExpr(*places, *row).createOrReplaceTempView(VIEW)
    question = asked(job, f"SELECT * FROM {VIEW}", names, types, Flavor.SPARK, [FILE, ROW])
    told = [_spelled(sql) for sql in (*_looked_up(job, question), question.told[-1][0])]
    *told, reason = told
    shown = [f"{numbered(place)} AS {_quoted(name)}" for place, name in enumerate(names)]
    given = [f"{sql} AS {_quoted(name)}" for sql, name in zip(told, job.answers, strict=True)]
    # What depends on the place of a row is not asked earlier than it stands, so neither is the number,
    # which would else be worked out twice: to choose rows, and for what they get.
    held = f"SELECT *, monotonically_increasing_id() AS here FROM ({_spelled(question.held)})"
    chosen = f"FROM ({held}) WHERE here >= 0 AND {question.number}"
    answered = f"SELECT {', '.join([*shown, *given])} {chosen} >= 0"
    rejected = f"SELECT {', '.join([FILE, ROW, *shown, f'{reason} AS {REASON}'])} {chosen} < 0"
    return data.sparkSession.sql(answered), data.sparkSession.sql(rejected)


def _looked_up(job: Job, question: Asked) -> Iterator[str]:
    """The answers and the rule, from a list by their number where they are constants.

    A list is less for Java to compile, and faster, than an expression of many cases.
    """
    known = decided(job.unit, Flavor.STANDARD)
    for place, (sql, type) in enumerate(question.told[:-2]):
        given = [ending.answers[place] for _, ending in known.answering if ending.answers]
        is_known = all(isinstance(each, Fixed) for each in given)
        yield _listed(known.given(place), type, question.number) if is_known else sql
    yield _listed(known.rules, "VARCHAR", question.number)


def _listed(literals: Sequence[str], type: str, number: str) -> str:
    of = "STRING" if type == "VARCHAR" else type
    return f"CAST(element_at(array({', '.join(literals)}), {number} + 1) AS {of})"


def _spelled(sql: str) -> str:
    """Spark takes a backslash for the beginning of an escape, and has no VARCHAR without a length."""
    if sql == "CAST(NULL AS VARCHAR)":
        return "CAST(NULL AS STRING)"
    return sql.replace("\\", "\\\\")


def _quoted(name: str) -> str:
    """A column of the data, whatever it is called."""
    doubled = name.replace("`", "``")
    return f"`{doubled}`"


@contextmanager
def _beside(spark: SparkSession, places: Sequence[str]) -> Iterator[list[str]]:
    """Folders to write, put in place in this order when all are whole; on whatever disk a path names."""
    works = [f"{place.rstrip('/')}.{os.getpid()}.tmp" for place in places]
    try:
        yield works
        for work, place in zip(works, places, strict=True):
            _settle(spark, work, place)
    finally:
        for work in works:
            _delete(spark, work)


def _settle(spark: SparkSession, work: str, place: str) -> None:
    disk, new = _located(spark, work)
    _, target = _located(spark, place)
    if disk.exists(target):
        _, old = _located(spark, f"{work}.old")
        _renamed(disk, target, old)
        _renamed(disk, new, target)
        disk.delete(old, True)
    else:
        _renamed(disk, new, target)


def _renamed(disk: Any, old: Any, new: Any) -> None:
    if not disk.rename(old, new):
        raise CannotRun(f"cannot rename {old} to {new}")


def _delete(spark: SparkSession, path: str) -> None:
    disk, there = _located(spark, path)
    disk.delete(there, True)


def _located(spark: SparkSession, path: str) -> tuple[Any, Any]:
    """The file system of a path, and the path as that knows it."""
    bridge: Any = spark.sparkContext._jvm
    there = bridge.org.apache.hadoop.fs.Path(path)
    return there.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration()), there
