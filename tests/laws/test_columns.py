"""What generated columnar Python answers is what the table says, whoever hands the columns in."""

from __future__ import annotations

import ast
import builtins
import tracemalloc
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import product
from math import prod
from random import Random
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapless.backends.columns import FRAME, emit, shaping
from gapless.backends.columns.shaping import offered
from gapless.backends.rejections import missing, outside
from gapless.driver import compile_sources
from gapless.model import (
    BoolType,
    Column,
    DatetimeType,
    DateType,
    DecimalType,
    IntType,
    ListType,
    Policy,
    SetType,
    TimeType,
    Value,
)
from gapless_dsl.source import Source
from tests import generated_columns as columns
from tests.generated_columns import Columns, agree, asked, columnar, every, inner, packed, refused
from tests.generated_python import compiled, real
from tests.pages import ROOT
from tests.strategies import policies, probes

NAMES = sorted(every())
ROWS = 131_072
"""What the modules decide at a time."""

FEE = """policy post

type Zone = home "Home" | near | far

table fee "The fee"
  in  weight : int 1..30
  in  value  : optional decimal(2) 0.00..500.00
  in  zone   : Zone
  in  day    : date 2020-01-01..2030-12-31
  in  signed : bool
  out price  : decimal(2)
  out way    : Zone

  | first | weight | value   | zone | day           | signed || price      | way  || because |
  |-------|--------|---------|------|---------------|--------||------------|------||---------|
  | dear  | -      | 400..   | -    | -             | no     || impossible         || signed  |
  | light | ..5    | missing | home | -             | -      || 1.50       | home ||         |
  | old   | -      | -       | -    | ..2024-12-31  | -      || 3          | near ||         |
  | none  | -      | missing | -    | -             | -      || 4.75       | zone ||         |
  | otherwise                                             || 9.25       | far  || left    |
"""


@cache
def module_of(text: str) -> Any:
    """The columnar module of a policy's text."""
    result = compile_sources([Source("post.dtable", text)])
    assert [each for each in result.diagnostics if each.severity.value == "error"] == []
    [module] = [each for name, each in columns.modules(result).items() if name.endswith("_columns")]
    return module


def rows_of(function: Columns, most: int, wrong: bool = False) -> list[tuple[Value, ...]]:
    """Rows of values on both sides of all edges, and where wanted of others: all, or many by chance."""
    table = function.table
    of = [probes(table, each) + (refused(table, each) if wrong else []) for each in table.inputs]
    if prod(map(len, of)) <= most:
        return list(product(*of))
    chance = Random(0)
    return [tuple(map(chance.choice, of)) for _ in range(most)]


# ---------------------------------------------------------------- answers


@pytest.mark.parametrize("name", NAMES)
def test_both_sides_of_every_edge_get_the_answer_of_their_rows(name: str) -> None:
    function = every()[name]
    rows = rows_of(function, 1_000)

    agree(asked(function, columns.given(rows)), function.table, rows)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_missing_or_outside_is_refused_for_the_first_column_to_blame(name: str) -> None:
    function = every()[name]
    rows = rows_of(function, 1_000, wrong=True)

    agree(asked(function, columns.given(rows)), function.table, rows)


@pytest.mark.parametrize("name", NAMES)
def test_the_runtime_says_in_the_same_words_as_all_engines_what_a_column_takes(name: str) -> None:
    function = every()[name]
    data = next(
        each
        for each in vars(function.module).values()
        if type(each).__name__ == "Table" and each.name == function.table.name
    )

    for column, told in zip(function.table.inputs, data.columns, strict=True):
        assert (told.outside, told.missing) == (outside(column), missing(column))


def _agrees_in_every_form(function: Columns, rows: Sequence[tuple[Value, ...]]) -> int:
    """That columns in each representation get the same answers; how many representations there were."""
    plain = columns.given(rows)
    wanted = asked(function, plain)
    tried = 0
    for number, column in enumerate(function.table.inputs):
        for form, packed_so in packed(function, column, [row[number] for row in rows]).items():
            got = asked(function, [*plain[:number], packed_so, *plain[number + 1 :]])
            assert got == wanted, (function.table.name, column.name, form)
            tried += 1
    return tried


