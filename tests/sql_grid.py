"""Every type of a database under every type of an input: right, refused with our reason, or not at all.

Databases name their types themselves; columns of these types hold what they make of the values beside
every edge of a table, and what they hold is read back. What `gapless.semantics` says of exactly that
value is what a view, an expression and a function must say, or they refuse, or there is no statement.

Another interpreter shows another version: `python -m tests.sql_grid duckdb sqlite:pysqlite3 sqlite:apsw`
prints the counts and fails where anything else came out. It needs this package, Lark and Jinja.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal
from enum import StrEnum
from functools import cache
from itertools import product
from typing import Any, Protocol

from gapless.analysis.unit import Unit
from gapless.backends import rejections as refusing
from gapless.backends.sql import Unsupported
from gapless.backends.sql.dialects import ALL
from gapless.backends.sql.literals import quoted
from gapless.backends.sql.statements import (
    Written,
    expression,
    functions,
    view,
    view_of,
    written,
)
from gapless.driver import compile_sources
from gapless.model import (
    BoolType,
    Column,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    OptionalType,
    TextType,
    TimeType,
    Value,
)
from gapless.semantics import Answered, evaluate
from gapless_dsl.source import Source


class Holds(StrEnum):
    """What kind of value a type of a database holds."""

    EXACT = "numbers, exactly"
    BINARY = "numbers, in binary fractions"
    TRUTH = "yes and no"
    DAY = "days"
    MOMENT = "days and hours, in no zone"
    TIME = "times of a day, in no zone"
    TEXT = "texts"
    OTHER = "nothing that an input is"


class Found(StrEnum):
    """What came of one row in one form."""

    RIGHT = "right answers"
    REFUSED = "refused with our reason"
    NO_STATEMENT = "no statement"


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of a database, as it stands in CREATE TABLE, and what it holds."""

    name: str
    holds: Holds
    size: int = 38
    """How many figures its numbers have."""


class Unmade(Exception):
    """The database refuses a statement before it looks at a row."""


class Engine(Protocol):
    """A database that is there."""

    dialect: str
    version: str

    def kinds(self) -> Sequence[Kind]:
        """Its types, as it lists them itself."""

    def hold(self, kind: Kind, texts: Sequence[str]) -> Sequence[object]:
        """Make a table `given_rows` (n, x, k): x of that type, from texts, those that it takes; and
        NULL. What x holds, as int, Decimal, float, bool, date, datetime or text; else None."""

    def made(self, statements: Sequence[str], query: str) -> list[tuple[Any, ...]]:
        """Run statements, then a query. Raises Unmade, and whatever fails on a row."""


# ---------------------------------------------------------------- tables


SHAPES: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "whole": ("int 0..10", ("..3", "4..6", "7.."), "5"),
    "whole, open": ("int", ("< 0", "0..9_007_199_254_740_992", "9_007_199_254_740_993.."), "5"),
    "whole, long": ("int 0..99_999_999_999_999_999_999", ("..10", "11.."), "5"),
    "decimal": ("decimal(2) 0..10", ("..1.49", "1.50..2.25", "> 2.25"), "4.25"),
    "decimal, open": ("decimal(2)", ("< 0", "0..4.30", "> 4.30"), "4.25"),
    "decimal, fine": ("decimal(10) -1..1", ("< 0", "0..0.0000000001", "> 0.0000000001"), "0.5"),
    "decimal, long": ("decimal(20) 0..100_000_000_000", ("..2.5", "> 2.5"), "0.5"),
    "yes or no": ("bool", ("yes", "no"), "no"),
    "day": ("date 2024-01-01..2024-12-31", ("..2024-01-31", "2024-02-01.."), "2024-06-30"),
    "day, open": ("date", ("..1582-10-14", "1582-10-15..2024-02-29", "2024-03-01.."), "2024-06-30"),
    "time": ("time 06:00..22:00", ("..11:59:59", "12:00.."), "07:30"),
    "time, open": ("time", ("..08:59:59", "09:00..10:00", "10:00:01.."), "10:00"),
    "moment": (
        "datetime 2024-01-01T00:00..2024-12-31T23:59:59",
        ("..2024-01-31T10:00", "2024-01-31T10:00:01.."),
        "2024-06-30T07:30",
    ),
    "moment, open": (
        "datetime",
        ("< 1582-10-15T00:00", "1582-10-15T00:00..2024-02-29T00:00", "> 2024-02-29T00:00"),
        "2024-06-30T00:00",
    ),
    "member": ("Place", ("home", "world, near"), "home"),
    "member, figures": ("Code", ('"1"', '"2", "007"'), '"2"'),
    "member, yes": ("Said", ('"yes"', '"no", "t"'), '"no"'),
    "text": ("text", ('"1"', '"home"', 'not "1", "home"'), '"here"'),
}
"""A type, cells that part it, and another answer beside the column that is passed on."""

