"""How the rows that an answer rests on are named, alike wherever a rule is told: `letter`, `heavy, band.light`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from gapless.model import Table
from gapless_dsl.nodes.cells import Basis

Named: TypeAlias = tuple[str, str]
"""The table of a row, and the name of the row; of a collecting table all rows together, `EVERY`."""

EVERY = "*"


def rows_named(asked: Table, outcomes: Sequence[Sequence[Named]], own: str) -> str:
    """The rows that flow into each output of the table `asked`, told once where all rest on the same.

    A row of another table is called with that table's name before it. Where no row flows into any
    output, as in a decision that hands on what it was given, it is `own`, the name of the table's rule.
    """
    told = [", ".join(dict.fromkeys(_name(asked, row) for row in rows)) for rows in outcomes]
    return by_output([column.name for column in asked.outputs], told) or own


def by_output(outputs: Sequence[str], told: Sequence[str]) -> str:
    """What is told of each output, once where it is the same of all; nothing of those without a word."""
    said = {name: each for name, each in zip(outputs, told, strict=True) if each}
    if len(set(said.values())) < 2:
        return next(iter(said.values()), "")
    return "; ".join(f"{name}: {each}" for name, each in said.items())


def _name(asked: Table, row: Named) -> str:
    table, rule = row
    return rule if table == asked.name else f"{table}.{rule}"


def bases_named(asked: Table, bases: Sequence[Basis | None]) -> str:
    """How each output of `asked` rests on the sources; one into which no row's answer flows says nothing."""
    outputs = [column.name for column in asked.outputs]
    return by_output(outputs, [each.value if each else "" for each in bases]) or Basis.STATED.value
