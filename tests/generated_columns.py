"""Generated columnar Python, loaded and asked: what its functions say of many cases at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from pytest import MonkeyPatch

from gapless.analysis.unit import Unit
from gapless.backends import columns, python
from gapless.driver import Result
from gapless.model import (
    BoolType,
    Column,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    OptionalType,
    Table,
    TextType,
    TimeType,
    Value,
    counted,
    instant_at,
    is_end,
    is_kind,
)
from gapless.semantics import Answered, Impossible, evaluate
from tests.generated_python import real
from tests.pages import ROOT
from tests.strategies.cases import belongs


class Columns(NamedTuple):
    """A table's two columnar functions, and the module they are in."""

    unit: Unit
    module: Any
    columns: Any
    frame: Any
    fields: Mapping[str, str]

    @property
    def table(self) -> Table:
        return self.unit.table


def columnar(result: Result) -> Iterator[Columns]:
    """Every table of a result that is offered to whole columns."""
    loaded = modules(result)
    for each in columns.modules(result):
        module: Any = loaded[named(each.path)]
        for table, known in each.functions.items():
            yield Columns(
                result.units[table],
                module,
                getattr(module, known.columns),
                getattr(module, known.frame),
                known.fields,
            )


def imported(
    text: str, path: str, beside: Mapping[str, ModuleType] | None = None, source: str = ""
) -> ModuleType:
    """The module that a text is; it and those beside it are known to Python by their names."""
    module = ModuleType(named(path))
    module.__package__ = path.rpartition("/")[0]
    with MonkeyPatch.context() as patch:
        for name, other in {**(beside or {}), module.__name__: module}.items():
            patch.setitem(sys.modules, name, other)
        exec(compile(text.encode(), source or path, "exec"), module.__dict__)  # noqa: S102
    return module


def named(path: str) -> str:
    """What a module in the output folder is called: those for columns are in a package."""
    name = path.removesuffix(".py").removesuffix("/__init__")
    return name.removeprefix("python/").replace("/", ".")


@cache
def shared() -> Mapping[str, ModuleType]:
    """The package and the runtime, which all modules for columns have in common.

    The runtime is loaded under the path of its source, so that coverage sees what runs.
    """
    package, _, runtime = columns.shared()
    source = ROOT / "compiler/gapless/backends/columns/runtime.py"
    door = imported(package.text, package.path)
    loaded = imported(runtime.text, runtime.path, source=str(source))
    door.runtime = loaded  # type: ignore[attr-defined]
    return {door.__name__: door, "columns.runtime": loaded}


def modules(result: Result) -> dict[str, ModuleType]:
    """Every Python module that a result becomes, those for columns too, by name."""
    found = dict(shared())
    for each in columns.emit(result):
        if each.path.endswith("_columns.py"):
            found[named(each.path)] = imported(each.text, each.path, shared())
    for each in python.emit(result):
        found[named(each.path)] = imported(each.text, each.path)
    return found


@cache
def every() -> dict[str, Columns]:
    """Every columnar function of the policies in `tables/`, by `policy.table`."""
    return {
        f"{each.module.__name__.removeprefix('columns.')}.{each.table.name}": each
        for each in columnar(real())
    }


def inner(column: Column) -> object:
    return column.type.of if isinstance(column.type, OptionalType) else column.type


def listed(values: Sequence[object]) -> np.ndarray[Any, Any]:
    """Values as an array of objects."""
    made = np.empty(len(values), np.object_)
    for place, value in enumerate(values):
        made[place] = value
    return made


def meant(table: Table, row: Sequence[Value]) -> tuple[Value, ...] | str:
    """What a row gets by the reference meaning, or how the reason begins for which it gets nothing."""
    for column, value in zip(table.inputs, row, strict=True):
        if not _holds(column, value):
            return f"{column.name} is missing" if value is None else f"{column.name} must be"
    case = {column.name: value for column, value in zip(table.inputs, row, strict=True)}
    match evaluate(table, case):
        case Answered(values=values):
            return values
        case Impossible():
            return "cannot happen: "
        case other:
            raise AssertionError(f"the table is not sound: {other}")


