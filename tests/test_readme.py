"""The README's Python session runs as it is printed."""

from __future__ import annotations

import doctest
import re
import sys
from pathlib import Path

import pytest

from gapless.backends import ALL
from gapless.driver import compile_sources
from gapless_dsl.source import Source

ROOT = Path(__file__).parent.parent
FENCES = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_session_in_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fences = FENCES.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    *_, program = [text for kind, text in fences if kind == "gapless"]
    (session,) = [text for kind, text in fences if kind == "pycon"]
    result = compile_sources([Source("tables/parcel.dtable", program)])
    for artefact in ALL["python"](result):
        (tmp_path / Path(artefact.path).name).write_text(artefact.text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "parcel", raising=False)

    test = doctest.DocTestParser().get_doctest(session, {}, "README", "README.md", 0)
    outcome = doctest.DocTestRunner().run(test)

    assert result.is_sound
    assert outcome.attempted > 3
    assert outcome.failed == 0
