"""The query that puts every row of some data to a table: the same text for every engine that reads SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from gapless.backends.rejections import missing, outside
from gapless.backends.sql.dialects import Flavor
from gapless.backends.sql.expressions import Unsupported, expressions
from gapless.backends.sql.literals import quoted, text
from gapless.backends.sql.reading import reading
from gapless.cli.apply.job import Format, Job
from gapless.cli.console import CannotRun
from gapless.model import (
    BoolType,
    Column,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    TextType,
    TimeType,
)

_TRUE, _FALSE = "'yes', 'true'", "'no', 'false'"


@dataclass(frozen=True, slots=True)
class Read:
    """An input as the data has it: its value, and when there is something that is none of its values."""

    column: Column
    value: str
    unreadable: str | None


def read(column: Column, source: str, held: str, due: str, format: Format, flavor: Flavor) -> Read:
    """How `source`, an expression of the type `held`, becomes a value of the SQL type `due`."""
    if format is Format.CSV:
        return _written(column, source, due)
    match column.type.scalar:
        case EnumerationType() | TextType():
            return Read(column, f"CAST({source} AS STRING)" if held != "VARCHAR" else source, None)
        case BoolType() | DateType():
            return Read(column, source, None)
        case TimeType() | DatetimeType():
            found = reading(column, flavor, source)
            lost = f"({source} IS NOT NULL AND ({' OR '.join(found.wrong)}))"
            return Read(column, found.exact, lost)
        case IntType() | DecimalType():
            if _fits(held, due):
                value = source if held == due else f"TRY_CAST({source} AS {due})"
                return Read(column, value, None)
            found = reading(column, flavor, source)
            lost = f"({source} IS NOT NULL AND ({' OR '.join(found.wrong)}))"
            return Read(column, found.exact, lost)
    raise AssertionError("every type of an input is told above")


def _written(column: Column, source: str, due: str) -> Read:
    """A cell of text, which must be written exactly so: no blanks, no commas, no exponents."""
    match column.type.scalar:
        case EnumerationType() | TextType():
            return Read(column, source, None)
        case BoolType():
            yes, no = (f"{source} IN ({words})" for words in (_TRUE, _FALSE))
            value = f"CASE WHEN {yes} THEN TRUE WHEN {no} THEN FALSE END"
        case IntType():
            value = _if_like(source, "-?[0-9]+", f"TRY_CAST({source} AS {due})")
        case DecimalType(digits):
            places = f"[0-9]{{1,{digits}}}0*" if digits else "0+"
            value = _if_like(source, f"-?[0-9]+([.]{places})?", f"TRY_CAST({source} AS {due})")
        case DateType():
            day = _if_like(source, "[0-9]{4}-[0-9]{2}-[0-9]{2}", f"TRY_CAST({source} AS DATE)")
            value = f"CASE WHEN {source} >= '0001' THEN {day} END"
        case TimeType():
            value = _if_like(source, _CLOCK, _clock(source, 5, due))
        case DatetimeType():
            at = _if_like(
                source, f"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ]{_CLOCK}", _clock(source, 16, due)
            )
            value = f"CASE WHEN {source} >= '0001' THEN {at} END"
        case other:
            assert_never(other)
    return Read(column, value, f"({source} IS NOT NULL AND {value} IS NULL)")


_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.]0+)?)?"


def _clock(source: str, minutes: int, due: str) -> str:
    """A time that may end with its minutes, after so many characters."""
    seconds = f"CASE WHEN length({source}) = {minutes} THEN ':00' ELSE '' END"
    return f"TRY_CAST({source} || {seconds} AS {due})"


def _if_like(source: str, pattern: str, value: str) -> str:
    return f"CASE WHEN regexp_full_match({source}, '{pattern}') THEN {value} END"


_FIGURES = {"TINYINT": 3, "SMALLINT": 5, "INTEGER": 10, "BIGINT": 19, "UTINYINT": 3}
_FIGURES |= {"USMALLINT": 5, "UINTEGER": 10, "UBIGINT": 20, "HUGEINT": 39, "UHUGEINT": 39}


def _fits(held: str, due: str) -> bool:
    """Whether every value of one type is one of the other."""
    if due == "BIGINT":
        return held in _FIGURES and held not in ("UBIGINT", "HUGEINT", "UHUGEINT")
    figures, places = _decimal(due)
    held_figures, held_places = _decimal(held)
    return held_places <= places and held_figures - held_places <= figures - places


def _decimal(type: str) -> tuple[int, int]:
    """The figures of a numeric type, and how many stand after the point."""
    said = re.fullmatch(r"DECIMAL\((\d+),\s*(\d+)\)", type)
    return (int(said[1]), int(said[2])) if said else (_FIGURES[type], 0)


@dataclass(frozen=True, slots=True)
class Query:
    """A table as SQL over the data: `held` has the data, the inputs, and the number of what each row gets.

    `told` are the answers, the rule, the basis and the reason, each by that number, called `number`, and perhaps
    by inputs: (expression, SQL type).
    """

    job: Job
    names: tuple[str, ...]
    types: tuple[str, ...]
    number: str
    numbers: tuple[int, ...]
    held: str
    told: tuple[tuple[str, str], ...]


def query(
    job: Job,
    data: str,
    names: Sequence[str],
    types: Sequence[str],
    flavor: Flavor,
    carried: Sequence[str] = (),
) -> Query:
    """`data` selects columns of `types` that users call `names`, by their places, and `carried`.

    `flavor` is how the engine reads columns of other types than those due.
    """
    sources = [numbered(place) for place in range(len(names))]
    found = expressions(job.unit, Flavor.STANDARD)
    if isinstance(found, Unsupported):
        raise CannotRun(f"`{job.unit.table.name}` cannot be put to many rows: {found.reason}")
    places = dict(zip(names, zip(sources, types, strict=True), strict=True))
    reads = [
        read(column, *places[job.named(column.name)], typed.type, job.format, flavor)
        for column, typed in zip(job.unit.table.inputs, found.columns, strict=True)
    ]
    numbers, answering = dict(found.decided.reasons), len(found.decided.answering)
    ending, added = _ending(reads, numbers)
    rejected = found.rejected
    if added:
        arms = (
            f"WHEN {quoted(found.number)} = {of} THEN {text(said)}" for said, of in added.items()
        )
        rejected = f"CASE {' '.join(arms)} ELSE {rejected} END"
    told = (
        *((each.sql, each.type) for each in found.outputs),
        (found.rule, "VARCHAR"),
        (found.basis, "VARCHAR"),
        (rejected, "VARCHAR"),
    )
    values = [f"{each.value} AS {quoted(each.column.name)}" for each in reads]
    flags = [
        f"{each.unreadable} AS {_flag(place)}"
        for place, each in enumerate(reads)
        if each.unreadable
    ]
    shown = ", ".join([*sources, *carried, *values, *flags])
    held = f"SELECT {shown} FROM ({data}) AS given"
    first = _FIRST if flags else quoted(found.number)
    held = f"SELECT *, {found.ending} AS {first} FROM ({held}) AS typed"
    if flags:
        held = f"SELECT *, {ending} AS {quoted(found.number)} FROM ({held}) AS decided"
    known = (*numbers.values(), *added.values(), *range(answering))
    return Query(job, tuple(names), tuple(types), quoted(found.number), known, held, told)


_FIRST = '"number at first"'


def _flag(place: int) -> str:
    return f'"unreadable {place}"'


def _ending(reads: Sequence[Read], numbers: Mapping[str, int]) -> tuple[str, dict[str, int]]:
    """The number of a row where something that cannot be read is refused like any value outside.

    What cannot be read is no value, so to the table it looks missing; the first column, in the order
    of the inputs, that is missing or outside is still the one that is told. Reasons that only
    unreadable cells have get numbers of their own, below all others.
    """
    arms: list[str] = []
    before: list[int] = []
    added: dict[str, int] = {}
    for place, each in enumerate(reads):
        if each.unreadable:
            if before:
                arms.append(f"WHEN {_FIRST} IN ({', '.join(map(str, before))}) THEN {_FIRST}")
            said, before = outside(each.column), []
            if said not in numbers:
                added[said] = min([0, *numbers.values(), *added.values()]) - 1
            arms.append(f"WHEN {_flag(place)} THEN {numbers.get(said, added.get(said))}")
        own = (missing(each.column), outside(each.column))
        before += [numbers[reason] for reason in own if reason in numbers]
    return f"CASE {' '.join(arms)} ELSE {_FIRST} END", added


def numbered(place: int) -> str:
    """A column by its place, under a name that none of the author's can be."""
    return f'"column {place}"'
