"""A large table as text: how long it takes to read, and how much memory."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.analysis.generator import loans
from gapless import checks
from gapless.model import Column as ModelColumn
from gapless.model import EnumerationType, IntType, Table
from gapless.resolve import resolve
from gapless.unit import build_units
from gapless_dsl.parser import parse
from gapless_dsl.source import Source

ROWS = 20_000
COLUMNS = 7


def written(table: Table) -> str:
    """A table of constants as an author writes it."""
    named = {
        column.type.name: column.type
        for column in (*table.inputs, *table.outputs)
        if isinstance(column.type, EnumerationType)
    }
    lines = [
        f"type {name} = {' | '.join(member.name for member in type.members)}"
        for name, type in named.items()
    ]
    lines += ["", f"table {table.name}"]
    lines += [f"  in  {column.name} : {_type(column)}" for column in table.inputs]
    lines += [f"  out {column.name} : {_type(column)}" for column in table.outputs]
    heads = " | ".join(column.name for column in table.inputs)
    lines += ["", f"  | {table.policy} | {heads} || {table.outputs[0].name} |"]
    lines.append("  |" + "---|" * (len(table.inputs) + 1) + "|---|")
    for rule in table.rules:
        cells = " | ".join(condition.text for condition in rule.conditions)
        lines.append(f"  | {rule.name} | {cells} || {rule.outcomes[0].text} |")
    return "\n".join(lines) + "\n"


def _type(column: ModelColumn) -> str:
    type = column.type
    if isinstance(type, EnumerationType):
        return type.name
    if isinstance(type, IntType):
        return f"int {type.low}..{type.high}"
    raise AssertionError("only whole numbers and lists are written")


def reading() -> Iterator[str]:
    """The stages of one process on one large file."""
    yield f"# Reading {ROWS:,} rows of {COLUMNS} columns"
    yield ""
    yield "One process, one run; parsing, resolving and checking in turn, then the whole command."
    yield ""
    text = written(loans(1, ROWS, COLUMNS, whole_numbers=True).table)
    with TemporaryDirectory() as folder:
        path = Path(folder, "large.dtable")
        path.write_text(text, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.analysis.reading", str(path)],
            capture_output=True,
            text=True,
            check=True,
        )
        yield done.stdout.rstrip()
        start = perf_counter()
        subprocess.run(
            [sys.executable, "-m", "gapless", "check", str(path)], capture_output=True, check=False
        )
        yield f"| `gapless check`, whole process | {perf_counter() - start:.2f} s | |"


def _stages(path: Path) -> Iterator[str]:
    yield "| stage | time | highest memory so far |"
    yield "|---|---|---|"
    source = Source("large.dtable", path.read_text(encoding="utf-8"))
    start = perf_counter()
    document, complaints = parse(source)
    yield _row(f"parse ({ROWS / (perf_counter() - start):,.0f} rows a second)", start)
    start = perf_counter()
    policies, meaningless = resolve([document], {source.path: source})
    yield _row("resolve", start)
    start = perf_counter()
    units = build_units(table for policy in policies for table in policy.tables)
    yield _row("columns cut, rules as boxes", start)
    start = perf_counter()
    tallied = [unit.tally for unit in units.values()]
    yield _row("proof: complete, who decides what", start)
    start = perf_counter()
    found = [finding for unit in units.values() for finding in checks.findings(unit)]
    yield _row("every check", start)
    codes = sorted({finding.code for finding in (*complaints, *meaningless, *found)})
    assert tallied and len(tallied[0]) == ROWS, codes


def _row(stage: str, start: float) -> str:
    seconds = perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"| {stage} | {seconds:.2f} s | {memory:,.0f} MB |"


if __name__ == "__main__":
    sys.stdout.write("\n".join(_stages(Path(sys.argv[1]))) + "\n")
