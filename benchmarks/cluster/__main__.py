"""Measure, fit the cost of a cluster, and write the report, its numbers and its plot beside this file."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import matplotlib
import numpy as np

matplotlib.use("Agg")

from matplotlib import pyplot

HERE = Path(__file__).parent
NUMBERS = HERE / "measured.json"
SIZES = (1_000_000, 3_000_000, 10_000_000, 30_000_000, 100_000_000)


class Fit(NamedTuple):
    """Seconds for so many rows: `fixed + per_row * rows`, and how far off the worst point is."""

    fixed: float
    per_row: float
    worst: float

    def at(self, rows: float) -> float:
        return self.fixed + self.per_row * rows


def fitted(rows: Sequence[int], seconds: Sequence[float]) -> Fit:
    """The line whose relative errors are least, so that small runs count as much as large ones."""
    x, y = np.array(rows, float), np.array(seconds)
    per_row, fixed = np.polyfit(x, y, 1, w=1 / y)
    off = np.abs((fixed + per_row * x) / y - 1)
    return Fit(float(fixed), float(per_row), float(off.max()))


def measured(cores: int, sizes: Sequence[int]) -> Iterator[dict[str, Any]]:
    with TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "benchmarks.cluster.measuring", str(cores), folder]
        process = subprocess.Popen(
            [*words, *map(str, sizes)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("{"):
                sys.stderr.write(line)
                yield json.loads(line)
        if process.wait():
            raise RuntimeError(f"Spark with {cores} cores ended with {process.returncode}")


def report(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    runs = [each for each in found if "rows" in each]
    starts = {each["cores"]: each for each in found if "start" in each}
    yield "# What a cluster would take"
    yield ""
    yield "`make bench-cluster` measures anew, and writes this page, its numbers and its plot."
    yield (
        f"Spark in local mode on {os.cpu_count()} CPUs that others used at the same time (`load` is the"
        " machine's average of the last minute): seconds of the clock are too long by what others took,"
        " seconds of CPU are Java's own, over all cores."
    )
    yield "Claim lines for the IGRT claim-pair edit, Parquet in and out, a million in a file; of more than ten files each is there several times."
    yield "One run each; the first one of a process also compiles the expressions."
    yield ""
    yield "| cores | rows | seconds | seconds of CPU | CPU a million rows | read | written | load |"
    yield "|--:|--:|--:|--:|--:|--:|--:|--:|"
    for each in runs:
        yield (
            f"| {each['cores']} | {each['rows']:,} | {each['seconds']:.1f} | {each['busy']:.1f}"
            f" | {each['busy'] / each['rows'] * 1e6:.2f} | {each['read'] / 2**20:,.0f} MiB"
            f" | {each['written'] / 2**20:,.0f} MiB | {each['load']} |"
        )
    yield ""
    yield "## The model"
    yield ""
    yield "Seconds are `fixed + per row * rows`, fitted to relative errors."
    yield ""
    yield "| cores | of | fixed | a million rows | worst point is off by |"
    yield "|--:|---|--:|--:|--:|"
    for cores in sorted(starts):
        for what, name in (("the clock", "seconds"), ("CPU", "busy")):
            mine = [each for each in runs if each["cores"] == cores]
            if len(mine) > 2:
                fit = fitted([each["rows"] for each in mine], [each[name] for each in mine])
                yield (
                    f"| {cores} | {what} | {fit.fixed:.1f} s | {fit.per_row * 1e6:.2f} s"
                    f" | {fit.worst:.0%} |"
                )
    yield ""
    for cores, each in sorted(starts.items()):
        yield f"Starting Spark took {each['start']:.0f} s with {cores} core{'s' * (cores > 1)}, {each['busy']:.0f} s of CPU."
    yield ""
    yield "![seconds of CPU by rows](cost.png)"
    yield ""
    yield "## The plan"
    yield ""
    yield "The operators of the plan that answers, the last one first:"
    yield ""
    yield "```text"
    yield from next(iter(starts.values()))["plan"]
    yield "```"


def plot(found: Sequence[Mapping[str, Any]], path: Path) -> None:
    figure, axes = pyplot.subplots(figsize=(7, 4.5), layout="constrained")
    runs = [each for each in found if "rows" in each]
    for cores in sorted({each["cores"] for each in runs}):
        mine = [each for each in runs if each["cores"] == cores]
        rows, busy = [each["rows"] for each in mine], [each["busy"] for each in mine]
        (points,) = axes.loglog(rows, busy, "o", label=f"local[{cores}], measured")
        if len(mine) > 2:
            fit = fitted(rows, busy)
            label = f"{fit.fixed:.1f} s + {fit.per_row * 1e6:.2f} s a million rows"
            axes.loglog(
                rows, [fit.at(each) for each in rows], color=points.get_color(), label=label
            )
    axes.set(title="Claim lines through Spark", xlabel="rows", ylabel="seconds of CPU")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--cores", default="1,2")
    words.add_argument("--rows", default=",".join(map(str, SIZES)))
    words.add_argument("--again", action="store_true", help="only write the report once more")
    words.add_argument("--keep", action="store_true", help="add to what is measured already")
    chosen = words.parse_args()
    kept = chosen.again or chosen.keep
    found = json.loads(NUMBERS.read_text(encoding="utf-8")) if kept else []
    if not chosen.again:
        sizes = [int(word) for word in chosen.rows.split(",")]
        for cores in map(int, chosen.cores.split(",")):
            for each in measured(cores, sizes):
                found.append(each)
                NUMBERS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    plot(found, HERE / "cost.png")
    (HERE / "report.md").write_text("\n".join(report(found)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
