"""Cases put to generated functions of whole columns, as arrays of objects and as frames of polars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from gapless.analysis.by_inputs import tabulation
from gapless.analysis.domain.answers import Fixed
from gapless.analysis.unit import Unit
from gapless.backends.columns.module import TableNames
from gapless.backends.columns.offered import Offer, offered
from gapless.backends.verify.answers import AskedOfMany, Refused, Row, Said, difference, rows
from gapless.model import (
    BoolType,
    DateType,
    DecimalType,
    IntType,
    ListType,
    OptionalType,
    SetType,
    Table,
    Type,
    Value,
)

MOST_COMPARED = 2**62
"""Numbers of two columns are compared up to so many steps; longer ones are refused whole."""

LONGEST = 38
"""So many figures has a number in a data frame."""


def columnar_difference(
    unit: Unit, module: Any, names: TableNames, numpy: Any, polars: Any | None
) -> str | None:
    """Where the functions of a loaded module differ from their table, in words; None where they do not.

    Frames are tried where polars is given, and where they hold what the table is asked and answers.
    """
    table = unit.table
    put = [row for row in rows(unit) if _is_compared(unit, row)]
    why = difference(table, put, _of_arrays(table, module, names, numpy))
    if why is None and polars is not None and _is_framed(unit):
        put = [row for row in put if _fits(table, row)]
        frame = getattr(module, names.frame)
        why = difference(table, put, _of_frames(table, frame, polars, is_lazy=False))
        if why is None and not any(isinstance(c.type, ListType | SetType) for c in table.outputs):
            why = difference(table, put, _of_frames(table, frame, polars, is_lazy=True))
    return why


def _of_arrays(table: Table, module: Any, names: TableNames, numpy: Any) -> AskedOfMany:
    """What the function of arrays answers rows with, handed in as arrays of objects."""

    def ask(given: Sequence[tuple[Any, ...]]) -> Sequence[Said]:
        arrays = []
        for place in range(len(table.inputs)):
            arrays.append(numpy.empty(len(given), numpy.object_))
            for number, row in enumerate(given):
                arrays[-1][number] = row[place]
        found = getattr(module, names.columns)(*arrays, refused="report")
        outputs = [found.values(names.fields[each.name]).tolist() for each in table.outputs]
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
        case DateType():
            return value.__class__ is date
        case _:
            return value.__class__ is str and not any("\ud800" <= c <= "\udfff" for c in value)
