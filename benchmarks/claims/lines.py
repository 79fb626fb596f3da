"""Synthetic claim lines, seeded: shares as a billing office sees them, and nobody's data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

SEED = 5
GROUP = 1_000_000
COLUMNS = ("setting", "payer", "delivery", "guidance", "modifier")
MISSING = None

Shares = Mapping[str | None, float]

SETTING: Shares = {"hospital": 0.62, "freestanding": 0.38}
PAYER: Shares = {"medicare": 0.46, "takes_g_codes": 0.27, "values_77387": 0.19, "unknown": 0.08}
DELIVERY: Mapping[str, Shares] = {
    "hospital": {
        "77386": 0.34, "77385": 0.22, "77412": 0.20, "77407": 0.09, "77402": 0.08, "77401": 0.03,
        "G6015": 0.02, "G6012": 0.01, "unnamed": 0.01,
    },
    "freestanding": {
        "G6015": 0.46, "G6012": 0.14, "G6013": 0.06, "G6016": 0.05, "G6011": 0.04, "G6009": 0.03,
        "G6008": 0.02, "G6007": 0.02, "G6006": 0.01, "G6005": 0.01, "G6004": 0.01, "G6003": 0.01,
        "G6014": 0.01, "G6010": 0.01, "77385": 0.04, "77412": 0.04, "77401": 0.02, "unnamed": 0.02,
    },
}  # fmt: skip
GUIDANCE: Mapping[str, Shares] = {
    "hospital": {MISSING: 0.41, "77387": 0.30, "77014": 0.21, "G6002": 0.05, "G6017": 0.02, "G6001": 0.01},
    "freestanding": {"77014": 0.44, MISSING: 0.23, "G6002": 0.19, "77387": 0.09, "G6017": 0.03, "G6001": 0.02},
}  # fmt: skip
BESIDE: Mapping[str, Shares] = {
    "hospital": {"TC": 0.47, "26": 0.36, "none": 0.17},
    "freestanding": {"none": 0.88, "26": 0.08, "TC": 0.04},
}
ALONE = 0.003
"""So many of the lines without a guidance code have a modifier all the same, which cannot be."""

STRAY: Mapping[str, Shares] = {
    "setting": {"Hospital": 0.7, MISSING: 0.2, "office": 0.1},
    "payer": {"Medicare": 0.5, MISSING: 0.3, "self_pay": 0.2},
    "delivery": {"77418": 0.4, "g6015": 0.3, "7738": 0.2, MISSING: 0.1},
    "guidance": {"77421": 0.5, "g6002": 0.3, "": 0.2},
    "modifier": {"tc": 0.5, MISSING: 0.3, "59": 0.2},
}
"""What else is found in such columns: codes that are no more, of the wrong case, cut short, none."""
STRAYS = 0.001
"""The share of stray values in each column."""

Codes = npt.NDArray[np.int32]
Chance = np.random.Generator


def write(path: Path, rows: int, seed: int = SEED) -> None:
    """Write so many claim lines to a Parquet file; the same seed gives the same lines."""
    with pq.ParquetWriter(path, table(0, np.random.default_rng(seed)).schema) as writer:
        for first in range(0, rows, GROUP):
            chance = np.random.default_rng([seed, first // GROUP])
            writer.write_table(table(min(GROUP, rows - first), chance, first))


def table(rows: int, chance: Chance, first: int = 0) -> pa.Table:
    """Claim lines from number `first` on."""
    in_hospital = chance.random(rows) < SETTING["hospital"]
    setting = np.where(in_hospital, _code("setting", "hospital"), _code("setting", "freestanding"))
    codes = {
        "setting": setting.astype(np.int32),
        "payer": _drawn("payer", PAYER, rows, chance),
        "delivery": _by_setting("delivery", DELIVERY, in_hospital, chance),
        "guidance": _by_setting("guidance", GUIDANCE, in_hospital, chance),
    }
    codes["modifier"] = _modifier(codes["guidance"], in_hospital, chance)
    for name in COLUMNS:
        stray = chance.random(rows) < STRAYS
        codes[name][stray] = _drawn(name, STRAY[name], int(stray.sum()), chance)
    columns = {name: _column(name, codes[name]) for name in COLUMNS}
    return pa.table({"claim": _claims(rows, first), **columns})


def _claims(rows: int, first: int) -> npt.NDArray[np.int64]:
    """Numbers that look random and are all different: an odd factor mixes 62 bits one to one."""
    numbers = np.arange(first, first + rows, dtype=np.uint64)
    mixed = numbers * np.uint64(0x2545F4914F6CDD1D) & np.uint64(2**62 - 1)
    return mixed.astype(np.int64)


def _values(name: str) -> list[str | None]:
    """Everything that may stand in a column."""
    shares: dict[str, Sequence[Shares]] = {
        "setting": [SETTING],
        "payer": [PAYER],
        "delivery": [*DELIVERY.values()],
        "guidance": [*GUIDANCE.values()],
        "modifier": [*BESIDE.values()],
    }
    found = [value for each in (*shares[name], STRAY[name]) for value in each]
    return list(dict.fromkeys(found))


def _code(name: str, value: str | None) -> int:
    return _values(name).index(value)


def _drawn(name: str, shares: Shares, rows: int, chance: Chance) -> Codes:
    values = _values(name)
    codes = np.array([values.index(value) for value in shares], dtype=np.int32)
    bounds = np.cumsum(list(shares.values()))
    places = np.searchsorted(bounds, chance.random(rows) * bounds[-1], side="right")
    drawn: Codes = codes[np.minimum(places, len(codes) - 1)]
    return drawn


def _by_setting(
    name: str, shares: Mapping[str, Shares], in_hospital: npt.NDArray[np.bool_], chance: Chance
) -> Codes:
    rows = len(in_hospital)
    there = _drawn(name, shares["hospital"], rows, chance)
    return np.where(in_hospital, there, _drawn(name, shares["freestanding"], rows, chance))


def _modifier(guidance: Codes, in_hospital: npt.NDArray[np.bool_], chance: Chance) -> Codes:
    beside = _by_setting("modifier", BESIDE, in_hospital, chance)
    alone = (guidance == _code("guidance", MISSING)) & (chance.random(len(guidance)) >= ALONE)
    return np.where(alone, np.int32(_code("modifier", "none")), beside)


def _column(name: str, codes: Codes) -> pa.Array:
    values = pa.array(_values(name), pa.string())
    return values.take(pa.array(codes))