@pytest.mark.parametrize("name", NAMES)
def test_a_column_is_the_same_whoever_hands_it_in(name: str) -> None:
    function = every()[name]

    assert _agrees_in_every_form(function, rows_of(function, 200)) >= 2 * len(function.table.inputs)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(policies(), st.randoms(use_true_random=False))
def test_random_tables_answer_whole_columns_as_the_reference_meaning(
    policy: Policy, chance: Random
) -> None:
    for function in columnar(compiled(policy)):
        values = [
            probes(function.table, each) + refused(function.table, each)
            for each in function.table.inputs
        ]
        rows = [tuple(map(chance.choice, values)) for _ in range(60)]
        agree(asked(function, columns.given(rows)), function.table, rows)
        good = [
            tuple(map(chance.choice, (probes(function.table, c) for c in function.table.inputs)))
            for _ in range(20)
        ]
        _agrees_in_every_form(function, good)


@pytest.mark.parametrize("largest", [12, 80, 150, 400])
def test_every_shape_gives_the_same_answers(largest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    offered.cache_clear()  # what is remembered has other grids
    monkeypatch.setattr(shaping, "LARGEST", largest)
    stages = set()
    for function in columnar(real()):
        rows = rows_of(function, 300)
        agree(asked(function, columns.given(rows)), function.table, rows)
        data = next(
            each
            for each in vars(function.module).values()
            if type(each).__name__ == "Table" and each.name == function.table.name
        )
        stages.add(len(data.stages))
        assert all(len(stage.cells) <= largest for stage in data.stages)

    offered.cache_clear()
    assert len(stages) > 1


@pytest.mark.parametrize("length", [0, 1, ROWS - 1, ROWS, ROWS + 1, 2 * ROWS + 1])
def test_blocks_end_where_they_like(length: int) -> None:
    module = module_of(FEE)
    place = np.arange(length)
    weight, zone = place % 30 + 1, (place % 3).astype(np.int8)
    day = np.datetime64("2024-12-30") + place % 4
    value = np.ma.MaskedArray(place % 39_000, mask=place % 5 == 0)

    found = module.fee_columns(
        weight, module.units(value, 2), (zone, ["home", "near", "far"]), day, place % 7 > 2
    )

    last = range(max(0, length - 3), length)
    for row in [*range(min(3, length)), *last]:
        one = slice(row, row + 1)
        given = (weight[one], module.units(value[one], 2), (zone[one], ["home", "near", "far"]))
        alone = module.fee_columns(*given, day[one], (place % 7 > 2)[one])
        assert found.values("price")[row] == alone.values("price")[0]
        assert found.values("way")[row] == alone.values("way")[0]
    assert len(found) == len(found.codes) == length


def test_numbers_of_any_width_and_order_of_bytes_are_the_same_numbers() -> None:
    module = module_of(
        "policy wide\n\ntable size\n  in  n : int 300..\n  out s : int\n\n"
        "  | unique | n          || s |\n  |--------|------------||---|\n"
        "  | small  | ..499      || 1 |\n  | large  | 500..70000 || 2 |\n  | vast   | 70001..    || 3 |\n"
    )
    numbers = [-1, 0, 100, 299, 300, 499, 500, 70_000, 70_001, 2**31, 2**63 - 1, 2**63, 2**64 - 1]
    wanted = [None] * 4 + [1, 1, 2, 2] + [3] * 5
    for kind in ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", ">i2", ">i4", ">u8"):
        reach = np.iinfo(kind)
        fitting = [
            (n, s) for n, s in zip(numbers, wanted, strict=True) if reach.min <= n <= reach.max
        ]
        column = np.array([n for n, _ in fitting], kind)
        for each in (column, np.repeat(column, 2)[::2]):
            found = module.size_columns(each, refused="null")
            assert found.values("s").tolist() == [s for _, s in fitting], kind
    codes = np.array([0, 1, 2, 1 << 24], ">i4")
    fee = module_of(FEE)
    rest = [np.full(4, 5), columns.listed([None] * 4), columns.listed([date(2026, 1, 1)] * 4)]
    zones = (codes, ["home", "near", "far"])
    found = fee.fee_columns(rest[0], rest[1], zones, rest[2], np.ones(4, np.bool_), refused="null")
    assert [each.value for each in found.refusals] == [1 << 24]


COMPARED = """policy compared

type Level = ordered low < mid < high

table exact
  in  a : decimal(1) 0.0..5.0
  in  b : optional decimal(2) 0.00..5.00
  out o : int

  | unique | a   | b       || o |
  |--------|-----|---------||---|
  | none   | -   | missing || 0 |
  | below  | < b | present || 1 |
  | like   | = b | present || 2 |
  | above  | > b | present || 3 |

table listed
  in  a : Level
  in  b : Level
  in  c : date 2020-01-01..
  in  d : date
  out o : Level

  | first | a    | b | c    || o    |
  |-------|------|---|------||------|
  | late  | -    | - | >= d || b    |
  | below | <= b | - | -    || low  |
  | above | > b  | - | -    || high |
"""


def test_columns_are_compared_with_each_other_exactly() -> None:
    result = compile_sources([Source("compared.dtable", COMPARED)])
    assert [each for each in result.diagnostics if each.severity.value == "error"] == []
    tried = [function.table.name for function in columnar(result)]
    for function in columnar(result):
        rows = rows_of(function, 600, wrong=True)
        agree(asked(function, columns.given(rows)), function.table, rows)
        _agrees_in_every_form(function, rows_of(function, 100))
        _agree_in_frames(function, rows)

    assert tried == ["exact", "listed"]


def test_numbers_too_long_to_be_compared_are_no_answers() -> None:
    module = module_of(
        "policy long\n\ntable more\n  in  a : int\n  in  b : int\n  out o : bool\n\n"
        "  | first | a    || o   |\n  |-------|------||-----|\n  | more  | > b  || yes |\n"
        "  | less  | <= b || no  |\n"
    )

    assert module.more_columns(np.array([2, 2]), np.array([1, 3])).values("o").tolist() == [
        True,
        False,
    ]
    for long in ([2**63, 0], [-(2**80), 0]):
        with pytest.raises(module.ColumnError, match="a has numbers that are too long to compare"):
            module.more_columns(columns.listed(long), np.array([1, 1]))


def test_pieces_of_different_lengths_go_together() -> None:
    function = every()["library_columns.loan_days"]
    rows = [row for row in rows_of(function, 500) if row]
    plain = columns.given(rows)
    wanted = asked(function, plain)
    age = pa.array([row[0] for row in rows])
    item = pa.array([row[2] for row in rows])
    cut, other = len(rows) // 3, len(rows) // 2

    ages = pa.chunked_array([age[:cut], age[cut:]])
    items = pa.chunked_array(
        [item[:other], item[other:other], item[other:].dictionary_encode().dictionary_decode()]
    )

    assert asked(function, [ages, plain[1], items]) == wanted


# ---------------------------------------------------------------- what is refused


GOOD: dict[str, list[Any]] = {
    "weight": [5, 5, 5],
    "value": [None, None, None],
    "zone": ["home", "home", "home"],
    "day": [date(2026, 1, 1)] * 3,
    "signed": [True, True, True],
}


def one_bad(module: Any, argument: str, column: object) -> str:
    """The reason for which the second of three rows is refused, the others being answered."""
    given = {name: columns.listed(values) for name, values in GOOD.items()}
    found = module.fee_columns(**{**given, argument: column}, refused="report")
    assert found.refused == 1
    assert found.values("price").tolist() == [Decimal("1.50"), None, Decimal("1.50")]
    assert found.reject.tolist()[::2] == [None, None]
    (refusal,) = found.refusals
    assert (refusal.position, refusal.column) == (1, argument)
    assert refusal.reason == found.reject[1]
    reason: str = refusal.reason
    return reason


ODD: tuple[object, ...] = (
    float("nan"),
    float("inf"),
    1.5,
    True,
    "5",
    b"5",
    [],
    {},
    1j,
    2**53 + 1,
    10**400,
)


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:12])
def test_odd_objects_are_refused_rows(odd: object) -> None:
    module = module_of(FEE)
    for argument, values in GOOD.items():
        if argument == "signed" and odd is True:
            continue
        column = columns.listed([values[0], odd, values[2]])
        told = one_bad(module, argument, column)
        assert told.startswith(f"{argument} must be ")


