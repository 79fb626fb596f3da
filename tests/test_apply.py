"""`gapless apply`: every row answered or refused with its reason, files whole or not there at all."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest

from gapless.analysis.unit import Unit
from gapless.backends import rejections as refusing
from gapless.backends.sql.expressions import Unsupported, expressions
from gapless.cli import console
from gapless.cli.apply import arrow, on_duckdb
from gapless.cli.apply.job import Format, Job
from gapless.cli.console import line
from gapless.driver import Result, compile_sources
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
)
from gapless.semantics import Answered, evaluate
from gapless_dsl.source import Source
from tests.pages import ROOT, run
from tests.strategies.cases import belongs, probes
from tests.strategies.types import inner
from tests.test_cli import ENVIRONMENT
from tests.traced import told

PARCEL = """\
policy parcel

type Zone = home | world | "outer space"

table fee "The fee"
  in  weight : decimal(2) 0.50..30
  in  zone   : Zone
  in  day    : optional date 2020-01-01..
  in  fast   : bool
  in  pieces : int 1..
  out price  : decimal(2) 0..
  out note   : optional text

  | unique | weight | zone  | day     | fast | pieces || price      | note      || because  |
  |--------|--------|-------|---------|------|--------||------------|-----------||----------|
  | light  | <= 10  | home  | -       | no   | -      || 2.50       | "it's \\"so\\"" || by scale |
  | quick  | <= 10  | home  | -       | yes  | -      || 4          | missing   ||          |
  | heavy  | > 10   | home  | -       | -    | -      || 4.90       | missing   ||          |
  | far    | -      | world | missing | -    | -      || 9          | missing   ||          |
  | dated  | -      | world | present | -    | -      || 9.50       | missing   ||          |
  | beyond | -      | "outer space" | - | -   | -      || impossible             || no rocket |

  example weight = 1, zone = home, day = missing, fast = no, pieces = 1
    gives price = 2.50
  example weight = 1, zone = home, day = missing, fast = yes, pieces = 1
    gives price = 4
  example weight = 11, zone = home, day = missing, fast = yes, pieces = 1
    gives price = 4.90
  example weight = 1, zone = world, day = missing, fast = yes, pieces = 1
    gives price = 9
  example weight = 1, zone = world, day = 2020-01-01, fast = yes, pieces = 1
    gives price = 9.50
