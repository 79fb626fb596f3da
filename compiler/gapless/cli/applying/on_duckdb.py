"""DuckDB inside this process: a file streams through one query, and is never in memory whole."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import duckdb

from gapless.backends.sql import Flavor
from gapless.cli.applying import arrow
from gapless.cli.applying.asking import Asked, asked, numbered, text
from gapless.cli.applying.formats import Format
from gapless.cli.applying.job import Count, Job
from gapless.cli.applying.progress import Progress
from gapless.cli.applying.replacing import beside
from gapless.cli.applying.schema import hold_against
from gapless.cli.console import CannotRun

SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "preserve_insertion_order": "true",
    "temp_directory": "",
}
"""Nothing is fetched, nothing is spilled, and rows keep their order."""

SAMPLE = 1 << 20
WAITING = 4
"""Batches that may wait for being written while the next ones are worked out."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Data: its columns' names, about how many rows it has, and the relation that holds them.

    In the relation they may have other names, but have these places.
    """

    names: tuple[str, ...]
    rows: int | None
    relation: str


def run(job: Job, quiet: bool, threads: int | None, memory: str | None) -> tuple[Count, float]:
    """Put every row to the table; what became of them, and how many seconds it took."""
    progress = None
    try:
        with _connected(threads, memory) as connection:
            opened = _opened(job, connection)
            question = _asked(job, opened, connection)
            progress = Progress(opened.rows, quiet)
            return _streamed(job, connection, question, progress), progress.seconds
    except (duckdb.Error, arrow.ArrowError) as reason:
        raise CannotRun(f"{job.data} cannot be read: {_first_lines(reason)}") from None
    finally:
        if progress is not None:
            progress.clear()


def _connected(threads: int | None, memory: str | None) -> duckdb.DuckDBPyConnection:
    settings: dict[str, Any] = dict(SETTINGS)
    if threads is not None:
        settings["threads"] = threads
    if memory is not None:
        settings["memory_limit"] = memory
    try:
        return duckdb.connect(config=settings)
    except duckdb.Error as reason:
        raise CannotRun(f"--threads or --memory: {_first_lines(reason, 1)}") from None


def _opened(job: Job, connection: duckdb.DuckDBPyConnection) -> Opened:
    if not os.path.isfile(job.data):
        raise CannotRun(f"no such file: {job.data}")
    try:
        match job.format:
            case Format.CSV:
                return _csv(job)
            case Format.PARQUET:
                names, rows = arrow.parquet_shape(job.data)
                return Opened(
                    names, rows, f"read_parquet({_path(job.data)}, hive_partitioning=false)"
                )
            case Format.ARROW:
                held, about, reader = arrow.ipc_reader(job.data)
                connection.register("data", reader)
                return Opened(held, about, "data")
    except OSError as reason:
        raise CannotRun(f"cannot read {job.data}: {reason.strerror or reason}") from None


def _csv(job: Job) -> Opened:
    """Every cell is text, and an empty one is missing; what is not regular CSV is refused."""
    names = _header(job)
    columns = ", ".join(f"'column {place}': 'VARCHAR'" for place in range(len(names)))
    relation = (
        f"read_csv({_path(job.data)}, auto_detect=false, header=true, nullstr='', strict_mode=true, "
        f"delim={text(job.delimiter)}, quote='\"', escape='\"', columns={{{columns}}})"
    )
    return Opened(names, _about(job.data), relation)


def _header(job: Job) -> tuple[str, ...]:
    try:
        with open(job.data, encoding="utf-8-sig", newline="") as file:
            names = next(csv.reader(file, delimiter=job.delimiter, strict=True), None)
    except (UnicodeDecodeError, csv.Error) as reason:
        raise CannotRun(f"the header of {job.data} cannot be read: {reason}") from None
    if not names:
        raise CannotRun(f"{job.data} has no header: its first line must name the columns")
    return tuple(names)


def _about(path: str) -> int | None:
    """About how many lines a file has, by the length of its first ones."""
    with open(path, "rb") as file:
        sample = file.read(SAMPLE)
    lines = sample.count(b"\n")
    return round(os.path.getsize(path) / len(sample) * lines) if lines else None


def _path(path: str) -> str:
    """A path of which no letter is taken for a pattern."""
    plain = (f"[{letter}]" if letter in "[*?" else letter for letter in os.path.abspath(path))
    return text("".join(plain))


def _asked(job: Job, opened: Opened, connection: duckdb.DuckDBPyConnection) -> Asked:
    sources = [numbered(place) for place in range(len(opened.names))]
    if not sources:
        raise CannotRun(f"{job.data} has no columns")
    places = ", ".join(f"#{place + 1} AS {name}" for place, name in enumerate(sources))
    data = f"SELECT {places} FROM {opened.relation}"
    types = [str(row[1]) for row in connection.execute(f"DESCRIBE {data}").fetchall()]
    hold_against(job, tuple(zip(opened.names, types, strict=True)))
    return asked(job, data, opened.names, types, Flavor.DUCKDB)


def _streamed(
    job: Job, connection: duckdb.DuckDBPyConnection, asked: Asked, progress: Progress
) -> Count:
    known = [_known(connection, asked, *each) for each in asked.told]
    worked_out = [each for each, values in zip(asked.told, known, strict=True) if values is None]
    data = [(numbered(place), type) for place, type in enumerate(asked.types)]
    shown = [_shown(job, *each) for each in [*data, *worked_out]]
    sql = f"SELECT {', '.join([*shown, asked.number])} FROM ({asked.held}) AS asked"
    reader = connection.sql(sql).to_arrow_reader(arrow.BATCH)
    places = [place for place in (job.rejects, job.out) if place is not None]
    with beside(*places) as works:
        *rejects, out = works
        results = [out, rejects[0] if rejects else None]
        parted = arrow.Parted(reader.schema, asked, known, results)
        try:
            _written(reader, parted, progress)
        finally:
            parted.close()
    return Count(parted.rows - parted.rejected, parted.rejected)


def _shown(job: Job, sql: str, type: str) -> str:
    """Files of text get what DuckDB writes."""
    as_text = job.out_format is Format.CSV and type != "VARCHAR"
    return f"CAST({sql} AS VARCHAR)" if as_text else sql


def _known(
    connection: duckdb.DuckDBPyConnection, asked: Asked, sql: str, type: str
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
    waiting: list[Future[None]] = []
    with ThreadPoolExecutor(1) as writer:
        for batch in batches:
            waiting.append(writer.submit(parted.put, batch))
            if len(waiting) > WAITING:
                waiting.pop(0).result()
            progress.at(parted.rows)
        for each in waiting:
            each.result()


def _first_lines(reason: BaseException, count: int = 2) -> str:
    lines: Sequence[str] = [line for line in str(reason).splitlines() if line.strip()]
    return "\n".join(lines[:count])
