"""`gapless apply --engine spark`: the same answers, one plan without Python and without a shuffle."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from shutil import which
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.claims import lines
from benchmarks.claims.comparing import Reference, differing, of_files
from benchmarks.claims.engines import NAMES, ROOT, TABLE, policy
from gapless.cli.apply.job import Format, Job
from gapless.driver import compile_sources
from gapless_dsl.source import Source
from tests.pages import run
from tests.test_apply import HOSTILE, PARCEL, typed

pytest.importorskip("pyspark")
if which("java") is None:
    pytest.skip("Spark needs Java", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore")

from gapless.cli.apply import on_spark  # only where it is there

ROWS = 20_000


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """One Spark for all tests of this file; those that are started while it is there use it."""
    from pyspark.sql import SparkSession

    there = SparkSession.getActiveSession()
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    found = there or builder.config("spark.sql.shuffle.partitions", "1").getOrCreate()
    found.sparkContext.setLogLevel("OFF")
    yield found
    if there is None:
        found.stop()


def spark(*words: str) -> tuple[int, str, str]:
    return run(["apply", *words, "--engine", "spark", "--quiet"])


def test_claim_lines_get_the_answers_of_the_reference_meaning(session: Any, tmp_path: Path) -> None:
    data, out = tmp_path / "claims", tmp_path / "out"
    data.mkdir()
    lines.write(data / "one.parquet", ROWS)
    tables = str(ROOT / "tables" / NAMES[1])

    code, told, _ = spark(TABLE, str(data), "-o", str(out), "--tables", tables)

    reference = Reference(data / "one.parquet")
    answers = of_files(reference, out, tmp_path / "out.rejects")
    assert code == 1
    assert f"{ROWS - reference.refused:,} rows answered" in told
    assert f"{reference.refused:,} rows rejected" in told
    assert (out / "_SUCCESS").exists()
    assert differing(reference, answers) == 0
    assert not list(tmp_path.glob("*.tmp*"))
    refused = pq.read_table(tmp_path / "out.rejects")
    claims = pq.read_table(data)["claim"].to_pylist()
    assert refused["claim"].to_pylist() == [
        claims[row - 1] for row in refused["rejected_row"].to_pylist()
    ]
    assert refused["rejected_file"][0].as_py().endswith("/claims/one.parquet")


def test_no_python_is_asked_and_nothing_moves(session: Any, tmp_path: Path) -> None:
    lines.write(tmp_path / "claims.parquet", 100)
    unit = next(unit for table, unit in policy().units.items() if table.name == TABLE)
    job = Job(unit, "", "", "", Format.PARQUET, Format.PARQUET, {}, "rule")

    with on_spark._session("local[2]", True) as own:
        frames = on_spark.answers(job, own.read.parquet(str(tmp_path / "claims.parquet")))
        plans = [frame._jdf.queryExecution().executedPlan().toString() for frame in frames]

    for plan in plans:
        assert "Project [" in plan and "FileScan parquet" in plan
        for word in ("PythonUDF", "BatchEvalPython", "ArrowEvalPython", "Python", "Exchange"):
            assert word not in plan


def parcel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "parcel.dtable").write_text(PARCEL)


def test_types_and_texts_are_what_they_are_elsewhere(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcel(tmp_path, monkeypatch)
    table = typed(6).set_column(3, "fast", pa.array([False] * 6))
    weights = [Decimal(text) for text in ("0.5", "10.001", "30.01", "0.49", "1", "10.010")]
    table = table.set_column(0, "weight", pa.array(weights, pa.decimal128(20, 3)))
    zones = ["home", "world", "home", "home", HOSTILE, "outer space"]
    table = table.set_column(1, HOSTILE, pa.array(zones))
    pq.write_table(table, "in.parquet")

    words = ["fee", "in.parquet", "--rename", f"zone={HOSTILE}"]
    codes = [spark(*words, "-o", "spark")[0], run(["apply", *words, "-o", "duck.parquet"])[0]]

    assert codes == [1, 1]
    assert pq.read_table("spark").to_pylist() == pq.read_table("duck.parquet").to_pylist()
    mine = pq.read_table("spark.rejects").drop(["rejected_file"]).to_pylist()
    assert mine == pq.read_table("duck.rejects.parquet").to_pylist()
    assert [row["note"] for row in pq.read_table("spark").to_pylist()] == ['it\'s "so"']
    assert len(mine) == 5


def test_what_cannot_run_is_told_before_and_leaves_what_was_there(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcel(tmp_path, monkeypatch)
    pq.write_table(typed(2).set_column(0, "weight", pa.array([1.0, 2.0])), "in.parquet")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old").write_text("of an earlier run")

    code, told, aside = spark("fee", "in.parquet", "-o", "out")

    assert (code, told) == (2, "")
    assert "`weight` is DOUBLE where DECIMAL or an integer type is due" in aside
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["old"]
    assert "folders of Parquet" in spark("fee", "in.csv", "-o", "o", "--format", "csv")[2]
    assert "no such file or folder: none.parquet" in spark("fee", "none.parquet", "-o", "o")[2]


def test_files_of_a_folder_that_differ_or_cannot_be_read_end_the_run(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spark would take the columns of one file, and what another one does not have for missing."""
    parcel(tmp_path, monkeypatch)
    (tmp_path / "in").mkdir()
    pq.write_table(typed(2), "in/a.parquet")
    session.conf.set("spark.sql.files.ignoreCorruptFiles", "true")

    def refused() -> str:
        code, told, aside = spark("fee", "in", "-o", "out")
        assert (code, told) == (2, "")
        assert not (tmp_path / "out").exists()
        assert "Exception" not in aside and "fault in gapless" not in aside
        return aside

    try:
        whole = Path("in/a.parquet").read_bytes()
        wide = typed(2).set_column(0, "weight", pa.array([Decimal("1.255")] * 2))
        for other, says in (
            (typed(2).drop(["day"]), "`day` is missing in "),
            (typed(2).rename_columns(["weight", "zone", "Day", "fast", "pieces", "kept"]), "`Day`"),
            (wide, "`weight` is DECIMAL(4,3) in "),
            (typed(2).append_column("more", typed(2)["kept"]), "`more` is INT64 in "),
        ):
            pq.write_table(other, "in/b.parquet")
            assert "the files of in have different columns" in (said := refused())
            assert says in said and "/in/b.parquet" in said
        for content in (b"", b"weight,zone\n", whole[:-9], whole[:4] + bytes(80) + whole[84:]):
            Path("in/b.parquet").write_bytes(content)
            assert "/in/b.parquet is no Parquet file, or is damaged" in refused()
        Path("in/a.parquet").unlink()
        Path("in/b.parquet").unlink()
        assert "in holds no Parquet file" in refused()
    finally:
        session.conf.unset("spark.sql.files.ignoreCorruptFiles")


def test_a_folder_of_an_earlier_run_is_replaced(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcel(tmp_path, monkeypatch)
    for rows in (4, 2):
        pq.write_table(typed(rows), "in.parquet")
        assert spark("fee", "in.parquet", "-o", "out", "--no-rejects")[0] == 0

    assert pq.read_table("out").num_rows == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet", "out", "tables"]


def test_the_policy_of_the_page_is_sound() -> None:
    assert compile_sources([Source("parcel.dtable", PARCEL)]).is_sound