"""

HEADER = "id,weight,zone,day,fast,pieces\n"
ROWS = """\
1,2.5,home,,no,1
2,2.50000,home,2024-02-29,true,7
3,0.49,home,,no,1
4,10.01,world,,yes,1
5,10.001,world,,yes,1
6,,world,,yes,1
7,1,Home,,yes,1
8,1,outer space,,yes,1
9,1,world,2023-02-29,yes,1
10,1,world,2020-01-01,false,1
11,1,home,,maybe,1
12,1,home,,no,1.0
13,"1,5",home,,no,1
14,1e1,home,,no,1
15,NaN,home,,no,1
16, 1,home,,no,1
17,-1,home,,no,1
18,1,home,2024-1-1,no,0
"""
WEIGHT = "weight must be a number from 0.50 to 30.00 with at most 2 decimals"
REASONS = {
    3: WEIGHT,
    5: WEIGHT,
    6: "weight is missing",
    7: "zone must be home, world or outer space",
    8: "cannot happen: rule beyond",
    9: "day must be a day from 2020-01-01 on",
    11: "fast must be yes or no",
    12: "pieces must be a whole number from 1 on",
    **dict.fromkeys((13, 14, 15, 16, 17), WEIGHT),
    18: "day must be a day from 2020-01-01 on",
}


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with one policy and some rows."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "parcel.dtable").write_text(PARCEL)
    (tmp_path / "in.csv").write_text(HEADER + ROWS)
    return tmp_path


def apply(*words: str) -> tuple[int, str, str]:
    return run(["apply", *words])


def table_of(path: str | Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def typed(rows: int = 4) -> pa.Table:
    """Rows that are all answered, as columns of the types that are due."""
    return pa.table(
        {
            "weight": pa.array([Decimal("2.50")] * rows, pa.decimal128(6, 2)),
            "zone": ["home", "world"] * (rows // 2) + ["home"] * (rows % 2),
            "day": pa.array([None] * rows, pa.date32()),
            "fast": [True] * rows,
            "pieces": pa.array([1] * rows, pa.int32()),
            "kept": list(range(rows)),
        }
    )


# ---------------------------------------------------------------- answers and reasons


def test_every_row_is_answered_or_refused_with_its_reason() -> None:
    code, told, aside = apply("fee", "in.csv", "-o", "out.csv")

    assert (code, told) == (
        1,
        "out.csv          4 rows answered\nout.rejects.csv  14 rows rejected\n",
    )
    assert aside.startswith("18 rows in ")
    assert "rows/s, at most " in aside
    assert [(row["id"], row["price"], row["note"], row["rule"]) for row in table_of("out.csv")] == [
        ("1", "2.50", 'it\'s "so"', "light"),
        ("2", "4.00", "", "quick"),
        ("4", "9.00", "", "far"),
        ("10", "9.50", "", "dated"),
    ]
    refused = table_of("out.rejects.csv")
    assert {int(row["id"]): row["rejected_reason"] for row in refused} == REASONS
    assert all(row["rejected_row"] == row["id"] for row in refused)
    assert refused[8]["weight"] == "1,5"


def test_what_is_read_is_passed_on_as_it_was() -> None:
    apply("fee", "in.csv", "-o", "out.csv")

    kept = [{name: row[name] for name in HEADER.strip().split(",")} for row in table_of("out.csv")]
    assert kept == [row for row in table_of("in.csv") if int(row["id"]) not in REASONS]


def test_no_refused_row_is_0_and_the_file_of_refused_rows_is_there_all_the_same(shop: Path) -> None:
    pq.write_table(typed(), "in.parquet")
    (shop / "out.rejects.parquet").write_text("of an earlier run")

    code, told, _ = apply("parcel.fee", "in.parquet", "-o", "out.parquet", "--quiet")

    assert (code, told.splitlines()[1]) == (0, "out.rejects.parquet  0 rows rejected")
    assert pq.read_table("out.rejects.parquet").num_rows == 0
    found = pq.read_table("out.parquet")
    assert found.select(typed().column_names).equals(typed())
    assert found["price"].to_pylist() == [Decimal("4.00"), Decimal("9.00")] * 2
    assert found.schema.field("price").type == pa.decimal128(18, 2)


@pytest.mark.parametrize("ending", ["csv", "parquet", "arrow"])
@pytest.mark.parametrize("given", ["csv", "parquet", "feather"])
def test_every_format_goes_in_and_out(given: str, ending: str) -> None:
    put(typed(5), f"in.{given}")

    code, _, _ = apply("fee", f"in.{given}", "-o", f"out.{ending}")

    assert code == 0
    assert [str(row["kept"]) for row in got(f"out.{ending}")] == ["0", "1", "2", "3", "4"]
    assert [row["rule"] for row in got(f"out.{ending}")] == [
        "quick",
        "far",
        "quick",
        "far",
        "quick",
    ]


def put(table: pa.Table, path: str) -> None:
    match path.rpartition(".")[2]:
        case "parquet":
            pq.write_table(table, path)
        case "csv":
            with open(path, "w", encoding="utf-8", newline="") as file:
                rows = (map(cell, row.values()) for row in table.to_pylist())
                csv.writer(file).writerows([table.column_names, *rows])
        case _:
            with pa.ipc.new_file(path, table.schema) as file:
                file.write_table(table, max_chunksize=2)


def cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case _:
            return str(value)


def got(path: str) -> list[dict[str, Any]]:
    match path.rpartition(".")[2]:
        case "parquet":
            return list(pq.read_table(path).to_pylist())
        case "csv":
            return list(table_of(path))
        case _:
            return list(pa.ipc.open_file(path).read_all().to_pylist())


def test_a_stream_and_codes_are_read_too() -> None:
    table = typed(3)
    coded = table.set_column(1, "zone", table["zone"].dictionary_encode())
    with pa.ipc.new_stream("in.arrow", coded.schema) as stream:
        stream.write_table(coded)

    assert apply("fee", "in.arrow", "-o", "out.csv")[0] == 0
    assert [row["zone"] for row in table_of("out.csv")] == ["home", "world", "home"]


@pytest.mark.parametrize("rows", [0, 1])
def test_files_of_no_row_and_of_one(rows: int) -> None:
    for ending in ("csv", "parquet", "arrow"):
        put(typed(2).slice(0, rows), f"in.{ending}")
        assert apply("fee", f"in.{ending}", "-o", f"out.{ending}")[0] == 0
        assert len(got(f"out.{ending}")) == rows
    assert (pq.read_schema("out.parquet").names[-4:]) == ["price", "note", "rule", "basis"]


def test_rows_keep_their_order_and_bytes_do_not_depend_on_threads() -> None:
    pq.write_table(typed(300_001), "in.parquet", row_group_size=7_000)

    apply("fee", "in.parquet", "-o", "one.parquet", "--threads", "1")
    apply("fee", "in.parquet", "-o", "two.parquet", "--threads", "4")

    assert pq.read_table("one.parquet")["kept"].to_pylist() == list(range(300_001))
    assert Path("one.parquet").read_bytes() == Path("two.parquet").read_bytes()


# ---------------------------------------------------------------- agreement


@cache
def result() -> Result:
    examples = ("air_quality", "income_tax_us", "letter_rates", "stroke_risk", "vfr_minima")
    paths = [ROOT / f"tables/examples/{name}.dtable" for name in examples]
    paths += ROOT.glob("tables/*.dtable")
    named = sorted((str(path.relative_to(ROOT)), path) for path in paths)
    return compile_sources([Source(name, path.read_text("utf-8")) for name, path in named])


def units() -> Iterator[Unit]:
    for unit in result().units.values():
        if not isinstance(expressions(unit), Unsupported):
            yield unit


CASES = 60


def drawn(unit: Unit, seed: int) -> list[dict[str, Value]]:
    """Inputs at and beside everything that a table names; one in six has something that is outside."""
    chance = random.Random(f"{unit.table.name} {seed}")
    columns = unit.table.inputs
    values = {column.name: probes(unit.table, column) for column in columns}
    cases = [{name: chance.choice(those) for name, those in values.items()} for _ in range(CASES)]
    for case in cases[::6]:
        column = chance.choice(columns)
        case[column.name] = chance.choice([None, *stray(column)])
    return cases


def stray(column: Column) -> list[Value]:
    """Values of the right kind that are none of the column's."""
    match inner(column.type):
        case EnumerationType(_, members):
            return [members[0].name.swapcase() + "_", members[-1].name + " "]
        case IntType(low, high):
            return [*([] if low is None else [low - 1]), *([] if high is None else [high + 1])]
        case DecimalType(digits, low, high):
            step = Decimal(1).scaleb(-digits)
            ends = [None if low is None else low - step, None if high is None else high + step]
            return [Decimal(1).scaleb(-digits - 1), *(each for each in ends if each is not None)]
        case _:
            return []


