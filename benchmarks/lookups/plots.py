"""Two pictures: what one lookup takes in each shape and engine, and how hash seeds move the ratios."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from benchmarks.lookups.contenders import BARE, HAND, OURS, PEER
from benchmarks.lookups.results import Measured

COLORS = {OURS: "tab:blue", HAND: "tab:green", BARE: "tab:olive", PEER: "tab:red"}


def lookups(path: Path, found: Sequence[Measured]) -> None:
    """Everyone, on logarithmic paper, with the words of the program itself."""
    figure, panels = pyplot.subplots(
        len(found), 1, figsize=(9, 4.6 * len(found)), layout="constrained", squeeze=False
    )
    for axes, each in zip(panels[:, 0], found, strict=True):
        times = {name: median(known) for name, known in each.modes["constants"].items()}
        order = sorted(times, key=lambda name: -times[name])
        colors = [COLORS[each.groups[name]] for name in order]
        axes.barh(order, [times[name] for name in order], color=colors)
        for place, name in enumerate(order):
            axes.text(times[name] * 1.05, place, f"{times[name]:,.0f}", va="center", fontsize=8)
        axes.set(title=each.name, xlabel="nanoseconds a lookup, median", xscale="log")
        axes.margins(x=0.15)
    handles = [Patch(color=color) for color in COLORS.values()]
    panels[0, 0].legend(handles, list(COLORS), loc="upper right")
    _save(figure, path)


def seeds(path: Path, found: Sequence[Measured]) -> None:
    """Generated code to the fastest safe code by hand: a dot for each hash seed."""
    figure, axes = pyplot.subplots(figsize=(10, 5), layout="constrained")
    labels, place = [], 0
    for each in found:
        for mode in each.modes:
            ratios = each.ratios(mode, "generated")
            axes.plot([place] * len(ratios), ratios, "o", color=COLORS[OURS], alpha=0.5)
            axes.plot([place], [median(ratios)], "_", color="black", markersize=24)
            labels.append("\n".join([*each.name.split("_"), mode]))
            place += 1
    axes.axhline(1, color=COLORS[HAND])
    axes.set_xticks(range(len(labels)), labels)
    axes.set(
        title="Generated code to the fastest safe code by hand, one dot for each hash seed",
        ylabel="ratio",
    )
    axes.grid(axis="y", alpha=0.3)
    _save(figure, path)


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)
