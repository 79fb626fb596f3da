"""How a column, of whatever type it is, becomes a value of the type that is due: exact, or refused.

Databases convert where types differ, each in its own way: a text becomes a number, a number becomes
yes or no, a day loses its hour, the 1.50 beside a DECIMAL(38, 0) becomes 2, and 10 beside a
DECIMAL(38, 37) is an error. So nothing is left to be converted here: what a column holds is brought to
the type due, refused where that changes it, and only what came of it is compared. The door asks of
each column, before the table is asked, that it is there and within what is declared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias, assert_never

from gapless.backends import rejections as refusing
from gapless.backends.sql.dialects import Flavor
from gapless.backends.sql.literals import (
    BIGINT,
    is_bigint,
    literal,
    most,
    quoted,
    sql_type,
)
from gapless.model import (
    BoolType,
    Column,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    Instant,
    IntType,
    ListType,
    OptionalType,
    ScalarType,
    SetType,
    TextType,
    TimeType,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A column as it is asked.

    `value` is what comparisons name; `exact` is of the type due, for answers and calculations. Both
    mean something only where none of `wrong` holds, which tell what is no value of the type at all.
    None of them holds of what is missing.
    """

    value: str
    exact: str
    missing: str
    wrong: tuple[str, ...]


Read: TypeAlias = tuple[str, str, tuple[str, ...]]
"""The `value`, `exact` and `wrong` of a reading."""


def reading(of: Column, flavor: Flavor, source: str | None = None) -> Reading:
    """How a column is read, by its name or by whatever else `source` says. Raises Unheld."""
    name, type = source or quoted(of.name), of.type.present
    assert not isinstance(type, ListType | SetType | OptionalType), "lists and sets do not go in"
    is_optional, missing = isinstance(of.type, OptionalType), f"{name} IS NULL"
    match flavor:
        case Flavor.STANDARD:
            exact = f"CAST({name} AS DATE)" if isinstance(type, DateType) else name
            value, wrong = name, (*_changed(name, type),)
        case Flavor.POSTGRES:
            value, exact, wrong = _postgres(name, type)
            if isinstance(type, BoolType):
                missing = f"{name} IS UNKNOWN"
        case Flavor.SQLITE:
            value, exact, wrong = _sqlite(name, type)
        case Flavor.DUCKDB:
            value, exact, wrong = _duckdb(name, type, is_optional)
        case Flavor.SPARK:
            value, exact, wrong = _spark(name, type, is_optional)
        case _:
            assert_never(flavor)
    return Reading(value, exact, missing, wrong)


def _changed(name: str, type: ScalarType) -> Iterator[str]:
    """A number with more digits than allowed; a moment that is not the beginning of a day."""
    match type:
        case IntType():
            yield f"{name} % 1 <> 0"
        case DecimalType(digits):
            # Not `<>`: the difference of NaN, or of infinity, from itself is no zero in any database.
            yield f"{name} - round({name}, {digits}) <> 0"
        case DateType():
            yield f"{name} <> CAST({name} AS DATE)"
        case TimeType() | DatetimeType():
            yield _split(name)
        case BoolType() | TextType() | EnumerationType():
            return
        case _:
            assert_never(type)


def _split(name: str) -> str:
    """That a second is split: what is counted in whole seconds is refused, never rounded."""
    return f"EXTRACT(SECOND FROM {name}) % 1 <> 0"


def _postgres(name: str, type: ScalarType) -> Read:
    """Numbers are compared exactly, and what no type of ours is has no such operators and functions.

    But texts are compared with a literal of whatever type the column is; moments with a time zone are
    days in the zone of the session, and for these alone there is no `timestamp_ne`; and beside a
    DOUBLE a whole number of more than 53 bits is rounded.
    """
    match type:
        case IntType(low, high) if is_bigint(type):
            whole = f"CAST({name} AS BIGINT)"
            fraction = f"{name} - trunc({name}) <> 0"
            if low is not None and high is not None and -EXACT <= low <= high <= EXACT:
                return name, whole, (fraction,)
            wrong = (fraction, f"{name} < {-BIGINT}", f"NOT {name} < {BIGINT}")
            return whole, whole, wrong
        case IntType() | DecimalType():
            return name, name, (*_changed(name, type),)
        case DateType():
            day = f"CAST({name} AS DATE)"
            return name, day, (f"timestamp_ne({name}, {day})",)
        case TimeType():
            return name, name, (f"time_ne({name}, {name})", _split(name))
        case DatetimeType():
            # Of a day, or a moment with a time zone, this is one with a time zone.
            second = f"date_trunc('second', {name})"
            return name, name, (f"timestamp_ne({second}, {name})",)
        case BoolType():
            return name, name, ()
        case EnumerationType() | TextType():
            said = f"CAST({name} AS VARCHAR)"
            texts = "(SELECT oid FROM pg_type WHERE typcategory IN ('S', 'E'))"
            return said, said, (f"pg_typeof({name}) NOT IN {texts}",)
    assert_never(type)


