"""`gapless diff` at the command line: what may be typed, revisions, and exit codes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.pages import run

FEE = """\
table fee
  in  weight : int 0..30
  out price  : int

  | unique | weight || price ||
  |--------|--------||-------||
  | light  | ..9    || 1     ||
  | heavy  | 10..   || {heavy} ||
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, to which commands refer."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(path: str, text: str) -> str:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")
    return path


def diff(*words: str) -> tuple[int, str, str]:
    return run(["diff", *words])


def git(*words: str) -> None:
    me = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *me, *words], check=True, capture_output=True)


def commit(heavy: int) -> None:
    put("tables/fee.dtable", FEE.format(heavy=heavy))
    git("add", "-A")
    git("commit", "-qm", f"heavy is {heavy}")


def test_exit_codes_are_0_for_the_same_1_for_changed_and_2_where_it_cannot_be_said(
    here: Path,
) -> None:
    old, new = put("old.dtable", FEE.format(heavy=2)), put("new.dtable", FEE.format(heavy=3))
    wrong = put("wrong.dtable", FEE.format(heavy="many"))

    assert diff(old, old)[0] == 0
    assert diff(old, new)[0] == 1
    assert diff(old, wrong)[0] == 2
    assert diff(old, "nowhere.dtable")[0] == 2
    assert diff(old)[0] == 2


def test_folders_are_compared_table_by_table(here: Path) -> None:
    put("a/fee.dtable", FEE.format(heavy=2))
    put("b/fee.dtable", FEE.format(heavy=2).replace("fee", "charge"))

    code, out, _ = diff("a", "b")

    assert code == 1
    assert "only the new side has it" in out and "only the old side has it" in out


def test_two_tables_may_be_compared_whatever_they_are_called(here: Path) -> None:
    put("a.dtable", FEE.format(heavy=2))
    put("b.dtable", FEE.format(heavy=2).replace("table fee", "table charge"))

    code, out, _ = diff("a.dtable:fee", "b.dtable:charge")

    assert code == 0
    assert "fee -> charge" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["HEAD~1"], "2 -> 4"),
        (["HEAD"], "3 -> 4"),
        (["HEAD~1.."], "2 -> 3"),
        (["HEAD~1..HEAD"], "2 -> 3"),
        (["main...side"], "2 -> 5"),
        (["HEAD~1", "tables"], "2 -> 4"),
        (["HEAD~1:fee"], "2 -> 4"),
        (["HEAD~1", "HEAD"], "2 -> 3"),
    ],
)
def test_revisions_are_read_from_the_repository(
    here: Path, words: Sequence[str], told: str
) -> None:
    git("init", "-q", "-b", "main")
    commit(2)
    git("checkout", "-qb", "side")
    commit(5)
    git("checkout", "-q", "main")
    commit(3)
    put("tables/fee.dtable", FEE.format(heavy=4))

    code, out, aside = diff(*words)

    assert code == 1, aside
    assert told in out


def test_files_that_are_used_are_read_at_the_same_revision(here: Path) -> None:
    git("init", "-q", "-b", "main")
    put("shared/codes.dtable", "type Code = a | b\n")
    using = 'use "../shared/codes.dtable"\n\n' + FEE.format(heavy=2).replace("int\n", "Code\n")
    using = using.replace("|| 1 ", "|| a ").replace("|| 2 ", "|| b ")
    put("tables/fee.dtable", using)
    git("add", "-A")
    git("commit", "-qm", "first")
    put("shared/codes.dtable", "type Code = a | b | c\n")

    code, out, aside = diff("HEAD")

    assert (code, aside) == (1, "")
    assert "widening: output price: has c more" in out


def test_what_git_does_not_know_cannot_be_compared(here: Path) -> None:
    put("tables/fee.dtable", FEE.format(heavy=2))

    code, _, aside = diff("main..")

    assert code == 2
    assert "git knows no revision `main` here" in aside


def test_the_expected_change_exits_with_0_and_any_other_with_1(here: Path) -> None:
    old, new = put("old.dtable", FEE.format(heavy=2)), put("new.dtable", FEE.format(heavy=3))
    other = put("other.dtable", FEE.format(heavy=4))

    assert diff(old, new, "--write-expect", "change.txt")[0] == 1
    assert diff(old, new, "--expect", "change.txt")[0] == 0
    assert diff(old, other, "--expect", "change.txt")[0] == 1
    assert diff(old, old, "--expect", "change.txt")[0] == 1
    assert diff(old, new, "--expect", "nowhere.txt")[0] == 2
    assert diff(old, new, "--expect", put("odd.txt", "nonsense\n"))[0] == 2
    code, out, _ = diff(old, new, "--expect", "change.txt", "--output-format", "json")
    assert code == json.loads(out)["exit_code"] == 0


def test_every_form_is_told_of_the_same_digest(here: Path) -> None:
    old, new = put("old.dtable", FEE.format(heavy=2)), put("new.dtable", FEE.format(heavy=3))
    digest = json.loads(diff(old, new, "--output-format", "json")[1])["digest"]

    assert digest in diff(old, new)[1]
    assert digest in diff(old, new, "--output-format", "markdown")[1]
    log = json.loads(diff(old, new, "--output-format", "sarif")[1])
    (one,) = log["runs"]
    assert one["properties"]["digest"] == digest
    (result,) = one["results"]
    assert result["ruleId"] == "diff-changed"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "new.dtable"
    assert place["region"]["startLine"] == 1
