"""What holds for every test: no cache or color of the user's, and no clock on random tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from tests.amounts import LONG

# On shared machines a deadline measures the neighbors.
settings.register_profile("here", deadline=None, max_examples=100 if LONG else 30)
settings.register_profile("ci", settings.get_profile("here"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

LONGEST = (
    *("test_tools", "test_columns", "test_cli", "test_generated_python", "test_apply"),
    *("test_arithmetic", "test_certificates", "test_scale", "test_sql_backend", "test_data_files"),
    *("test_golden", "test_lookups", "test_mechanical_help", "test_python_backend"),
)
"""Files that take longest: begun first, so that no core idles at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path.stem, len(LONGEST)))


@pytest.fixture(autouse=True, scope="session")
def nothing_of_the_users(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ["GAPLESS_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    os.environ["NO_COLOR"] = "1"
