"""Generated functions held against the meaning of their table: the first case in which they differ.

The meaning is read rule by rule; where that would take too long, the boxes of the rules are painted
over each other. No diagram is built for that, so that what was laid out from a diagram is held
against something else.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from math import prod
from typing import Any, NamedTuple, TypeAlias

from gapless.analysis.by_inputs import Tabulation, tabulation
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.answers import Fixed
from gapless.analysis.domain.partition import bits
from gapless.analysis.unit import Unit
from gapless.backends.verify.cases import (
    SOME,
    Case,
    Ground,
    edges,
    every,
    planned,
    readable,
    some,
    strange,
)
from gapless.model import Table, Value
from gapless.semantics import (
    Answered,
    Contradicted,
    Draft,
    Impossible,
    Unanswered,
    Unworkable,
    evaluate,
)

ROWS = 500
"""So many cases of a table are put at once to what answers many, fewer where there are many rules."""

NOTHING = 0xFFFFFFFF
"""What no box covers."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The name of the error that a function raises: `InputError`, `ImpossibleError` and its kin."""

    error: str


Said: TypeAlias = tuple[Value, ...] | Refused
"""What a function answers, a value for each output."""

Asked: TypeAlias = Callable[[Sequence[Any]], Said]
"""Puts values, one for each input, to a function."""


# ---------------------------------------------------------------- one case at a time


def objection(unit: Unit, asked: Asked, explained: Asked) -> str | None:
    """Where the functions of a table differ from it, in words, with the case; None where they do not.

    Every case of the plan is tried, both ends of every stretch, and of every column values that it
    does not allow; what explains, on some where the rules cannot be read for all.
    """
    differences = (
        *_answers(unit, asked, explained),
        *_doors(unit, asked),
        *_doors(unit, explained),
    )
    return next(iter(differences), None)


def _answers(unit: Unit, asked: Asked, explained: Asked) -> Iterator[str]:
    axes, plan, table = unit.axes[: len(unit.table.inputs)], planned(unit), unit.table
    if plan.ground is Ground.READ:
        yield from _read(table, chain.from_iterable(every(axes)), asked, explained)
    else:
        yield from _read(table, some(axes, min(SOME, readable(unit))), asked, explained)
        yield from _read(table, edges(axes), asked, explained)
    if plan.ground is Ground.BOXES:
        found = tabulation(unit)
        assert found is not None
        yield from _painted(table, found, asked)


def _read(table: Table, cases: Iterable[Case], *functions: Asked) -> Iterator[str]:
    """The first difference from what the rules say, read one by one."""
    for case in cases:
        meaning = _meant(table, case)
        for said in (function(case) for function in functions):
            if not _alike(said, meaning):
                yield _told(table, case, said, meaning)
                return


def _painted(table: Table, found: Tabulation, asked: Asked) -> Iterator[str]:
    """The first difference from what the boxes of the rules hold."""
    endings: list[Said] = [
        Refused("DraftError" if ending.is_draft else "ImpossibleError")
        if ending.answers is None
        else tuple(each.value for each in ending.answers if isinstance(each, Fixed))
        for ending in found.endings
    ]
    for cases, number in zip(every(found.axes), painted(found), strict=True):
        for case in cases:
            said = asked(case)
            if not _alike(said, endings[number]):
                yield _told(table, case, said, endings[number])
                return


def painted(found: Tabulation) -> array[int]:
    """The number of each case's ending, by the inputs' atoms, the last column's changing fastest.

    The box that wins is painted last, a run of the last column's atoms at a time.
    """
    sizes = [len(axis.atoms) for axis in found.axes]
    cells = array("I", [NOTHING]) * prod(sizes)
    for box, ending in reversed(found.claims):
        starts = [0]
        for size, mask in zip(sizes[:-1], box[:-1], strict=True):
            starts = [start * size + atom for start in starts for atom in bits(mask)]
        for low, high in ranks.runs(box[-1]):
            stretch = array("I", [ending % (NOTHING + 1)]) * (high - low + 1)
            for start in starts:
                at = start * sizes[-1]
                cells[at + low : at + high + 1] = stretch
    return cells


def _doors(unit: Unit, asked: Asked) -> Iterator[str]:
    """The first value that is let in though its column does not allow it."""
    base = next(some(unit.axes[: len(unit.table.inputs)], 1))
    for column, value, case in strange(unit.table.inputs, base):
        said = asked(case)
        if said != Refused("InputError"):
            yield f"{column.name} = {value!r} is let in: {_spelt(said)}"
            return


# ---------------------------------------------------------------- many cases at once


class Row(NamedTuple):
    """A value for each input, and what is due."""

    given: tuple[Any, ...]
    due: Said


AskedOfMany: TypeAlias = Callable[[Sequence[tuple[Any, ...]]], Sequence[Said]]
"""What rows get, in their order; what gets nothing is refused with the reason that is told."""


def rows(unit: Unit) -> list[Row]:
    """Cases of a table, and each value that a column does not allow in the first of them."""
    axes, table = unit.axes[: len(unit.table.inputs)], unit.table
    most = min(ROWS, readable(unit))
    plan = planned(unit)
    if plan.ground is not Ground.SOME and plan.cases <= most:
        cases = [*chain.from_iterable(every(axes))]
    else:
        cases = [*some(axes, most), *islice(edges(axes), most)]
    refused = (Row(case, Refused("InputError")) for _, _, case in strange(table.inputs, cases[0]))
    return [*(Row(case, _meant(table, case)) for case in cases), *refused]


def difference(table: Table, put: Sequence[Row], asked: AskedOfMany) -> str | None:
    """The first row that gets something else than what is due, in words; None where none does."""
    got = asked([row.given for row in put])
    if len(put) != len(got):
        return f"of {len(put)} rows it answers {len(got)}"
    for row, said in zip(put, got, strict=True):
        refused = isinstance(said, Refused) and isinstance(row.due, Refused)
        if not refused and not _alike(said, row.due):
            return _told(table, row.given, said, row.due)
    return None


# ---------------------------------------------------------------- what is due, and in words


def _meant(table: Table, case: Case) -> Said:
    """What the reference meaning says of a case."""
    match evaluate(table, {c.name: v for c, v in zip(table.inputs, case, strict=True)}):
        case Answered(values=values):
            return values
        case Impossible():
            return Refused("ImpossibleError")
        case Draft():
            return Refused("DraftError")
        case Unworkable():
            return Refused("OutcomeError")
        case Unanswered() | Contradicted():
            raise AssertionError("the table is not sound")


def _alike(one: Said, other: Said) -> bool:
    """Whether two answers are the same; `True` is not `1`."""
    if isinstance(one, Refused) or isinstance(other, Refused):
        return one == other
    truths = all(
        isinstance(a, bool) == isinstance(b, bool) for a, b in zip(one, other, strict=True)
    )
    return truths and one == other


def _told(table: Table, case: Sequence[Any], said: Said, meaning: Said) -> str:
    """A difference in words."""
    given = ", ".join(
        f"{column.name} = {value}" for column, value in zip(table.inputs, case, strict=True)
    )
    return f"for {given} it says {_spelt(said)}, and the table {_spelt(meaning)}"


def _spelt(said: Said) -> str:
    if isinstance(said, Refused):
        return said.error
    return ", ".join(str(value) for value in said)
