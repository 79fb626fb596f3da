"""Measure, and write the report beside this file."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from pathlib import Path

from benchmarks.analysis.contenders import LIMIT, PATIENCE
from benchmarks.analysis.measuring import RUNS
from benchmarks.analysis.reading import reading
from benchmarks.analysis.sections import growth, searches, side_by_side
from benchmarks.analysis.worst import worst

HERE = Path(__file__).parent


def report() -> Iterator[str]:
    yield "# How fast tables are proved"
    yield ""
    yield "`make bench-analysis` writes this page and its plots anew."
    yield (
        f"Measured with {os.cpu_count()} CPUs that other work shared and Python"
        f" {platform.python_version()}: medians of {RUNS} runs, of one where a run takes seconds."
    )
    yield "Seconds are of that machine; compare columns, not machines."
    yield (
        f"z3 gives up after {PATIENCE:.0f} seconds a question, the diagrams after {LIMIT:.0f},"
        f" each search after {LIMIT:.0f}."
    )
    yield ""
    yield "## Side by side"
    yield ""
    yield (
        "Each contender starts from the same table in memory."
        " All are given the columns already cut into atoms, by our code, at our price:"
        " the boxes are built within every time below."
    )
    yield (
        "z3 and CUDD are asked only whether; `gapless` also counts the gap, and `gapless, listing`"
        " lists all regions and pairs. z3 is asked for two rules at once by a chain of as many"
        " clauses as rules."
    )
    yield ""
    yield from side_by_side()
    yield ""
    yield "## Growth"
    yield ""
    yield "`boxes` cuts the columns; `proof` counts every gap; `listed` is all of it, with every region."
    yield "One leaf in fifty is dropped and one in fifty widened where a table is faulty."
    yield ""
    yield (
        "Other work shifts single times by half: an exponent below a tenth, or below nought,"
        " says that the machine's load changed more than the work did."
    )
    yield ""
    yield from growth(HERE)
    yield "## Two searches"
    yield ""
    yield (
        "Who wins what, everywhere, by the order of searches that gapless takes,"
        " and by each search alone; z3 is asked only whether there is a gap."
    )
    yield "No more than 3 times the better search is the target."
    yield ""
    yield from searches()


def write(path: Path, lines: Iterator[str]) -> None:
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(HERE / "report.md", report())
    write(HERE / "worst.md", worst())
    write(HERE / "reading.md", reading())
