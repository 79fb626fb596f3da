"""What each contender makes of every kind of bad input in every column: does it raise, or answer as if nothing were wrong?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from random import Random
from typing import Any, TypeAlias

from benchmarks.lookups.contenders import Contender
from benchmarks.lookups.faults import ABSENT, KINDS, faults
from benchmarks.lookups.grids import Grid
from benchmarks.lookups.inputs import document, drawn, parsed

TRIES = 6
"""So many valid rows are spoilt in one column at a time."""


class Outcome(IntEnum):
    """What comes of a bad input; the higher, the worse."""

    NAMES = 0
    """It raises, and its message names the argument."""
    RAISES = 1
    NOTHING = 2
    """No answer, and no error."""
    ANSWERS = 3


SAID = {
    Outcome.NAMES: "names it",
    Outcome.RAISES: "raises",
    Outcome.NOTHING: "nothing",
    Outcome.ANSWERS: "**answers**",
}

Found: TypeAlias = dict[str, dict[str, Outcome]]
"""By kind of fault and by column: the worst of all tries."""


def audit(grid: Grid, contender: Contender) -> Found:
    rows = parsed(grid, document(grid, drawn(grid, Random("audit"), TRIES), 0))
    found: Found = {}
    for place, column in enumerate(grid.columns):
        for kind, value in faults(column):
            known = found.setdefault(kind, {})
            spoilt = [_spoilt(row, place, value) for row in rows]
            worst = max(_outcome(contender, grid, each, column.name) for each in spoilt)
            known[column.name] = max(known.get(column.name, Outcome.NAMES), worst)
    return found


def is_safe(found: Found) -> bool:
    """Whether every bad input is refused by name."""
    return all(outcome is Outcome.NAMES for known in found.values() for outcome in known.values())


def _spoilt(row: Sequence[Any], place: int, value: Any) -> tuple[Any, ...]:
    return (*row[:place], value, *row[place + 1 :])


def _outcome(contender: Contender, grid: Grid, row: Sequence[Any], spoilt: str) -> Outcome:
    try:
        said = _asked(contender, row, [column.name for column in grid.columns])
        values = None if said is None else contender.said(said)
    except Exception as error:  # noqa: BLE001  (however it raises, it does not answer)
        return Outcome.NAMES if spoilt in str(error) else Outcome.RAISES
    is_something = values is not None and any(value is not None for value in values)
    return Outcome.ANSWERS if is_something else Outcome.NOTHING


def _asked(contender: Contender, row: Sequence[Any], names: Sequence[str]) -> Any:
    """The call with its arguments; by their names where one is left out, so that none takes its place."""
    given = {name: v for name, v in zip(names, row, strict=True) if v is not ABSENT}
    if contender.call == "ask(x0)":
        (case,) = contender.given(row)
        return contender.ask({name: v for name, v in case.items() if v is not ABSENT})
    if "=" in contender.call or len(given) < len(row):
        return contender.ask(**given)
    return contender.ask(*row)


def table(grid: Grid, found: Mapping[str, Found]) -> Iterator[str]:
    """A row for each kind of fault, a column for each contender."""
    asked = next(iter(found.values()))
    yield f"| {grid.name} | " + " | ".join(found) + " |"
    yield "|---" * (len(found) + 1) + "|"
    for kind in KINDS:
        if kind in asked:
            cells = [_cell(each[kind]) for each in found.values()]
            yield f"| {kind} | " + " | ".join(cells) + " |"


def _cell(known: Mapping[str, Outcome]) -> str:
    """The worst that happens, and in which columns where it does not happen in all."""
    worst = max(known.values())
    where = [name for name, outcome in known.items() if outcome is worst]
    beside = "" if len(where) == len(known) else f": {', '.join(where)}"
    return f"{SAID[worst]}{beside}"
