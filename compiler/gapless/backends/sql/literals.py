"""Names, values and types of the language as SQL: exact, and quoted so that no text can break out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import assert_never

from gapless.backends.sql.dialects import Flavor
from gapless.model import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    Instant,
    IntType,
    ListType,
    OptionalType,
    Scalar,
    SetType,
    TextType,
    TimeType,
    Type,
    Value,
)

SHORT, LONG = 18, 38
"""How many figures a DECIMAL has: those of a machine word, and the most that all databases have."""
INTEGER_FIGURES = 12
"""So many figures before the point a number without a bound has room for, at least."""
BIGINT = 2**63


class Unheld(Exception):
    """A value or type that no SQL type holds exactly; says why in plain words."""


def text(value: str) -> str:
    """A string literal of standard SQL."""
    if "\0" in value:
        raise Unheld("a text has the character NUL, which databases do not store")
    escaped = value.replace("'", "''")
    return f"'{escaped}'"


def literal(value: Value, type: Type, flavor: Flavor) -> str:
    """A value of `type` as it stands in an expression."""
    match value:
        case None:
            return "NULL"
        case bool():
            return str(int(value)) if flavor is Flavor.SQLITE else str(value).upper()
        case int() | Decimal():
            return number(value, type)
        case time():
            return f"TIME '{value}'"
        case datetime():
            return f"TIMESTAMP '{value}'"
        case date():
            return text(value.isoformat()) if flavor is Flavor.SQLITE else f"DATE '{value}'"
        case str():
            return text(value)
        case tuple() | frozenset():
            return text(listed(value, type))  # type: ignore[arg-type]
    assert_never(value)


def number(value: int | Decimal, type: Type) -> str:
    """A number with as many digits after the point as its type has."""
    of = type.present
    if not isinstance(of, DecimalType):
        return str(value)
    return f"{Decimal(value):.{max(of.digits, places(Decimal(value)))}f}"


def listed(value: Sequence[Scalar] | frozenset[Scalar], type: Type) -> str:
    """A list as JSON, the one form that every database has; of a set, in the order of its values."""
    assert isinstance(type, ListType | SetType)
    items = in_order(value, type) if isinstance(value, frozenset) else [*value]
    return f"[{', '.join(item(each, type.of) for each in items)}]"


def item(value: Scalar, of: Type) -> str:
    """One value in a JSON list: numbers with all their digits, days and times as texts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return number(value, of)
    told = value.isoformat() if isinstance(value, Instant) else value
    return json.dumps(told, ensure_ascii=False)


def in_order(values: frozenset[Scalar], type: ListType | SetType) -> list[Scalar]:
    """A set in the order of its values: members as they are declared."""
    if isinstance(type.of, EnumerationType):
        return [member.name for member in type.of.members if member.name in values]
    return sorted(values)


def sql_type(type: Type, flavor: Flavor) -> str:
    """The SQL type of a column. Raises Unheld."""
    of = type.present
    match of:
        case IntType() if is_bigint(of):
            return "INTEGER" if flavor is Flavor.SQLITE else "BIGINT"
        case IntType() | DecimalType():
            if flavor is Flavor.SQLITE:
                raise Unheld("SQLite has no exact decimal numbers")
            return "DECIMAL({}, {})".format(*_shape(of))
        case BoolType():
            return "INTEGER" if flavor is Flavor.SQLITE else "BOOLEAN"
        case DateType():
            return "TEXT" if flavor is Flavor.SQLITE else "DATE"
        case TimeType() | DatetimeType():
            return _clock_type(of, flavor)
        case EnumerationType() | TextType() | ListType() | SetType():
            return "TEXT" if flavor is Flavor.SQLITE else "VARCHAR"
        case OptionalType():
            raise AssertionError("optional columns are not nested")
    assert_never(of)


def _clock_type(of: TimeType | DatetimeType, flavor: Flavor) -> str:
    if flavor is Flavor.SQLITE:
        raise Unheld("SQLite has no type for times, and a text is a time in too many ways")
    if isinstance(of, TimeType) and flavor is Flavor.SPARK:
        raise Unheld("few versions of Spark have times of day")
    return "TIME" if isinstance(of, TimeType) else "TIMESTAMP"


def is_bigint(type: IntType | DecimalType) -> bool:
    """Whether 64 bits hold every value that the type has a bound for."""
    ends = [end for end in (type.low, type.high) if end is not None]
    return isinstance(type, IntType) and all(-BIGINT <= end < BIGINT for end in ends)