def expected(table: Table, case: Mapping[str, Value]) -> tuple[str | None, Answered | None]:
    """The reason, or the answer, by the reference meaning alone."""
    for column in table.inputs:
        value = case[column.name]
        if value is None and not isinstance(column.type, OptionalType):
            return refusing.missing(column), None
        if value is not None and value not in probes_or_inside(column, value):
            return refusing.outside(column), None
    meaning = evaluate(table, case)
    return (None, meaning) if isinstance(meaning, Answered) else ("cannot happen", None)


def probes_or_inside(column: Column, value: Value) -> tuple[Value, ...]:
    """The value itself if it is one of the column's, else nothing."""
    match inner(column.type):
        case EnumerationType() as of:
            return (value,) if value in of.names else ()
        case DecimalType(digits) as of:
            assert isinstance(value, Decimal)
            fits = value == round(value, digits) and belongs(value, of)
            return (value,) if fits else ()
        case IntType() | DateType() as of:
            assert isinstance(value, int | date)
            return (value,) if belongs(value, of) else ()
        case _:
            return (value,)


def arrow_type(column: Column) -> pa.DataType:
    match inner(column.type):
        case IntType():
            return pa.int64()
        case DecimalType(digits):
            return pa.decimal128(30, digits + 1)
        case DateType():
            return pa.date32()
        case TimeType():
            return pa.time64("us")
        case DatetimeType():
            return pa.timestamp("us")
        case BoolType():
            return pa.bool_()
        case EnumerationType() | TextType():
            return pa.string()
        case _:
            raise AssertionError(column)


