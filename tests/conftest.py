"""What holds for every test: no cache or color of the user's, and no clock on random tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from tests.amounts import so_many

# On shared machines a deadline measures the neighbors.
settings.register_profile("here", deadline=None, max_examples=so_many(100))
settings.register_profile("ci", settings.get_profile("here"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(autouse=True, scope="session")
def nothing_of_the_users(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ["GAPLESS_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    os.environ["NO_COLOR"] = "1"