@pytest.mark.parametrize(
    "odd", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+400", "500.01", "-0.01", "0.001"]
)
def test_odd_exact_numbers_are_refused_rows(odd: str) -> None:
    column = columns.listed([None, Decimal(odd), None])

    told = one_bad(module_of(FEE), "value", column)

    assert told == "value must be a number from 0.00 to 500.00 with at most 2 decimals"


def bad_columns(module: Any) -> dict[str, tuple[str, object]]:
    """Columns of which the second value is missing or outside, in the representations of each library."""
    zones = ["home", "near", "far"]
    days = ["2026-01-01", "NaT", "2026-01-01"]
    late = np.array(["2026-01-01T00", "2026-01-01T12", "2026-01-01T00"], "datetime64[s]")
    return {
        "int8 below": ("weight", np.array([5, -1, 5], np.int8)),
        "uint8 above": ("weight", np.array([5, 31, 5], np.uint8)),
        "int64 far": ("weight", np.array([5, 2**53 + 1, 5])),
        "uint64 far": ("weight", np.array([5, 2**64 - 1, 5], np.uint64)),
        "masked": ("weight", np.ma.MaskedArray([5, 5, 5], mask=[False, True, False])),
        "arrow null": ("weight", pa.array([5, None, 5])),
        "pandas NA": ("weight", pd.Series([5, None, 5], dtype="Int64")),
        "polars null": ("weight", pl.Series([5, None, 5])),
        "code -1": ("zone", (np.array([0, -1, 0], np.int8), zones)),
        "code -2": ("zone", (np.array([0, -2, 0], np.int8), zones)),
        "code 3": ("zone", (np.array([0, 3, 0], np.uint8), zones)),
        "category": ("zone", (np.array([0, 1, 0], np.int8), ["home", "Home"])),
        "no string": ("zone", (np.array([0, 1, 0], np.int8), ["home", 7])),
        "pandas category": ("zone", pd.Series(["home", "HOME", "home"], dtype="category")),
        "pandas no category": ("zone", pd.Series(["home", None, "home"], dtype="category")),
        "pandas str": ("zone", pd.Series(["home", None, "home"], dtype="str")),
        "pandas NaN": ("zone", pd.Series(["home", float("nan"), "home"], dtype=object)),
        "arrow string": ("zone", pa.array(["home", "hom", "home"])),
        "arrow no string": ("zone", pa.array(["home", None, "home"])),
        "arrow dictionary": ("zone", pa.array(["home", "", "home"]).dictionary_encode()),
        "polars string": ("zone", pl.Series(["home", "home ", "home"])),
        "polars category": ("zone", pl.Series(["home", "x", "home"], dtype=pl.Categorical)),
        "numpy string": ("zone", np.array(["home", "hOme", "home"])),
        "days": ("day", np.array(days, "datetime64[D]")),
        "seconds": ("day", late),
        "pandas days": ("day", pd.Series(late)),
        "arrow days": ("day", pa.array([date(2026, 1, 1), date(2031, 1, 1), date(2026, 1, 1)])),
        "arrow flags": ("signed", pa.array([True, None, True])),
        "pandas flags": ("signed", pd.Series([True, None, True], dtype="boolean")),
    }