def spoken(column: Column, value: Value) -> object:
    """An answer as files hold it: lists as JSON, in which numbers and days are compared as texts."""
    if isinstance(value, tuple | frozenset):
        items = [str(each).lower() if isinstance(each, bool) else str(each) for each in value]
        return sorted(items) if isinstance(value, frozenset) else items
    return value


def listened(column: Column, value: Any, meant: Value) -> object:
    if isinstance(meant, tuple | frozenset):
        items = [
            str(each).lower() if isinstance(each, bool) else str(each) for each in json.loads(value)
        ]
        return sorted(items) if isinstance(meant, frozenset) else items
    return value


@pytest.mark.parametrize("format", [Format.PARQUET, Format.CSV])
def test_answers_and_reasons_are_those_of_the_reference_meaning(format: Format) -> None:
    asked = 0
    for unit in units():
        cases = drawn(unit, 1)
        columns = {
            column.name: pa.array([case[column.name] for case in cases], arrow_type(column))
            for column in unit.table.inputs
        }
        put(pa.table(columns), f"in.{format}")
        job = Job(
            unit, f"in.{format}", "out.parquet", "no.parquet", format, Format.PARQUET, {}, "by"
        )
        on_duckdb.run(job, True, 1, None)
        compare(unit, cases, got("out.parquet"), got("no.parquet"))
        asked += 1
    assert asked > 25


def compare(
    unit: Unit,
    cases: Sequence[Mapping[str, Value]],
    answered: Sequence[Mapping[str, Any]],
    rejected: Sequence[Mapping[str, Any]],
) -> None:
    table, answers, refused = unit.table, iter(answered), iter(rejected)
    for number, case in enumerate(cases, start=1):
        reason, meaning = expected(table, case)
        if meaning is None:
            row = next(refused)
            assert row["rejected_row"] == number
            assert row["rejected_reason"].startswith(reason), (table.name, case)
            continue
        row = next(answers)
        for column, value in zip(table.outputs, meaning.values, strict=True):
            said = listened(column, row[column.name], value)
            assert said == spoken(column, value), (table.name, case, column.name)
        assert (row["by"], row["basis"]) == told(unit, case, meaning.rule), (table.name, case)
    assert next(answers, None) is None
    assert next(refused, None) is None


