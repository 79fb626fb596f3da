"""Put claim lines to the edit by every engine, compare all answers, and write the report beside this file."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq

from benchmarks.claims import lines
from benchmarks.claims.comparing import (
    Answers,
    Reference,
    differing,
    is_in_order,
    of_array,
    of_files,
)
from benchmarks.claims.engines import ARRAYS, is_there, verdicts

HERE = Path(__file__).parent
ROWS = 10_000_000

WHAT = {
    "loop": "generated function, called for each row in a Python loop",
    "distinct": "generated function, called once for each combination that occurs; numpy spreads the answers",
    "polars": "polars, joined with the generated function's answers to all cases",
    "columns": "generated module of columns, over Arrow arrays",
    "duckdb": "`gapless apply`, Parquet to Parquet, with rules and reasons",
    "spark": "`gapless apply --engine spark --master local[2]`, the same",
}


class Ran(NamedTuple):
    """One engine: seconds, seconds of CPU, the most memory in MiB, which columns were compared, and how they stand."""

    engine: str
    seconds: float
    busy: float
    memory: float
    compared: tuple[str, ...]
    differing: int
    in_order: bool | None


def ran(engine: str, data: Path, reference: Reference) -> Ran:
    with TemporaryDirectory() as name:
        folder = Path(name)
        seconds, busy, memory = _process(engine, data, folder)
        answers: Answers
        in_order = None
        if engine in ARRAYS:
            answers = of_array(reference, np.load(folder / "verdicts.npy"), verdicts())
        else:
            answered, rejected = folder / "out.parquet", folder / "out.rejects.parquet"
            answers = of_files(reference, answered, rejected)
            in_order = is_in_order(reference, answered)
        wrong = differing(reference, answers)
        return Ran(engine, seconds, busy, memory, tuple(answers), wrong, in_order)


def _process(engine: str, data: Path, folder: Path) -> tuple[float, float, float]:
    """Seconds, seconds of CPU, and the most memory in MiB, as the process itself tells them."""
    words = [sys.executable, "-m", "benchmarks.claims.engines", engine, str(data), str(folder)]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    seconds, busy, memory = json.loads(done.stdout.splitlines()[-1])
    return seconds, busy, memory / 2**20


def report(reference: Reference, found: Sequence[Ran], size: int) -> Iterator[str]:
    rows = len(reference.claims)
    yield "# A real job: claim lines, put to the IGRT claim-pair edit"
    yield ""
    yield "`make bench-claims` writes this page in one run."
    yield (
        f"{os.cpu_count()} CPUs, Python {platform.python_version()}, on a machine that others used"
        " at the same time: compare lines, not machines; one run each."
    )
    yield ""
    yield (
        f"{rows:,} synthetic lines, seed {lines.SEED}, {size / 2**20:,.0f} MiB of Parquet;"
        f" {reference.cases:,} combinations occur, and {reference.refused:,} lines"
        f" ({reference.refused / rows:.2%}) get no answer: unknown codes, codes of the wrong case,"
        " missing ones, modifiers without a code."
    )
    yield "Each engine runs in a process of its own; seconds are from the file to the answers, without starting Python."
    yield "The two of `gapless apply` also write all columns, rules and reasons to files, and Spark starts its own machine."
    yield "On a shared machine seconds of CPU, over all cores, are what can be compared; Spark's are in [the cluster's report](../cluster/report.md), for its work is done by a process of Java."
    yield "Memory is the most that the process held at one time."
    yield ""
    slowest = next((each.busy for each in found if each.engine == "loop"), None)
    yield "| engine | seconds | seconds of CPU | rows a second of CPU | beside the loop | memory |"
    yield "|---|--:|--:|--:|--:|--:|"
    for each in found:
        yield _line(each, rows, slowest)
    yield ""
    yield "## Answers"
    yield ""
    yield "Every row's answer is held against the reference meaning, `gapless.semantics`, asked once for each combination."
    yield ""
    for each in found:
        yield f"- {WHAT[each.engine]}: {_agreement(each, rows)}"
    for engine, what in WHAT.items():
        if engine not in {each.engine for each in found}:
            yield f"- {what}: not run"


def _line(ran: Ran, rows: int, slowest: float | None) -> str:
    if ran.engine == "spark":
        return f"| {WHAT[ran.engine]} | {ran.seconds:.1f} | | | | |"
    beside = "" if slowest is None else f"{slowest / ran.busy:.1f}x"
    return (
        f"| {WHAT[ran.engine]} | {ran.seconds:.1f} | {ran.busy:.1f}"
        f" | {rows / ran.busy / 1e6:.2f} M | {beside} | {ran.memory:,.0f} MiB |"
    )


def _agreement(ran: Ran, rows: int) -> str:
    what = ", ".join(ran.compared)
    if ran.differing:
        return f"**{ran.differing:,} of {rows:,} rows differ** ({what})"
    order = {None: "", True: ", in the order of the data", False: ", in another order"}[
        ran.in_order
    ]
    return f"identical on all {rows:,} rows ({what}{order})"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=ROWS)
    words.add_argument("--engines", default=",".join(WHAT))
    words.add_argument("--report", type=Path, default=HERE / "report.md")
    chosen = words.parse_args()
    with TemporaryDirectory() as folder:
        data = Path(folder) / "claims.parquet"
        lines.write(data, chosen.rows)
        assert pq.ParquetFile(data).metadata.num_rows == chosen.rows
        reference = Reference(data)
        found = []
        for engine in chosen.engines.split(","):
            if is_there(engine):
                found.append(ran(engine, data, reference))
                each = found[-1]
                sys.stderr.write(f"{engine}: {each.seconds:.1f} s, {each.differing} differ\n")
        text = "\n".join(report(reference, found, data.stat().st_size)) + "\n"
    chosen.report.write_text(text, encoding="utf-8")
    if any(each.differing for each in found):
        sys.exit("engines differ")


if __name__ == "__main__":
    main()
