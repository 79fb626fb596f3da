"""The loan-like tables, every contender in turn on each, from the same boxes."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.analysis.contenders import (
    Contender,
    Verdict,
    diagrams,
    lister,
    prover,
    z3_both,
    z3_complete,
)
from benchmarks.analysis.generator import loans
from benchmarks.analysis.measuring import Measured, Scale, measured, met, percent, span
from gapless.analysis.building import build_units

COLUMNS = (3, 5, 7)


def side_by_side(scale: Scale) -> Iterator[str]:
    contenders = _contenders(scale.patience)
    names = ["boxes", *contenders]
    yield "| rules x columns | " + " | ".join(names) + " |"
    yield "|---" * (len(names) + 1) + "|"
    said: list[str] = []
    for columns in COLUMNS:
        for faults in (0, scale.rules // 20):
            table = loans(1, scale.rules, columns, gaps=faults, overlaps=faults).table
            boxes = measured(lambda table=table: build_units([table]).units[table])  # type: ignore[misc]
            unit = boxes.found
            _ = unit.claims
            times = {
                name: measured(lambda ask=ask, unit=unit: ask(unit))  # type: ignore[misc]
                for name, ask in contenders.items()
            }
            label = f"{scale.rules:,} x {columns}" + (", faulty" if faults else "")
            cells = [span(boxes.seconds), *map(_cell, times.values())]
            yield f"| {label} | {' | '.join(cells)} |"
            if columns == 7:
                said.extend(_compared(label, boxes.seconds, times, faults))
    yield ""
    yield from said


def _contenders(patience: float) -> dict[str, Contender]:
    return {
        "gapless": prover,
        "gapless, listing": lister,
        "z3, complete?": lambda unit: z3_complete(unit, patience),
        "z3, both": lambda unit: z3_both(unit, patience),
        "CUDD, both": diagrams,
    }


def _compared(
    label: str, boxes: float, times: dict[str, Measured[Verdict]], faults: int
) -> Iterator[str]:
    """Shares of z3's time: asked for both questions, as we are, and for completeness only."""
    ours = times["gapless, listing" if faults else "gapless"]
    what = "gaps and overlaps listed" if faults else "proved complete and disjoint"
    target = 0.15 if faults else 0.02
    yield f"{label}, {what} in {span(ours.seconds)}; the target is {100 * target:.0f} % of z3's time:"
    yield ""
    for name in ("z3, both", "z3, complete?"):
        theirs = times[name]
        share = ours.seconds / theirs.seconds
        least = "at most " if _gave_up(theirs.found, name == "z3, both") else ""
        whole = (ours.seconds + boxes) / (theirs.seconds + boxes)
        solving = theirs.seconds - theirs.found.asking
        yield (
            f"- of `{name}`, {span(theirs.seconds)}: {least}{percent(share)},"
            f" {met(share <= target)}; {percent(whole)} with the boxes counted on both sides;"
            f" {percent(ours.seconds / solving)} of the {span(solving)} that z3 spends after its"
            " formulas are made"
        )
    rival = times["CUDD, both"]
    yield f"- of `CUDD, both`, {span(rival.seconds)}: {percent(ours.seconds / rival.seconds)}"
    yield ""


def _gave_up(found: Verdict, asked_for_both: bool) -> bool:
    return found.complete is None or (asked_for_both and found.disjoint is None)


def _cell(measured: Measured[Verdict]) -> str:
    seconds, found = span(measured.seconds), measured.found
    if found.complete is None:
        return f"gave up ({seconds})"
    return seconds