# ---------------------------------------------------------------- what cannot run


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.drop(["zone"]), "there is no column `zone` (home, world or outer space): there are"),
        (lambda t: t.rename_columns(["weight", "Zone", *t.column_names[2:]]), "say --rename zone=Zone"),
        (lambda t: t.set_column(0, "weight", pa.array([2.5] * 4)), "`weight` is DOUBLE where DECIMAL or an integer type is due: a cast to DECIMAL(18,2) rounds, so make sure that this is meant before you cast it"),
        (lambda t: t.set_column(4, "pieces", pa.array([1.0] * 4, pa.float32())), "`pieces` is FLOAT where an integer type is due"),
        (lambda t: t.set_column(4, "pieces", pa.array(["1"] * 4)), "`pieces` is VARCHAR where an integer type is due"),
        (lambda t: t.set_column(2, "day", pa.array([None] * 4, pa.timestamp("ns"))), "`day` is TIMESTAMP_NS where DATE is due: a cast would drop hours, so see that there are none before you cast it to DATE"),
        (lambda t: t.set_column(2, "day", pa.array(["2024-02-29"] * 4)), "`day` is VARCHAR where DATE is due: a cast would drop hours"),
        (lambda t: t.set_column(3, "fast", pa.array([1] * 4)), "`fast` is BIGINT where BOOLEAN is due"),
        (lambda t: t.set_column(1, "zone", pa.array([1] * 4)), "`zone` is BIGINT where text is due"),
        (lambda t: t.append_column("Price", t["kept"]), "there is a column `Price` already, where an answer should go: say --rename price=NAME"),
        (lambda t: t.append_column("rule", t["kept"]), "say --rule NAME"),
        (lambda t: t.append_column("rejected_row", t["kept"]), "say --no-rejects"),
        (lambda t: t.append_column("Kept", t["kept"]), "columns `kept` and `Kept` differ in nothing but case"),
        (lambda t: t.append_column("kept", t["kept"]), "two columns are called `kept`"),
    ],
)  # fmt: skip
def test_data_that_cannot_be_put_to_the_table_is_refused_before_a_row_is_read(
    change: Any, says: str, shop: Path
) -> None:
    pq.write_table(change(typed()), "in.parquet")
    before = sorted(os.listdir(shop))

    code, told, aside = apply("fee", "in.parquet", "-o", "out.parquet")

    assert (code, told) == (2, "")
    assert says in aside
    assert sorted(os.listdir(shop)) == before


def test_an_arrow_decimal_of_negative_scale_is_refused_in_our_words(shop: Path) -> None:
    hundreds = pa.array([Decimal(1200)] * 4, pa.decimal128(5, -2))
    data = typed().append_column("hundreds", hundreds)
    with pa.ipc.new_file("in.arrow", data.schema) as file:
        file.write_table(data)

    code, told, aside = apply("fee", "in.arrow", "-o", "out.parquet")

    assert (code, told) == (2, "")
    assert (
        "`hundreds` is decimal128(5, -2), and DuckDB has no decimals of a negative scale" in aside
    )
    assert not (shop / "out.parquet").exists()


@pytest.mark.parametrize("name", ["in.parquet", "in.arrow"])
def test_a_decimal_of_more_figures_than_duckdb_has_is_refused(shop: Path, name: str) -> None:
    account = pa.array([Decimal(12345678901234567890123)] * 4, pa.decimal256(60, 0))
    data = typed().append_column("account", account)
    if name == "in.parquet":
        pq.write_table(data, name)
    else:
        with pa.ipc.new_file(name, data.schema) as file:
            file.write_table(data)

    code, told, aside = apply("fee", name, "-o", "out.parquet")

    assert (code, told) == (2, "")
    assert "`account` is decimal256(60, 0), and DuckDB has no decimals of more than 38" in aside
    assert not (shop / "out.parquet").exists()


