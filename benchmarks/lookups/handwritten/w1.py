"""W1 by hand: `==` for columns of two or three words, nested dicts for longer ones.

One comparison of words costs a third of a lookup in a dict, and needs no hash of a text that is
fresh from a parser. Dicts win from five words on. `type` is asked first, since both would let
a subclass of `str` pass: that is a third of the time.
"""

from __future__ import annotations

from typing import Any

from benchmarks.lookups.grids import Answer, grid
from benchmarks.lookups.handwritten.doors import again

GRID = grid("w1")
SETTING, PAYER, DELIVERY, MODALITY, COMPONENT = (column.values for column in GRID.columns)


ROWS: dict[tuple[Answer, ...], dict[str, Answer]] = {}
"""Those that are alike are one: that keeps more of them in the processor's nearest cache."""


def _table(setting: str, payer: str, component: str) -> dict[str, dict[str, Answer]]:
    """By delivery and modality."""
    s, p, c = SETTING.index(setting), PAYER.index(payer), COMPONENT.index(component)
    found = {}
    for d, delivery in enumerate(DELIVERY):
        answers = tuple(GRID.at((s, p, d, m, c)) for m in range(len(MODALITY)))
        row = dict(zip(MODALITY, answers, strict=True))
        found[delivery] = ROWS.setdefault(answers, row)
    return found


FACILITY_MEDICARE_GLOBAL = _table("facility", "medicare", "global")
FACILITY_MEDICARE_PROFESSIONAL = _table("facility", "medicare", "professional")
FACILITY_MEDICARE_TECHNICAL = _table("facility", "medicare", "technical")
FACILITY_COMMERCIAL_GLOBAL = _table("facility", "commercial", "global")
FACILITY_COMMERCIAL_PROFESSIONAL = _table("facility", "commercial", "professional")
FACILITY_COMMERCIAL_TECHNICAL = _table("facility", "commercial", "technical")
OFFICE_MEDICARE_GLOBAL = _table("office", "medicare", "global")
OFFICE_MEDICARE_PROFESSIONAL = _table("office", "medicare", "professional")
OFFICE_MEDICARE_TECHNICAL = _table("office", "medicare", "technical")
OFFICE_COMMERCIAL_GLOBAL = _table("office", "commercial", "global")
OFFICE_COMMERCIAL_PROFESSIONAL = _table("office", "commercial", "professional")
OFFICE_COMMERCIAL_TECHNICAL = _table("office", "commercial", "technical")


def w1(setting: Any, payer: Any, delivery: Any, modality: Any, component: Any) -> Answer:
    if (
        type(setting) is str
        and type(payer) is str
        and type(delivery) is str
        and type(modality) is str
        and type(component) is str
    ):
        try:
            if setting == "facility":
                if payer == "medicare":
                    if component == "global":
                        return FACILITY_MEDICARE_GLOBAL[delivery][modality]
                    if component == "professional":
                        return FACILITY_MEDICARE_PROFESSIONAL[delivery][modality]
                    if component == "technical":
                        return FACILITY_MEDICARE_TECHNICAL[delivery][modality]
                elif payer == "commercial":
                    if component == "global":
                        return FACILITY_COMMERCIAL_GLOBAL[delivery][modality]
                    if component == "professional":
                        return FACILITY_COMMERCIAL_PROFESSIONAL[delivery][modality]
                    if component == "technical":
                        return FACILITY_COMMERCIAL_TECHNICAL[delivery][modality]
            elif setting == "office":
                if payer == "medicare":
                    if component == "global":
                        return OFFICE_MEDICARE_GLOBAL[delivery][modality]
                    if component == "professional":
                        return OFFICE_MEDICARE_PROFESSIONAL[delivery][modality]
                    if component == "technical":
                        return OFFICE_MEDICARE_TECHNICAL[delivery][modality]
                elif payer == "commercial":
                    if component == "global":
                        return OFFICE_COMMERCIAL_GLOBAL[delivery][modality]
                    if component == "professional":
                        return OFFICE_COMMERCIAL_PROFESSIONAL[delivery][modality]
                    if component == "technical":
                        return OFFICE_COMMERCIAL_TECHNICAL[delivery][modality]
        except KeyError:
            pass
    return again(w1, GRID.columns, (setting, payer, delivery, modality, component))
