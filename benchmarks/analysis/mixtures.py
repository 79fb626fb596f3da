"""Tables that mix what is hard: a tree's leaves, wildcards, wide rows, pigeonholes, a catch-all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from random import Random
from typing import NamedTuple

from benchmarks.analysis.cells import Cells, Kind, table_of
from benchmarks.analysis.generator import grown, loan_columns, loose
from gapless.model import HitPolicy, Table


class Mixture(NamedTuple):
    """What a table is mixed of; the same parameters make the same table.

    Of `leaves` disjoint rules one in forty is dropped; `skew` is the share of cuts that cut the newest
    again. `wild` rows test `tested` columns each, `wide` rows one. Numbers are compared with multiples
    of `step`; with `only` all columns are `numbers` or `lists`. `pigeons` adds as many columns, and
    rows that say that two of them are alike, in half of the first column.
    """

    seed: int
    columns: int = 7
    leaves: int = 0
    skew: float = 0.0
    wild: int = 0
    tested: int = 3
    wide: int = 0
    step: int = 500
    only: str = ""
    pigeons: int = 0
    catch_all: bool = False


def mixed(mixture: Mixture) -> Table:
    random = Random(repr(mixture))
    kinds = _kinds(random, mixture)
    pigeons = tuple(
        Kind(f"p{number}_", frozenset(range(max(2, mixture.pigeons - 1))))
        for number in range(mixture.pigeons)
    )
    rest = tuple(kind.whole for kind in pigeons)
    rows = [(*row, *rest) for row in _rows(random, kinds, mixture)]
    rows.extend(_alike(random, kinds, pigeons))
    random.shuffle(rows)
    return table_of(
        (*kinds, *pigeons),
        rows,
        random,
        policy=HitPolicy.FIRST,
        catch_all=mixture.catch_all,
    )


def call(mixture: Mixture) -> str:
    """How the generator is asked for it, what is left as it is not said."""
    usual = Mixture(mixture.seed)
    asked = mixture._asdict().items()
    said = (f"{name}={value!r}" for name, value in asked if value != getattr(usual, name))
    return f"Mixture({', '.join([str(mixture.seed), *said])})"


def _kinds(random: Random, mixture: Mixture) -> tuple[Kind, ...]:
    kinds = loan_columns(random, 2 * mixture.columns, mixture.step)
    numbers, lists = kinds[::2], kinds[1::2]
    if mixture.only == "numbers":
        return numbers
    if mixture.only == "lists":
        return lists
    return kinds[: mixture.columns]


def _rows(random: Random, kinds: tuple[Kind, ...], mixture: Mixture) -> Iterator[Cells]:
    if mixture.leaves:
        for leaf in grown(random, kinds, mixture.leaves, mixture.skew).boxes:
            if random.random() >= 1 / 40:
                yield leaf
    for _ in range(mixture.wild):
        yield loose(random, kinds, mixture.tested)
    for _ in range(mixture.wide):
        yield loose(random, kinds, 1)


def _alike(random: Random, kinds: tuple[Kind, ...], pigeons: tuple[Kind, ...]) -> Iterator[Cells]:
    """In half of the first column: two pigeons are in one hole."""
    if not pigeons:
        return
    whole = kinds[0].whole
    half = whole[: len(whole) // 2] if isinstance(whole, range) else frozenset(sorted(whole)[::2])
    within = (half, *(kind.whole for kind in kinds[1:]))
    holes = pigeons[0].whole
    for pair in combinations(range(len(pigeons)), 2):
        for hole in holes:
            alike = (
                frozenset((hole,)) if n in pair else each.whole for n, each in enumerate(pigeons)
            )
            yield (*within, *alike)