def test_a_decimal_too_narrow_for_its_rounded_value_is_refused_by_row(shop: Path) -> None:
    held = [Decimal("9.9999"), Decimal("2." + "0" * 36 + "1"), Decimal("2.25"), Decimal("9.5")]
    wide = pa.array(held, pa.decimal128(38, 37))
    pq.write_table(typed().set_column(0, "weight", wide), "in.parquet")

    code, _, aside = apply("fee", "in.parquet", "-o", "out.parquet", "--rejects", "no.parquet")

    assert code == 1, aside
    rejected = pq.read_table("no.parquet")
    assert rejected["rejected_row"].to_pylist() == [1, 2]
    assert set(rejected["rejected_reason"].to_pylist()) == {WEIGHT}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["fee", "none.csv", "-o", "out.csv"], "no such file: none.csv"),
        (["fee", "in.csv", "-o", "out.xls"], "out.xls does not say what it is"),
        (["fees", "in.csv", "-o", "out.csv"], "there is no table `fees`; did you mean `fee`?"),
        (["fee", "in.csv", "-o", "in.csv"], "-o in.csv is the data itself"),
        (["fee", "in.csv", "-o", "./o.csv", "--rejects", "o.csv"], "the answers' file"),
        (["fee", "in.csv", "-o", "o.csv", "--rejects", "in.csv"], "is the data itself"),
        (["fee", "in.csv", "-o", "o.csv", "--rename", "x"], "--rename x is not NAME=COLUMN"),
        (["fee", "in.csv", "-o", "o.csv", "--rename", "zon=x"], "did you mean `zone`?"),
        (["fee", "in.csv", "-o", "o.csv", "--rename", "zone=x"], "there is no column `x`"),
        (["fee", "in.csv", "-o", "o.csv", "--rule", "Price"], "two answers have one name"),
        (["fee", "in.csv", "-o", "o.csv", "--delimiter", "ab"], "--delimiter is one character"),
        (["fee", "in.csv", "-o", "o.csv", "--format", "parquet"], "in.csv is not Parquet, for it begins with `id,weigh`: say what it is with --format csv, arrow"),
        (["fee", "in.csv", "-o", "in.csv/o.csv"], "cannot write"),
        (["fee", "in.csv", "-o", "o.csv", "--memory", "much"], "--threads or --memory: "),
        (["fee", "in.csv", "-o", "o.csv", "--threads", "0"], "--threads or --memory: "),
        (["fee", "tables", "-o", "o.csv", "--format", "csv"], "tables is a folder: name one file"),
    ],
)  # fmt: skip
def test_what_cannot_run_says_why(words: list[str], says: str) -> None:
    code, told, aside = apply(*words)

    assert (code, told) == (2, "")
    assert says in aside


def test_a_table_that_is_not_proved_is_put_no_row(shop: Path) -> None:
    gap = PARCEL.replace("| > 10   | home ", "| > 11   | home ")
    (shop / "tables" / "parcel.dtable").write_text(gap)
    (shop / "tables" / "other.dtable").write_text(
        gap.replace("policy parcel", "policy other").replace("fee", "due")
    )

    code, _, aside = apply("fee", "in.csv", "-o", "out.csv")

    assert code == 2
    assert "`fee` is not proved, so no row is put to it: 1 error in tables/parcel.dtable" in aside


def test_faults_in_files_that_the_table_does_not_use_stand_in_nobodys_way(shop: Path) -> None:
    (shop / "tables" / "other.dtable").write_text("policy other\n\ntable broken\n  in")

    assert apply("fee", "in.csv", "-o", "out.csv")[0] == 1


def test_without_the_extra_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "gapless.cli.apply.on_duckdb")
    monkeypatch.delattr("gapless.cli.apply.on_duckdb")
    monkeypatch.setitem(sys.modules, "duckdb", None)

    code, _, aside = apply("fee", "in.csv", "-o", "out.csv")

    assert code == 2
    assert "pip install 'gapless[apply]'" in aside


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "in.csv is empty"),
        (HEADER + "1,2,home\n", "in.csv:2: 3 cells, where the header has 6\n  1,2,home\n"),
        (HEADER + "1,2,home,,no,1,7\n", "in.csv:2: 7 cells, where the header has 6"),
        (HEADER + '1,2,"home,,no,1\n', "in.csv:2: a quote opens a cell and is not closed"),
        (HEADER.replace("id", "zone"), "two columns are called `zone`"),
        (HEADER.replace(",", ";"), "say --delimiter ';'"),
    ],
)
def test_csv_that_is_not_regular_is_refused_whole(text: str, says: str, shop: Path) -> None:
    (shop / "in.csv").write_text(text)

    code, _, aside = apply("fee", "in.csv", "-o", "out.csv")

    assert code == 2
    assert says in aside
    assert not (shop / "out.csv").exists()


