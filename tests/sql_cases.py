"""Rows to try SQL with, and what the reference meaning says of each: the answers, the rule, the reason."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from itertools import product
from math import prod
from random import Random

import pyarrow as pa

from gapless.analysis.unit import Unit
from gapless.backends import rejections as refusing
from gapless.driver import Result, compile_sources
from gapless.model import (
    BoolType,
    Column,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    ListType,
    OptionalType,
    SetType,
    Table,
    TextType,
    TimeType,
    Type,
    Value,
    counted,
    instant_at,
    is_end,
)
from gapless.semantics import Answered, Draft, Impossible, Unworkable, evaluate
from gapless_dsl.source import Source
from tests.pages import ROOT
from tests.strategies import probes
from tests.traced import told

MOST = 600
"""Up to so many combinations of values are all tried; of more, each value in some company."""
COMPANY = 8
ROW = "row_number_of_the_case"
"""A column that no table has, by which answers are held beside what was asked."""

Expected = tuple[tuple[object, ...], str | None, str | None, str | None]
"""Outputs, the rows that they rest on, how these rest on the sources, reason."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A table, rows of its inputs, and what each should come to."""

    unit: Unit
    rows: tuple[tuple[object, ...], ...]
    expected: tuple[Expected, ...]

    @property
    def table(self) -> Table:
        return self.unit.table

    def arrow(self) -> pa.Table:
        """The rows, numbered; decimals have room for a digit more than is allowed."""
        columns = [*zip(*self.rows, strict=True)]
        arrays = {
            column.name: pa.array(values, _arrow(column.type))
            for column, values in zip(self.table.inputs, columns, strict=True)
        }
        return pa.table({ROW: pa.array(range(len(self.rows)), pa.int64()), **arrays})


@cache
def real() -> Result:
    """The policies in `tables/` and `tables/examples/`."""
    paths = [*ROOT.glob("tables/*.dtable"), *ROOT.glob("tables/examples/*.dtable")]
    return compile_sources([Source(path.name, path.read_text("utf-8")) for path in sorted(paths)])


def trial(unit: Unit, cases: Iterable[Mapping[str, Value]] = (), most: int = MOST) -> Trial:
    """Both sides of every edge, witnesses of atoms, `cases`, and what is refused at the door."""
    names = [column.name for column in unit.table.inputs]
    good = [*_spread([_probed(unit, place) for place in range(len(names))], most)]
    good += [tuple(case[name] for name in names) for case in cases]
    good = [*{_typed(row): row for row in good}.values()]
    held = [row for row in good if is_held(row)]
    expected = [_expected(unit, row) for row in held]
    bad = [*_bad(unit.table, held)]
    expected += [((None,) * len(unit.table.outputs), None, None, reason) for _, reason in bad]
    return Trial(unit, (*held, *(row for row, _ in bad)), tuple(expected))


def read(value: object, type: Type, *, plain: bool = False) -> object:
    """What a database answered, as `evaluate` says it; lists come as JSON, in `plain` ones all as text."""
    if value is None:
        return None
    match type:
        case OptionalType(of):
            return read(value, of, plain=plain)
        case ListType(of) | SetType(of):
            items = [_item(each, of) for each in json.loads(str(value), parse_float=Decimal)]
            return frozenset(items) if isinstance(type, SetType) else tuple(items)
        case DateType() if plain:
            return date.fromisoformat(str(value))
        case BoolType() if plain:
            assert value in (0, 1)
            return bool(value)
    return value


def _item(value: object, of: Type) -> object:
    match of:
        case DateType():
            return date.fromisoformat(str(value))
        case TimeType():
            return time.fromisoformat(str(value))
        case DatetimeType():
            return datetime.fromisoformat(str(value))
        case DecimalType():
            return Decimal(str(value))
    return value


