"""W1 by hand: `==` for the columns of two words, then nested dicts, those of most words first.

One comparison of words costs a third of a lookup in a dict, and needs no hash of a text that is
fresh from a parser; but it is a branch that cannot be foreseen. So two words are compared, and more
are looked up. `type` is asked first, since both would let a subclass of `str` pass: that is
a third of the time.
"""

from __future__ import annotations

from typing import Any

from benchmarks.lookups.grids import Answer, grid
from benchmarks.lookups.handwritten.doors import again

GRID = grid("w1")
SETTING, PAYER, DELIVERY, MODALITY, COMPONENT = (column.values for column in GRID.columns)


ROWS: dict[tuple[Answer, ...], dict[str, Answer]] = {}
"""Those that are alike are one: that keeps more of them in the processor's nearest cache."""


def _table(setting: str, payer: str) -> dict[str, dict[str, dict[str, Answer]]]:
    """By modality, delivery and component."""
    s, p = SETTING.index(setting), PAYER.index(payer)
    return {
        modality: {delivery: _row(s, p, d, m) for d, delivery in enumerate(DELIVERY)}
        for m, modality in enumerate(MODALITY)
    }


def _row(s: int, p: int, d: int, m: int) -> dict[str, Answer]:
    answers = tuple(GRID.at((s, p, d, m, c)) for c in range(len(COMPONENT)))
    return ROWS.setdefault(answers, dict(zip(COMPONENT, answers, strict=True)))


FACILITY_MEDICARE = _table("facility", "medicare")
FACILITY_COMMERCIAL = _table("facility", "commercial")
OFFICE_MEDICARE = _table("office", "medicare")
OFFICE_COMMERCIAL = _table("office", "commercial")


def w1(setting: Any, payer: Any, delivery: Any, modality: Any, component: Any) -> Answer:
    try:
        if (
            type(setting) is str
            and type(payer) is str
            and type(delivery) is str
            and type(modality) is str
            and type(component) is str
        ):
            if setting == "facility":
                if payer == "medicare":
                    return FACILITY_MEDICARE[modality][delivery][component]
                if payer == "commercial":
                    return FACILITY_COMMERCIAL[modality][delivery][component]
            elif setting == "office":
                if payer == "medicare":
                    return OFFICE_MEDICARE[modality][delivery][component]
                if payer == "commercial":
                    return OFFICE_COMMERCIAL[modality][delivery][component]
    except KeyError:
        pass
    return again(w1, GRID.columns, (setting, payer, delivery, modality, component))