def test_a_fault_in_the_last_row_leaves_nothing(shop: Path) -> None:
    good = "1,2.5,home,,no,1\n" * 300_000
    (shop / "in.csv").write_text(HEADER + good + "1,2\n")
    (shop / "out.csv").write_text("of an earlier run")

    assert apply("fee", "in.csv", "-o", "out.csv")[0] == 2
    assert (shop / "out.csv").read_text() == "of an earlier run"
    assert sorted(os.listdir(shop)) == ["in.csv", "out.csv", "tables"]


# ---------------------------------------------------------------- hostile names and texts


HOSTILE = "x\"; DROP TABLE a; -- ' #1 `select`\n\\ été"


def test_names_and_texts_are_only_that(shop: Path) -> None:
    table = typed(3)
    named = {"zone": HOSTILE, "kept": "select", "pieces": "column 0", "fast": "*", "day": ""}
    table = table.rename_columns([named.get(name, name) for name in table.column_names])
    path = "a'b[1]*?\" é.parquet"
    pq.write_table(table.set_column(1, HOSTILE, pa.array(["home", "'; --", HOSTILE])), path)
    renamed = [f"--rename={name}={column}" for name, column in named.items() if name != "kept"]
    renamed += ["--rename=price='\"", "--rule=;"]

    code, _, _ = apply(
        "fee", path, "-o", "o'x.csv", *[w for w in renamed if not w.endswith("day=")]
    )

    assert code == 2, "a column without a name cannot be asked for"
    table = table.rename_columns([name or "day" for name in table.column_names])
    pq.write_table(table.set_column(1, HOSTILE, pa.array(["home", "'; --", HOSTILE])), path)
    code, _, aside = apply(
        "fee", path, "-o", "o'x.csv", *[w for w in renamed if not w.endswith("day=")]
    )
    assert code == 1, aside
    assert table_of("o'x.csv") == [
        {"weight": "2.50", HOSTILE: "home", "day": "", "*": "true", "column 0": "1", "select": "0",
         "'\"": "4.00", "note": "", ";": "quick", "basis": "stated"}
    ]  # fmt: skip
    assert [row[HOSTILE] for row in table_of("o'x.rejects.csv")] == ["'; --", HOSTILE]


def test_a_path_with_the_name_of_a_partition_or_an_address_is_a_path(shop: Path) -> None:
    (shop / "zone=home").mkdir()
    pq.write_table(typed(2), "zone=home/in.parquet")

    assert apply("fee", "zone=home/in.parquet", "-o", "out.parquet")[0] == 0
    assert pq.read_table("out.parquet")["zone"].to_pylist() == ["home", "world"]
    assert "no such file" in apply("fee", "http://localhost/in.parquet", "-o", "out.parquet")[2]


# ---------------------------------------------------------------- files that are whole or not there


def started(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "gapless", "apply", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT | {"GAPLESS_CACHE": os.environ["GAPLESS_CACHE"]},
    )


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_stopped_half_way_leaves_nothing_that_looks_whole(
    how: signal.Signals, shop: Path
) -> None:
    """It is stopped when the first rows are on the disk, and most are not."""
    pq.write_table(typed(2_000_000), "in.parquet")
    (shop / "out.csv").write_text("of an earlier run")
    process = started("fee", "in.parquet", "-o", "out.csv")
    try:
        begun = [0]
        while process.poll() is None and not any(begun):
            begun = [path.stat().st_size for path in shop.glob("out.csv.*.tmp")]
            time.sleep(0.01)
        process.send_signal(how)
        code = process.wait(timeout=30)
    finally:
        process.kill()
        process.communicate()

    left = [name for name in os.listdir(shop) if name.startswith("out")]
    assert any(begun)
    assert code == (130 if how is signal.SIGINT else -signal.SIGKILL)
    assert (shop / "out.csv").read_text() == "of an earlier run"
    assert all(name == "out.csv" or name.endswith(".tmp") for name in left)
    assert how is signal.SIGKILL or left == ["out.csv"]


