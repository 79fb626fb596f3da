"""The real job in small: every engine that needs no server says the same of synthetic claim lines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from benchmarks.claims import lines
from benchmarks.claims.comparing import Reference, differing, is_in_order, of_array, of_files
from benchmarks.claims.engines import ARRAYS, apply, is_there, verdicts

ROWS = 20_000


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("claims") / "claims.parquet"
    lines.write(path, ROWS)
    return path


@pytest.fixture(scope="module")
def reference(data: Path) -> Reference:
    return Reference(data)


def test_a_seed_gives_the_same_lines_and_no_claim_twice(data: Path, tmp_path: Path) -> None:
    lines.write(tmp_path / "again.parquet", ROWS)
    lines.write(tmp_path / "other.parquet", ROWS, seed=6)

    assert (tmp_path / "again.parquet").read_bytes() == data.read_bytes()
    assert not pq.read_table(tmp_path / "other.parquet").equals(pq.read_table(data))
    assert pc.count_distinct(pq.read_table(data)["claim"]).as_py() == ROWS


def test_most_lines_are_answered_and_every_kind_of_bad_one_is_there(reference: Reference) -> None:
    reasons = reference.words["reason"]

    assert 0.002 < reference.refused / ROWS < 0.02
    assert {str(reason).split()[0] for reason in reasons} == {*lines.COLUMNS, "cannot"}
    assert {str(reason).split()[-1] for reason in reasons} >= {"missing", "asks"}


@pytest.mark.parametrize("engine", ARRAYS)
def test_an_engine_in_memory_agrees_on_every_line(
    engine: str, data: Path, reference: Reference
) -> None:
    if not is_there(engine):
        pytest.skip(f"{engine} is not there")

    answers = of_array(reference, ARRAYS[engine](data), verdicts())

    assert differing(reference, answers) == 0


def test_apply_agrees_on_every_line_and_keeps_their_order(
    data: Path, reference: Reference, tmp_path: Path
) -> None:
    apply(data, tmp_path)
    answers = of_files(reference, tmp_path / "out.parquet", tmp_path / "out.rejects.parquet")

    assert set(answers) == {"verdict", "rule", "reason"}
    assert differing(reference, answers) == 0
    assert is_in_order(reference, tmp_path / "out.parquet")


def test_one_wrong_answer_is_seen(reference: Reference) -> None:
    answers = {name: found.copy() for name, found in reference.answers.items()}
    answers["rule"][ROWS - 1] += 1

    assert differing(reference, answers) == 1
    assert not np.array_equal(answers["rule"], reference.answers["rule"])