def _expected(unit: Unit, row: Sequence[Value]) -> Expected:
    table = unit.table
    names = [column.name for column in table.inputs]
    meaning = evaluate(table, dict(zip(names, row, strict=True)))
    nothing = (None,) * len(table.outputs)
    match meaning:
        case Answered(rule=rule, values=values):
            return values, *told(unit, dict(zip(names, row, strict=True)), rule), None
        case Impossible(other, rule):
            own = f"cannot happen: rule {rule.name}"
            return nothing, None, None, own if other is table else "cannot happen"
        case Draft(other, rule):
            own = f"still to be decided: rule {rule.name}"
            return nothing, None, None, own if other is table else "still to be decided"
        case Unworkable():
            return nothing, None, None, "cannot happen"
    raise AssertionError(f"the table is not sound: {meaning}")


def agrees(expected: Expected, found: Expected) -> bool:
    """Whether an answer is as it should be; of a called table's refusal, the kind alone."""
    said, told = expected[3], found[3]
    alike = said == told or (
        said in ("cannot happen", "still to be decided") and str(told).startswith(str(said))
    )
    return expected[:3] == found[:3] and alike


def _probed(unit: Unit, place: int) -> list[Value]:
    """Values beside everything that is named, and one of each atom."""
    axis = unit.axes[place]
    atoms = [axis.sample(number) for number in range(len(axis.atoms))]
    column = unit.table.inputs[place]
    return [*{(type(each), each): each for each in (*probes(unit.table, column), *atoms)}.values()]


def _typed(row: Sequence[object]) -> tuple[object, ...]:
    return tuple((type(value), value) for value in row)


def _spread(columns: Sequence[Sequence[Value]], most: int) -> Iterator[tuple[Value, ...]]:
    """Every combination; of very many, each value in different company."""
    if prod(map(len, columns)) <= most:
        yield from product(*columns)
        return
    chance = Random(0)
    for number, column in enumerate(columns):
        for value in column:
            for _ in range(COMPANY):
                others = [chance.choice(each) for each in columns]
                yield (*others[:number], value, *others[number + 1 :])


def _bad(
    table: Table, rows: Sequence[tuple[Value, ...]]
) -> Iterator[tuple[tuple[object, ...], str]]:
    """Rows in which a column is missing or outside, beside good values, and beside bad ones."""
    if not rows:
        return
    chance = Random(1)
    wrong = [[*_wrong(column)] for column in table.inputs]
    for place, each in enumerate(wrong):
        for value, reason in each:
            good = chance.choice(rows)
            yield (*good[:place], value, *good[place + 1 :]), reason
            later = [
                chance.choice(others)[0] if others else kept
                for others, kept in zip(wrong[place + 1 :], good[place + 1 :], strict=True)
            ]
            yield (*good[:place], value, *later), reason


def _wrong(column: Column) -> Iterator[tuple[object, str]]:
    """Values that are none of the column's, and the reasons."""
    if not isinstance(column.type, OptionalType):
        yield None, refusing.missing(column)
    for value in _outside(column.type):
        yield value, refusing.outside(column)


def _outside(type: Type) -> Iterator[object]:
    match type:
        case OptionalType(of):
            yield from _outside(of)
        case EnumerationType(_, members):
            names = {member.name for member in members}
            first = members[0].name
            strange = ("", "nobody", first.upper(), first.title(), f"{first} ", f" {first}")
            yield from (each for each in strange if each not in names)
        case IntType(low, high):
            yield from (low - step for step in (1, 1000) if low is not None)
            yield from (high + step for step in (1, 1000) if high is not None)
        case DecimalType(digits, low, high):
            step = Decimal(1).scaleb(-digits)
            yield from (low - step for _ in range(1) if low is not None)
            yield from (high + step for _ in range(1) if high is not None)
            inside = low if low is not None else high if high is not None else Decimal(0)
            yield inside + (step / 10 if low is not None or high is None else -step / 10)
        case DateType(low, high):
            yield from (low - timedelta(1) for _ in range(1) if low > date.min)
            yield from (high + timedelta(1) for _ in range(1) if high < date.max)
        case TimeType() | DatetimeType():
            ends = ((type.low, -1), (type.high, 1))
            yield from (instant_at(type, counted(end) + by) for end, by in ends if not is_end(end))
            yield type.low.replace(microsecond=1)
            yield type.high.replace(microsecond=999_999)


