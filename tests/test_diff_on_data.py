"""`gapless diff --on`: which rows of a file a change comes to, and what is refused to be counted."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.pages import run
from tests.test_apply import put as put_rows

FEE = """\
type Zone = home | near

table fee
  in  weight : int 0..{most}
  in  zone   : Zone
  out price  : int

  | unique | weight | zone || price   ||
  |--------|--------|------||---------||
  | light  | ..9    | -    || 1       ||
  | heavy  | 10..19 | home || {heavy} ||
  | near   | 10..19 | near || {near}  ||
  | huge   | 20..   | -    || 9       ||
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two states of a table."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.dtable").write_text(FEE.format(most=30, heavy=2, near=2))
    (tmp_path / "new.dtable").write_text(FEE.format(most=40, heavy=3, near=4))
    put("in.csv", "weight,zone\n10,home\n15,home\n19,home\n9,home\n20,near\n35,near\n,home\n-1,x\n")
    return tmp_path


def put(path: str, text: str) -> str:
    Path(path).write_text(text, encoding="utf-8")
    return path


def diff(*words: str) -> tuple[int, str, str]:
    return run(["diff", *words])


def told(data: str, old: str = "old.dtable", new: str = "new.dtable") -> tuple[Any, list[Any]]:
    """What JSON says of the one table, and the rows of its regions by the first answer after."""
    code, out, error = diff(old, new, "--on", data, "--output-format", "json")
    assert code == 1, error
    (table,) = [each for each in json.loads(out)["tables"] if "rows" in each]
    regions = [(each["cells"], each["rows"]) for each in table["regions"]]
    return table["rows"], regions


def test_rows_are_counted_by_region_and_add_up() -> None:
    rows, regions = told("in.csv")

    assert regions == [
        ({"weight": "10..19", "zone": "home"}, 3),
        ({"weight": "10..19", "zone": "near"}, 0),
    ]
    assert rows == {
        "data": "in.csv",
        "total": 8,
        "changed": 3,
        "same": 2,
        "refused": {"old_only": 1, "new_only": 0, "both": 2},
    }
    assert told("in.csv", "new.dtable", "old.dtable")[0]["refused"]["new_only"] == 1


def test_every_format_is_known_by_its_first_bytes() -> None:
    table = pa.table(
        {"weight": [10, 19, 35, None, 1], "zone": ["near", "home", "home", "near", "x"]}
    )
    for ending in ("csv", "parquet", "arrow"):
        put_rows(table, f"rows.{ending}")
        Path(f"rows.{ending}").rename(f"{ending}-rows")
        rows, regions = told(f"{ending}-rows")
        assert (rows["total"], rows["changed"], rows["same"]) == (5, 2, 0)
        assert rows["refused"] == {"old_only": 1, "new_only": 0, "both": 2}
        assert [many for _, many in regions] == [1, 1]


def test_the_digest_and_the_exit_code_are_those_of_the_change() -> None:
    plain, counted = (
        diff("old.dtable", "new.dtable"),
        diff("old.dtable", "new.dtable", "--on", "in.csv"),
    )

    assert plain[0] == counted[0] == 1
    assert plain[1].splitlines()[-1] == counted[1].splitlines()[-1]
    assert "; possible, never seen" in counted[1]
    assert "rows" not in plain[1]


def test_an_expected_change_is_told_with_its_rows() -> None:
    words = ["old.dtable", "new.dtable", "--write-expect", "meant.txt", "--expect", "meant.txt"]

    code, out, _ = diff(*words, "--on", "in.csv")

    assert code == 0
    assert "in.csv: 3 of 8 rows change" in out.splitlines()[1]


