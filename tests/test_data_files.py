"""Files as nightly jobs get them: `gapless apply` reads them right, or says what is wrong and where."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest

from gapless.cli.apply import delimited
from tests.pages import run
from tests.test_apply import table_of

SHOP = """\
policy shop

type Zone = home | world

table fee "The fee"
  in  weight   : decimal(1) 0..100
  in  zone     : Zone
  in  discount : optional decimal(1) 0..50
  out price    : decimal(2) 0..
  out note     : optional text

  | unique | weight | zone  | discount || price | note             |
  |--------|--------|-------|----------||-------|------------------|
  | light  | <= 5   | home  | missing  || 4     | "=1+1"           |
  | less   | <= 5   | home  | present  || 3     | "plain"          |
  | heavy  | > 5    | home  | -        || 9     | "-"              |
  | far    | -      | world | -        || 19    | "say \\"@SUM(A1)\\"" |

  example weight = 1, zone = home, discount = missing
    gives price = 4, note = "=1+1"
  example weight = 1, zone = home, discount = 1
    gives price = 3, note = "plain"
  example weight = 6, zone = home, discount = 1
    gives price = 9, note = "-"
  example weight = 6, zone = world, discount = 1
    gives price = 19, note = "say \\"@SUM(A1)\\""
"""

HEADER = b"weight,zone,discount\n"
GOOD = b"2.5,home,\n"


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "shop.dtable").write_text(SHOP)
    return tmp_path


def apply(data: bytes | None, *words: str, path: str = "in.csv") -> tuple[int, str]:
    """The exit code, and what is said on both streams but for measurements."""
    if data is not None:
        Path(path).write_bytes(data)
    code, told, aside = run(["apply", "fee", path, "-o", "out.csv", "--quiet", *words])
    return code, told + aside


def refused(data: bytes | None, *words: str, path: str = "in.csv") -> str:
    """What is said of a file that cannot be read; there are no results then."""
    code, said = apply(data, *words, path=path)
    assert code == 2
    assert not Path("out.csv").exists()
    assert not Path("out.rejects.csv").exists()
    for foreign in (
        "Error",
        "codec",
        "Exception",
        "Traceback",
        "DuckDB",
        "RFC",
        "fault in gapless",
    ):
        assert foreign not in said
    return said.removeprefix("gapless: ")


# ---------------------------------------------------------------- ragged lines


SAMPLE = 20_480
"""Lines that DuckDB looks at before it decides what a file is like."""
PARALLEL = 33 << 20
"""Bytes from which on it reads a file in parts."""


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"2.5,home,,", "4 cells, where the header has 3\n  2.5,home,,\n  write a cell that holds a comma in quotes; or say --reject-ragged"),
        (b"2,5,home,", "4 cells"),
        (b'2.5,home,""," "', "4 cells"),
        (b"2.5,home", "2 cells, where the header has 3\n  2.5,home\n  write a comma for every cell, even if it is empty; or"),
        (b"2.5", "1 cell, where"),
        (b" ", "1 cell, where"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b""])
def test_ragged_lines_are_told_wherever_they_are(line: bytes, says: str, ending: bytes) -> None:
    for before in (0, 1, SAMPLE + 1):
        said = refused(HEADER + GOOD * before + line + ending + (GOOD if ending else b""))
        assert said.startswith(f"in.csv:{before + 2}: {says}")


@pytest.mark.parametrize("line", [b"2.5,home,,", b"2.5,home"])
def test_ragged_lines_are_told_in_large_files(line: bytes) -> None:
    before = PARALLEL // len(GOOD)

    said = refused(HEADER + GOOD * before + line + b"\n" + GOOD * 9, "--threads", "4")

    assert said.startswith(f"in.csv:{before + 2}: ")


def test_the_line_is_the_one_that_an_editor_shows() -> None:
    many = b'2.5,home,"\n\n1"\r\n'
    assert refused(HEADER + many * 3 + b"2.5,home\n").startswith("in.csv:11: 2 cells")
    assert refused(b'"weight\n","zone",discount\n2.5\n', "--rename", "weight=weight\n").startswith(
        "in.csv:3: 1 cell"
    )


def test_ragged_lines_may_be_rejected_rows() -> None:
    lines = [GOOD, b"2,5,home,\n", b"99,moon,\n", b'"6\n",home\n', GOOD, b"\n", b"7,home,1"]

    code, said = apply(HEADER + b"".join(lines), "--reject-ragged")

    assert (code, said) == (
        1,
        "out.csv          3 rows answered\nout.rejects.csv  4 rows rejected, of which 3 ragged\n",
    )
    assert [row["rule"] for row in table_of("out.csv")] == ["light", "light", "heavy"]
    assert [[*row.values()] for row in table_of("out.rejects.csv")] == [
        ["2", "", "", "", "line 3: 4 cells, where the header has 3: 2,5,home,"],
        ["3", "99", "moon", "", "zone must be home or world"],
        ["4", "", "", "", 'line 5: 2 cells, where the header has 3: "6\n",home'],
        ["6", "", "", "", "line 8: an empty line, where the header has 3 cells: "],
    ]
    apply(None, "--reject-ragged", "--out-format", "parquet", "--rejects", "no.parquet")
    assert pq.read_table("no.parquet")["rejected_row"].to_pylist() == [2, 3, 4, 6]
    assert apply(None, "--reject-ragged", "--no-rejects")[1].endswith(
        "4 rows rejected, of which 3 ragged, and written nowhere\n"
    )


@pytest.mark.parametrize("threads", ["1", "4"])
def test_rows_keep_their_numbers_and_order_across_blocks(
    threads: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "BLOCK", 1 << 16)
    kinds = [b"%d,home,\n", b"%d,home\n", b"%d,moon,\n"]
    lines = [kinds[n % 7 if n % 7 < 3 else 0] % (n % 5) for n in range(70_000)]

    assert apply(HEADER + b"".join(lines), "--reject-ragged", "--threads", threads)[0] == 1

    rejects = table_of("out.rejects.csv")
    assert [int(row["rejected_row"]) - 1 for row in rejects] == [
        n for n in range(70_000) if n % 7 in (1, 2)
    ]
    assert all(
        row["rejected_reason"].startswith(f"line {int(row['rejected_row']) + 1}: 2 cells")
        == (int(row["rejected_row"]) % 7 == 2)
        for row in rejects
    )
    assert [row["weight"] for row in table_of("out.csv")] == [
        str(n % 5) for n in range(70_000) if n % 7 not in (1, 2)
    ]


def test_only_ragged_lines_and_options_that_mean_nothing() -> None:
    assert apply(HEADER + b"1\n2\n", "--reject-ragged")[1].startswith(
        "out.csv          0 rows answered\nout.rejects.csv  2 rows rejected, of which 2 ragged"
    )
    assert len(table_of("out.rejects.csv")) == 2
    pq.write_table(pa.table({"weight": [1]}), "in.parquet")
    assert "--reject-ragged is for CSV" in apply(None, "--reject-ragged", path="in.parquet")[1]
    assert "--spreadsheet-safe is for CSV" in apply(
        None, "--spreadsheet-safe", "--out-format", "parquet"
    )[1]  # fmt: skip


# ---------------------------------------------------------------- CSV that is read


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (HEADER, 0),
        (HEADER[:-1], 0),
        (b"\xef\xbb\xbf" + HEADER + GOOD, 1),
        (HEADER + GOOD[:-1], 1),
        (HEADER + GOOD + b"\n\r\n\n", 1),
        (HEADER + GOOD + b"2.5,home,\r\n" + GOOD, 3),
        (HEADER.replace(b"\n", b"\r\n") + b"2.5,home,\r\n", 1),
        (b'"weight","zone","discount"\n"2.5","home",""\n', 1),
        (b"weight,zone,discount,\n2.5,home,,\n", 1),
    ],
)
def test_regular_csv_is_read(data: bytes, rows: int) -> None:
    answered = f"out.csv          {rows} row{'' if rows == 1 else 's'} answered\n"
    assert apply(data) == (0, f"{answered}out.rejects.csv  0 rows rejected\n")
    assert [row["rule"] for row in table_of("out.csv")] == ["light"] * rows


def test_of_one_column_an_empty_line_is_a_row(shop: Path) -> None:
    (shop / "tables" / "shop.dtable").write_text(
        'policy shop\n\ntable fee "The fee"\n  in  a : optional int 1..9\n  out b : int\n\n'
        "  | unique | a       || b |\n  |--------|---------||---|\n"
        "  | none   | missing || 0 |\n  | some   | present || 1 |\n"
    )

    assert apply(b'a\n1\n\n""\n2\n\n')[0] == 0

    assert [row["b"] for row in table_of("out.csv")] == ["1", "0", "0", "1", "0"]


def test_a_cell_of_three_million_characters_is_a_cell() -> None:
    long = b"x" * 3_000_000

    assert apply(HEADER + b"1," + long + b",\n" + GOOD)[0] == 1

    refused = Path("out.rejects.csv").read_bytes()
    assert b"1,1," + long + b",,zone must be home or world\n" in refused
    assert len(table_of("out.csv")) == 1


# ---------------------------------------------------------------- CSV that is refused


def workbook() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
    return made.getvalue()


DOUBLED = "a cell with a quote in it is written in quotes, and that quote twice"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "in.csv is empty: the first line of CSV must name the columns"),
        (b"\xef\xbb\xbf", "in.csv:1: the first line is empty, and it must name the columns"),
        (b"\n" + HEADER, "in.csv:1: the first line is empty"),
        (b"sep=;\r\n" + HEADER, "in.csv:1: `sep=;` is a note for Excel"),
        (b"zone," + HEADER, "in.csv cannot be put to `fee`\n  two columns are called `zone`: rename"),
        (HEADER[:-1] + b",,\n", "in.csv cannot be put to `fee`\n  columns 4 and 5 have no names"),
        (HEADER.replace(b",", b";"), "in.csv cannot be put to `fee`\n  its header is one cell, `weight;zone;discount`: say --delimiter ';'\n"),
        (HEADER.replace(b",", b"\t"), "in.csv cannot be put to `fee`\n  its header is one cell, `weight<tab>zone<tab>discount`: say --delimiter tab\n"),
        ((HEADER + GOOD).decode().encode("utf-16"), "in.csv is not CSV but text in UTF-16: save it as UTF-8"),
        ((HEADER + GOOD).decode().encode("utf-16-le"), "in.csv:1: a NUL byte, which no text has\n  w\\x00e\\x00i"),
        (HEADER + GOOD + b"2.5,ho\0me,\n", "in.csv:3: a NUL byte, which no text has\n  2.5,ho\\x00me,\n  if the file is UTF-16, save it as UTF-8"),
        (HEADER + GOOD + b"2.5,h\xf6me,\n", "in.csv:3: byte 0xF6 (`ö` in Windows-1252) is not UTF-8\n  2.5,h\\xf6me,\n  save the file as UTF-8"),
        (b"weight,z\xf6ne\n", "in.csv:1: byte 0xF6"),
        (HEADER + b"2.5,\xe2\x82,\n", "in.csv:2: byte 0xE2"),
        (workbook(), "in.csv is not CSV but a ZIP archive, as workbooks (.xlsx, .ods) are: save the sheet as CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "in.csv is not CSV but an old workbook (.xls)"),
        (gzip.compress(HEADER + GOOD, mtime=0), "in.csv is not CSV but compressed with gzip: unpack it first: gunzip"),
        ((HEADER + GOOD).replace(b"\n", b"\r"), "in.csv:1: a carriage return (CR) that ends no line"),
        (HEADER + GOOD + b"2.5,ho\rme,\n", "in.csv:3: a carriage return (CR) that ends no line\n  2.5,ho\\rme,\n"),
        (HEADER + GOOD + b'2.5,5" pipe,\n', f'in.csv:3: a quote inside a cell that does not begin with one\n  2.5,5" pipe,\n  {DOUBLED}'),
        (HEADER + GOOD + b'2.5, "home",\n', "in.csv:3: a quote inside a cell"),
        (HEADER + GOOD + b'2.5,"home" ,\n', "in.csv:3: a quote ends a cell, and the cell goes on\n"),
        (HEADER + b'2.5,"home,\n2.5,"home",\n', "in.csv:3: a quote ends a cell, and the cell goes on (the cell begins in line 2)"),
        (HEADER + b'2.5,"home,\n' + GOOD * 9, 'in.csv:2: a quote opens a cell and is not closed to the end of the file\n  2.5,"home,\n'),
        (b'"weight,zone\n', "in.csv:1: a quote opens a cell and is not closed"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_our_words_and_of_its_line(data: bytes, says: str) -> None:
    assert refused(data).startswith(says)


def test_no_row_brings_the_whole_file_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "BLOCK", 1 << 16)
    monkeypatch.setattr(delimited, "LONGEST", 1 << 20)
    much = GOOD * 300_000

    says = "a quote opens a cell and is not closed for 1 MiB"
    assert refused(HEADER + GOOD + b'2.5,"home,\n' + much).startswith(f"in.csv:3: {says}")
    assert refused(b'"' + HEADER + much).startswith(f"in.csv:1: {says}")
    long = b"x" * (2 << 20)
    assert refused(HEADER + GOOD + long).startswith("in.csv:3: a line of more than 1 MiB\n  xxx")
    assert refused(long).startswith("in.csv:1: a line of more than 1 MiB\n  xxx")


def test_a_column_may_be_called_like_the_mark_of_a_format() -> None:
    for name in (b"PAR1", b"ARROW1", b"BZh", b"FEA1"):
        assert apply(name + b"," + HEADER + b"1," + GOOD)[0] == 0


# ---------------------------------------------------------------- Parquet and Arrow


TABLE = pa.table(
    {
        "weight": pa.array([Decimal("2.5")] * 500, pa.decimal128(4, 1)),
        "zone": ["home"] * 500,
        "discount": pa.array([None] * 500, pa.decimal128(4, 1)),
        "day": [date(2025, 1, 1)] * 500,
    }
)


def parquet() -> bytes:
    made = io.BytesIO()
    pq.write_table(TABLE, made)
    return made.getvalue()


def ipc(write: Callable[..., pa.RecordBatchFileWriter]) -> bytes:
    made = io.BytesIO()
    with write(made, TABLE.schema) as file:
        file.write_table(TABLE, max_chunksize=100)
    return made.getvalue()


def broken(data: bytes, begin: int, end: int) -> bytes:
    return data[:begin] + b"\xa5" * (len(data[begin:end])) + data[end:]


FILE, STREAM = ipc(pa.ipc.new_file), ipc(pa.ipc.new_stream)
CUT = "; write or copy it again"


@pytest.mark.parametrize(
    ("path", "data", "says"),
    [
        ("in.parquet", b"", "in.parquet is empty\n"),
        ("in.parquet", HEADER, "in.parquet is not Parquet, for it begins with `weight,z`: say what it is with --format csv, arrow"),
        ("in.parquet", FILE, "in.parquet is not Parquet but Arrow IPC: say --format arrow"),
        ("in.parquet", workbook(), "in.parquet is not Parquet but a ZIP archive"),
        ("in.parquet", parquet()[:-100], f"in.parquet is cut off: Parquet ends in `PAR1`, and this does not{CUT}"),
        ("in.parquet", b"PAR1", "in.parquet is cut off"),
        ("in.parquet", b"PAR1PARE", "in.parquet is encrypted"),
        ("in.parquet", broken(parquet(), -60, -10), "in.parquet is damaged, or holds what cannot be read: write or copy it again\n  its reader says: "),
        ("in.parquet", broken(parquet(), 4, 60), "in.parquet is damaged, or holds what cannot be read"),
        ("in.csv", parquet(), "in.csv is not CSV but Parquet: say --format parquet"),
        ("in.csv", FILE, "in.csv is not CSV but Arrow IPC: say --format arrow"),
        ("in.csv", STREAM, "in.csv is not CSV but an Arrow stream: say --format arrow"),
        ("in.arrow", HEADER, "in.arrow is not Arrow IPC, for it begins with `weight,z`"),
        ("in.arrow", parquet(), "in.arrow is not Arrow IPC but Parquet: say --format parquet"),
        ("in.feather", b"FEA1\0\0\0\0", "in.feather is not Arrow IPC but Feather of version 1"),
        ("in.arrow", FILE[:-9], f"in.arrow is cut off: an Arrow file ends in `ARROW1`, and this does not{CUT}"),
        ("in.arrow", STREAM[:-8], f"in.arrow is cut off: an Arrow stream ends with a mark, and this does not{CUT}"),
        ("in.arrow", STREAM[:900], "in.arrow is cut off"),
        ("in.arrow", broken(FILE, 2000, 9000), "in.arrow is damaged"),
        ("in.arrow", broken(STREAM, 2000, 9000), "in.arrow is damaged"),
        ("tables", None, "tables is a folder: name one file"),
        ("none.arrow", None, "no such file: none.arrow"),
    ],
)  # fmt: skip
def test_files_of_other_formats_and_halves_of_files_are_told(
    path: str, data: bytes | None, says: str
) -> None:
    code, said = apply(data, path=path)

    assert code == 2
    assert said.startswith(f"gapless: {says}")
    assert not Path("out.csv").exists()
    for foreign in ("Traceback", "Exception:", "fault in gapless"):
        assert foreign not in said


@pytest.mark.parametrize(("path", "data"), [("a.parquet", parquet()), ("a.arrow", FILE), ("b.arrow", STREAM)])  # fmt: skip
def test_whole_files_are_read(path: str, data: bytes) -> None:
    assert apply(data, path=path)[0] == 0
    assert len(table_of("out.csv")) == 500


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows")
def test_what_can_be_read_only_once_is_no_file() -> None:
    os.mkfifo("in.csv")

    assert refused(None).startswith("in.csv is no regular file: write its rows to one first")


@pytest.mark.skipif(not os.path.isfile("/proc/self/mem"), reason="Linux")
def test_a_disk_that_does_not_read_is_told() -> None:
    says = "cannot read /proc/self/mem: Input/output error"
    assert refused(None, "--format", "csv", path="/proc/self/mem") == f"{says}\n"


# ---------------------------------------------------------------- formulas


def test_cells_that_spreadsheets_run_get_an_apostrophe_on_request() -> None:
    texts = ["=1+1", "+49 30", "-2.50", "-5", "+1", "-1e-5", "-2-3", "@A1", "\t=1", "\rx", " =1", "a=b",
             "＝1", "", "'=1", "-", "--", "5"]  # fmt: skip
    safe = ["'=1+1", "'+49 30", "-2.50", "-5", "+1", "-1e-5", "'-2-3", "'@A1", "'\t=1", "'\rx", "' =1", "a=b",
            "'＝1", "", "'=1", "'-", "'--", "5"]  # fmt: skip
    rows = "".join(f'2.5,home,,"{text}"\n' for text in texts)
    data = ("weight,zone,discount,=name\n" + rows + "99,moon,,=1\n").encode()

    code, said = apply(data)
    assert (code, "spreadsheet" in said) == (1, False)
    assert [row["=name"] for row in table_of("out.csv")] == texts
    assert {row["note"] for row in table_of("out.csv")} == {"=1+1"}

    code, said = apply(data, "--spreadsheet-safe")

    changed = sum(a != b for a, b in zip(texts, safe, strict=True)) + len(texts) + 1
    assert code == 1
    assert said.splitlines() == [
        f"out.csv          18 rows answered; --spreadsheet-safe put ' in front of {changed} cells",
        "out.rejects.csv  1 row rejected; --spreadsheet-safe put ' in front of 2 cells",
    ]
    assert [row["'=name"] for row in table_of("out.csv")] == safe
    assert {row["note"] for row in table_of("out.csv")} == {"'=1+1"}
    assert table_of("out.rejects.csv")[0]["'=name"] == "'=1"


def test_numbers_of_data_are_never_texts_to_a_spreadsheet() -> None:
    table = TABLE.slice(0, 3)
    table = table.append_column("f", pa.array([-1e300, -1.5e-7, -3.0]))
    table = table.append_column("d", pa.array([Decimal("-0.001")] * 3, pa.decimal128(9, 3)))
    table = table.append_column("i", pa.array([-5, -(2**63), 0]))
    pq.write_table(table, "in.parquet")

    assert "in front of 3 cells" in apply(None, "--spreadsheet-safe", path="in.parquet")[1]
    found = table_of("out.csv")
    assert {row["note"] for row in found} == {"'=1+1"}
    assert [row["d"] for row in found] == ["-0.001"] * 3
    assert not any(value.startswith("'") for row in found for value in (row["f"], row["i"]))