def most(type: IntType | DecimalType) -> Decimal:
    """The highest number that the SQL type holds; the lowest is its negative, or one less."""
    if is_bigint(type):
        return Decimal(BIGINT - 1)
    count, digits = _shape(type)
    return Decimal((0, (9,) * count, -digits))


def largest_in(type: Type) -> Decimal:
    """The largest number that a column may hold, below 0 as well; 0 for what is no number."""
    of = type.present
    if not isinstance(of, IntType | DecimalType):
        return Decimal(0)
    if of.low is None or of.high is None:
        return most(of)
    return max(abs(Decimal(of.low)), abs(Decimal(of.high)))


def roomy(type: Type, needed: Decimal) -> Type:
    """The type of an output whose SQL type holds numbers up to `needed`, below 0 as well."""
    of = type.present
    if not isinstance(of, IntType | DecimalType) or needed <= most(of):
        return type
    if isinstance(of, IntType):
        wide: IntType | DecimalType = IntType(-int(needed), int(needed))
    else:
        wide = DecimalType(of.digits, -needed, needed)
    return OptionalType(wide) if isinstance(type, OptionalType) else wide


def _shape(type: IntType | DecimalType) -> tuple[int, int]:
    """How many figures a DECIMAL has, and how many after its point. Raises Unheld."""
    digits = type.digits if isinstance(type, DecimalType) else 0
    known = [figures(Decimal(end)) for end in (type.low, type.high) if end is not None]
    is_open = isinstance(type, DecimalType) and len(known) < 2
    count = max([*known, *([INTEGER_FIGURES] * is_open)]) + digits
    if count > LONG:
        raise Unheld(f"a number has more than the {LONG} figures that a DECIMAL holds")
    return SHORT if count <= SHORT else LONG, digits


def figures(value: Decimal) -> int:
    """How many figures a number has before its point."""
    return max(1, value.adjusted() + 1)


def places(value: Decimal) -> int:
    """How many figures a number has after its point."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return max(0, -exponent)


# ---------------------------------------------------------------- names


_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")

LONGEST = 63
"""PostgreSQL cuts longer names off without a word."""

# PostgreSQL and DuckDB as their own catalogs list them; Spark (ANSI), Snowflake, BigQuery and SQLite
# as their manuals do. What is not reserved but a type or function name is quoted too: it is safer.
RESERVED = frozenset(
    """
    account add after all alter analyse analyze and anti any array as asc asof
    assert_rows_modified asymmetric at authorization before begin between bigint binary bit
    boolean both by call case cast char character check coalesce collate collation column
    columns commit concurrently connect connection constraint create cross cube current
    current_catalog current_date current_role current_schema current_time current_timestamp
    current_user database date day dec decimal default deferrable define delete desc describe
    distinct do drop else end enum escape except exclude exists explain extract false fetch
    filter first float following for foreign freeze from full function generated glob grant
    greatest group grouping grouping_id groups gscluster hash having hour if ignore ilike in
    increment index initially inner inout insert int integer intersect interval into is isnull
    issue join key lambda last lateral leading least left like limit localtime localtimestamp
    lookup map match merge minus minute month national natural nchar new no none normalize not
    nothing notnull null nullif nulls numeric of off offset old on only or order organization
    out outer over overlaps overlay partition pivot pivot_longer pivot_wider placing position
    positional precision primary proto qualify range real recursive references regexp replace
    respect returning revoke right rlike rollback rollup row rows sample schema second select
    semi session_user set setof show similar smallint some start struct substring summarize
    symmetric sysdate table tablesample temp temporary then time timestamp to top trailing
    transaction treat trigger trim true truncate try_cast tuple unbounded union unique unknown
    unnest unpack unpivot update user using value values varchar variadic verbose view when
    whenever where window with within without xmlattributes xmlconcat xmlelement xmlexists
    xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable year
    """.split()  # noqa: SIM905
)


class Taken:
    """The names of one scope; databases that fold letters take `Fee` and `fee` for one."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = {name.lower() for name in names}

    def take(self, wish: str) -> str:
        """The name wished for, numbered from 2 where another has it."""
        name, number = wish, 1
        while name.lower() in self.names:
            number += 1
            name = f"{wish}_{number}"
        self.names.add(name.lower())
        return name


def quoted(name: str) -> str:
    """A name as an identifier; plain lower-case words that no dialect reserves need no quotes."""
    if _PLAIN.fullmatch(name) and name not in RESERVED:
        return name
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
