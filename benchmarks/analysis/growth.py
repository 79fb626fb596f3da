"""How the time grows with rules and with columns, listed, fitted and plotted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.analysis.contenders import lister, prover
from benchmarks.analysis.generator import loans
from benchmarks.analysis.measuring import RUNS, Scale, exponent, measured, met, span
from benchmarks.analysis.plots import plot
from gapless.analysis.building import build_units
from gapless.model import Table

FITTED_FROM = 500
"""Below so many rules, what is done once for each table still shows in its time."""

TARGET = 1.3


def growth(scale: Scale, folder: Path) -> Iterator[str]:
    rules = [(amount, 7) for amount in scale.grown_rules]
    columns = [(scale.at_rules, amount) for amount in scale.grown_columns]
    yield from _grown(folder, "rules", rules, at=0)
    yield from _grown(folder, "columns", columns, at=1)


def _grown(folder: Path, name: str, sizes: list[tuple[int, int]], at: int) -> Iterator[str]:
    lines: dict[str, list[float]] = {}
    for rules, columns in sizes:
        for label, seconds in _stages(rules, columns).items():
            lines.setdefault(label, []).append(seconds)
    amounts = [size[at] for size in sizes]
    yield f"| {name} | {' | '.join(lines)} |"
    yield "|---" * (len(lines) + 1) + "|"
    for amount, *times in zip(amounts, *lines.values(), strict=True):
        yield f"| {amount:,} | {' | '.join(map(span, times))} |"
    first = next((n for n, size in enumerate(sizes) if size[0] >= FITTED_FROM), 0)
    first = min(first, len(sizes) - 2)
    fits = {label: exponent(amounts[first:], seconds[first:]) for label, seconds in lines.items()}
    plot(folder / f"growth-{name}.png", f"Growth in {name}", name, amounts, lines, fits)
    yield ""
    yield f"![Growth in {name}](growth-{name}.png)"
    yield ""
    for label, power in fits.items():
        target = f" (target {TARGET}: {met(power <= TARGET)})" if name == "rules" else ""
        yield f"- {label}: {name}^{power:.2f}{target}"
    yield ""


def _stages(rules: int, columns: int) -> dict[str, float]:
    faults = max(1, rules // 50)
    whole = loans(1, rules, columns).table
    faulty = loans(1, rules, columns, gaps=faults, overlaps=faults).table
    return {
        **dict(_proved("complete", whole)),
        **dict(_proved("faulty", faulty)),
    }


def _proved(name: str, table: Table) -> Iterator[tuple[str, float]]:
    cut = measured(lambda: build_units([table]).units[table])
    unit = cut.found
    _ = unit.claims
    yield f"{name}: boxes", cut.seconds
    yield f"{name}: proof", _seconds(lambda: prover(unit))
    if name == "faulty":
        yield f"{name}: listed", _seconds(lambda: lister(unit))


def _seconds(work: Callable[[], object]) -> float:
    return measured(work, RUNS).seconds
