"""A function tried: the first case, if any, in which it does not say what its table says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

from gapless.analysis.by_inputs import Tabulation, tabulation
from gapless.analysis.domain.answers import Fixed
from gapless.analysis.unit import Unit
from gapless.backends.verify.cases import Case, edges, every, some
from gapless.backends.verify.painting import painted
from gapless.backends.verify.plan import SOME, Ground, planned, readable
from gapless.backends.verify.refusals import strangers
from gapless.model import OptionalType, Table, Value
from gapless.semantics import (
    Answered,
    Contradicted,
    Draft,
    Impossible,
    Unanswered,
    Unworkable,
    evaluate,
)


@dataclass(frozen=True, slots=True)
class Refused:
    """The name of the error that a function raises: `InputError`, `ImpossibleError` and its kin."""

    error: str


Said: TypeAlias = tuple[Value, ...] | Refused
"""What a function answers, a value for each output."""

Asked: TypeAlias = Callable[[Sequence[Any]], Said]
"""Puts values, one for each input, to a function."""


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
    names = [column.name for column in table.inputs]
    for case in cases:
        meaning = meant(table, dict(zip(names, case, strict=True)))
        for said in (function(case) for function in functions):
            if not alike(said, meaning):
                yield told(table, case, said, meaning)
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
            if not alike(said, endings[number]):
                yield told(table, case, said, endings[number])
                return


def _doors(unit: Unit, asked: Asked) -> Iterator[str]:
    """The first value that is let in though its column does not allow it."""
    base = next(some(unit.axes[: len(unit.table.inputs)], 1))
    for place, column in enumerate(unit.table.inputs):
        besides = () if isinstance(column.type, OptionalType) else (None,)
        for value in (*strangers(column.type), *besides):
            said = asked((*base[:place], value, *base[place + 1 :]))
            if said != Refused("InputError"):
                yield f"{column.name} = {value!r} is let in: {_spelt(said)}"
                return


def meant(table: Table, case: dict[str, Value]) -> Said:
    """What the reference meaning says of a case."""
    match evaluate(table, case):
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


def alike(one: Said, other: Said) -> bool:
    """Whether two answers are the same; `True` is not `1`."""
    if isinstance(one, Refused) or isinstance(other, Refused):
        return one == other
    truths = all(
        isinstance(a, bool) == isinstance(b, bool) for a, b in zip(one, other, strict=True)
    )
    return truths and one == other


def told(table: Table, case: Sequence[Any], said: Said, meaning: Said) -> str:
    """A difference in words."""
    given = ", ".join(
        f"{column.name} = {value}" for column, value in zip(table.inputs, case, strict=True)
    )
    return f"for {given} it says {_spelt(said)}, and the table {_spelt(meaning)}"


def _spelt(said: Said) -> str:
    if isinstance(said, Refused):
        return said.error
    return ", ".join(str(value) for value in said)
