"""Measures all engines side by side in one process and writes `report.md` and `report.png` beside itself."""

from __future__ import annotations

import argparse
import os
import platform
import tracemalloc
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # one core for everybody

from benchmarks.columns.contenders import Contender, contenders
from benchmarks.columns.report import Measured, report
from benchmarks.columns.workloads import Workload, workload

ROUNDS = 9
HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.columns", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--out", type=Path, default=HERE)
    parser.add_argument("--only", nargs="*", default=["w1", "w2", "w3"])
    given = parser.parse_args()
    found: dict[str, dict[str, Measured]] = {}
    for name in given.only:
        work = workload(name, given.rows)
        found[name] = measured([*contenders(work)], given.rounds)
        found[name]["generated, codes in"] = found[name]["generated, codes in"]._replace(
            working=_working(work)
        )
    report(given.out, found, given.rows, given.rounds, _machine())


def measured(known: list[Contender], rounds: int) -> dict[str, Measured]:
    """Medians of rounds, in each of which everybody runs once; the first round does not count."""
    times: dict[str, list[float]] = {each.name: [] for each in known}
    for number in range(rounds + 1):
        for each in known:
            start = perf_counter()
            each.run()
            if number:
                times[each.name].append((perf_counter() - start) / each.rows)
    return {each.name: Measured(median(times[each.name]) * 1e9, each.rows) for each in known}


def _working(work: Workload) -> float:
    """The bytes a row that are held at most while codes are worked out, besides these."""
    given = work.given
    tracemalloc.start()
    codes = work.answer(*given).codes
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return float(peak - codes.nbytes) / work.rows


def _machine() -> Mapping[str, str]:
    import duckdb
    import numpy
    import pandas
    import polars
    import pyarrow

    cpu = "unknown"
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        cpu = next((line.partition(": ")[2] for line in lines if "model name" in line), cpu)
    versions = {
        each.__name__: each.__version__ for each in (numpy, pyarrow, pandas, polars, duckdb)
    }
    return {
        "processor": f"{cpu}, {os.cpu_count()} cores, of which one works",
        "Python": platform.python_version(),
        **versions,
    }


if __name__ == "__main__":
    main()
