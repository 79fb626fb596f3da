"""Measure, and write the report beside this file; `--quick` shows it in small, and writes nothing."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.analysis.editing import one_edited_row
from benchmarks.analysis.families import PATIENCE, two_searches
from benchmarks.analysis.growth import FITTED_FROM, growth
from benchmarks.analysis.measuring import FULL, QUICK, RUNS, Scale
from benchmarks.analysis.reading import read
from benchmarks.analysis.side_by_side import side_by_side
from benchmarks.analysis.worst import worst

HERE = Path(__file__).parent


def report(scale: Scale, folder: Path) -> Iterator[str]:
    yield "# How fast tables are proved"
    yield ""
    yield (
        "`make bench-analysis` writes this page, its plots and [the ten worst tables](worst.md)"
        " in one run."
    )
    yield (
        f"{os.cpu_count()} CPUs, Python {platform.python_version()}: medians of {RUNS} runs,"
        " of fewer where they take a second together."
    )
    yield "Python's collector of cycles is off, for everybody, as on the command line."
    yield "Seconds are of that machine; compare columns, not machines."
    yield ""
    for heading, said in _sections(scale, folder):
        yield f"## {heading}"
        yield ""
        yield from said
        yield ""


def _sections(scale: Scale, folder: Path) -> Iterator[tuple[str, Iterator[str]]]:
    lines, from_text = read(scale)
    yield "Side by side", _side_by_side(scale)
    yield "Growth", _growth(scale, folder)
    yield "Two searches", _two_searches(scale)
    yield "One edited row", one_edited_row(scale, from_text)
    yield "Reading", iter(lines)


def _side_by_side(scale: Scale) -> Iterator[str]:
    yield "All contenders get the boxes from us: cutting the columns and making boxes of the rules is the first column, and in no other."
    yield "`gapless`: is every case answered, how many are not, do two rules meet?"
    yield "`gapless, listing`: all regions of the gap, as few and as wide as they can be, and all pairs of rules that meet; nothing is carried over from `gapless`."
    yield f"`z3, complete?`: is some case without a rule? `z3, both`: also whether two rules hold at once; each question for up to {scale.patience:.0f} s, and no lists."
    yield "z3's time and CUDD's include making formulas or diagrams of the boxes, through their Python interfaces."
    yield f"A faulty table has {scale.rules // 20} leaves dropped, and as many widened into a neighbor."
    yield ""
    yield from side_by_side(scale)


def _growth(scale: Scale, folder: Path) -> Iterator[str]:
    yield "`boxes` cuts the columns; `proof` finds and counts the gap and who meets whom; `listed` is that with every region and pair, from the boxes on."
    yield "In a faulty table one leaf in fifty is dropped and one in fifty widened."
    yield f"Powers are fitted from {FITTED_FROM} rules on; the tables with ever more columns have {scale.at_rules:,} rules."
    yield ""
    yield from growth(scale, folder)


def _two_searches(scale: Scale) -> Iterator[str]:
    yield "Whether there is a gap and how large it is: by our two searches taking turns, and by each alone within the same budget of steps."
    yield "The diagram alone only counts; ours also tells the parts of the gap, and has found who meets whom."
    yield f"z3 is asked only whether there is a gap, for up to {PATIENCE:.0f} s."
    yield "`every check` is `gapless check` from the boxes on: the gap is one of its questions, each with a budget."
    yield ""
    yield from two_searches(scale)


def write(path: Path, lines: Iterator[str]) -> None:
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Words name what is wanted, `report` or `worst`: without any, both."""
    is_quick = "--quick" in arguments
    scale = QUICK if is_quick else FULL
    with TemporaryDirectory() as folder:
        into = Path(folder) if is_quick else HERE
        wanted = [each for each in arguments if each != "--quick"] or ["report", "worst"]
        for name in wanted:
            path = into / f"{name}.md"
            write(path, report(scale, into) if name == "report" else worst(scale))
            if is_quick:
                sys.stdout.write(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(sys.argv[1:])