@pytest.mark.parametrize("form", bad_columns(None))
def test_what_a_library_calls_missing_or_holds_beside_is_a_refused_row(form: str) -> None:
    module = module_of(FEE)
    argument, column = bad_columns(module)[form]

    told = one_bad(module, argument, column)

    is_missing = any(word in form for word in ("null", "no ", "NA", "NaN", "-1", "masked"))
    is_missing |= form in ("days", "arrow flags", "pandas flags", "pandas str")
    ends = f"{argument} is missing" if is_missing and form != "no string" else f"{argument} must be"
    assert told.startswith(ends)


def exact_columns(module: Any) -> dict[str, object]:
    """Exact numbers of which the second is beside what `value` takes."""
    long = [None, Decimal("99999999999999999999.00"), None]
    return {
        "arrow above": pa.array([None, Decimal("500.01"), None], pa.decimal128(9, 2)),
        "arrow between": pa.array([None, Decimal("1.001"), None], pa.decimal128(9, 3)),
        "arrow long": pa.array(long, pa.decimal128(38, 2)),
        "arrow 256": pa.array(long, pa.decimal256(60, 2)),
        "polars": pl.Series([None, Decimal("-0.01"), None], dtype=pl.Decimal(9, 2)),
        "units": module.units(np.ma.MaskedArray([0, 50_001, 0], mask=[True, False, True]), 2),
        "finer units": module.units(pa.array([None, 1001, None]), 3),
        "coarser units": module.units(pa.array([None, 2**62, None]), 0),
    }