EXACT = 2**53
"""Up to it every whole number is a DOUBLE."""
_DUCKDB_WHOLE = "U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL.*"
_DUCKDB_BINARY = "FLOAT|DOUBLE"
_NANOSECONDS = (date(1678, 1, 1), date(2262, 1, 1))
"""Within these days every day is a TIMESTAMP_NS; any other beside such a column is an error."""


def _duckdb(name: str, type: ScalarType, is_optional: bool) -> Read:
    """What overflows where types are made alike is an error there, so it is tried.

    The type of a column is known when a query is planned: where it is another one, nothing is asked
    of its values.
    """
    no_type = '|"NULL"' * is_optional

    def other(kinds: str) -> str:
        return f"typeof({name}) NOT SIMILAR TO '{kinds}{no_type}'"

    match type:
        case IntType() | DecimalType():
            due = sql_type(type, Flavor.DUCKDB)
            kinds = f"{_DUCKDB_WHOLE}|{_DUCKDB_BINARY}" if due == "BIGINT" else _DUCKDB_WHOLE
            value = f"TRY_CAST({name} AS {due})"
            changed = f"TRY({value} = {name}) IS NOT TRUE"
            wrong = (other(kinds), _present(name, is_optional, changed))
            return value, value, wrong
        case DateType(low, high):
            day = f"TRY_CAST({name} AS DATE)"
            changed = f"TRY({day} = {name}) IS NOT TRUE"
            wrong = (other("DATE|TIMESTAMP(_(S|MS|NS))?"), _present(name, is_optional, changed))
            is_near = _NANOSECONDS[0] <= low and high <= _NANOSECONDS[1]
            return name if is_near else day, day, wrong
        case TimeType() | DatetimeType():
            due = sql_type(type, Flavor.DUCKDB)
            value = f"TRY_CAST({name} AS {due})"
            whole = f"TRY({value} = {name} AND epoch_us({value}) % 1000000 = 0) IS NOT TRUE"
            held = "TIME" if due == "TIME" else "TIMESTAMP(_(S|MS|NS))?"
            return value, value, (other(held), _present(name, is_optional, whole))
        case BoolType():
            truth = other("BOOLEAN") if is_optional else f"typeof({name}) <> 'BOOLEAN'"
            return name, name, (truth,)
        case EnumerationType() | TextType():
            exact = f"CAST({name} AS VARCHAR)"
            return name, exact, (other("VARCHAR|ENUM.*"),)
    assert_never(type)


def _spark(name: str, type: ScalarType, is_optional: bool) -> Read:
    """A remainder is exact for every DECIMAL; a comparison is not, nor is a difference."""
    kind = f"typeof({name})"
    no_type = ", 'void'" * is_optional
    match type:
        case IntType() | DecimalType():
            due = sql_type(type, Flavor.SPARK)
            binary = ", 'float', 'double'" if due == "BIGINT" else ""
            kinds = f"'tinyint', 'smallint', 'int', 'bigint'{binary}{no_type}"
            other = f"{kind} NOT IN ({kinds}) AND {kind} NOT LIKE 'decimal%'"
            unit = Decimal(1).scaleb(-type.digits) if isinstance(type, DecimalType) else 1
            value = f"TRY_CAST({name} AS {due})"
            too_large = _present(name, is_optional, f"{value} IS NULL")
            return value, value, (other, f"{name} % {unit:f} <> 0", too_large)
        case DateType():
            day = f"CAST({name} AS DATE)"
            other = f"{kind} NOT IN ('date', 'timestamp_ntz'{no_type})"
            return name, day, (other, f"{name} <> {day}")
        case TimeType() | DatetimeType():
            sql_type(type, Flavor.SPARK)
            return name, name, (f"{kind} NOT IN ('timestamp_ntz'{no_type})", _split(name))
        case BoolType():
            truth = f"{kind} NOT IN ('boolean'{no_type})" if is_optional else f"{kind} <> 'boolean'"
            return name, name, (truth,)
        case EnumerationType() | TextType():
            other = f"{kind} NOT LIKE 'string%'"
            void = f" AND {kind} <> 'void'" * is_optional
            return name, name, (f"{other}{void}",)
    assert_never(type)


