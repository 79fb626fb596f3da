"""Beginnings of texts: cut into a tree, said back as cells, and asked alike by every reader."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapless.analysis.domain import partition
from gapless.analysis.domain.partition import Cuts, axis, cuts
from gapless.driver import compile_sources
from gapless.model import (
    AnyOf,
    Begins,
    Column,
    Equals,
    NoneOf,
    OptionalType,
    Test,
    TextType,
    Value,
)
from gapless.proof.extents import cut, domain
from gapless.semantics import holds
from gapless.text.words import cell
from gapless_dsl.source import Source, Span
from tests.agreement import agreed
from tests.amounts import so_many

NOWHERE = Span("", 0, 0)
COLUMN = Column("x", TextType(), None, None, NOWHERE)
texts = st.text("ab?o\U0010ffff", max_size=4)
prefixes = st.text("ab?o\U0010ffff", min_size=1, max_size=3)
begins = st.builds(Begins, prefixes)
simple = st.builds(Equals, texts) | begins
parts = simple | st.builds(Begins, prefixes, st.lists(simple, min_size=1, max_size=2).map(tuple))
tests: st.SearchStrategy[Test] = (
    parts
    | st.lists(parts, min_size=1, max_size=3).map(lambda some: AnyOf(tuple(some)))
    | st.lists(parts, min_size=1, max_size=3).map(lambda some: NoneOf(tuple(some)))
)


@settings(max_examples=so_many(80, 4))
@given(st.lists(tests, min_size=1, max_size=4), st.lists(texts, max_size=6))
def test_atoms_hold_what_passes(asked: list[Test], some: list[str]) -> None:
    held = axis(COLUMN, reduce(Cuts.__or__, (cuts(COLUMN, each) for each in asked)))
    samples = [held.sample(number) for number in range(len(held.atoms))]

    assert [held.locate(each) for each in samples] == [*range(len(held.atoms))]
    for test in asked:
        mask = held.mask(test)
        for text in (*some, *samples):
            assert holds(test, text) == bool(mask >> (held.locate(text) or 0) & 1), (test, text)
        told = partition.test_of(held, mask) if mask else None
        if told is not None:
            assert all(holds(told, text) == holds(test, text) for text in (*some, *samples))
            assert held.mask(told) == mask


@settings(max_examples=so_many(60))
@given(st.lists(tests, min_size=1, max_size=4), st.data())
def test_what_is_said_of_atoms_can_be_read(asked: list[Test], data: st.DataObject) -> None:
    held = axis(COLUMN, reduce(Cuts.__or__, (cuts(COLUMN, each) for each in asked)))
    mask = data.draw(st.integers(1, held.whole - 1)) if held.whole > 1 else 1
    text = cell(held, mask)
    source = "table t\n  in  x : text\n  out o : bool\n\n  | first | x || o |\n  |---|---||---|\n"
    source += f"  | a | {text} || yes |\n  | b | - || no |\n"
    [policy] = compile_sources([Source("t.dtable", source)]).policies
    test = policy.tables[0].rules[0].conditions[0].test
    for number in range(len(held.atoms)):
        assert holds(test, held.sample(number)) == bool(mask >> number & 1), text


@given(st.lists(tests, min_size=2, max_size=4))
def test_edges_of_proofs_part_texts_as_atoms_do(asked: list[Test]) -> None:
    held = axis(COLUMN, reduce(Cuts.__or__, (cuts(COLUMN, each) for each in asked)))
    pieces = cut(COLUMN.type, asked)
    for one in asked:
        assert bool(held.mask(one)) == bool(pieces(one))
        assert pieces(one) & ~pieces(domain(COLUMN.type)) == 0
        for other in asked:
            meets = held.mask(one) & held.mask(other)
            assert bool(meets) == bool(pieces(one) & pieces(other))
            within = held.mask(one) & ~held.mask(other) == 0
            assert within == (pieces(one) & ~pieces(other) == 0)


CELLS = (
    "77*",
    "772*",
    "7",
    '""',
    "k*",
    "K*",
    '"Dr. "*',
    "77* (but not 772*, 77)",
    "7* (but not 77*)",
)
PROBES = (
    "",
    "7",
    "77",
    "771",
    "772",
    "7721",
    "8",
    "k",
    "K",
    "Kk",
    "Dr",
    "Dr. No",
    "é",
    "\U0001f600",
    "7\n",
)


@pytest.mark.parametrize("seed", range(so_many(10)))
def test_every_reader_asks_alike(seed: int) -> None:
    chance = Random(seed)
    rows = []
    for number in range(chance.randint(2, 6)):
        some = ", ".join(chance.sample(CELLS, chance.randint(1, 3)))
        other = chance.choice(
            ("-", "missing", "present", "77*", "missing, 7*", "not 7*, missing", "K*, missing")
        )
        rows.append(
            f"  | r{number} | {'not ' * chance.randint(0, 1)}{some} | {other} || {chance.choice('abc')} |"
        )
    text = "\n".join(
        [
            "table t",
            "  in  x : text",
            "  in  y : optional text",
            "  out o : text",
            "  | first | x | y || o |",
            "  |---|---|---||---|",
            *rows,
            "  | rest | - | - || x |",
            "",
            "decision d",
            "  in  x : text",
            "  in  y : optional text",
            "  let a = t(x, y) when x = 7*, k*",
            "  let b = t(y, x) when y = not 7*, missing",
            "  out a",
            "  out b",
        ]
    )
    assert agreed(compile_sources([Source("t.dtable", text)]), probes) > 200


def probes(column: Column) -> Sequence[Value]:
    return (*PROBES, None) if isinstance(column.type, OptionalType) else PROBES
