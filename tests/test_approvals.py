"""Approvals: written beside a table, read back as they were, and told wherever the table is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapless.approvals import Approval, read, written
from tests.pages import run

TABLE = """policy parcel

table fee
  in  heavy : bool
  out price : decimal(2)
  out days  : int

  | unique | heavy || price | days |
  |--------|-------||-------|------|
  | letter | no    || 2.50  | 2    |
  | parcel | yes   || 4.90  | 3    |

  example heavy = no
    gives price = 2.50
  example heavy = yes
    gives price = 4.90
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GAPLESS_CACHE", str(tmp_path / "cache"))
    Path("tables").mkdir()
    Path("tables/parcel.dtable").write_text(TABLE)
    yield


def approve(by: str = "Ann Lee", note: str = "page 3", table: str = "fee") -> int:
    return run(["approve", table, "--by", by, "--note", note])[0]


def lines() -> list[str]:
    return Path("tables/parcel.approvals").read_text().splitlines()[1:]


def changed(old: str, new: str) -> None:
    assert old in TABLE
    Path("tables/parcel.dtable").write_text(TABLE.replace(old, new))


# ---------------------------------------------------------------- the file


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
digests = st.text("0123456789abcdef", min_size=12, max_size=12)
approvals = st.builds(
    Approval,
    table=st.sampled_from(["fee", "inputs", "_a1"]),
    by=words,
    note=words,
    digest=st.text("0123456789abcdef", min_size=64, max_size=64),
    inputs=digests,
    outputs=st.tuples(st.tuples(st.just("inputs"), digests), st.tuples(st.just("days"), digests)),
    as_written=st.sampled_from(
        [(), (("inputs", "rules"),), (("inputs", "formulas"), ("days", "rules"))]
    ),
)


@given(st.lists(approvals))
def test_what_is_written_is_read_back(some: list[Approval]) -> None:
    text = written(some)

    assert len(text.split("\n")) == len(some) + 2
    found = read(text)
    assert not isinstance(found, int)
    assert sorted(map(str, found[0])) == sorted(map(str, some))
    assert set(found[0]) == set(some)
    assert written(*found) == text


def test_two_people_approve_and_one_of_them_again() -> None:
    assert [approve("Zoe"), approve("Ann"), approve("Zoe", "once more")] == [0, 0, 0]

    assert [line.partition(" means ")[0] for line in lines()] == [
        'fee by "Ann" note "page 3"',
        'fee by "Zoe" note "once more"',
    ]


def test_comments_are_kept() -> None:
    approve()
    path = Path("tables/parcel.approvals")
    path.write_text(f"# Ours.\n\n{path.read_text()}")
    approve("Zoe")

    assert path.read_text().startswith("# Ours.\n# Who approved")


def test_a_line_that_is_no_approval_is_told_by_its_number() -> None:
    approve()
    path = Path("tables/parcel.approvals")
    path.write_text(f"{path.read_text()}<<<<<<< HEAD\n")

    for command in (["check"], ["build"], ["evidence", "out"]):
        code, _, aside = run(command)
        assert code == 2
        assert "tables/parcel.approvals:3 is no approval" in aside


@pytest.mark.parametrize("place", range(0, 160, 7))
def test_a_line_that_was_tampered_with_is_refused_or_holds_no_more(place: int) -> None:
    """But for who approved, and what was noted: whoever may write the file may write these."""
    approve()
    path = Path("tables/parcel.approvals")
    head, _, line = path.read_text().partition("means ")
    place = min(place, len(line) - 3)
    path.write_text(
        f"{head}means {line[:place]}{'0' if line[place] != '0' else '1'}{line[place + 1 :]}"
    )

    code, out, _ = run(["check"])
    # The beginnings of digests of parts only say what changed.
    assert code == 2 or "changed since" in out or place > 64


# ---------------------------------------------------------------- who may approve what


def test_nobody_approves_what_is_not_proved() -> None:
    changed("| parcel | yes   || 4.90  | 3    |\n", "")

    code, out, _ = run(["approve", "fee", "--by", "Ann", "--note", "x"])
    assert code == 1
    assert "GAP101" in out
    assert not Path("tables/parcel.approvals").exists()


def test_a_name_and_a_note_say_something() -> None:
    assert approve(by=" ") == 2
    assert approve(note="") == 2
    assert approve(table="fees") == 2


# ---------------------------------------------------------------- how it is told


def test_check_tells_what_changed_and_fails_where_it_is_asked_to() -> None:
    approve()
    assert "on this meaning: page 3" in run(["check"])[1]
    assert run(["check", "--deny-warnings"])[0] == 0

    changed("4.90  |", "4.80  |")
    Path("tables/parcel.dtable").write_text(
        Path("tables/parcel.dtable").read_text().replace("gives price = 4.90", "gives price = 4.80")
    )
    assert "approved by Ann Lee, and changed since: price\n" in run(["check"])[1]
    assert run(["check"])[0] == 0
    assert run(["check", "--deny-warnings"])[0] == 1


def test_what_is_kept_of_a_check_minds_the_approvals() -> None:
    assert "approved" not in run(["check"])[1]
    approve()
    assert "approved by Ann Lee" in run(["check"])[1]
    approve("Zoe")
    assert "approved by Zoe" in run(["check"])[1]
    Path("tables/parcel.approvals").unlink()
    assert "approved" not in run(["check"])[1]


def test_it_is_not_compared_while_there_are_errors() -> None:
    approve()
    changed("| parcel | yes   || 4.90  | 3    |\n", "")

    assert "approved by Ann Lee, and not compared: it is not proved" in run(["check"])[1]


def test_programs_are_told() -> None:
    approve()
    (table,) = json.loads(run(["check", "--output-format", "json"])[1])["tables"]
    (told,) = table["approvals"]
    assert (told["by"], told["holds"], told["changed"]) == ("Ann Lee", True, [])

    changed("| days |", "| term |")
    changed("days", "term")
    (table,) = json.loads(run(["check", "--output-format", "json"])[1])["tables"]
    (told,) = table["approvals"]
    assert (told["holds"], told["changed"]) == (False, ["days is gone", "term is new"])


def test_the_page_tells() -> None:
    approve(note="*all* of <page> 3")
    assert run(["build"])[0] == 0

    page = Path("generated/markdown/parcel.md").read_text()
    assert "Approved by Ann Lee on this meaning: &#42;all&#42; of &lt;page&gt; 3\n" in page
    assert run(["build", "--check"])[0] == 0


def test_an_approval_stands_beside_the_file_that_declares_the_table() -> None:
    Path("tables/more").mkdir()
    Path("tables/more/top.dtable").write_text(
        'policy top\n\nuse "../parcel.dtable"\n\ndecision all\n  in heavy : bool\n'
        "  let price = fee(heavy).price\n  out price\n\n  example heavy = no\n    gives price = 2.50\n"
    )
    assert approve(table="parcel.fee") == approve(table="all") == 0
    assert Path("tables/parcel.approvals").exists()
    assert Path("tables/more/top.approvals").exists()

    changed("4.90", "4.80")
    out = run(["check", "tables/more/top.dtable"])[1]
    assert "top.all  " in out
    assert "approved by Ann Lee, and changed since: price" in out
