"""The wheel holds all that gapless needs: grammar, templates, pages, starter; nothing is left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = {"gapless.sha256", "markdown/README.md"}
"""What is made of all policies together; `.ci/run` builds all of them from the wheel."""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what the wheel would put into `site-packages`."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def held(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_every_file_of_both_packages_and_the_pages(unpacked: Path) -> None:
    expected = {
        **{f"gapless_dsl/{name}": raw for name, raw in held(ROOT / "dsl/gapless_dsl").items()},
        **{f"gapless/{name}": raw for name, raw in held(ROOT / "compiler/gapless").items()},
        **{f"gapless/pages/{name}": raw for name, raw in held(ROOT / "docs/errors").items()},
    }

    packed = {name: raw for name, raw in held(unpacked).items() if ".dist-info/" not in name}

    assert packed == expected


def test_what_the_wheel_holds_runs_from_elsewhere_and_makes_the_same_bytes(
    unpacked: Path, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "tables", tmp_path / "tables")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
    } | {"PYTHONPATH": str(unpacked)}

    def gapless(*words: str) -> str:
        command = [sys.executable, "-m", "gapless", *words]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    assert "no conflicts" in gapless("check")
    assert gapless("explain", "GAP101").startswith("# GAP101: ")
    gapless("build", "tables/parcel.dtable")
    made = held(tmp_path / "generated")
    assert len(made) > len(SHARED)
    committed = held(ROOT / "generated")
    assert {name: made[name] for name in made.keys() - SHARED} == {
        name: committed[name] for name in made.keys() - SHARED
    }
    where = "import gapless, gapless_dsl; print(gapless.__file__, gapless_dsl.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", where],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert all(path.startswith(str(unpacked)) for path in found.stdout.split())