@pytest.mark.parametrize("form", exact_columns(module_of(FEE)))
def test_exact_numbers_beside_the_column_are_refused_rows(form: str) -> None:
    module = module_of(FEE)

    told = one_bad(module, "value", exact_columns(module)[form])

    assert told.startswith("value must be a number from 0.00 to 500.00")


@pytest.mark.parametrize(
    ("argument", "column"),
    [
        ("weight", np.array([5.0, 5.0, 5.0])),
        ("weight", np.array([True, True, True])),
        ("weight", pa.array([5.0, 5.0, 5.0])),
        ("weight", pl.Series([5.0, 5.0, 5.0])),
        ("weight", pd.Series([5, None, 5])),
        ("weight", np.array(["5", "5", "5"])),
        ("weight", np.array([[5], [5], [5]])),
        ("weight", "555"),
        ("value", np.array([1.5, 1.5, 1.5])),
        ("value", np.array([1, 1, 1])),
        ("value", pa.array([1, 1, 1])),
        ("zone", np.array([0, 1, 2])),
        ("zone", (np.array([0.0, 1.0, 2.0]), ["home", "near", "far"])),
        ("day", pa.array(["2026-01-01"] * 3)),
        ("day", np.array([1, 2, 3])),
        ("signed", np.array([0, 1, 1])),
        ("signed", (np.array([0, 1, 1]), ["no", "yes"])),
    ],
)
def test_a_column_of_another_kind_is_refused_whole(argument: str, column: object) -> None:
    module = module_of(FEE)
    given = {name: columns.listed(values) for name, values in GOOD.items()}

    with pytest.raises(module.ColumnError, match=f"^{argument} takes "):
        module.fee_columns(**{**given, argument: column}, refused="null")


def test_columns_of_different_lengths_are_refused() -> None:
    module = module_of(FEE)
    given = {name: columns.listed(values) for name, values in GOOD.items()}

    with pytest.raises(module.ColumnError, match="must be of one length; got weight 2, value 3"):
        module.fee_columns(**{**given, "weight": np.array([5, 5])})


def test_the_first_refused_row_is_told_and_how_many_more_there_are() -> None:
    module = module_of(FEE)
    given = {name: columns.listed(values * 1000) for name, values in GOOD.items()}
    weight = np.full(3000, 5)
    weight[[17, 400, 2999]] = 31, 0, -7

    with pytest.raises(ValueError, match="row 17") as raised:
        module.fee_columns(**{**given, "weight": weight})
    found = module.fee_columns(**{**given, "weight": weight}, refused="null")

    assert type(raised.value) is module.RefusedError
    assert str(raised.value) == (
        "fee: row 17: weight must be a whole number from 1 to 30; got 31 (int) (and 2 more rows)"
    )
    assert (found.refused, found.reject) == (3, None)
    assert [each[:3] for each in found.refusals] == [
        (17, "weight", 31),
        (400, "weight", 0),
        (2999, "weight", -7),
    ]
    assert np.flatnonzero(found.values("way") == None).tolist() == [17, 400, 2999]


def test_all_refused_rows_are_counted_and_the_first_thousand_listed() -> None:
    module = module_of(FEE)
    count = ROWS + 5000
    given = {name: columns.listed(values[:1] * count) for name, values in GOOD.items()}

    found = module.fee_columns(**{**given, "weight": np.zeros(count, np.int8)}, refused="null")

    assert (found.refused, len(found.refusals)) == (count, 1000)
    assert [each.position for each in found.refusals] == list(range(1000))


