"""How a column, of whatever type it is, becomes a value of the type that is due: exact, or refused.

Databases convert where types differ, each in its own way: a text becomes a number, a number becomes
yes or no, a day loses its hour, the 1.50 beside a DECIMAL(38, 0) becomes 2, and 10 beside a
DECIMAL(38, 37) is an error. So nothing is left to be converted here: what a column holds is brought to
the type due, refused where that changes it, and only what came of it is compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import assert_never

from gapless.backends.sql.flavor import Flavor
from gapless.backends.sql.literals import BIGINT, is_bigint, sql_type
from gapless.backends.sql.names import quoted
from gapless.model import (
    BoolType,
    Column,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    ListType,
    OptionalType,
    ScalarType,
    SetType,
    TextType,
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


def reading(of: Column, flavor: Flavor, source: str | None = None) -> Reading:
    """How a column is read, by its name or by whatever else `source` says. Raises Unheld."""
    name, type = source or quoted(of.name), of.type.present
    assert not isinstance(type, ListType | SetType | OptionalType), "lists and sets do not go in"
    missing = f"{name} IS NULL"
    match flavor:
        case Flavor.STANDARD:
            return Reading(name, _exact(name, type), missing, (*_changed(name, type),))
        case Flavor.POSTGRES:
            return _postgres(name, type)
        case Flavor.SQLITE:
            return _sqlite(name, type)
        case Flavor.DUCKDB:
            return _duckdb(name, type, isinstance(of.type, OptionalType))
        case Flavor.SPARK:
            return _spark(name, type, isinstance(of.type, OptionalType))
    assert_never(flavor)


def _exact(name: str, type: ScalarType) -> str:
    """A day without its hour; everything else has the type due."""
    return f"CAST({name} AS DATE)" if isinstance(type, DateType) else name


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
        case BoolType() | TextType() | EnumerationType():
            return
        case _:
            assert_never(type)


def _postgres(name: str, type: ScalarType) -> Reading:
    """Numbers are compared exactly, and what no type of ours is has no such operators and functions.

    But texts are compared with a literal of whatever type the column is; moments with a time zone are
    days in the zone of the session, and for these alone there is no `timestamp_ne`; and beside a
    DOUBLE a whole number of more than 53 bits is rounded.
    """
    missing = f"{name} IS NULL"
    match type:
        case IntType(low, high) if is_bigint(type):
            whole = f"CAST({name} AS BIGINT)"
            fraction = f"{name} - trunc({name}) <> 0"
            if low is not None and high is not None and -EXACT <= low <= high <= EXACT:
                return Reading(name, whole, missing, (fraction,))
            wrong = (fraction, f"{name} < {-BIGINT}", f"NOT {name} < {BIGINT}")
            return Reading(whole, whole, missing, wrong)
        case IntType() | DecimalType():
            return Reading(name, name, missing, (*_changed(name, type),))
        case DateType():
            day = f"CAST({name} AS DATE)"
            return Reading(name, day, missing, (f"timestamp_ne({name}, {day})",))
        case BoolType():
            return Reading(name, name, f"{name} IS UNKNOWN", ())
        case EnumerationType() | TextType():
            said = f"CAST({name} AS VARCHAR)"
            texts = "(SELECT oid FROM pg_type WHERE typcategory IN ('S', 'E'))"
            return Reading(said, said, missing, (f"pg_typeof({name}) NOT IN {texts}",))
    assert_never(type)


EXACT = 2**53
"""Up to it every whole number is a DOUBLE."""
_DUCKDB_WHOLE = "U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL.*"
_DUCKDB_BINARY = "FLOAT|DOUBLE"
_NANOSECONDS = (date(1678, 1, 1), date(2262, 1, 1))
"""Within these days every day is a TIMESTAMP_NS; any other beside such a column is an error."""


def _duckdb(name: str, type: ScalarType, is_optional: bool) -> Reading:
    """What overflows where types are made alike is an error there, so it is tried.

    The type of a column is known when a query is planned: where it is another one, nothing is asked
    of its values.
    """
    missing = f"{name} IS NULL"
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
            return Reading(value, value, missing, wrong)
        case DateType(low, high):
            day = f"TRY_CAST({name} AS DATE)"
            changed = f"TRY({day} = {name}) IS NOT TRUE"
            wrong = (other("DATE|TIMESTAMP(_(S|MS|NS))?"), _present(name, is_optional, changed))
            is_near = _NANOSECONDS[0] <= low and high <= _NANOSECONDS[1]
            return Reading(name if is_near else day, day, missing, wrong)
        case BoolType():
            truth = other("BOOLEAN") if is_optional else f"typeof({name}) <> 'BOOLEAN'"
            return Reading(name, name, missing, (truth,))
        case EnumerationType() | TextType():
            exact = f"CAST({name} AS VARCHAR)"
            return Reading(name, exact, missing, (other("VARCHAR|ENUM.*"),))
    assert_never(type)


def _spark(name: str, type: ScalarType, is_optional: bool) -> Reading:
    """A remainder is exact for every DECIMAL; a comparison is not, nor is a difference."""
    missing, kind = f"{name} IS NULL", f"typeof({name})"
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
            return Reading(value, value, missing, (other, f"{name} % {unit:f} <> 0", too_large))
        case DateType():
            day = f"CAST({name} AS DATE)"
            other = f"{kind} NOT IN ('date', 'timestamp_ntz'{no_type})"
            return Reading(name, day, missing, (other, f"{name} <> {day}"))
        case BoolType():
            truth = f"{kind} NOT IN ('boolean'{no_type})" if is_optional else f"{kind} <> 'boolean'"
            return Reading(name, name, missing, (truth,))
        case EnumerationType() | TextType():
            other = f"{kind} NOT LIKE 'string%'"
            void = f" AND {kind} <> 'void'" * is_optional
            return Reading(name, name, missing, (f"{other}{void}",))
    assert_never(type)


def _present(name: str, is_optional: bool, changed: str) -> str:
    """A condition that would hold of NULL too."""
    return f"{name} IS NOT NULL AND {changed}" if is_optional else changed


def _sqlite(name: str, type: ScalarType) -> Reading:
    """Every value has a type of its own, and texts are compared as they are, whatever was declared."""
    missing = f"{name} IS NULL"
    kind = f"typeof({name}) NOT IN"
    match type:
        case IntType():
            whole = f"CAST({name} AS INTEGER)"
            other = f"{kind} ('integer', 'real', 'null')"
            return Reading(name, whole, missing, (other, f"{name} <> {whole}"))
        case BoolType():
            return Reading(name, name, missing, (f"{kind} ('integer', 'null')",))
        case DateType():
            # Without a step, some versions take the 30th of February as it is.
            day = f"date({name}, '+0 days') IS NOT {name}"
            return Reading(name, name, missing, (f"{kind} ('text', 'null')", day))
        case EnumerationType() | TextType():
            other = f"{kind} ('text', 'null')"
            return Reading(f"{name} COLLATE BINARY", name, missing, (other,))
        case DecimalType():
            sql_type(type, Flavor.SQLITE)
    raise AssertionError("SQLite has no type for it")