HEAD = """
policy grid
type Place = home | world | near
type Code = "1" | "2" | "007"
type Said = "yes" | "no" | "t"
"""


def _table(shape: str, is_optional: bool) -> str:
    """Which cell x is in, and x itself passed on, or another value."""
    type, cells, other = SHAPES[shape]
    optional = "optional " if is_optional else ""
    rows = [
        (f"{cell}, missing" if is_optional and cell.startswith("not ") else cell, place)
        for place, cell in enumerate(cells)
    ]
    rows += [("missing", len(cells))] * is_optional
    lines = [
        f'  | {flag}-{place} | {flag} | {cell} || "{flag} {place}" | {passed} |'
        for flag, passed in (("yes", "x"), ("no", other))
        for cell, place in rows
    ]
    return (
        f"{HEAD}\ntable grid\n  in  k : bool\n  in  x : {optional}{type}\n"
        f"  out size : text\n  out copied : {optional}{type}\n\n"
        "  | unique | k | x || size | copied |\n  |---|---|---||---|---|\n"
        + "\n".join(lines)
        + "\n"
    )


CALCULATED = {
    "whole sum": "int 0..10|int|x + x + 1",
    "decimal sum": "decimal(2) 0..10|decimal(4)|x * 1.25 - x",
}


@cache
def units() -> Mapping[str, Unit]:
    """A table for every type of an input, that may be missing or not, and such as calculate."""
    texts = {}
    for shape, is_optional in product(SHAPES, (False, True)):
        texts[f"{shape}, optional" if is_optional else shape] = _table(shape, is_optional)
    for name, said in CALCULATED.items():
        type, answer, formula = said.split("|")
        texts[name] = (
            f"policy grid\ndecision grid\n  in  k : bool\n  in  x : {type}\n"
            f"  out copied : {answer} = {formula}\n"
        )
    texts["compared"] = (
        "policy grid\ntable grid\n  in  k : bool\n  in  x : decimal(2) 0..10\n  in  y : int 0..5\n"
        "  out size : text\n\n  | unique | x || size |\n  |---|---||---|\n"
        '  | less | < y || "less" |\n  | more | >= y || "more" |\n'
    )
    found = {}
    for name, text in texts.items():
        result = compile_sources([Source("grid.dtable", text)])
        assert result.is_sound, (text, [each.title for each in result.diagnostics])
        (found[name],) = result.units.values()
    return found


# ---------------------------------------------------------------- what columns are made to hold


STEPS = tuple(map(Decimal, ("0", "1", "-1", "0.01", "-0.005", "1E-10", "1E-37")))