def is_held(row: Sequence[Value]) -> bool:
    """Whether the columns of a database hold the values: 64 bits, 18 figures, whole letters."""
    for value in row:
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            return False
        if isinstance(value, Decimal) and value and value.adjusted() > 11:
            return False
        if isinstance(value, str) and any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value):
            return False
    return True


def _arrow(type: Type) -> pa.DataType:
    match type:
        case OptionalType(of):
            return _arrow(of)
        case IntType():
            return pa.int64()
        case DecimalType(digits):
            return pa.decimal128(38, digits + 1)
        case BoolType():
            return pa.bool_()
        case DateType():
            return pa.date32()
        case TimeType():
            return pa.time64("us")
        case DatetimeType():
            return pa.timestamp("us")
        case EnumerationType() | TextType():
            return pa.string()
    raise AssertionError("lists do not go in")


@cache
def hostile() -> Result:
    """A table whose names are reserved words and whose texts would break out of quotes."""
    return compile_sources([Source("hostile.dtable", HOSTILE)])


@cache
def timed() -> Result:
    """Times of day and moments: beside others, and moments alone, as Spark has them."""
    result = compile_sources([Source("shop.dtable", TIMED)])
    assert not [each for each in result.diagnostics if each.severity.value == "error"]
    return result


TIMED = """policy shop

table fee "The fee"
  in  since : datetime 2020-01-01T00:00..2030-12-31T23:59:59
  in  day   : date
  in  hour  : optional time
  in  close : time 12:00..
  out price : int
  out until : time
  out on    : datetime

  | first  | since              | day          | hour           | close  || price | until    | on               || because |
  |--------|--------------------|--------------|----------------|--------||-------|----------|------------------||---------|
  | old    | < 2026-01-01T00:00 | -            | missing        | -      || 1     | 18:00    | since            ||         |
  | late   | -                  | -            | > close        | -      || 2     | 09:00:30 | 2026-01-01T09:00 ||         |
  | day    | -                  | 2026-01-01.. | [09:00..18:00) | -      || 3     | close    | since            ||         |
  | second | 2026-01-01T09:00   | -            | 09:00, 22:00   | -      || 4     | 00:00    | since            ||         |
  | otherwise                                                           || 5     | 23:59:59 | since            || rest    |

table rate "What a moment costs"
  in  since : optional datetime 0001-01-01T00:00:01..
  out price : int
  out on    : optional datetime

  | unique | since                                      || price | on               |
  |--------|--------------------------------------------||-------|------------------|
  | old    | < 1582-10-15T00:00                         || 1     | since            |
  | middle | [1582-10-15T00:00..2026-03-29T02:30:01)    || 2     | 1970-01-01T00:00 |
  | new    | 2026-03-29T02:30:01..                      || 3     | since            |
  | none   | missing                                    || 4     | missing          |
"""

HOSTILE = r"""
policy hostile "'; DROP TABLE x; -- */ \\ {{ x }}"

type Select = and | "O'Hara" | "semi;colon" | "back\\slash" | "-- dash" | "quo\"te" "It's; -- odd"

table order "Rows 'quoted'; -- /* */"
  in  group  : Select
  in  from   : optional text
  in  Where  : int 0..
  out select : text
  out end    : list of Select

  | first     | group              | from         | Where || select       | end               || because   |
  |-----------|--------------------|--------------|-------||--------------|-------------------||-----------|
  | table     | and, "O'Hara"      | -            | < 5   || "a'b\"c"     | and, "O'Hara"     ||           |
  | from      | "semi;colon"       | missing      | -     || "x -- y"     | "quo\"te"         ||           |
  | odd       | "back\\slash"      | "it's\\"     | -     || "\\ {{ x }}" | "back\\slash"     ||           |
  | otherwise                                            || "50% ünï €"  | "-- dash", and    || the rest  |
"""
