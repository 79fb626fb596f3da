"""How the rules of a crosstab stand on paper: one column's conditions across the top, rules below them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CrossedRow:
    """`name` is the row's own; `rules` are the names of its rules, head by head, None where none stands."""

    name: str
    rules: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class CrossedRules:
    """The rules of a table but for its `otherwise`, each in one place; `across` is the column at the top.

    All rules below one head have the same condition on `across`, all rules of a row the same on every
    other column. No row and no head is without a rule.
    """

    across: str
    rows: tuple[CrossedRow, ...]