@cache
def texts() -> tuple[str, ...]:
    """Everything that tables name, what lies beside it, and the oddities of each kind of type."""
    named = " ".join(" ".join((type, *cells, other)) for type, cells, other in SHAPES.values())
    days = {date.fromisoformat(each) for each in re.findall(r"\d{4}-\d\d-\d\d", named)}
    days |= {each + timedelta(step) for each in days for step in (1, -1)} | {date.min, date.max}
    times = {each[-5:] for each in re.findall(r"(?<![\d:])\d\d:\d\d", named)}
    plain = re.sub(r"\d{4}-\d\d-\d\d|T?\d\d:\d\d(?::\d\d)?|(?<=\d)_", "", named)
    numbers = {Decimal(each.replace(" ", "")) for each in re.findall(r"-?\d+(?:\.\d+)?", plain)}
    exact = Context(prec=60)
    numbers |= {exact.add(each, step) for each in numbers for step in STEPS}
    numbers |= {Decimal(2**63 - 1), Decimal(2**63), Decimal(-(2**63))}
    numbers |= {Decimal("9" * size) * sign for size in (9, 18, 28, 38) for sign in (1, -1)}
    return (
        *(f"{each:f}" for each in sorted(numbers)),
        *("1e0", "NaN", "Infinity", "-Infinity", "1e300"),
        *map(str, sorted(days)),
        *("2024-02-30", "2024-1-31", "2024-01-31 00:00:00", "2024-01-31 10:00:00"),
        *("2024-01-31 00:00:00.000001", "2024-01-31 00:00:00.000000001", "infinity", "10:00:00"),
        *(f"{each}:{rest}" for each in sorted(times) for rest in ("00", "01", "00.5")),
        *(f"2024-01-31 {each}:00" for each in sorted(times)),
        *("08:59:59", "11:59:59", "11:59:59.000001", "23:59:59", "23:59:59.999999", "24:00:00"),
        *("2024-01-31 10:00:01", "2024-01-31 10:00:00.5", "0001-01-01 00:00:00"),
        *("9999-12-31 23:59:59", "9999-12-31 23:59:59.5", "09:00:00+02", "2024-01-31T09:00:00"),
        *("2024-01-31 00:00:00+00", "2024-01-31 10:00:00+02", "1 day"),
        *("true", "false", "t", "f", "yes", "no", "2", "-1"),
        *("home", "home ", "HOME", "h", "world", "near", "1", "007", "7", "", "x", '"home"'),
    )


LABELS = ("home", "near", "HOME", "1", "007", "t", "yes", "x")
"""What an enumerated type of a database lists: members and others, and not every member."""


def decimals(name: str, most: int, shorter: Sequence[tuple[int, int]] = ()) -> Iterator[Kind]:
    """DECIMAL at both ends of its figures, and of those after the point."""
    sizes = {1, 4, 9, 18, 19, most}
    pairs = {(size, places) for size in sizes for places in (0, 1, 2, size - 1, size)}
    for size, places in sorted({*pairs, *shorter}):
        if places <= size or (size, places) in shorter:
            yield Kind(f"{name}({size},{places})", Holds.EXACT, size)


# ---------------------------------------------------------------- what is right


NO_VALUE = object()


