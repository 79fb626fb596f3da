"""One engine puts a file of claim lines to the edit: `python -m benchmarks.claims.engines NAME DATA FOLDER`.

Each runs in a process of its own, so that its memory is its own. What it answers lies in the folder
afterwards; how long it took, from the file to the answers, is printed.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.claims.lines import COLUMNS
from gapless import backends, cli
from gapless.cli.console import peak
from gapless.driver import Result, compile_sources
from gapless.model import EnumerationType, OptionalType, Table
from gapless_dsl.source import Source

ROOT = Path(__file__).parent.parent.parent
NAMES = ("igrt_codes.dtable", "igrt_claims.dtable")
TABLE = "claim_pair"
REFUSED = -1
CHUNK = 1_000_000

Codes = npt.NDArray[np.int8]


@cache
def policy() -> Result:
    return compile_sources(
        [Source(name, (ROOT / "tables" / name).read_text(encoding="utf-8")) for name in NAMES]
    )


def edit() -> Table:
    """The table that says whether a guidance line goes with a delivery code."""
    return next(table for table in policy().units if table.name == TABLE)


def members(table: Table) -> list[list[str | None]]:
    """What each input may hold."""
    found: list[list[str | None]] = []
    for column in table.inputs:
        optional = isinstance(column.type, OptionalType)
        of = column.type.of if isinstance(column.type, OptionalType) else column.type
        assert isinstance(of, EnumerationType)
        found.append([*(member.name for member in of.members), *([None] if optional else [])])
    return found


def verdicts() -> list[str]:
    of = edit().outputs[0].type
    assert isinstance(of, EnumerationType)
    return [member.name for member in of.members]


def generated(target: str) -> ModuleType:
    """The module that the policy becomes."""
    artefacts = backends.ALL[target](policy())
    (name,) = [
        Path(each.path).stem for each in artefacts if each.path.startswith(f"{target}/igrt_claims")
    ]
    with tempfile.TemporaryDirectory() as folder:
        for each in artefacts:
            path = Path(folder, each.path)
            path.parent.mkdir(exist_ok=True)
            path.write_text(each.text, encoding="utf-8")
        sys.path.insert(0, folder)
        try:
            return import_module(f"{target}.{name}")
        finally:
            sys.path.remove(folder)


def in_a_loop(rows: Iterator[tuple[str | None, ...]]) -> Iterator[int]:
    """The generated function, called for each row."""
    module: Any = generated("python")
    answer = module.claim_pair
    numbers = {name: number for number, name in enumerate(verdicts())}
    refusals = (module.InputError, module.ImpossibleError)
    for row in rows:
        try:
            yield numbers[answer(*row)]
        except refusals:
            yield REFUSED


def loop(data: Path) -> Codes:
    found = [
        np.fromiter(in_a_loop(zip(*columns, strict=True)), np.int8, len(columns[0]))
        for columns in chunks(data)
    ]
    return np.concatenate(found) if found else np.empty(0, np.int8)


def chunks(data: Path) -> Iterator[list[list[str | None]]]:
    """The columns as lists, a part of the rows at a time."""
    with pq.ParquetFile(data) as file:
        for batch in file.iter_batches(CHUNK, columns=list(COLUMNS)):
            yield [column.to_pylist() for column in batch.columns]


def distinct(data: Path) -> Codes:
    """The generated function, called once for each combination that occurs."""
    table = pq.read_table(data, columns=list(COLUMNS))
    numbers, cases = combinations(table)
    found = np.fromiter(in_a_loop(iter(cases)), np.int8, len(cases))
    return found[numbers]


def combinations(table: pa.Table) -> tuple[npt.NDArray[np.intp], list[tuple[str | None, ...]]]:
    """For each row the number of its combination, and the combinations."""
    index = np.zeros(table.num_rows, np.int64)
    values: list[list[str | None]] = []
    for name in COLUMNS:
        coded = table[name].combine_chunks().dictionary_encode(null_encoding="encode")
        values.append(coded.dictionary.to_pylist())
        index *= len(values[-1])
        index += coded.indices.to_numpy()
    there, numbers = np.unique(index, return_inverse=True)
    places = np.unravel_index(there, [len(each) for each in values])
    columns = [[held[place] for place in at] for held, at in zip(values, places, strict=True)]
    return numbers, list(zip(*columns, strict=True))


def joined(data: Path) -> Codes:
    """polars: a join with the answers to all cases, which the generated function gave."""
    cases = list(product(*members(edit())))
    answers = dict(zip(COLUMNS, map(list, zip(*cases, strict=True)), strict=True))
    known = pl.DataFrame(
        {**answers, "verdict": pl.Series(list(in_a_loop(iter(cases))), dtype=pl.Int8)},
        schema_overrides=dict.fromkeys(COLUMNS, pl.String),
    )
    found = (
        pl.scan_parquet(data)
        .select(COLUMNS)
        .join(known.lazy(), on=COLUMNS, how="left", nulls_equal=True, maintain_order="left")
        .select(pl.col("verdict").fill_null(REFUSED))
        .collect(engine="streaming")
    )
    return found["verdict"].to_numpy()


def columns(data: Path) -> Codes:
    """The generated module of columns, over Arrow arrays."""
    module: Any = generated("columns")
    numbers = {name: number for number, name in enumerate(verdicts())}
    found = []
    with pq.ParquetFile(data, read_dictionary=list(COLUMNS)) as file:
        for batch in file.iter_batches(CHUNK, columns=list(COLUMNS)):
            said = module.claim_pair_columns(*batch.columns, refused="report")
            known = [numbers[getattr(answer, "verdict", answer)] for answer in said.answers]
            codes = np.array([*known, *([REFUSED] * len(said.reasons))], np.int8)
            found.append(codes[said.codes])
    return np.concatenate(found)


def apply(data: Path, folder: Path, *more: str) -> None:
    words = ["apply", TABLE, str(data), "-o", str(folder / "out.parquet"), "--quiet"]
    code = cli.main([*words, "--tables", str(ROOT / "tables" / NAMES[1]), *more])
    assert code in (0, 1), f"gapless apply ended with {code}"


ARRAYS: Mapping[str, Callable[[Path], Codes]] = {
    "loop": loop,
    "distinct": distinct,
    "polars": joined,
    "columns": columns,
}
FILES: Mapping[str, Sequence[str]] = {
    "duckdb": (),
    "spark": ("--engine", "spark", "--master", "local[2]"),
}


def is_there(engine: str) -> bool:
    """Whether an engine can be asked here."""
    if engine == "columns":
        return "columns" in backends.ALL
    if engine == "spark":
        from importlib.util import find_spec
        from shutil import which

        return find_spec("pyspark") is not None and which("java") is not None
    return True


def main(engine: str, data: Path, folder: Path) -> None:
    policy()
    begun, worked = time.perf_counter(), time.process_time()
    if engine in ARRAYS:
        found = ARRAYS[engine](data)
        seconds, busy = time.perf_counter() - begun, time.process_time() - worked
        np.save(folder / "verdicts.npy", found)
    else:
        apply(data, folder, *FILES[engine])
        seconds, busy = time.perf_counter() - begun, time.process_time() - worked
    sys.stdout.write(f"\n{json.dumps([seconds, busy, peak()])}\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
