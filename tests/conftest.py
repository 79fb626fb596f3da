"""What holds for every test: no cache or color of the user's, and no clock on random tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# On shared machines a deadline measures the neighbors.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(autouse=True, scope="session")
def nothing_of_the_users(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ["GAPLESS_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    os.environ["NO_COLOR"] = "1"
