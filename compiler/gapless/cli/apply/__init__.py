"""`gapless apply`: every row of a file is put to one table, by DuckDB here or by Spark on a cluster.

Two engines, `on_duckdb` and `on_spark`, run one query that `query` writes for both. No engine is
imported before it is chosen, and no cell is read in Python.
"""

from __future__ import annotations

import argparse
from typing import NoReturn

from gapless.analysis.unit import Unit
from gapless.cli import cache, files
from gapless.cli.apply.job import Count, Job, job
from gapless.cli.arguments import TABLES
from gapless.cli.compiling import compiled
from gapless.cli.console import CannotRun, Outcome, pace, peak
from gapless.resolve import resolve
from gapless.run import find_table
from gapless.text.words import count
from gapless_dsl.diagnostic import Severity
from gapless_dsl.parser import parse


def apply(arguments: argparse.Namespace) -> Outcome:
    """Answers and refused rows are whole, or not there; only a table that is proved is asked."""
    asked = job(arguments, _unit(arguments))
    done, seconds = _run(asked, arguments)
    aside = "" if arguments.quiet else _measured(done, seconds)
    return Outcome(_told(asked, done), 1 if done.rejected else 0, aside)


def _run(asked: Job, arguments: argparse.Namespace) -> tuple[Count, float]:
    match arguments.engine:
        case "duckdb":
            try:
                from gapless.cli.apply import on_duckdb
            except ImportError as missing:
                _needs(missing, "duckdb and pyarrow", "apply")
            return on_duckdb.run(asked, arguments.quiet, arguments.threads, arguments.memory)
        case "spark":
            try:
                from gapless.cli.apply import on_spark
            except ImportError as missing:
                _needs(missing, "pyspark, and Java", "spark")
            return on_spark.run(asked, arguments.master, arguments.quiet)
    raise AssertionError(f"no such engine: {arguments.engine}")


def _needs(missing: ImportError, what: str, extra: str) -> NoReturn:
    raise CannotRun(
        f"`apply` needs {what} ({missing.name} is not installed): pip install 'gapless[{extra}]'"
    ) from None


def _unit(arguments: argparse.Namespace) -> Unit:
    """The table by its name; of all files only its own and those it uses have to be sound."""
    found = files.discover(arguments.tables or [TABLES])
    loaded = files.load(found)
    cache.prepare()
    sources = files.sources(loaded)
    parsed = [parse(source) for source in sources.values()]
    policies, _ = resolve([document for document, _ in parsed], sources)
    table = find_table(policies, arguments.table)
    if isinstance(table, str):
        also = "\nsome files cannot be read: `gapless check` tells which" if loaded.unread else ""
        raise CannotRun(table + also)
    path = table.span.path
    result = compiled(files.load([path]))
    errors = sum(each.severity is Severity.ERROR for each in result.diagnostics)
    if errors:
        raise CannotRun(
            f"`{table.name}` is not proved, so no row is put to it: {count(errors, 'error')} in "
            f"{path} and what it uses; `gapless check {path}` tells which"
        )
    return next(unit for each, unit in result.units.items() if each.span == table.span)


def _told(asked: Job, done: Count) -> str:
    answered, rejected = (
        f"; --spreadsheet-safe put ' in front of {count(cells, 'cell')}"
        if asked.spreadsheet_safe
        else ""
        for cells in done.disarmed
    )
    ragged = f", of which {done.ragged:,} ragged" if asked.rejects_ragged else ""
    lines = [(asked.out, f"{count(done.answered, 'row')} answered{answered}")]
    refused = f"{count(done.rejected, 'row')} rejected{ragged}"
    if asked.rejects is not None:
        lines.append((asked.rejects, f"{refused}{rejected}"))
    elif done.rejected:
        lines.append(("", f"{refused}, and written nowhere"))
    room = max(len(path) for path, _ in lines)
    return "".join(f"{path:<{room}}  {said}\n" for path, said in lines)


def _measured(done: Count, seconds: float) -> str:
    rows = done.answered + done.rejected
    memory = peak()
    most = "" if memory is None else f", at most {memory / 2**20:,.0f} MiB of memory"
    rate = f", {pace(rows / seconds)}" if seconds else ""
    return f"{count(rows, 'row')} in {seconds:.1f} s{rate}{most}\n"