def test_a_case_that_cannot_happen_is_refused_by_its_rule() -> None:
    module = module_of(FEE)
    given: dict[str, object] = {name: columns.listed(values) for name, values in GOOD.items()}
    given |= {
        "value": module.units(np.array([1, 39_999, 40_000]), 2),
        "signed": np.zeros(3, np.bool_),
    }

    found = module.fee_columns(**given, refused="report")

    assert found.reject.tolist() == [None, None, "cannot happen: rule dear"]
    assert found.refusals[0][:3] == (2, None, None)


def test_an_input_that_is_passed_on_is_the_value_of_its_row() -> None:
    module = module_of(FEE)
    given = {name: columns.listed(values) for name, values in GOOD.items()}
    zone = pd.Series(["near", "far", "home"], dtype="category")

    found = module.fee_columns(**{**given, "weight": np.array([9, 9, 9]), "zone": zone})

    assert found.values("way").tolist() == ["near", "far", "home"]
    assert module.Passed("zone") in found.dictionary("way")


# ---------------------------------------------------------------- data frames


def _arrow_type(column: Column) -> pa.DataType:
    match inner(column):
        case BoolType():
            return pa.bool_()
        case IntType():
            return pa.int64()
        case DecimalType(digits):
            return pa.decimal128(25, digits + 1)
        case DateType():
            return pa.date32()
        case TimeType():
            return pa.time64("us")
        case DatetimeType():
            return pa.timestamp("us")
    return pa.string()


def table_of(function: Columns, rows: Sequence[tuple[Value, ...]]) -> pa.Table:
    return pa.table(
        {
            column.name: pa.array([row[number] for row in rows], _arrow_type(column))
            for number, column in enumerate(function.table.inputs)
        }
    )


def _has_lists(function: Columns) -> bool:
    return any(isinstance(each.type, ListType | SetType) for each in function.table.outputs)


def _frames(table: pa.Table, lists: bool) -> dict[str, Any]:
    """The table as the frame of each library, those that compute later only where they can."""
    eager = {
        "arrow": table,
        "polars": pl.DataFrame(table),
        "pandas": table.to_pandas(types_mapper=pd.ArrowDtype).set_index(
            pd.RangeIndex(7, 7 + len(table))
        ),
    }
    later = {
        "polars lazy": pl.DataFrame(table).lazy(),
        "duckdb": duckdb.connect().from_arrow(table),
    }
    return eager if lists else {**eager, **later}


