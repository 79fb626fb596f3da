"""What tables become, byte for byte: the committed policies, and the odd cases one folder each."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gapless.backends import columns
from gapless.cli import outputs
from tests.pages import ROOT, is_updating, run

CASES = sorted(path.parent for path in ROOT.glob("tests/golden/*/given"))


def made(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, by its path in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def built(folder: Path, scratch: Path) -> dict[str, bytes]:
    """What the table files in `folder` become, compiled from a copy elsewhere."""
    shutil.copytree(folder, scratch / folder.name)
    with contextlib.chdir(scratch):
        code, told, aside = run(["build", folder.name, "--out", "made", "--allow-drafts"])
    assert code == 0, told + aside
    return made(scratch / "made")


def test_generated_is_what_tables_become(tmp_path: Path) -> None:
    assert made(ROOT / "generated") == built(ROOT / "tables", tmp_path)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_odd_case_becomes_what_it_became(case: Path, tmp_path: Path) -> None:
    """All but the manifest, which says nothing that the files do not say, and what is the same
    for all policies, which `generated/` holds."""
    now = built(case / "given", tmp_path)
    for name in (outputs.MANIFEST, *(each.path for each in columns.shared())):
        now.pop(name, None)
    if is_updating():
        shutil.rmtree(case / "made", ignore_errors=True)
        for name, content in now.items():
            path = case / "made" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    assert made(case / "made") == now


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=lambda words: words[0])
def test_generated_python_is_as_a_careful_colleague_leaves_it(command: list[str]) -> None:
    """By the linter's own defaults, which are those of whoever imports it."""
    folders = [ROOT / "generated" / "python", *(case / "made" / "python" for case in CASES)]
    ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache"]

    done = subprocess.run([*ruff, *map(str, folders)], check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