def _holds(column: Column, value: Any) -> bool:
    """Whether a value is one of the column's type."""
    if value is None:
        return isinstance(column.type, OptionalType)
    match inner(column):
        case EnumerationType(_, members):
            return value in [member.name for member in members]
        case IntType() as kind:
            return type(value) is int and belongs(value, kind)
        case DateType() | TimeType() | DatetimeType() as kind:
            return is_kind(value, kind) and not is_split(value) and belongs(value, kind)
        case DecimalType(digits) as kind:
            assert isinstance(value, Decimal)
            return belongs(value, kind) and (Fraction(value) * 10**digits).denominator == 1
        case _:
            return True


def given(rows: Sequence[Sequence[object]]) -> list[np.ndarray[Any, Any]]:
    """Rows as columns of objects."""
    return [listed(column) for column in zip(*rows, strict=True)]


def refused(table: Table, column: Column) -> list[Value]:
    """Values beside all that a column takes, as far as its type can say them, and the missing one."""
    of = inner(column)
    found: list[Value] = [None]
    match of:
        case EnumerationType(_, members):
            found += [f"{members[0].name}?", members[0].name.swapcase() + " "]
        case IntType(low, high):
            found += [end + step for end, step in ((low, -1), (high, 1)) if end is not None]
        case DecimalType(digits, low, high):
            step = Decimal(1).scaleb(-digits)
            found += [end + by for end, by in ((low, -step), (high, step)) if end is not None]
            found.append((low if low is not None else high or Decimal(0)) + step / 10)
        case DateType(low, high):
            days = (low.toordinal() - 1, high.toordinal() + 1)
            found += [date.fromordinal(day) for day in days if 0 < day <= date.max.toordinal()]
        case TimeType() | DatetimeType():
            ends = ((of.low, -1), (of.high, 1))
            found += [instant_at(of, counted(end) + by) for end, by in ends if not is_end(end)]
            found += [of.low.replace(microsecond=1), of.low.replace(tzinfo=UTC)]
    return [value for value in found if not _holds(column, value)]


def is_split(value: time | datetime | date) -> bool:
    """Whether it is between two seconds, or in a zone."""
    return isinstance(value, time | datetime) and bool(value.microsecond or value.tzinfo)


def agree(got: Sequence[tuple[Value, ...] | str], table: Table, rows: Sequence[Any]) -> None:
    """That rows got what the reference meaning gives them."""
    for row, found in zip(rows, got, strict=True):
        wanted = meant(table, row)
        if isinstance(wanted, str):
            assert isinstance(found, str) and found.startswith(wanted), row
        else:
            assert found == wanted, row


def asked(function: Columns, columns: Sequence[object]) -> list[tuple[Value, ...] | str]:
    """What the function answers to each row: values, or the reason for none."""
    found = function.columns(*columns, refused="report")
    outputs = [found.values(function.fields[each.name]) for each in function.table.outputs]
    rows = list(zip(*outputs, strict=True))
    return [
        reason if reason is not None else row
        for reason, row in zip(found.reject.tolist(), rows, strict=True)
    ]