def value_of(held: object, column: Column, holds: Holds | None) -> tuple[object, bool]:
    """What a column holds as a value of an input, or NO_VALUE; and whether it must be taken so.

    `holds` is None for a database without types for columns, whose values have types of their own.
    """
    type = column.type.of if isinstance(column.type, OptionalType) else column.type
    match type:
        case IntType() | DecimalType():
            is_bool = isinstance(held, bool)
            if is_bool or not isinstance(held, int | Decimal | float):
                return NO_VALUE, False
            if holds not in (None, Holds.EXACT, Holds.BINARY):
                return NO_VALUE, False
            if not (number := Decimal(held)).is_finite():
                return NO_VALUE, False
            whole = number == number.to_integral_value()
            if isinstance(type, IntType):
                is_short = -(2**63) <= number < 2**63 and (type.high is None or type.high < 2**63)
                must = is_short or (type.high is not None and not isinstance(held, float))
                return (int(number), must) if whole else (NO_VALUE, False)
            # A DOUBLE holds no decimals but by chance; those without a bound are read as DECIMAL(18, d).
            is_held = abs(number) < 10 ** (18 - type.digits) or type.high is not None
            return number, is_held and not isinstance(held, float)
        case BoolType():
            if holds is None and held in (0, 1) and isinstance(held, int):
                return bool(held), True
            return (held, True) if isinstance(held, bool) else (NO_VALUE, False)
        case DateType():
            if isinstance(held, datetime):
                return (
                    (held.date(), True)
                    if held == datetime(*held.timetuple()[:3])
                    else (NO_VALUE, False)
                )
            if holds is None and isinstance(held, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", held):
                try:
                    return date.fromisoformat(held), True
                except ValueError:
                    return NO_VALUE, False
            return (held, True) if isinstance(held, date) else (NO_VALUE, False)
        case TimeType():
            is_whole = isinstance(held, time) and not held.microsecond
            return (held, True) if is_whole else (NO_VALUE, False)
        case DatetimeType():
            is_whole = isinstance(held, datetime) and not held.microsecond
            return (held, True) if is_whole else (NO_VALUE, False)
        case EnumerationType() | TextType():
            return (held, True) if isinstance(held, str) else (NO_VALUE, False)
    raise AssertionError("lists do not go in")


def belongs(value: Any, column: Column) -> bool:
    """Whether a value is one of an input's."""
    type = column.type.of if isinstance(column.type, OptionalType) else column.type
    match type:
        case EnumerationType():
            return value in type.names
        case DecimalType(digits):
            exponent = value.normalize(Context(prec=400)).as_tuple().exponent
            if isinstance(exponent, int) and -exponent > digits:
                return False
    low, high = getattr(type, "low", None), getattr(type, "high", None)
    return (low is None or low <= value) and (high is None or value <= high)


@dataclass(frozen=True, slots=True)
class Due:
    """What a row must come to: answers and rule, or a reason; `must` it, or may it be refused too?"""

    answers: tuple[Value, ...] | None
    rule: str | None
    reason: str
    must: bool


def due(unit: Unit, row: Mapping[str, object], holds: Holds | None) -> Due:
    """By the reference meaning, on exactly what the columns hold."""
    read: dict[str, Any] = {}
    column = next(each for each in unit.table.inputs if each.name == "x")
    held, must = row["x"], True
    reason = refusing.outside(column)
    if held is None:
        if not isinstance(column.type, OptionalType):
            return Due(None, None, refusing.missing(column), must=False)
        read["x"] = None
        must = _is_of(holds, column)
    else:
        read["x"], must = value_of(held, column, holds)
        if read["x"] is NO_VALUE or not belongs(read["x"], column):
            return Due(None, None, reason, must=False)
    read |= {name: value for name, value in row.items() if name != "x"}
    meaning = evaluate(unit.table, {each.name: read[each.name] for each in unit.table.inputs})
    assert isinstance(meaning, Answered), meaning
    return Due(meaning.values, meaning.rule.name, reason, must)


def _is_of(holds: Holds | None, column: Column) -> bool:
    """Whether a type is of the kind that an input takes, so that its NULL must be a missing value."""
    type = column.type.of if isinstance(column.type, OptionalType) else column.type
    match type:
        case IntType(high=high) if high is None or high < 2**63:
            return holds in (None, Holds.EXACT, Holds.BINARY)
        case IntType() | DecimalType():
            return holds in (None, Holds.EXACT)
        case BoolType():
            return holds in (None, Holds.TRUTH)
        case DateType():
            return holds in (None, Holds.DAY, Holds.MOMENT)
        case TimeType():
            return holds is Holds.TIME
        case DatetimeType():
            return holds is Holds.MOMENT
    return holds in (None, Holds.TEXT)


def told(
    due: Due, outputs: Sequence[object], rests_on: tuple[object, object], rejected: object
) -> Found | None:
    """What a row came to; None if it may not."""
    if (
        due.answers is not None
        and due.answers == tuple(outputs)
        and rests_on == (due.rule, "stated")
        and rejected is None
    ):
        return Found.RIGHT
    is_refused = all(each is None for each in (*outputs, *rests_on)) and rejected == due.reason
    return Found.REFUSED if is_refused and not (due.answers is not None and due.must) else None


# ---------------------------------------------------------------- the grid


@dataclass
class Tally:
    """What came out, counted in rows and, where there is no statement, in statements."""

    counts: Counter[tuple[str, Found]] = field(default_factory=Counter)
    cells: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        forms = sorted({form for form, _ in self.counts})
        said = [f"{self.cells:,} statements; wrong: {len(self.wrong)}"]
        for form in forms:
            parts = (f"{self.counts[form, each]:,} {each}" for each in Found)
            said.append(f"  {form}: {', '.join(parts)}")
        return "\n".join(said)


def tried(engine: Engine, *, every: int = 1) -> Tally:
    """The grid of one database; of its cells, each `every`th."""
    tally, count = Tally(), 0
    for kind in engine.kinds():
        held: Sequence[object] | None = None
        for name, unit in units().items():
            count += 1
            if count % every:
                continue
            found = written(unit, ALL[engine.dialect])
            if isinstance(found, Unsupported):
                continue
            if held is None:
                held = engine.hold(kind, texts())
            for form, statements, query in _forms(found):
                _try(engine, tally, form, kind, name, found, (statements, query), held)
    return tally


QUOTE = {"spark": "`"}


def _forms(table: Written) -> Iterator[tuple[str, list[str], str]]:
    """(form, statements to make, query) of a table."""
    said, dialect = table.said, table.dialect
    quote = QUOTE.get(dialect.name, '"')
    names = [*(each.name for each in said.outputs), *said.names[1:]]
    shown = ", ".join(f"{quote}{each}{quote}" for each in names)
    made = view(table, "given_rows")[0]
    if dialect.name == "sqlite":
        made = f"DROP VIEW IF EXISTS {view_of(table.name)};\n{made}"
    yield "view", [made], f"SELECT {shown} FROM {view_of(table.name)} ORDER BY n"
    selects = [each.rstrip().rstrip(";").partition("SELECT")[2] for each in expression(table)]
    yield "expression", [], f"SELECT {', '.join(selects)} FROM given_rows ORDER BY n"
    if dialect.function is not None:
        statements = [*functions(table)]
        called = [
            re.split("FUNCTION |MACRO ", each, maxsplit=1)[1].split("(", 1)[0]
            for each in statements
        ]
        given = ", ".join(quoted(each.name) for each in said.columns)
        calls = ", ".join(f"{each}({given})" for each in called)
        yield "function", statements, f"SELECT {calls} FROM given_rows ORDER BY n"


def _try(
    engine: Engine,
    tally: Tally,
    form: str,
    kind: Kind,
    name: str,
    table: Written,
    statement: tuple[list[str], str],
    held: Sequence[object],
) -> None:
    tally.cells += 1
    where = f"{engine.dialect} {engine.version}: {form} of `{name}` over {kind.name}"
    holds = None if engine.dialect == "sqlite" else kind.holds
    unit = table.said.decided.unit
    rows = [{"k": flag, "x": each, "y": 2} for each in held for flag in (True, False)]
    if form == "function" and name.startswith("moment") and holds is Holds.DAY:
        return  # PostgreSQL makes a moment of a day before a function sees it
    wanted = [due(unit, row, holds) for row in rows]
    try:
        found = engine.made(*statement)
    except Unmade as reason:
        # A function has types of its own, and a database may hand it nothing else.
        if form != "function" and any(
            each.answers is not None and each.must for each in wanted[:-2]
        ):
            tally.wrong.append(f"{where}: no statement: {reason}")
        tally.counts[form, Found.NO_STATEMENT] += 1
        return
    except Exception as reason:  # noqa: BLE001 - whatever it is, it is not allowed
        tally.wrong.append(f"{where}: fails on a row: {str(reason).splitlines()[0]}")
        return
    assert len(found) == len(rows)
    for row, each, (*outputs, rule, basis, rejected) in zip(rows, wanted, found, strict=True):
        types = [output.type for output in unit.table.outputs]
        read = [_read(value, type) for value, type in zip(outputs, types, strict=True)]
        came = told(each, read, (rule, basis), rejected)
        if came is None:
            tally.wrong.append(
                f"{where}: {row} gave {(*outputs, rule, basis, rejected)}, due {each}"
            )
        else:
            tally.counts[form, came] += 1


def _read(value: Any, type: Any) -> object:
    """What a database without days and truths answers, and nothing made better than it is."""
    of = type.of if isinstance(type, OptionalType) else type
    if isinstance(of, BoolType) and not isinstance(value, bool) and value in (0, 1):
        return bool(value)
    if isinstance(of, DateType) and isinstance(value, str):
        return moment(value)
    if isinstance(of, IntType) and isinstance(value, float):
        return NO_VALUE
    return value


# ---------------------------------------------------------------- databases within Python


class DuckDB:
    """DuckDB, in memory."""

    dialect = "duckdb"
    NESTED = frozenset({"ARRAY", "LIST", "MAP", "STRUCT", "TUPLE", "UNION", "NULL", "TYPE"})
    HOLDS: Mapping[str, Holds] = {
        **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"), Holds.EXACT),
        **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"), Holds.EXACT),
        **dict.fromkeys(("FLOAT", "DOUBLE"), Holds.BINARY),
        **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), Holds.MOMENT),
        "BOOLEAN": Holds.TRUTH,
        "DATE": Holds.DAY,
        "TIME": Holds.TIME,
        "VARCHAR": Holds.TEXT,
    }

    def __init__(self) -> None:
        self.duckdb = importlib.import_module("duckdb")
        self.version = self.duckdb.__version__
        self.connection = self.duckdb.connect(config={"threads": "1"})

    def kinds(self) -> Sequence[Kind]:
        listed = self.connection.execute(
            "SELECT DISTINCT logical_type FROM duckdb_types()"
        ).fetchall()
        names = sorted({name for (name,) in listed} - self.NESTED - {"DECIMAL", "ENUM"})
        labels = ", ".join(f"'{each}'" for each in LABELS)
        return (
            *(Kind(name, self.HOLDS.get(name, Holds.OTHER)) for name in names),
            *decimals("DECIMAL", 38),
            *(
                Kind(f"ENUM({labels})", Holds.TEXT),
                Kind("CHAR(6)", Holds.TEXT),
                Kind("JSON", Holds.OTHER),
            ),
        )

    def hold(self, kind: Kind, texts: Sequence[str]) -> Sequence[object]:
        self.connection.execute(f"CREATE OR REPLACE TABLE given (n INTEGER, x {kind.name})")
        for n, each in enumerate(texts):
            # Not all at once: of some types even TRY_CAST fails.
            with suppress(self.duckdb.Error):
                value = f"TRY_CAST('{each}' AS {kind.name})"
                self.connection.execute(
                    f"INSERT INTO given SELECT {n}, {value} WHERE {value} IS NOT NULL"
                )
        self.connection.execute(
            f"CREATE OR REPLACE TABLE given_rows AS SELECT 2 * n + flag AS n, flag = 0 AS k, x, 2 AS y"
            f" FROM (SELECT * FROM given UNION ALL SELECT {len(texts)}, NULL), range(2) AS f(flag)"
        )
        shown = (
            "x"
            if kind.holds not in (Holds.MOMENT, Holds.DAY, Holds.TIME, Holds.OTHER)
            else "CAST(x AS VARCHAR)"
        )
        rows = self.connection.execute(f"SELECT {shown} FROM given ORDER BY n").fetchall()
        read: dict[Holds, Callable[[Any], object]]
        read = dict.fromkeys((Holds.MOMENT, Holds.DAY, Holds.TIME), moment)
        read[Holds.OTHER] = lambda _: NO_VALUE
        of: Callable[[Any], object] = read.get(kind.holds, lambda value: value)
        return [*(of(value) for (value,) in rows), None]

    def made(self, statements: Sequence[str], query: str) -> list[tuple[Any, ...]]:
        unmade = (
            self.duckdb.BinderException,
            self.duckdb.CatalogException,
            self.duckdb.ParserException,
        )
        try:
            for statement in statements:
                self.connection.execute(statement)
            return self.connection.execute(query).fetchall()  # type: ignore[no-any-return]
        except unmade as reason:
            raise Unmade(str(reason).splitlines()[0]) from None


