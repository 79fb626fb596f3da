"""A second type checker has nothing to say of what is generated."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

MODULES = sorted((Path(__file__).parent.parent / "generated" / "python").glob("*.py"))


def test_generated_python_passes_pyright(tmp_path: Path) -> None:
    """Copied out of the repository, so that no settings of ours soften it."""
    for module in MODULES:
        shutil.copy(module, tmp_path)

    done = subprocess.run(
        [sys.executable, "-m", "pyright", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert MODULES
    assert "0 errors, 0 warnings" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0
