"""What `check` accepts, `build` builds: random whole policies, all features mixed, all targets."""

from __future__ import annotations

import os

import pytest

from tests.building import FEATURES, documented, put
from tests.random_policies import random_policy

COUNT = int(os.environ.get("GAPLESS_POLICIES", "24"))
"""`make test-long` asks many more: `python -m tests.building 20000`."""


def test_what_is_accepted_is_built() -> None:
    *_, tally = put(range(COUNT))

    assert tally.failed == []
    assert tally.accepted > 0.8 * COUNT
    assert len(tally.features) > 0.7 * len(FEATURES)


def test_a_seed_names_a_policy() -> None:
    assert random_policy(7) == random_policy(7)
    assert random_policy(7) != random_policy(8)


@pytest.mark.parametrize("target", ["columns", "sql"])
def test_pages_list_why_tables_are_left_out(target: str) -> None:
    assert len(documented(target)) > 3
