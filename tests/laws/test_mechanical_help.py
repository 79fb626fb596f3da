"""What a finding calls mechanical, anyone may do: it mends what was found, and breaks nothing."""

from __future__ import annotations

from collections import Counter

import pytest

from gapless.driver import compile_sources
from gapless_dsl.diagnostic import Repair
from gapless_dsl.source import Source
from tests.amounts import LONG, so_many
from tests.mechanical import broken, compiled, corpus, offers, right_ones, slips, tried_on

VOLUME = so_many(300)
"""How many slips are looked at; `make test-long` looks at more: `python -m tests.mechanical 20000`."""

OFFERING = frozenset(
    [
        "GAP001",
        "GAP002",
        "GAP003",
        "GAP004",
        "GAP005",
        "GAP007",
        "GAP008",
        "GAP010",
        "GAP011",
        "GAP012",
        "GAP013",
        "GAP014",
        "GAP020",
        "GAP021",
        "GAP022",
        "GAP026",
        "GAP027",
        "GAP029",
        "GAP031",
        "GAP032",
        "GAP034",
        "GAP044",
        "GAP045",
        "GAP047",
        "GAP103",
        "GAP106",
        "GAP111",
        "GAP112",
        "GAP117",
        "GAP301",
    ]
)
"""The codes of all findings that have a mechanical help."""


@pytest.mark.parametrize("part", range(4))
def test_what_pages_offer_mends_what_they_show(part: int) -> None:
    for files, before in corpus()[part::4]:
        for offer in offers(before):
            assert broken(files, before, offer) == [], offer


INSTANCES = {
    "GAP020": """\
type Weight = int 007..30
""",
    "GAP045": """\
table fee
  in  weight : decimal(3) 0..9
  out price  : decimal(2)

  | unique | weight || price                    |
  |--------|--------||--------------------------|
  | all    | -      || round(weight, 2, halff up) |
""",
    "GAP022": """\
table fee
  in  weight : int 0..9
  out price  : decimal(2)

  | unique | weight || price  |
  |--------|--------||--------|
  | all    | -      || 4.9000 |
""",
}
"""For codes that no page offers a mechanical help for."""


@pytest.mark.parametrize("code", INSTANCES)
def test_what_no_page_shows_is_mended_as_well(code: str) -> None:
    files = {"page.dtable": INSTANCES[code]}
    before = compiled(files)

    assert {offer.finding.code for offer in offers(before)} == {code}
    for offer in offers(before):
        assert broken(files, before, offer) == []


def test_every_code_that_offers_a_mechanical_help_is_tried() -> None:
    shown = {offer.finding.code for _, before in corpus() for offer in offers(before)}

    assert shown | INSTANCES.keys() == OFFERING


def test_one_slip_is_mended_and_nothing_else_is_changed() -> None:
    tried = Counter(tried_on(slips(right_ones(), VOLUME)))

    assert tried.keys() <= OFFERING
    assert sum(tried.values()) > VOLUME / 6
    assert len(tried) > (12 if LONG else 9)


GUESSED = [
    ("table fee\n", "table fee until 2024-12-31\n"),
    ("  let twice = w * 2\n", "  let twice = w x 2\n"),
    ("  | a |", "  | a overrides b |"),
    ("policy p\n", "policy p until 2024\n"),
]
"""Words that may say more than a label or a name does: quoted or joined, they would say nothing."""

PLAIN = """policy p

table fee
  in  w : int 0..9
  let twice = w * 2
  out o : int

  | first | w   || o |
  |-------|-----||---|
  | a | 5.. || 1 |
  | b     | -   || 2 |
"""


@pytest.mark.parametrize(("right", "typed"), GUESSED)
def test_words_that_may_say_more_are_left_to_the_author(right: str, typed: str) -> None:
    assert compile_sources([Source("p.dtable", PLAIN)]).is_sound
    assert right in PLAIN

    result = compile_sources([Source("p.dtable", PLAIN.replace(right, typed, 1))])

    helps = [each for found in result.diagnostics for each in found.helps]
    assert not result.is_sound and helps
    assert not [each.text for each in helps if each.repair is Repair.MECHANICAL]
