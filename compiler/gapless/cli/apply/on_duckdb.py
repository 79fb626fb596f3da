"""DuckDB inside this process: a file streams through one query, and is never in memory whole."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import duckdb

from gapless.backends.sql import Flavor
from gapless.backends.sql.literals import text
from gapless.cli.apply import arrow
from gapless.cli.apply.delimited import Reader
from gapless.cli.apply.job import Count, Format, Job, hold_against, hold_to
from gapless.cli.apply.query import Query, numbered, query
from gapless.cli.console import CannotRun, Progress
from gapless.cli.files import replacing

SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "preserve_insertion_order": "true",
    "temp_directory": "",
}
"""Nothing is fetched, nothing is spilled, and rows keep their order."""

SAMPLE = 1 << 20
"""Bytes from which it is told about how many lines a file has."""
WAITING = 4
"""Batches that may wait for being written while the next ones are worked out."""


Asking: TypeAlias = Callable[[str, Sequence[str], Sequence[str]], str]
"""A query over data: what selects its columns by their places, their names and SQL types."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Data: its columns' names, about how many rows it has, and the relation that holds them.

    In the relation they may have other names, but have these places.
    """

    names: tuple[str, ...]
    rows: int | None
    relation: str
    lines: Reader | None = None


def run(job: Job, quiet: bool, threads: int | None, memory: str | None) -> tuple[Count, float]:
    """Put every row to the table; what became of them, and how many seconds it took."""
    with _run(job, threads, memory) as (connection, opened):
        question = _asked(job, opened, connection)
        progress = Progress(opened.rows, quiet)
        try:
            return _streamed(job, connection, question, opened, progress), progress.seconds
        finally:
            progress.clear()


def fetched(job: Job, asking: Asking) -> list[tuple[Any, ...]]:
    """What one query over the data answers, whole: for few rows."""
    with _run(job, None, None) as (connection, opened):
        data, types = _typed(job, opened, connection)
        sql = asking(data, opened.names, types)
        return connection.execute(sql).fetchall()


@contextmanager
def _run(
    job: Job, threads: int | None, memory: str | None
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Opened]]:
    """The data opened; what goes wrong with it is told in our words."""
    opened = None
    try:
        with _connected(threads, memory) as connection, ExitStack() as closing:
            opened = _opened(job, connection, threads, closing)
            yield connection, opened
    except (duckdb.Error, arrow.ArrowError, _Stopped) as reason:
        if opened is not None and opened.lines is not None and opened.lines.fault is not None:
            raise opened.lines.fault from None
        raise _unread(job, reason) from None


def _unread(job: Job, reason: Exception) -> CannotRun:
    """What an engine could not do, in our words; its own only say what was not foreseen."""
    if "Out of Memory Error" in str(reason):
        return CannotRun(
            f"{job.data} cannot be read in so little memory: say more --memory, or fewer --threads"
        )
    said = _first_line(reason).partition(" Detail: Python exception")[0]
    return CannotRun(
        f"{job.data} is damaged, or holds what cannot be read: write or copy it again\n"
        f"  its reader says: {said}"
    )


class _Stopped(Exception):
    """No more rows come, for what the data is; Arrow tells it as it tells what cannot be written."""


def _connected(threads: int | None, memory: str | None) -> duckdb.DuckDBPyConnection:
    settings: dict[str, Any] = dict(SETTINGS)
    if threads is not None:
        settings["threads"] = threads
    if memory is not None:
        settings["memory_limit"] = memory
    try:
        return duckdb.connect(config=settings)
    except duckdb.Error as reason:
        raise CannotRun(f"--threads or --memory: {_first_line(reason)}") from None


def _opened(
    job: Job, connection: duckdb.DuckDBPyConnection, threads: int | None, closing: ExitStack
) -> Opened:
    hold_to(job.format, job.data)
    match job.format:
        case Format.CSV:
            lines = Reader(job.data, job.delimiter, job.rejects_ragged, threads)
            closing.callback(lines.close)
            reader = arrow.texts_reader(lines.batches(), len(lines.names))
            connection.register("data", reader)
            with open(job.data, "rb") as file:
                sample = file.read(SAMPLE)
            ends = sample.count(b"\n")
            about = round(os.path.getsize(job.data) / len(sample) * ends) if ends else None
            return Opened(lines.names, about, "data", lines)
        case Format.PARQUET:
            try:
                names, rows = arrow.parquet_shape(job.data)
            except OSError as reason:
                raise _unread(job, reason) from None
            # A path of which no letter is taken for a pattern.
            path = os.path.abspath(job.data)
            plain = text("".join(f"[{each}]" if each in "[*?" else each for each in path))
            return Opened(names, rows, f"read_parquet({plain}, hive_partitioning=false)")
        case Format.ARROW:
            try:
                held, about, reader = arrow.ipc_reader(job.data)
            except OSError as reason:
                raise _unread(job, reason) from None
            connection.register("data", reader)
            return Opened(held, about, "data")


def _asked(job: Job, opened: Opened, connection: duckdb.DuckDBPyConnection) -> Query:
    data, types = _typed(job, opened, connection)
    hold_against(job, tuple(zip(opened.names, types, strict=True)))
    return query(job, data, opened.names, types, Flavor.DUCKDB)


def _typed(
    job: Job, opened: Opened, connection: duckdb.DuckDBPyConnection
) -> tuple[str, list[str]]:
    """What selects the columns of the data by their places, and their SQL types."""
    sources = [numbered(place) for place in range(len(opened.names))]
    if not sources:
        raise CannotRun(f"{job.data} has no columns")
    places = ", ".join(f"#{place + 1} AS {name}" for place, name in enumerate(sources))
    data = f"SELECT {places} FROM {opened.relation}"
    types = [str(row[1]) for row in connection.execute(f"DESCRIBE {data}").fetchall()]
    return data, types


def _streamed(
    job: Job,
    connection: duckdb.DuckDBPyConnection,
    asked: Query,
    opened: Opened,
    progress: Progress,
) -> Count:
    known = [_known(connection, asked, *each) for each in asked.told]
    worked_out = [each for each, values in zip(asked.told, known, strict=True) if values is None]
    data = [(numbered(place), type) for place, type in enumerate(asked.types)]
    shown = [_shown(job, *each) for each in [*data, *worked_out]]
    sql = f"SELECT {', '.join([*shown, asked.number])} FROM ({asked.held}) AS asked"
    reader = connection.sql(sql).to_arrow_reader(arrow.BATCH)
    places = [place for place in (job.rejects, job.out) if place is not None]
    with replacing(*places) as works:
        *rejects, out = works
        results = [out, rejects[0] if rejects else None]
        ragged = deque() if opened.lines is None else opened.lines.ragged
        parted = arrow.Parted(reader.schema, asked, known, results, ragged)
        try:
            _written(reader, parted, progress)
        finally:
            parted.close()
    return Count(parted.rows - parted.rejected, parted.rejected, parted.left_out, parted.disarmed)


def _shown(job: Job, sql: str, type: str) -> str:
    """Files of text get what DuckDB writes."""
    as_text = job.out_format is Format.CSV and type != "VARCHAR"
    return f"CAST({sql} AS VARCHAR)" if as_text else sql


def _known(
    connection: duckdb.DuckDBPyConnection, asked: Query, sql: str, type: str
) -> arrow.Known | None:
    """What an answer is by the number alone, from the lowest number up; None where it needs inputs.

    To look a text up is many times faster than to have it worked out row by row.
    """
    low, high = min(asked.numbers), max(asked.numbers)
    numbers = f"SELECT CAST(range AS INTEGER) AS {asked.number} FROM range({low}, {high + 1})"
    shown = _shown(asked.job, f"CAST({sql} AS {type})", type)
    try:
        found = connection.sql(
            f"SELECT {shown} FROM ({numbers}) AS numbers ORDER BY {asked.number}"
        )
        return arrow.Known(found.to_arrow_table(), low)
    except duckdb.BinderException:
        return None


def _written(batches: Iterator[Any], parted: arrow.Parted, progress: Progress) -> None:
    """One thread writes while DuckDB's work out what comes next."""

    def coming() -> Iterator[Any]:
        try:
            yield from batches
        except (OSError, arrow.ArrowError) as reason:
            raise _Stopped(str(reason)) from None

    waiting: list[Future[None]] = []
    with ThreadPoolExecutor(1) as writer:
        for batch in coming():
            waiting.append(writer.submit(parted.put, batch))
            if len(waiting) > WAITING:
                waiting.pop(0).result()
            progress.at(parted.rows)
        for each in waiting:
            each.result()


def _first_line(reason: BaseException) -> str:
    return next((line for line in str(reason).splitlines() if line.strip()), "")
