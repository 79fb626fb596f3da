"""What the processes measured, put together: medians over hash seeds, and ratios within each process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeAlias

from benchmarks.analysis.measuring import met
from benchmarks.lookups.contenders import HAND, OURS

Times: TypeAlias = Mapping[str, Sequence[float]]
"""Nanoseconds by contender, one for each hash seed."""


@dataclass(frozen=True)
class Measured:
    """One workload: `modes` has the times, `groups` says of which kind each contender is, `safe` who refuses everything."""

    name: str
    modes: Mapping[str, Times]
    groups: Mapping[str, str]
    safe: frozenset[str]

    def yardstick(self, mode: str) -> str:
        """The fastest of those written by hand that refuse every bad input."""
        times = self.modes[mode]
        hands = [each for each in times if self.groups[each] == HAND and each in self.safe]
        return min(hands, key=lambda each: median(times[each]))

    def ratios(self, mode: str, contender: str, to: str | None = None) -> list[float]:
        """To the yardstick, within each process."""
        times = self.modes[mode]
        pairs = zip(times[contender], times[to or self.yardstick(mode)], strict=True)
        return [one / other for one, other in pairs]

    def ratio(self, mode: str, contender: str, to: str | None = None) -> float:
        return median(self.ratios(mode, contender, to))


def timed(path: Path, name: str, seeds: Sequence[int], *, is_quick: bool) -> dict[str, Times]:
    """One process for each hash seed, one after the other."""
    found: dict[str, dict[str, list[float]]] = {}
    for seed in seeds:
        for mode, times in _process(path, name, seed, is_quick).items():
            for contender, nanoseconds in times.items():
                found.setdefault(mode, {}).setdefault(contender, []).append(nanoseconds)
    return {mode: dict(times) for mode, times in found.items()}


def _process(path: Path, name: str, seed: int, is_quick: bool) -> Mapping[str, Mapping[str, float]]:
    command = [sys.executable, "-m", "benchmarks.lookups.timing", str(path), name, str(seed)]
    done = subprocess.run(
        [*command, *(["--quick"] if is_quick else [])],
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: Mapping[str, Mapping[str, float]] = json.loads(done.stdout)
    return found


def table(measured: Measured) -> Iterator[str]:
    """Nanoseconds and the ratio to the yardstick for each contender, its range over hash seeds in brackets."""
    modes = list(measured.modes)
    everyone = dict.fromkeys(each for times in measured.modes.values() for each in times)
    order = sorted(everyone, key=lambda each: _place(measured, each))
    yield "| | refuses all | " + " | ".join(modes) + " |"
    yield "|---" * (len(modes) + 2) + "|"
    for each in order:
        cells = [_cell(measured, mode, each) for mode in modes]
        is_safe = "yes" if each in measured.safe else "no"
        bold = "**" if measured.groups[each] == OURS else ""
        yield f"| {bold}{each}{bold} | {is_safe} | " + " | ".join(cells) + " |"


def _place(measured: Measured, contender: str) -> float:
    """Where a contender stands in the mode in which everyone is measured."""
    return median(measured.modes["constants"][contender])


def _cell(measured: Measured, mode: str, contender: str) -> str:
    times = measured.modes[mode]
    if contender not in times:
        return ""
    ratios = measured.ratios(mode, contender)
    spread = (
        f" ({min(ratios):.2f} to {max(ratios):.2f})" if measured.groups[contender] == OURS else ""
    )
    return f"{median(times[contender]):,.0f} ns, {_times(median(ratios))}{spread}"


def _times(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:,.0f}"


# ---------------------------------------------------------------- targets

LIMITS = {
    "w1": {"fresh": 1.10, "constants": 1.10},
    "w2": {"fresh": 1.10, "constants": 1.10},
    "w3": {"hot": 1.15, "cold": 1.15},
}
"""Generated code to the fastest safe code by hand."""

ZEN = {"w1": 75, "w2": 75, "w3": 70}
QUICKSTART = 500


def verdicts(measured: Measured) -> Iterator[str]:
    name = measured.name
    for mode, limit in LIMITS.get(name, {}).items():
        ratio = measured.ratio(mode, "generated")
        yield (
            f"- {name}, {mode}: generated code takes {ratio:.2f} times as long as"
            f" `{measured.yardstick(mode)}`; the target is {limit:.2f}: {met(ratio <= limit)}"
        )
    if name in ZEN:
        wanted = {"zen-engine, static loader": ZEN[name], "zen-engine, quickstart": QUICKSTART}
        for engine, least in wanted.items():
            ratio = measured.ratio("constants", engine, "generated")
            yield (
                f"- {name}: {engine} takes {ratio:,.0f} times as long as generated code;"
                f" the target is at least {least}: {met(ratio >= least)}"
            )
