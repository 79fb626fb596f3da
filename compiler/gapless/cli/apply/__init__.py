"""`gapless apply`: every row of a file is put to one table, by DuckDB here or by Spark on a cluster.

Two engines, `on_duckdb` and `on_spark`, run one query that `query` writes for both. No engine is
imported before it is chosen, and no cell is read in Python.
"""

from __future__ import annotations

import argparse

from gapless.analysis.unit import Unit
from gapless.cli import files
from gapless.cli.apply.job import Count, Job, job
from gapless.cli.compiling import compiled
from gapless.cli.console import CannotRun, Outcome, pace, peak
from gapless.cli.run import opened
from gapless.run import find_table
from gapless.text.words import count
from gapless_dsl.diagnostic import Severity


def apply(arguments: argparse.Namespace) -> Outcome:
    """Answers and refused rows are whole, or not there; only a table that is proved is asked."""
    asked = job(arguments, _unit(arguments))
    done, seconds = _run(asked, arguments)
    rows, memory = done.answered + done.rejected, peak()
    most = "" if memory is None else f", at most {memory / 2**20:,.0f} MiB of memory"
    rate = f", {pace(rows / seconds)}" if seconds else ""
    aside = "" if arguments.quiet else f"{count(rows, 'row')} in {seconds:.1f} s{rate}{most}\n"
    return Outcome(_told(asked, done), 1 if done.rejected else 0, aside)


def _run(asked: Job, arguments: argparse.Namespace) -> tuple[Count, float]:
    is_spark = arguments.engine == "spark"
    try:
        if is_spark:
            from gapless.cli.apply import on_spark
        else:
            from gapless.cli.apply import on_duckdb
    except ImportError as missing:
        what, extra = (
            ("pyspark, and Java", "spark") if is_spark else ("duckdb and pyarrow", "apply")
        )
        raise CannotRun(
            f"`apply` needs {what} ({missing.name} is not installed): "
            f"pip install 'gapless[{extra}]'"
        ) from None
    if is_spark:
        return on_spark.run(asked, arguments.master, arguments.quiet)
    return on_duckdb.run(asked, arguments.quiet, arguments.threads, arguments.memory)


def _unit(arguments: argparse.Namespace) -> Unit:
    """The table by its name; of all files only its own and those it uses have to be sound."""
    read = opened(arguments.tables)
    table = find_table(read.policies, arguments.table)
    if isinstance(table, str):
        also = "\nsome files cannot be read: `gapless check` tells which" if read.unread else ""
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
