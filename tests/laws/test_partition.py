"""A column cut into atoms and read back: no value changes sides."""

from __future__ import annotations

from random import Random

import pytest

from gapless.analysis.domain import partition
from gapless.model import AnyOf, Column, ListType, OptionalType, SetType, Type
from gapless.semantics import holds
from tests.random_tables import NOWHERE, SET, TYPES, random_test

KINDS: tuple[Type, ...] = (*TYPES, *map(OptionalType, TYPES), SET)
CASES = 8_000 // len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_atoms_become_a_test_that_just_their_values_pass(kind: Type) -> None:
    random = Random(str(kind))
    column = Column("x", kind, None, None, NOWHERE)
    for _ in range(CASES):
        written = AnyOf(tuple(random_test(random, kind) for _ in range(random.randint(1, 4))))
        axis = partition.axis(column, partition.cuts(column, written))
        mask = random.randint(1, axis.whole)

        found = partition.test_of(axis, mask)

        assert axis.mask(found) == mask
        for number in range(len(axis.atoms)):
            assert holds(found, axis.sample(number), {}) == bool(mask >> number & 1)


@pytest.mark.parametrize("kind", [ListType(TYPES[0]), SetType(TYPES[0])], ids=str)
def test_of_a_list_nothing_is_told_apart(kind: Type) -> None:
    axis = partition.axis(Column("x", kind, None, None, NOWHERE), partition.Cuts())

    assert axis.mask(partition.test_of(axis, axis.whole)) == axis.whole
