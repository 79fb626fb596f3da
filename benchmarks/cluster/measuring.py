"""Claim lines through `gapless apply --engine spark`, ever more of them: `python -m benchmarks.cluster.measuring CORES FOLDER ROWS…`.

One Spark for all sizes, the smallest first, so that the first one pays for what is compiled once.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from benchmarks.claims.engines import TABLE, policy
from benchmarks.claims.lines import SEED, write
from gapless.cli.apply import on_spark
from gapless.cli.apply.job import Format, Job

FILE = 1_000_000
"""Lines in a file: about what one task reads."""
DIFFERENT = 10
"""So many files are different; of more rows than they hold, each is there several times."""


def prepare(folder: Path, rows: int) -> Path:
    """A folder of Parquet with so many lines."""
    held = folder / "files"
    held.mkdir(exist_ok=True)
    chosen = folder / f"claims-{rows}"
    chosen.mkdir()
    for number in range(rows // FILE):
        file = held / f"{number % DIFFERENT}.parquet"
        if not file.exists():
            write(file, FILE, SEED + number)
        os.link(file, chosen / f"part-{number:05}.parquet")
    return chosen


def measure(cores: int, folder: Path, rows: int, spark: SparkSession) -> dict[str, Any]:
    """One run: seconds of the clock and of the CPU, and bytes in and out."""
    data, out = prepare(folder, rows), folder / "out"
    unit = next(unit for table, unit in policy().units.items() if table.name == TABLE)
    rejects = str(folder / "out.rejects")
    job = Job(unit, str(data), str(out), rejects, Format.PARQUET, Format.PARQUET, {}, "rule")
    busy, begun = _busy(spark), time.perf_counter()
    count = on_spark._run(job, spark)
    seconds, worked = time.perf_counter() - begun, _busy(spark) - busy
    assert count.answered + count.rejected == rows
    found = {
        "cores": cores,
        "rows": rows,
        "seconds": round(seconds, 2),
        "busy": round(worked, 2),
        "read": _bytes(data),
        "written": _bytes(out) + _bytes(Path(rejects)),
        "rejected": count.rejected,
        "load": round(os.getloadavg()[0], 1),
    }
    for each in (data, out, Path(rejects)):
        shutil.rmtree(each)
    return found


def plan(folder: Path, spark: SparkSession) -> list[str]:
    """The operators of the plan that answers, from the last to the first."""
    data = prepare(folder, FILE)
    unit = next(unit for table, unit in policy().units.items() if table.name == TABLE)
    job = Job(unit, str(data), "", "", Format.PARQUET, Format.PARQUET, {}, "rule")
    answered, _ = on_spark.answers(job, spark.read.parquet(str(data)))
    text = answered._jdf.queryExecution().executedPlan().toString()
    shutil.rmtree(data)
    return re.findall(r"^[ +\-:*()\d]*([A-Z]\w+)", text, re.MULTILINE)


def _busy(spark: SparkSession) -> float:
    """Seconds of CPU that Java has used so far, over all cores."""
    bridge: Any = spark.sparkContext._jvm
    process = bridge.java.lang.ProcessHandle.current().pid()
    after = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(after[11]) + int(after[12])) / os.sysconf("SC_CLK_TCK")


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.parquet"))


def main(cores: int, folder: Path, sizes: list[int]) -> None:
    policy()
    begun = time.perf_counter()
    with on_spark._session(f"local[{cores}]", True) as spark:
        spark.sparkContext.setLogLevel("ERROR")
        started = time.perf_counter() - begun
        busy = _busy(spark)
        first = {"cores": cores, "plan": plan(folder, spark), "start": round(started, 2)}
        sys.stdout.write(f"{json.dumps(first | {'busy': round(busy, 2)})}\n")
        for rows in sizes:
            sys.stdout.write(f"{json.dumps(measure(cores, folder, rows, spark))}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), [int(word) for word in sys.argv[3:]])
