"""Lines on logarithmic paper, with the fitted power in the legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot


def plot(
    path: Path,
    title: str,
    label: str,
    sizes: Sequence[int],
    lines: Mapping[str, Sequence[float]],
    fits: Mapping[str, float],
) -> None:
    """Draw one line per name, over the sizes."""
    figure, axes = pyplot.subplots(figsize=(7, 4.5), layout="constrained")
    for name, seconds in lines.items():
        axes.loglog(sizes, seconds, marker="o", label=f"{name}: {label}^{fits[name]:.2f}")
    axes.set(title=title, xlabel=label, ylabel="seconds, median")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)