def packed(function: Columns, column: Column, values: Sequence[Value]) -> dict[str, object]:
    """A column of allowed values in every representation that its type has, by name."""
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    missing = [value is None for value in values]
    bare = not any(missing)
    forms: dict[str, object] = {"objects": listed(values), "list": list(values)}
    of = inner(column)
    known: Sequence[object] = values
    if isinstance(of, EnumerationType):
        known = [member.name for member in of.members]
    if any(isinstance(value, str) and _is_lone(value) for value in known):
        return forms  # no other library holds half a letter
    if any(
        isinstance(value, Decimal | int) and not -(2**60) < int(value) < 2**60 for value in values
    ):
        return forms  # nor the whole numbers that Python has
    match of:
        case EnumerationType(_, members):
            names = [member.name for member in members]
            _texts(forms, values)
            codes = np.array([-1 if v is None else names.index(str(v)) for v in values], np.int16)
            forms["codes"] = (codes, names)
            turned = np.where(codes < 0, -1, len(names) - 1 - codes)
            forms["codes turned"] = (turned, names[::-1])
            forms["pandas categories"] = pd.Series(pd.Categorical(values, categories=names))
            forms["polars enum"] = pl.Series(values, dtype=pl.Enum(names))
            forms["polars categories"] = pl.Series(values, dtype=pl.Categorical)
        case TextType():
            _texts(forms, values)
        case BoolType():
            forms["arrow"] = pa.array([None, *values], pa.bool_())[1:]
            forms["polars"] = pl.Series(values, dtype=pl.Boolean)
            forms["pandas"] = pd.Series(values, dtype="boolean")
            if bare:
                forms["numpy"] = np.array(values, np.bool_)
        case IntType():
            some = [0 if value is None else value for value in values]
            kept = np.array(some, np.int64)
            forms["masked"] = np.ma.MaskedArray(kept, mask=missing)
            forms["arrow"] = pa.array([None, *values], pa.int64())[1:]
            forms["chunks"] = _chunks(pa.array(values, pa.int64()))
            forms["polars"] = pl.Series(values, dtype=pl.Int64)
            forms["pandas"] = pd.Series(values, dtype="Int64")
            if bare:
                forms["numpy"] = kept
        case DecimalType(digits):
            _exact(function, forms, values, digits)
        case DateType():
            days = np.array(["NaT" if v is None else str(v) for v in values], "datetime64[D]")
            forms["numpy"] = days
            forms["arrow"] = pa.array([None, *values], pa.date32())[1:]
            forms["polars"] = pl.Series(values, dtype=pl.Date)
            if all(v is None or 1700 < v.year < 2200 for v in values if isinstance(v, date)):
                forms["nanoseconds"] = days.astype("datetime64[ns]")
                forms["pandas"] = pd.Series(days.astype("datetime64[s]"))
        case TimeType():
            seconds = [counted(v) if isinstance(v, time) else None for v in values]
            forms["arrow"] = pa.array([None, *values], pa.time64("us"))[1:]
            forms["arrow seconds"] = pa.array(seconds, pa.time32("s"))
            forms["chunks"] = _chunks(pa.array(values, pa.time64("ns")))
            forms["polars"] = pl.Series(values, dtype=pl.Time)
        case DatetimeType():
            said = [
                "NaT" if v is None else v.isoformat() for v in values if isinstance(v, date | None)
            ]
            moments = np.array(said, "datetime64[s]")
            forms["numpy"] = moments
            forms["arrow"] = pa.array([None, *values], pa.timestamp("us"))[1:]
            forms["chunks"] = _chunks(pa.array(moments, pa.timestamp("ms")))
            forms["polars"] = pl.Series(values, dtype=pl.Datetime("us"))
            if all(v is None or 1700 < v.year < 2200 for v in values if isinstance(v, date)):
                forms["nanoseconds"] = moments.astype("datetime64[ns]")
                forms["pandas"] = pd.Series(moments)
    return forms


def _is_lone(text: str) -> bool:
    """Whether a text holds a surrogate without its partner."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _texts(forms: dict[str, object], values: Sequence[Value]) -> None:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    forms["arrow"] = pa.array([None, *values], pa.string())[1:]
    forms["arrow large"] = pa.array(values, pa.large_string())
    forms["arrow dictionary"] = pa.array([None, *values], pa.string()).dictionary_encode()[1:]
    forms["chunks"] = _chunks(pa.array(values, pa.string()))
    forms["polars"] = pl.Series(values, dtype=pl.String)
    forms["pandas"] = pd.Series(values, dtype="str")
    forms["pandas objects"] = pd.Series(values, dtype=object)
    if not any(value is None or str(value).endswith("\0") for value in values):
        forms["numpy"] = np.array(values, np.str_)  # which takes no text to end so


def _exact(
    function: Columns, forms: dict[str, object], values: Sequence[Value], digits: int
) -> None:
    import polars as pl
    import pyarrow as pa

    ranks = [None if v is None else int(Decimal(str(v)).scaleb(digits)) for v in values]
    forms["arrow"] = pa.array([None, *values], pa.decimal128(30, digits))[1:]
    forms["arrow finer"] = pa.array(values, pa.decimal128(30, digits + 2))
    forms["polars"] = pl.Series(values, dtype=pl.Decimal(30, digits))
    if any(rank is not None and abs(rank) >= 2**59 for rank in ranks):
        return  # nor are so many units whole numbers of 64 bits
    units = function.module.units
    forms["arrow units"] = units(pa.array(ranks, pa.int64()), digits)
    if None not in ranks:
        kept = np.array(ranks, np.int64)
        forms["units"] = units(kept, digits)
        forms["finer units"] = units(kept * 10, digits + 1)


def _chunks(array: Any) -> Any:
    """The array in three pieces, one of them empty."""
    import pyarrow as pa

    third = len(array) // 3
    return pa.chunked_array([array[:third], array[third:third], array[third:]])
