"""Sets of members in kinds: no test tells two sets of one kind apart, whatever the list and the tests."""

from __future__ import annotations

from functools import reduce
from itertools import chain, combinations
from operator import or_
from random import Random

import pytest

from gapless.analysis.domain import partition
from gapless.analysis.domain.subsets import Kind
from gapless.driver import compile_sources
from gapless.model import Column, EnumerationType, Member, SetType, Test
from gapless.semantics import holds
from gapless.text.words import cell
from gapless_dsl.diagnostic import Severity
from gapless_dsl.source import Source
from tests.random_tables import NOWHERE, random_set_test

LISTS = 250


def a_list(random: Random) -> SetType:
    count = random.randint(1, 6)
    return SetType(EnumerationType("Code", tuple(Member(name) for name in "abcdef"[:count])))


def every(of: SetType) -> list[frozenset[str]]:
    assert isinstance(of.of, EnumerationType)
    names = [member.name for member in of.of.members]
    found = chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))
    return [frozenset(each) for each in found]


@pytest.mark.parametrize("seed", range(4))
def test_a_set_is_of_the_kind_whose_tests_it_passes(seed: int) -> None:
    random = Random(seed)
    for _ in range(LISTS):
        of = a_list(random)
        column = Column("x", of, None, None, NOWHERE)
        tests = [random_set_test(random, of) for _ in range(random.randint(0, 4))]
        named = random.choice(every(of))
        cuts = reduce(or_, (partition.cuts(column, test) for test in tests), partition.Cuts())
        if random.random() < 0.3:
            cuts |= partition.value_cuts(column, named)

        axis = partition.axis(column, cuts)

        kinds: dict[int, list[frozenset[str]]] = {}
        for each in every(of):
            number = axis.locate(each)
            assert number is not None
            kinds.setdefault(number, []).append(each)
            for test in tests:
                assert holds(test, each) == bool(axis.mask(test) >> number & 1)
        assert sorted(kinds) == [*range(len(axis.atoms))]
        for number, those in kinds.items():
            atom = axis.atoms[number]
            assert isinstance(atom, Kind)
            assert atom.value in those and len(atom.value) == min(map(len, those))
            assert atom.is_one == (len(those) == 1)
            assert atom.may == frozenset().union(*those)


def reread(text: str, of: SetType) -> Test:
    """The test that a cell says, as an author would have written it."""
    assert isinstance(of.of, EnumerationType)
    policy = (
        f"type Code\n  {chr(10).join('  ' + each.name for each in of.of.members).strip()}\n"
        "table t\n  in x : set of Code\n  out y : bool\n\n"
        f"  | unique | x || y |\n  |--|--||--|\n  | a | {text} || yes |\n"
    )
    (table,) = compile_sources([Source("t.dtable", policy)]).policies[0].tables
    return table.rules[0].conditions[0].test


@pytest.mark.parametrize("seed", range(4))
def test_any_kinds_are_told_as_a_cell_that_just_their_sets_pass(seed: int) -> None:
    random = Random(seed)
    for _ in range(LISTS):
        of = a_list(random)
        column = Column("x", of, None, None, NOWHERE)
        tests = [random_set_test(random, of) for _ in range(random.randint(1, 4))]
        cuts = reduce(or_, (partition.cuts(column, test) for test in tests))
        axis = partition.axis(column, cuts)
        mask = random.randint(1, axis.whole)

        found = partition.test_of(axis, mask)

        for each in every(of):
            number = axis.locate(each)
            assert number is not None
            assert holds(found, each) == bool(mask >> number & 1)
        read = reread(cell(axis, mask), of)
        assert all(holds(read, each) == holds(found, each) for each in every(of))


OF_NUMBERS = """
table many
  in  a : int 0..9
  out s : set of int 0..9

  | collect | a   || s |
  | low     | < 5 || 1 |
  | all     | -   || 2 |

table ask
  in  a : int 0..9
  let s = many(a)
  out o : int 0..9

  | unique | s         || o |
  | one    | any of 1  || 1 |
  | none   | none of 1 || 2 |
"""


def test_a_set_of_numbers_is_no_column_of_conditions() -> None:
    result = compile_sources([Source("sets.dtable", OF_NUMBERS)])

    assert [each.code for each in result.diagnostics if each.severity is Severity.ERROR] == [
        "GAP044"
    ]
