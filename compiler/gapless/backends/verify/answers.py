"""What generated functions answer, held against the meaning of their table: case by case, or whole columns."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from math import prod
from typing import Any, NamedTuple, TypeAlias

from gapless.analysis.by_inputs import Tabulation, tabulation
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.answers import Fixed
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.unit import Unit
from gapless.backends.columns.shaping import Offer, offered
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
from gapless.model import (
    BoolType,
    Column,
    DatetimeType,
    DateType,
    DecimalType,
    IntType,
    ListType,
    OptionalType,
    SetType,
    Table,
    TimeType,
    Type,
    Value,
    is_kind,
)
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


# ---------------------------------------------------------------- whole columns: arrays of objects, and frames of polars

MOST_COMPARED = 2**62
"""Numbers of two columns are compared up to so many steps; longer ones are refused whole."""

LONGEST = 38
"""So many figures has a number in a data frame."""


def columnar_difference(
    unit: Unit,
    of_arrays: Callable[..., Any],
    of_frames: Any,
    fields: Mapping[str, str],
    numpy: Any,
    polars: Any | None,
) -> str | None:
    """Where loaded functions differ from their table, in words; None where they do not.

    `fields` are what the outputs are called in answers to arrays. Frames are tried where polars is
    given, and where they hold what the table is asked and answers.
    """
    table = unit.table
    put = [row for row in rows(unit) if _is_compared(unit, row)]
    why = difference(table, put, _of_arrays(table, of_arrays, fields, numpy))
    if why is None and polars is not None and _is_framed(unit):
        put = [row for row in put if _fits(table, row)]
        why = difference(table, put, _of_frames(table, of_frames, polars, is_lazy=False))
        if why is None and not any(map(_asks_for_memory, (*table.inputs, *table.outputs))):
            why = difference(table, put, _of_frames(table, of_frames, polars, is_lazy=True))
    return why


def _asks_for_memory(column: Column) -> bool:
    """Whether a frame that is not collected is refused: for lists that come out, and times that go in."""
    of = column.type
    return isinstance(of, ListType | SetType) or isinstance(of.present, TimeType | DatetimeType)


def _of_arrays(
    table: Table, function: Callable[..., Any], fields: Mapping[str, str], numpy: Any
) -> AskedOfMany:
    """What the function of arrays answers rows with, handed in as arrays of objects."""

    def ask(given: Sequence[tuple[Any, ...]]) -> Sequence[Said]:
        arrays = []
        for place in range(len(table.inputs)):
            arrays.append(numpy.empty(len(given), numpy.object_))
            for number, row in enumerate(given):
                arrays[-1][number] = row[place]
        found = function(*arrays, refused="report")
        outputs = [found.values(fields[each.name]).tolist() for each in table.outputs]
        return _together(outputs, found.reject.tolist())

    return ask


def _of_frames(table: Table, function: Any, polars: Any, *, is_lazy: bool) -> AskedOfMany:
    """What the function of frames answers rows with, in a frame of polars."""
    schema = {each.name: _kind(each.type, polars) for each in table.inputs}

    def ask(given: Sequence[tuple[Any, ...]]) -> Sequence[Said]:
        held = [[row[place] for row in given] for place in range(len(schema))]
        frame = polars.DataFrame(dict(zip(schema, held, strict=True)), schema=schema, strict=False)
        found = function(frame.lazy()).collect() if is_lazy else function(frame)
        outputs = [[_back(v, each.type) for v in found[each.name]] for each in table.outputs]
        return _together(outputs, found["refused"].to_list())

    return ask


def _together(outputs: Sequence[Sequence[Value]], refused: Sequence[str | None]) -> list[Said]:
    answers = zip(*outputs, strict=True)
    return [
        answer if why is None else Refused(why)
        for answer, why in zip(answers, refused, strict=True)
    ]


def _kind(type: Type, polars: Any) -> Any:
    match type:
        case OptionalType(of):
            return _kind(of, polars)
        case BoolType():
            return polars.Boolean
        case IntType():
            return polars.Int64
        case DecimalType(digits):
            return polars.Decimal(LONGEST, digits)
        case DateType():
            return polars.Date
        case TimeType():
            return polars.Time
        case DatetimeType():
            return polars.Datetime("us")
        case _:
            return polars.String


def _back(value: Any, type: Type) -> Value:
    """A list as what the table answers."""
    match type:
        case ListType():
            return tuple(value) if value is not None else None
        case SetType():
            return frozenset(value) if value is not None else None
        case _:
            return value  # type: ignore[no-any-return]


def _is_compared(unit: Unit, row: Row) -> bool:
    """Whether numbers of columns that are compared are short enough for that, where there are such."""
    offer = offered(unit)
    if not isinstance(offer, Offer) or not offer.orders:
        return True
    finest = 10 ** max(_digits(each.type) for each in unit.table.inputs)
    return all(
        abs(each) <= MOST_COMPARED // finest
        for each in row.given
        if isinstance(each, int) or (isinstance(each, Decimal) and each.is_finite())
    )


def _is_framed(unit: Unit) -> bool:
    """Whether a frame has room beside its columns for those that are added, and values of that size."""
    table, known = unit.table, tabulation(unit)
    names = [*(each.name for each in (*table.inputs, *table.outputs)), "refused"]
    digits = [_digits(each.type) for each in (*table.inputs, *table.outputs)]
    if not table.inputs or len({*names}) < len(names) or max(digits) >= LONGEST:
        return False
    answers = [each.answers for each in known.endings if each.answers] if known else []
    return all(
        not isinstance(each, Fixed) or _is_held(each.value, column.type)
        for answer in answers
        for each, column in zip(answer, table.outputs, strict=True)
    )


def _digits(type: Type) -> int:
    inner = type.scalar
    return inner.digits if isinstance(inner, DecimalType) else 0


def _fits(table: Table, row: Row) -> bool:
    """Whether a frame holds the values that are put, and those that are due."""
    given = zip(row.given, (each.type for each in table.inputs), strict=True)
    due = () if isinstance(row.due, Refused) else row.due
    answers = zip(due, (each.type for each in table.outputs), strict=bool(due))
    return all(_is_held(*each) for each in (*given, *answers))


def _is_held(value: Any, type: Type) -> bool:
    if isinstance(type, OptionalType) or value is None:
        return value is None or _is_held(value, type.present)
    match type:
        case ListType(of) | SetType(of):
            return all(_is_held(each, of) for each in value)
        case BoolType():
            return value is True or value is False
        case IntType():
            return value.__class__ is int and abs(value) < 2**63
        case DecimalType(digits):
            if value.__class__ is not Decimal or not value.is_finite():
                return False
            return value.adjusted() < LONGEST - digits and int(value.as_tuple().exponent) >= -digits
        case DateType() | TimeType() | DatetimeType():
            return is_kind(value, type) and getattr(value, "tzinfo", None) is None
        case _:
            return value.__class__ is str and not any("\ud800" <= c <= "\udfff" for c in value)
