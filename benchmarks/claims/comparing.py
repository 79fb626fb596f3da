"""What engines answered, held against the reference meaning: every row, every column that they give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.claims.engines import combinations, edit, members
from benchmarks.claims.lines import COLUMNS
from gapless.backends import rejections as refusing
from gapless.semantics import Answered, evaluate

NONE = -1
Numbers = npt.NDArray[np.int16]
Answers = Mapping[str, Numbers]
"""For `verdict`, `rule` and `reason` the number of the word in each row, `NONE` where there is none."""


class Reference:
    """The answers of the reference meaning to every row of a file, in its order."""

    def __init__(self, data: Path) -> None:
        table = pq.read_table(data)
        self.claims: npt.NDArray[np.int64] = table["claim"].to_numpy()
        numbers, cases = combinations(table.select(COLUMNS))
        said = [_meant(case) for case in cases]
        self.cases = len(cases)
        self.words = {
            name: sorted({each[place] for each in said} - {None}, key=str)
            for place, name in enumerate(("verdict", "rule", "reason"))
        }
        self.answers: Answers = {
            name: np.array([_place(words, each[n]) for each in said], np.int16)[numbers]
            for n, (name, words) in enumerate(self.words.items())
        }

    @property
    def refused(self) -> int:
        return int((self.answers["verdict"] == NONE).sum())

    def coded(self, name: str, column: pa.ChunkedArray) -> Numbers:
        """Words as their numbers; a word that no answer has is none of them, and differs from all."""
        words = pa.array(self.words[name], pa.string())
        found = pc.fill_null(pc.index_in(column, words), NONE)
        strange = pc.and_(pc.is_valid(column), pc.equal(found, NONE))
        return np.where(strange.to_numpy(), NONE - 1, found.to_numpy()).astype(np.int16)


def _place(words: Sequence[str | None], word: str | None) -> int:
    return NONE if word is None else words.index(word)


def _meant(case: Sequence[str | None]) -> tuple[str | None, str | None, str | None]:
    """Verdict, rule and reason of one combination, which may hold anything."""
    table = edit()
    for column, value, known in zip(table.inputs, case, members(table), strict=True):
        if value not in known:
            why = refusing.missing if value is None else refusing.outside
            return None, None, why(column)
    meaning = evaluate(table, dict(zip(COLUMNS, case, strict=True)))
    if not isinstance(meaning, Answered):
        return None, None, f"cannot happen: so says a table that {table.name} asks"
    return str(meaning.values[0]), meaning.rule.name, None


def of_array(reference: Reference, verdicts: npt.NDArray[np.int8], names: Sequence[str]) -> Answers:
    """Verdicts by their place in the declared list."""
    places = [
        _place(reference.words["verdict"], name) if name in reference.words["verdict"] else NONE - 1
        for name in names
    ]
    return {"verdict": np.array([*places, NONE], np.int16)[verdicts]}


def of_files(reference: Reference, answered: Path, rejected: Path) -> Answers:
    """Both files of `gapless apply`, put together by claim, whatever order they are in."""
    out = pq.read_table(answered, columns=["claim", "verdict", "rule"])
    lost = pq.read_table(rejected, columns=["claim", "rejected_reason"])
    rows = len(reference.claims)
    assert out.num_rows + lost.num_rows == rows, "rows were lost, or are there twice"
    order = np.argsort(reference.claims)
    found = {name: np.full(rows, NONE, np.int16) for name in reference.words}
    seen = np.zeros(rows, np.bool_)
    for table, names in ((out, ("verdict", "rule")), (lost, ("reason",))):
        claims = table["claim"].to_numpy()
        places = order[np.searchsorted(reference.claims, claims, sorter=order)]
        assert (reference.claims[places] == claims).all(), "there are claims that were not given"
        seen[places] = True
        for name in names:
            column = table["rejected_reason" if name == "reason" else name]
            found[name][places] = reference.coded(name, column)
    assert seen.all(), "rows are there twice"
    return found


def is_in_order(reference: Reference, answered: Path) -> bool:
    """Whether the answered rows stand in the order of the data."""
    claims = pq.read_table(answered, columns=["claim"])["claim"].to_numpy()
    return bool((claims == reference.claims[reference.answers["verdict"] != NONE]).all())


def differing(reference: Reference, answers: Answers) -> int:
    """In how many rows an answer is not that of the reference meaning."""
    wrong = np.zeros(len(reference.claims), np.bool_)
    for name, found in answers.items():
        wrong |= found != reference.answers[name]
    return int(wrong.sum())
