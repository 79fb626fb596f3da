"""SQL over columns of every type of DuckDB and SQLite: a part of the grid; tests/engines has all of it."""

from __future__ import annotations

import pytest

from tests.sql_grid import HERE, Found, tried

EVERY = {"duckdb": 37, "sqlite": 11}
"""Of so many cells one is tried here: another one of each type, since no count of tables divides it."""


@pytest.mark.parametrize("name", HERE)
def test_a_column_of_any_type_is_answered_right_or_refused(name: str) -> None:
    tally = tried(HERE[name](), every=EVERY[name])

    assert not tally.wrong, tally.wrong[:20]
    assert tally.counts["view", Found.RIGHT] > 500
    assert tally.counts["view", Found.REFUSED] > 500
