"""What was measured, as a page and a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot

YARDSTICK, OURS = "one np.take", "generated, codes in"
TARGETS = {"w1": 2.5, "w2": 5.0, "w3": 9.0}
"""How many times the yardstick the generated module may take."""


class Measured(NamedTuple):
    """`nanoseconds` a row; `working` is what is held besides inputs and outputs, in bytes a row."""

    nanoseconds: float
    rows: int
    working: float | None = None


Found = Mapping[str, Mapping[str, Measured]]


def report(folder: Path, found: Found, rows: int, rounds: int, machine: Mapping[str, str]) -> None:
    """Write both."""
    lines = [*_page(found, rows, rounds, machine)]
    (folder / "report.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _picture(folder / "report.png", found)


def _page(found: Found, rows: int, rounds: int, machine: Mapping[str, str]) -> Iterator[str]:
    yield "# Columns in memory"
    yield ""
    yield f"{rows:,} rows of chance values; medians of {rounds} rounds, in each of which everybody runs once."
    yield "Slow engines get fewer rows; all times are for one row."
    yield "`x` is a multiple of one `np.take` of the same length, from indices worked out beforehand, in the same run."
    yield "Whole numbers are as narrow as their type allows; exact ones are whole numbers in units of their last digit."
    yield ""
    yield from (f"- {name}: {value}" for name, value in machine.items())
    names = list(dict.fromkeys(name for each in found.values() for name in each))
    yield ""
    yield f"| | {' | '.join(f'{work} ns a row | x | M rows/s' for work in found)} |"
    yield f"| --- |{' --: | --: | --: |' * len(found)}"
    for name in names:
        yield f"| {name} | {' | '.join(_cells(found[work], name) for work in found)} |"
    yield ""
    yield from (line for work in found for line in _held(work, found[work]))
    yield ""
    yield "![Rows a second](report.png)"


def _cells(found: Mapping[str, Measured], name: str) -> str:
    if name not in found:
        return "| |"
    took = found[name].nanoseconds
    return f"{took:.2f} | {took / found[YARDSTICK].nanoseconds:.1f} | {1000 / took:.1f}"


def _held(work: str, found: Mapping[str, Measured]) -> Iterator[str]:
    """Whether what was promised holds."""
    ours = found[OURS]
    times = ours.nanoseconds / found[YARDSTICK].nanoseconds
    gather = found["polars, gather"].nanoseconds / ours.nanoseconds
    case = found["DuckDB, CASE, enum in"].nanoseconds / ours.nanoseconds
    yield (
        f"- {work}: {times:.1f} times one `np.take` (at most {TARGETS[work]} wanted),"
        f" {gather:.1f} times as fast as a polars gather (3 wanted),"
        f" {case:.0f} times as fast as DuckDB's `CASE` (10 wanted);"
        f" {ours.working or 0:.2f} bytes a row of working memory (at most 4 wanted)."
    )


def _picture(path: Path, found: Found) -> None:
    """Bars of rows a second, on logarithmic paper."""
    figure, axes = pyplot.subplots(1, len(found), figsize=(5 * len(found), 4.5), squeeze=False)
    for place, (work, known) in enumerate(found.items()):
        bars = axes[0][place]
        names = [*known][::-1]
        colors = ["tab:blue" if name.startswith("generated") else "tab:gray" for name in names]
        bars.barh(names, [1000 / known[name].nanoseconds for name in names], color=colors)
        bars.set(title=work, xlabel="million rows a second", xscale="log")
        bars.grid(axis="x", alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)