def _back(name: str, frame: Any, wanted: Sequence[str]) -> list[tuple[object, ...]]:
    """The rows of a frame, as Python has them."""
    if name == "pandas":
        assert frame.index[0] == 7
        frame = pa.table(
            {each: pa.array(frame[each].tolist(), from_pandas=True) for each in wanted}
        )
    elif name == "polars lazy":
        frame = frame.collect().to_arrow()
    elif name == "polars":
        frame = frame.to_arrow()
    elif name == "duckdb":
        frame = frame.to_arrow_table()
    return list(zip(*(frame.column(each).to_pylist() for each in wanted), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_frames_of_every_library_agree_row_for_row(name: str) -> None:
    function = every()[name]
    _agree_in_frames(function, rows_of(function, 250, wrong=True))


def _agree_in_frames(function: Columns, rows: Sequence[tuple[Value, ...]]) -> None:
    """That rows get the same answers in the frames of every library."""
    names = [each.name for each in function.table.outputs]
    wanted = [
        (*[None] * len(names), each)
        if isinstance(each, str)
        else (*([*value] if isinstance(value, tuple) else value for value in each), None)
        for each in asked(function, columns.given(rows))
    ]
    for library, frame in _frames(table_of(function, rows), _has_lists(function)).items():
        got = _back(library, function.frame(frame), [*names, "refused"])
        got = [
            tuple(
                frozenset(v) if isinstance(v, list) and isinstance(w, frozenset) else v
                for v, w in zip(g, m, strict=True)
            )
            for g, m in zip(got, wanted, strict=True)
        ]
        assert got == wanted, library


def test_frames_keep_their_columns_and_refuse_what_they_cannot_do() -> None:
    function = every()["library_columns.loan_days"]
    frame = pl.DataFrame({"n": [1], "age": [9], "works_here": [False], "item": ["book"]})
    error = function.module.ColumnError

    kept = function.frame(frame, refused="null")
    assert kept.columns[:4] == frame.columns and "refused" not in kept.columns
    assert function.frame(frame.lazy(), refused="null").collect().equals(kept)
    with pytest.raises(function.module.RefusedError, match="row 0: age must be"):
        function.frame(frame.with_columns(age=pl.lit(3)), refused="raise")
    with pytest.raises(error, match="nothing is computed yet"):
        function.frame(frame.lazy(), refused="raise")
    with pytest.raises(error, match="the frame has no column age, item"):
        function.frame(frame.drop("age", "item"))
    twice = function.frame(frame.with_columns(refused=pl.lit(1)))
    assert twice.columns[-3:] == ["rule", "basis", "refused_2"]
    with pytest.raises(error, match="the frame has already a column days"):
        function.frame(frame.with_columns(days=pl.lit(1)))
    for late in (frame.with_columns(age=pl.lit(3.5)).lazy(), frame.with_columns(age=pl.lit(3.5))):
        with pytest.raises(error, match="age takes"):
            function.frame(late)


def test_lists_need_the_frame_in_memory() -> None:
    function = every()["parcel_columns.parcel_stickers"]
    frame = table_of(function, rows_of(function, 10))

    with pytest.raises(function.module.ColumnError, match="collect it first"):
        function.frame(duckdb.connect().from_arrow(frame))


# ---------------------------------------------------------------- how it is kept


def test_working_memory_is_at_most_four_bytes_a_row() -> None:
    module = module_of(FEE)
    count = 2_000_000
    place = np.arange(count)
    given = [
        (place % 30 + 1).astype(np.int8),
        module.units((place % 30_000).astype(np.int32), 2),
        pa.array(["home", "near", "far", "home"] * (count // 4)),
        pa.array((place % 3650 + 18_300).astype(np.int32)).cast(pa.date32()),
        place % 3 > 0,
    ]
    module.fee_columns(*given)
    tracemalloc.start()
    held = pa.total_allocated_bytes()
    found = module.fee_columns(*given)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert pa.total_allocated_bytes() - held < count
    assert peak - found.codes.nbytes < 4 * count


def test_what_a_module_defines_is_kept_from_the_names_of_tables() -> None:
    tree = ast.parse(emit(compile_sources([Source("post.dtable", FEE)]))[0].text)
    named = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    builtin = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    builtin &= set(vars(builtins)) - {"_"}  # a session before leaves its last value there

    # A table's own names begin with a capital, or have a word of ours at their end.
    assert {
        name for name in named if name[0].isupper() or name.endswith(("_columns", "_frame"))
    } <= FRAME
    assert "object" in builtin and all(map(str.islower, builtin))


def test_tables_that_calculate_are_named_and_have_no_function() -> None:
    text = (
        FEE
        + "\ntable tax\n  in a : int 0..9\n  out b : int\n  | unique | a || b |\n  |---|---||---|\n  | r | - || a + 1 |\n"
    )

    module = module_of(text)

    assert "Left out" in module.__doc__
    assert "tax: it calculates b by r." in module.__doc__
    assert not any(name.startswith("tax") for name in vars(module))


def test_a_policy_that_only_calculates_says_so_and_offers_nothing() -> None:
    text = "policy sums\n\ntable tax\n  in a : int 0..9\n  out b : int\n  | unique | a || b |\n  |---|---||---|\n  | r | - || a + 1 |\n"

    module = module_of(text)

    assert (module.__all__, "tax: it calculates" in module.__doc__) == ([], True)


def test_the_runtime_is_written_as_it_is() -> None:
    source = ROOT / "compiler/gapless/backends/columns/runtime.py"
    [runtime] = [each for each in emit(real()) if each.path == "columns/runtime.py"]

    assert runtime.text.encode() == source.read_bytes()
    assert emit(compile_sources([])) == ()