def _present(name: str, is_optional: bool, changed: str) -> str:
    """A condition that would hold of NULL too."""
    return f"{name} IS NOT NULL AND {changed}" if is_optional else changed


def _sqlite(name: str, type: ScalarType) -> Read:
    """Every value has a type of its own, and texts are compared as they are, whatever was declared."""
    kind = f"typeof({name}) NOT IN"
    match type:
        case IntType():
            whole = f"CAST({name} AS INTEGER)"
            other = f"{kind} ('integer', 'real', 'null')"
            return name, whole, (other, f"{name} <> {whole}")
        case BoolType():
            return name, name, (f"{kind} ('integer', 'null')",)
        case DateType():
            # Without a step, some versions take the 30th of February as it is.
            day = f"date({name}, '+0 days') IS NOT {name}"
            return name, name, (f"{kind} ('text', 'null')", day)
        case EnumerationType() | TextType():
            other = f"{kind} ('text', 'null')"
            return f"{name} COLLATE BINARY", name, (other,)
        case DecimalType() | TimeType() | DatetimeType():
            sql_type(type, Flavor.SQLITE)
    raise AssertionError("SQLite has no type for it")


# ---------------------------------------------------------------- the door


WIDTH = 80
"""Conditions that are longer together stand on lines of their own."""


def door(of: Column, flavor: Flavor) -> Iterator[tuple[str, str]]:
    """(condition, reason) for what is refused; a later condition relies on the earlier ones."""
    read = reading(of, flavor)
    if not isinstance(of.type, OptionalType):
        yield read.missing, refusing.missing(of)
    wrong, outside = [*read.wrong], [*_outside(of, read, flavor)]
    if flavor is not Flavor.DUCKDB or not isinstance(of.type.present, DateType):
        wrong, outside = [*wrong, *outside], []
    # Where DuckDB makes a moment and a day alike, that may overflow: only days are held to bounds.
    for either in filter(None, (wrong, outside)):
        # Of a missing value every condition here is unknown or false, and so the case goes on.
        line = " OR ".join(either)
        yield line if len(line) <= WIDTH else "\nOR ".join(either), refusing.outside(of)


def _outside(of: Column, read: Reading, flavor: Flavor) -> Iterator[str]:
    type = of.type.present
    match type:
        case EnumerationType(_, members):
            said = ", ".join(literal(member.name, type, flavor) for member in members)
            yield f"{read.value} NOT IN ({said})"
        case BoolType() if flavor is Flavor.SQLITE:
            yield f"{read.value} NOT IN (0, 1)"
        case IntType() | DecimalType():
            low, high = type.low, type.high
            if flavor in (Flavor.STANDARD, Flavor.POSTGRES) and not is_bigint(type):
                # The column is not brought to the SQL type, whose bounds hold where there are no others.
                low = -most(type) if low is None else low
                high = most(type) if high is None else high
            yield from _beyond(of, read, low, high, flavor)
        case DateType() | TimeType() | DatetimeType():
            yield from _beyond(of, read, type.low, type.high, flavor)
        case BoolType() | TextType():
            return
        case ListType() | SetType() | OptionalType():
            raise AssertionError("lists and sets do not go in")
        case _:
            assert_never(type)


Bound: TypeAlias = int | Decimal | Instant | None


def _beyond(of: Column, read: Reading, low: Bound, high: Bound, flavor: Flavor) -> Iterator[str]:
    """Below or above; whatever compares with nothing, such as NaN, is not between either."""
    first, last = (None if end is None else literal(end, of.type, flavor) for end in (low, high))
    if first is not None and last is not None:
        yield f"{read.value} NOT BETWEEN {first} AND {last}"
    elif first is not None:
        yield f"{read.value} < {first}"
    elif last is not None:
        yield f"NOT {read.value} <= {last}"