def moment(text: str) -> object:
    """A day, a moment or a time, as it is written; what Python has no word for is no value."""
    if re.fullmatch(r"\d\d:\d\d:\d\d(\.\d+)?", text) and not text.startswith("24"):
        return time.fromisoformat(text[:15])
    said = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d)(\.\d+)?)?", text)
    if said is None:
        return NO_VALUE
    try:
        day = date.fromisoformat(said[1])
    except ValueError:
        return NO_VALUE
    if said[2] is None:
        return day
    if (said[3] or ".0").strip(".0"):
        return datetime(day.year, day.month, day.day, 0, 0, 0, 1)
    return datetime.fromisoformat(f"{said[1]} {said[2]}")


class SQLite:
    """SQLite of whatever module has one."""

    dialect = "sqlite"
    NAMES = (
        *(
            "INTEGER",
            "TINYINT",
            "BIGINT",
            "UNSIGNED BIG INT",
            "CHARACTER(20)",
            "VARCHAR(255)",
            "TEXT",
        ),
        *(
            "CLOB",
            "BLOB",
            "REAL",
            "DOUBLE PRECISION",
            "FLOAT",
            "NUMERIC",
            "DECIMAL(10,5)",
            "BOOLEAN",
        ),
        *("DATE", "DATETIME", "TEXT COLLATE NOCASE", ""),
    )
    """Names of types that its documentation tells the affinity of, and none at all."""

    def __init__(self, module: str = "sqlite3") -> None:
        sqlite = importlib.import_module(module)
        connect = getattr(sqlite, "connect", None) or sqlite.Connection
        self.connection: Any = connect(":memory:")
        self.version = self.connection.execute("SELECT sqlite_version()").fetchall()[0][0]

    def kinds(self) -> Sequence[Kind]:
        return [Kind(name, Holds.OTHER) for name in self.NAMES]

    def hold(self, kind: Kind, texts: Sequence[str]) -> Sequence[object]:
        given = [
            *texts,
            *filter(None, map(_number, texts)),
            *(each.encode() for each in texts[-9:]),
        ]
        kept: dict[str, object] = {}
        self.connection.execute("DROP TABLE IF EXISTS given")
        self.connection.execute(f"CREATE TABLE given (x {kind.name})")
        for each in given:
            self.connection.execute("DELETE FROM given")
            self.connection.execute("INSERT INTO given VALUES (?)", (each,))
            (value,) = self.connection.execute("SELECT x FROM given").fetchall()[0]
            kept[repr(value)] = value
        held = [*kept.values()]
        self.connection.execute("DROP TABLE IF EXISTS given_rows")
        self.connection.execute(
            f"CREATE TABLE given_rows (n INTEGER, k INTEGER, x {kind.name}, y INTEGER)"
        )
        for n, value in enumerate((*held, None)):
            for flag in (0, 1):
                row = (2 * n + flag, 1 - flag, value, 2)
                self.connection.execute("INSERT INTO given_rows VALUES (?, ?, ?, ?)", row)
        return [*(NO_VALUE if isinstance(each, bytes) else each for each in held), None]

    def made(self, statements: Sequence[str], query: str) -> list[tuple[Any, ...]]:
        for statement in statements:
            for part in statement.split(";\n"):
                if part.strip():
                    self.connection.execute(part)
        return [*self.connection.execute(query).fetchall()]


def _number(text: str) -> int | float | None:
    for read in (int, float):
        try:
            number = read(text)
        except ValueError:
            continue
        if isinstance(number, float) or -(2**63) <= number < 2**63:
            return number
    return None


HERE: Mapping[str, Callable[..., Engine]] = {"duckdb": DuckDB, "sqlite": SQLite}


def main(words: Sequence[str]) -> int:
    failed = 0
    for word in words:
        name, _, module = word.partition(":")
        engine = HERE[name](*([module] if module else []))
        tally = tried(engine)
        sys.stdout.write(f"{engine.dialect} {engine.version}: {tally}\n")
        sys.stdout.writelines(f"{each}\n" for each in tally.wrong)
        sys.stdout.flush()
        failed += len(tally.wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["duckdb", "sqlite"]))