def test_what_is_there_is_replaced_and_keeps_its_mode(shop: Path) -> None:
    (shop / "real.csv").write_text("of an earlier run")
    (shop / "real.csv").chmod(0o640)
    (shop / "out.csv").symlink_to("real.csv")

    apply("fee", "in.csv", "-o", "out.csv", "--no-rejects")

    assert (shop / "out.csv").is_symlink()
    assert (shop / "real.csv").stat().st_mode & 0o777 == 0o640
    assert len(table_of("real.csv")) == 4
    assert sorted(os.listdir(shop)) == ["in.csv", "out.csv", "real.csv", "tables"]


def test_a_folder_is_not_replaced_by_a_file(shop: Path) -> None:
    (shop / "out.csv").mkdir()
    (shop / "out.csv" / "kept").write_text("kept")

    code, _, aside = apply("fee", "in.csv", "-o", "out.csv", "--no-rejects")

    assert (code, aside) == (2, "gapless: cannot write out.csv: Is a directory\n")
    assert os.listdir(shop / "out.csv") == ["kept"]
    assert sorted(os.listdir(shop)) == ["in.csv", "out.csv", "tables"]


def test_refused_rows_may_be_only_counted_or_put_elsewhere() -> None:
    assert apply("fee", "in.csv", "-o", "a.csv", "--no-rejects", "-q") == (
        1,
        "a.csv  4 rows answered\n       14 rows rejected, and written nowhere\n",
        "",
    )
    apply("fee", "in.csv", "-o", "new/a.csv", "--rejects", "other/b.csv")
    assert len(table_of("new/a.csv")) == 4
    assert len(table_of("other/b.csv")) == 14


# ---------------------------------------------------------------- memory, and what is told


def test_memory_does_not_grow_with_the_file() -> None:
    most = {}
    for rows in (300_000, 1_500_000):
        pq.write_table(typed(rows), "in.parquet", row_group_size=100_000)
        process = started(
            "fee", "in.parquet", "-o", "out.parquet", "--memory", "300MB", "--threads", "2"
        )
        _, told = process.communicate(timeout=60)
        assert process.returncode == 0, told
        most[rows] = float(told.decode().rpartition("at most ")[2].split()[0])

    assert most[1_500_000] < most[300_000] + 150


def test_a_line_of_progress_says_how_long_it_will_still_take() -> None:
    assert line(2_500_000, 10_000_000, 2.0) == (
        "[#######.....................]  25%  2,500,000 rows  1.2 M rows/s  0:06 left"
    )
    assert line(500, None, 2.0) == "500 rows  250 rows/s"
    assert line(12, 10, 1.0).endswith("100%  12 rows  12 rows/s  0:00 left")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "quiet"), [(Terminal, False), (Terminal, True), (io.StringIO, False)]
)
def test_a_bar_is_drawn_on_a_terminal_only_and_wiped_at_the_end(
    stream: type[io.StringIO], quiet: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = stream()
    monkeypatch.setattr(sys, "stderr", aside)
    monkeypatch.setattr(console, "EVERY", 0.0)

    bar = console.Progress(10, quiet)
    bar.at(5)
    bar.clear()

    held = aside.getvalue()
    shows = stream is Terminal and not quiet
    assert ("  50%  5 rows  " in held and held.endswith("\r\x1b[K")) if shows else held == ""


def test_cells_of_csv_are_quoted_where_they_must_be(shop: Path) -> None:
    texts = ["plain", "", "a,b", 'say "so"', "two\nlines", "back\rhome", "été", None]
    schema = pa.schema([("a", pa.string()), ("b", pa.string())])
    sink = arrow._Csv(str(shop / "x.csv"), schema, ",", False)
    sink.put(pa.table([texts, texts[::-1]], schema=schema))
    sink.close()

    with open("x.csv", encoding="utf-8", newline="") as file:
        found = list(csv.reader(file, strict=True))
    assert found == [
        ["a", "b"],
        *([a or "", b or ""] for a, b in zip(texts, texts[::-1], strict=True)),
    ]
