"""Spark, on one machine or many: one plan of SQL expressions over folders of Parquet, no Python in it."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as F

from gapless.analysis.domain.answers import Fixed
from gapless.backends.sql.decision import decided
from gapless.backends.sql.dialects import Flavor
from gapless.cli.apply.job import REASON, ROW, Count, Format, Job, hold_against
from gapless.cli.apply.query import Query, numbered, query
from gapless.cli.console import CannotRun
from gapless.model import DatetimeType, TimeType

FILE = "rejected_file"
VIEW = "gapless_data"

SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.variable.substitute": "false",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.codegen.wholeStage": "false",
}
"""SQL as the standard has it; what stands in a text is text; a file that cannot be read is none to skip.

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
        except (PySparkException, Py4JJavaError) as reason:
            raise CannotRun(_unread(job, str(reason))) from None


def _unread(job: Job, said: str) -> str:
    """What Spark could not do, in our words; its own only say what was not foreseen."""
    file = re.search(r"reading file (\S+?)\.?\s", said)
    if "[PATH_NOT_FOUND]" in said:
        return f"no such file or folder: {job.data}"
    if "[UNABLE_TO_INFER_SCHEMA]" in said:
        return f"{job.data} holds no Parquet file"
    if file is not None:
        return _damaged(file[1])
    lines = [line for line in said.splitlines() if line.strip()]
    return f"Spark could not run: {lines[0]}"


def _damaged(file: str) -> str:
    return f"{file} is no Parquet file, or is damaged: write or copy it again, or take it away"


FOOTERS = 8
"""Footers that are read at a time, where the command is given."""


def _hold_together(job: Job, data: DataFrame, spark: SparkSession) -> None:
    """Refuse files of which one has other columns: Spark takes those of one, and misses them in others."""
    files = sorted(data.inputFiles())
    with ThreadPoolExecutor(FOOTERS) as pool:
        schemas = list(pool.map(lambda file: _schema(spark, file), files))
    for file, (schema, told) in zip(files, schemas, strict=True):
        if told == schemas[0][1]:
            continue
        held, first = _columns(schema), _columns(schemas[0][0])
        other = dict(set(first.items()) ^ set(held.items()))
        if other:
            name = min(other)
            raise CannotRun(
                f"the files of {job.data} have different columns\n"
                f"  `{name}` is {held.get(name, 'missing')} in {file}\n"
                f"  `{name}` is {first.get(name, 'missing')} in {files[0]}\n"
                "  write them with the same columns, or put them to the table one by one"
            )


def _schema(spark: SparkSession, file: str) -> tuple[Any, str]:
    """What the footer of one file says of its columns, as Java has it and as a text."""
    bridge: Any = spark.sparkContext._jvm
    hadoop = bridge.org.apache.parquet.hadoop
    path = bridge.org.apache.hadoop.fs.Path(bridge.java.net.URI.create(file))
    configuration = spark.sparkContext._jsc.hadoopConfiguration()
    try:
        reader = hadoop.ParquetFileReader.open(
            hadoop.util.HadoopInputFile.fromPath(path, configuration)
        )
    except Py4JJavaError:
        raise CannotRun(_damaged(file)) from None
    try:
        schema = reader.getFileMetaData().getSchema()
        return schema, str(schema)
    finally:
        reader.close()


def _columns(schema: Any) -> dict[str, str]:
    """The types of columns by their names: the logical one, else how it is stored."""
    types = {}
    for field in schema.getFields():
        logical = field.getLogicalTypeAnnotation()
        stored = field.getPrimitiveTypeName() if field.isPrimitive() else field
        types[field.getName()] = str(stored if logical is None else logical)
    return types


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
    _hold_together(job, data, spark)
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
    columns = (*job.unit.table.inputs, *job.unit.table.outputs)
    if any(isinstance(each.type.scalar, TimeType | DatetimeType) for each in columns):
        raise CannotRun(
            "--engine spark takes no times: what Spark calls a timestamp is one in its session's zone"
        )
    names = data.columns
    types = [TYPES.get(type, type.upper()) for _, type in data.dtypes]
    hold_against(job, tuple(zip(names, types, strict=True)))
    places = [f"{_quoted(name)} AS {numbered(place)}" for place, name in enumerate(names)]
    row = [f"_metadata.file_path AS {FILE}", f"_metadata.row_index + 1 AS {ROW}"]
    data.selectExpr(*places, *row).createOrReplaceTempView(VIEW)
    question = query(job, f"SELECT * FROM {VIEW}", names, types, Flavor.SPARK, [FILE, ROW])
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


def _looked_up(job: Job, question: Query) -> Iterator[str]:
    """The answers, the rule and the basis, from a list by their number where they are constants.

    A list is less for Java to compile, and faster, than an expression of many cases.
    """
    known = decided(job.unit, Flavor.STANDARD)
    for place, (sql, type) in enumerate(question.told[:-3]):
        given = [ending.answers[place] for _, ending in known.answering if ending.answers]
        is_known = all(isinstance(each, Fixed) for each in given)
        yield _listed(known.given(place), type, question.number) if is_known else sql
    for texts in (known.rules, known.bases):
        yield _listed(texts, "VARCHAR", question.number)


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
            disk, new = _located(spark, work)
            _, target = _located(spark, place)
            _, old = _located(spark, f"{work}.old")
            is_there = disk.exists(target)
            if is_there:
                _renamed(disk, target, old)
            _renamed(disk, new, target)
            if is_there:
                disk.delete(old, True)
    finally:
        for work in works:
            disk, there = _located(spark, work)
            disk.delete(there, True)


def _renamed(disk: Any, old: Any, new: Any) -> None:
    if not disk.rename(old, new):
        raise CannotRun(f"cannot rename {old} to {new}")


def _located(spark: SparkSession, path: str) -> tuple[Any, Any]:
    """The file system of a path, and the path as that knows it."""
    bridge: Any = spark.sparkContext._jvm
    there = bridge.org.apache.hadoop.fs.Path(path)
    return there.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration()), there