def test_regions_that_are_not_shown_are_counted_all_the_same() -> None:
    row = "  | r{n} | {n} || {price} ||\n"
    head = "table fee\n  in  weight : int 0..29\n  out price  : int\n\n"
    head += "  | unique | weight || price ||\n  |---|---||---||\n"
    for name, first in (("a", 0), ("b", 100)):
        text = head + "".join(row.format(n=n, price=first + n) for n in range(30))
        put(f"{name}.dtable", text)
    put("all.csv", "weight\n" + "".join(f"{n}\n" for n in range(30)))

    out = diff("a.dtable", "b.dtable", "--on", "all.csv")[1]

    assert "all.csv: 30 of 30 rows change; same: 0\n" in out
    assert out.count("; 1 row\n") == 12
    assert "and 18 regions more, 18 cases, 60%; 18 rows" in " ".join(out.split())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--on", "none.csv"], "no such file: none.csv"),
        (["--on", "."], "is a folder"),
        (["--on", "in.csv", "--output-format", "sarif"], "--on is told in text"),
    ],
)
def test_what_cannot_be_counted_says_why(words: list[str], says: str) -> None:
    code, out, error = diff("old.dtable", "new.dtable", *words)

    assert (code, out) == (2, "")
    assert says in error


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("weight,region\n1,home\n", "there is no column `zone` (home or near): there are"),
        ("weight,Zone\n1,home\n", "if it is `Zone`, rename that"),
        ("weight;zone\n1;home\n", "say --delimiter"),
        ("weight,zone\n1,home,3\n", "3 cells"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_without_options_that_are_not_there(
    text: str, says: str
) -> None:
    put("odd.csv", text)
    code, out, error = diff("old.dtable", "new.dtable", "--on", "odd.csv")

    assert (code, out) == (2, "")
    assert "--rename" not in error and "--delimiter" not in error
    assert says in error or (says == "say --delimiter" and "write it with commas" in error)


def test_a_column_that_is_called_like_an_answer_stands_in_nobodys_way() -> None:
    put("more.csv", "price,weight,ending,zone,rule\n1,10,x,home,y\n")

    assert told("more.csv")[0]["changed"] == 1


def test_where_nothing_changed_the_file_is_not_read() -> None:
    code, _, error = diff("old.dtable", "old.dtable", "--on", "none.csv")

    assert code == 0
    assert error == "none.csv was not read: no table answers otherwise\n"


def test_bounds_alone_are_counted_too() -> None:
    put("wider.dtable", FEE.format(most=40, heavy=2, near=2))

    rows, regions = told("in.csv", new="wider.dtable")

    assert regions == []
    assert (rows["changed"], rows["same"]) == (0, 5)
    assert rows["refused"] == {"old_only": 1, "new_only": 0, "both": 2}


def test_what_sql_cannot_say_is_refused_with_the_reason() -> None:
    for name, price in (("a", 1), ("b", 2)):
        put(
            f"{name}.dtable",
            "table fee\n  in  weight : int 0..30\n  let half   = round(weight / 2, 0, half up)\n"
            "  out price  : int\n\n  | unique | half || price ||\n  |---|---||---||\n"
            f"  | light | ..9 || 1 ||\n  | heavy | 10.. || {price} ||\n",
        )
    code, out, error = diff("a.dtable", "b.dtable", "--on", "in.csv")

    assert (code, out) == (2, "")
    assert "`fee` cannot be put to many rows: it calculates more than sums and products" in error


def test_a_change_that_is_not_decided_is_not_counted() -> None:
    put("wrong.dtable", FEE.format(most=30, heavy="many", near=2))

    code, out, error = diff("old.dtable", "wrong.dtable", "--on", "in.csv")

    assert (code, out) == (2, "")
    assert "in.csv was not read: of `fee`, the new table has errors" in error


RATE = """\
table fee
  in  amount : {kind}
  in  limit  : {kind}
{more}  out price  : {kind}

  | unique | amount   || price    ||
  |--------|----------||----------||
  | under  | <= limit || {under}  ||
  | over   | > limit  || {over}   ||
"""


def test_columns_held_against_each_other_and_passed_on() -> None:
    put("a.dtable", RATE.format(kind="int 0..99", more="", under="amount", over="limit"))
    put("b.dtable", RATE.format(kind="int 0..99", more="", under="limit", over="limit"))
    put("in.csv", "amount,limit\n1,1\n1,2\n2,1\n5,9\n9,5\n,1\n")

    rows, _ = told("in.csv", "a.dtable", "b.dtable")

    assert (rows["changed"], rows["same"]) == (2, 3)


def test_an_input_of_one_side_only_is_a_column_whatever_it_is_called() -> None:
    more = "  in  ending : bool\n"
    put("a.dtable", RATE.format(kind="int 0..99", more=more, under="1", over="2"))
    put("b.dtable", RATE.format(kind="int 0..99", more="", under="1", over="3"))
    put("in.csv", "amount,limit,ending\n1,1,yes\n2,1,no\n2,1,\n")

    for sides in (("a.dtable", "b.dtable"), ("b.dtable", "a.dtable")):
        rows, _ = told("in.csv", *sides)
        assert (rows["changed"], rows["same"]) == (1, 1)
        refused = {"old_only": 0, "new_only": 0, "both": 0}
        refused["old_only" if sides[0] == "a.dtable" else "new_only"] = 1
        assert rows["refused"] == refused


def test_numbers_that_need_more_room_than_what_both_know_would_have() -> None:
    """Both columns hold -10^20; a column of what both know, decimal(2) up to 0, would not."""
    head = "table fee\n  in  n : decimal({digits}) ..{most}\n  out price : int\n\n"
    head += "  | unique | n || price ||\n  |---|---||---||\n  | a | >= -5 || 1 ||\n  | b | < -5 || {b} ||\n"
    put("a.dtable", head.format(digits=2, most=10**20, b=2))
    put("b.dtable", head.format(digits=8, most=0, b=3))
    rows = [Decimal(-(10**20)), Decimal(-7), Decimal(-5)]
    put_rows(pa.table({"n": pa.array(rows, pa.decimal128(38, 2))}), "in.parquet")

    found, regions = told("in.parquet", "a.dtable", "b.dtable")

    assert (found["changed"], found["same"]) == (2, 1)
    assert sum(many for _, many in regions) == 2


def test_a_table_asked_on_a_day_needs_no_column_for_it() -> None:
    put(
        "rates.dtable",
        "type Kind = a | b\n"
        + "".join(
            f"\ntable rate effective {days}\n  in  day  : date\n  in  kind : Kind\n  out rate : int\n\n"
            f"  | unique | kind || rate ||\n  |---|---||---||\n  | a | a || 1 ||\n  | b | b || {b} ||\n"
            for days, b in (("..2025-12-31", 2), ("2026-01-01..", 3))
        ),
    )
    table = pa.table({"kind": ["a", "b", "b", "c"], "day": [1, 2, 3, 4]})
    for name in ("in.csv", "in.parquet"):
        put_rows(table, name)
        rows, _ = told(name, "rates.dtable:rate@2025-12-31", "rates.dtable:rate@2026-01-01")
        assert (rows["changed"], rows["same"], rows["refused"]["both"]) == (2, 1, 1)


def test_without_the_extra_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("counting", "on_duckdb"):
        monkeypatch.delitem(sys.modules, f"gapless.cli.apply.{name}", raising=False)
        monkeypatch.delattr(f"gapless.cli.apply.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "duckdb", None)

    code, _, error = diff("old.dtable", "new.dtable", "--on", "in.csv")

    assert code == 2
    assert "pip install 'gapless[apply]'" in error
