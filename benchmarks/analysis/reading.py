"""A large file, stage by stage, then by the commands: how long, and how much memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from benchmarks.analysis.large import COLUMNS, large, written
from benchmarks.analysis.measuring import Scale, met, span
from gapless import checks
from gapless.analysis.building import build_units
from gapless.resolve import resolve
from gapless_dsl.parser import parse
from gapless_dsl.source import Source
from gapless_dsl.undisturbed import undisturbed

LIMIT = 120.0
"""How many seconds a command is given."""

STATUS = Path("/proc/self/status")


class Stage(NamedTuple):
    """What was done, in how many seconds, and the most memory that was needed by then, in MB."""

    name: str
    seconds: float
    memory: float


def read(scale: Scale) -> tuple[list[str], float]:
    """The lines of the report, and how many seconds the whole check takes, stage by stage."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "large.dtable")
        path.write_text(written(large(scale.rows)), encoding="utf-8")
        staged = subprocess.run(
            [sys.executable, "-m", "benchmarks.analysis.reading", str(path)],
            capture_output=True,
            text=True,
            check=True,
        )
        stages = [Stage(*each) for each in json.loads(staged.stdout)]
        check = _command("check", "--no-cache", str(path))
        build = _command("build", str(path), "--out", str(Path(folder, "out")))
    whole = sum(stage.seconds for stage in stages)
    return list(_told(scale.rows, stages, check, build)), whole


def _told(rows: int, stages: list[Stage], *commands: Stage) -> Iterator[str]:
    yield f"{rows:,} rows of {COLUMNS} columns, complete; a new process for the stages and each command."
    yield ""
    yield "| stage | time | rows a second | highest memory so far |"
    yield "|---|---|---|---|"
    for name, seconds, memory in (*stages, *commands):
        late = "over " if seconds >= LIMIT else ""
        yield f"| {name} | {late}{span(seconds)} | {rows / seconds:,.0f} | {memory:,.0f} MB |"
    yield ""
    parsing, whole = stages[0].seconds, sum(stage.seconds for stage in stages)
    proving = sum(stage.seconds for stage in stages[2:4])
    most = max(stage.memory for stage in (*stages, *commands))
    rate = rows / parsing
    yield f"- parsed: {rate:,.0f} rows a second (target 20,000: {met(rate >= 20_000)})"
    yield f"- most memory: {most:,.0f} MB (target 1,000 MB: {met(most < 1_000)})"
    yield (
        f"- parsing is {100 * parsing / whole:.0f} % of the check, boxes and proof"
        f" {100 * proving / whole:.0f} % (parsing takes longer than boxes and proof: {met(parsing > proving)})"
    )


def _command(*words: str) -> Stage:
    """A command in a process of its own, looked at again and again until it ends."""
    start, memory = perf_counter(), 0.0
    process = subprocess.Popen(
        [sys.executable, "-m", "gapless", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and perf_counter() - start < LIMIT:
        memory = max(memory, _memory(Path(f"/proc/{process.pid}/status")))
        time.sleep(0.01)
    seconds = perf_counter() - start
    process.kill()
    process.wait()
    return Stage(f"`gapless {words[0]}`, whole command", seconds, memory)


def _memory(status: Path) -> float:
    """The most memory that a process has needed, in MB; 0 where the system does not tell."""
    try:
        lines = status.read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


@undisturbed()
def _stages(path: Path) -> Iterator[Stage]:
    source = Source("large.dtable", path.read_text(encoding="utf-8"))
    start = perf_counter()
    document, complaints = parse(source)
    yield _stage("parse", start)
    start = perf_counter()
    policies, meaningless = resolve([document], {source.path: source})
    yield _stage("resolve", start)
    start = perf_counter()
    units = build_units(table for policy in policies for table in policy.tables).units
    (unit,) = units.values()
    _ = unit.claims
    yield _stage("columns cut, rules as boxes", start)
    start = perf_counter()
    assert not unit.claims.gap.at_most
    assert not any(unit.claims.partners)
    yield _stage("proof: complete, disjoint", start)
    start = perf_counter()
    found = list(checks.findings(unit))
    yield _stage("every check", start)
    assert checks.are_notes([*complaints, *meaningless, *found])


def _stage(name: str, start: float) -> Stage:
    return Stage(name, perf_counter() - start, _memory(STATUS))


if __name__ == "__main__":
    json.dump(list(_stages(Path(sys.argv[1]))), sys.stdout)
