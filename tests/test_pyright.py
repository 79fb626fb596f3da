"""Type checkers have nothing to say of what is generated, nor of who imports it in either way."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

GENERATED = Path(__file__).parent.parent / "generated"
MODULES = sorted((GENERATED / "python").glob("*.py"))
STRICT = '{"typeCheckingMode": "strict"}'
APP = """\
import datetime
from decimal import Decimal

from {module} import Explanation, Postage, explain_postage, postage

DAY = datetime.date(2026, 12, 1)
paid: Postage = postage(900, "NL", DAY, Decimal("20.00"))
price: Decimal | None = paid.price
why: Explanation[Postage] = explain_postage(900, "NL", DAY, None)
reason: str = why.reason
"""


def said(folder: Path, *command: str) -> str:
    """What a tool says of a project, if it is not content with it."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize("module", ["parcel", "generated.python.parcel"])
def test_a_project_that_imports_what_is_generated_passes_both_checkers(
    tmp_path: Path, module: str
) -> None:
    """Either beside it, or in the folder into which it was built: then each module has one name.

    Copied out of the repository, so that no settings of ours soften what checkers say of modules.
    """
    if module == "parcel":
        assert len(MODULES) > 10
        for path in MODULES:
            shutil.copy(path, tmp_path)
    else:
        for name in ("__init__.py", "py.typed", "python/parcel.py", "python/library.py"):
            (tmp_path / "generated" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(GENERATED / name, tmp_path / "generated" / name)
    (tmp_path / "app.py").write_text(APP.format(module=module))
    (tmp_path / "pyrightconfig.json").write_text(STRICT)

    assert said(tmp_path, "mypy", "--strict", "app.py" if module == "parcel" else ".") == ""
    assert said(tmp_path, "pyright", "--warnings", ".") == ""


def test_a_folder_that_is_installed_has_types(tmp_path: Path) -> None:
    """Found on the path of Python, and not in the project, it is believed where it says that it has."""
    for name in ("__init__.py", "py.typed", "python/parcel.py"):
        (tmp_path / "installed" / "generated" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(GENERATED / name, tmp_path / "installed" / "generated" / name)
    project = tmp_path / "project"
    project.mkdir()
    (project / "app.py").write_text(APP.format(module="generated.python.parcel"))

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "."],
        cwd=project,
        env={"PYTHONPATH": str(tmp_path / "installed"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
