"""The command line: exit codes that can be trusted, files that are never half there, no tracebacks."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from gapless import backends, cli
from gapless.cli import cache, files, outputs
from gapless.report import terminal
from gapless.resolve.files import beside
from gapless_dsl.nodes.declarations import UseNode
from gapless_dsl.parser import parse
from gapless_dsl.source import Source
from tests.pages import ROOT, run

SOUND = """\
policy parcel

use "../shared/zones.dtable"

table fee "The fee"
  in  weight : int 1..1000
  in  zone   : Zone
  out price  : decimal(2) 0..

  | unique | weight | zone  || price      || because      |
  |--------|--------|-------||------------||--------------|
  | light  | ..500  | home  || 2.50       || by the scale |
  | heavy  | > 500  | home  || 4.90       ||              |
  | far    | -      | world || impossible || not carried  |

  example weight = 20, zone = home
    gives price = 2.50
  example weight = 900, zone = home
    gives price = 4.90
"""
ZONES = "type Zone = home | world\n"
GAP = SOUND.replace("..500 ", "..400 ")
WARNED = SOUND.replace("| > 500  | home  |", "| >= 500 | home  |").replace("2.50", "4.90")
UNREADABLE = SOUND.replace("| unique |", "| unikue |")

ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GAPLESS"))
} | {"PYTHONPATH": os.pathsep.join([str(ROOT / "dsl"), str(ROOT / "compiler")])}


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with one sound policy, the file it uses, and a cache of its own."""
    monkeypatch.setenv("GAPLESS_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "shop"
    write(folder, SOUND)
    (folder / "shared").mkdir()
    (folder / "shared" / "zones.dtable").write_text(ZONES)
    monkeypatch.chdir(folder)
    return folder


def write(folder: Path, text: str, name: str = "tables/parcel.dtable") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def gapless(
    *words: str,
    options: Sequence[str] = (),
    stdout: int | BinaryIO = subprocess.PIPE,
    **environment: str,
) -> subprocess.CompletedProcess[bytes]:
    """The same in a process of its own."""
    return subprocess.run(
        [sys.executable, *options, "-m", "gapless", *words],
        check=False,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT | {"GAPLESS_CACHE": os.environ["GAPLESS_CACHE"]} | environment,
        timeout=60,
    )


# ---------------------------------------------------------------- check


def test_a_sound_policy_is_told_so_table_by_table() -> None:
    assert run(["check"]) == (
        0,
        """\
parcel.fee  complete: 2 rules answer 2 of 4 cases, 2 cannot happen, no conflicts

1 table in 1 file: no findings
""",
        "",
    )


def test_a_gap_is_an_error(shop: Path) -> None:
    write(shop, GAP)

    code, told, _ = run(["check"])

    assert code == 1
    assert "error[GAP101]" in told
    assert "parcel.fee  not complete: 1 of 6 cases unanswered, 17%" in told


def test_a_witness_can_be_run_as_it_is_printed(shop: Path) -> None:
    write(shop, GAP)
    (finding,) = json.loads(run(["check", "--output-format", "json"])[1])["findings"]

    assert run(finding["try"][1:]) == (1, "no rule answers this case: a gap\n", "")


def test_warnings_are_errors_only_if_asked(shop: Path) -> None:
    write(shop, WARNED)

    assert run(["check"])[0] == 0
    assert run(["check", "--deny-warnings"])[0] == 1


DATED = SOUND.replace(
    "policy parcel\n", "policy parcel\n  as of 2026-01-01\n  review by 2027-01-01\n"
)


@pytest.mark.parametrize(
    ("today", "codes"),
    [
        ("2025-12-31", ["GAP402"]),
        ("2026-01-01", []),
        ("2027-01-01", []),
        ("2027-01-02", ["GAP401"]),
        ("2027-03-01", ["GAP401"]),
    ],
)
@pytest.mark.parametrize("format", ["json", "sarif", "text", "github"])
def test_a_review_is_due_only_on_a_day_that_is_named(
    shop: Path, today: str, codes: list[str], format: str
) -> None:
    write(shop, DATED)
    words = ["check", "--output-format", format]

    code, told, _ = run([*words, "--today", today])

    assert code == 0
    assert [each for each in ("GAP401", "GAP402") if each in told] == codes
    assert "GAP40" not in run(words)[1]
    assert run([*words, "--deny-warnings", "--today", today])[0] == len(codes)


def test_a_finding_about_a_review_is_the_same_one_every_day(shop: Path) -> None:
    write(shop, DATED)

    def finding(today: str) -> dict[str, object]:
        told = run(["check", "--today", today, "--output-format", "json"])[1]
        (found,) = json.loads(told)["findings"]
        assert isinstance(found, dict)
        return found

    one, two = finding("2027-01-02"), finding("2027-03-01")

    assert one["fingerprint"] == two["fingerprint"]
    assert one["labels"] != two["labels"]


def test_the_clock_is_read_only_where_now_asks_for_it(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(date):
        @classmethod
        def today(cls) -> Clock:
            return cls(2027, 1, 3)

    monkeypatch.setattr("datetime.date", Clock)
    write(shop, DATED)

    assert "2027-01-03 is 2 days later" in run(["check", "--today", "now"])[1]
    assert "GAP401" not in run(["check"])[1]


@pytest.mark.parametrize("word", ["2027-02-30", "2027", "2027-W10-1", "20270301", "today", ""])
def test_a_day_is_written_as_in_the_tables(word: str) -> None:
    code, told, why = run(["check", "--today", word])

    assert (code, told) == (2, "")
    assert f"argument --today: `{word}` is no day" in why


def test_a_used_file_is_read_though_nobody_named_it_and_its_errors_count(shop: Path) -> None:
    write(shop, "type Zone = home | home | world\n", "shared/zones.dtable")

    code, told, _ = run(["check", "tables"])

    assert code == 1
    assert "┌─ shared/zones.dtable:1:" in told
    assert "in 1 file:" in told


def test_a_used_file_that_is_not_there_is_a_finding(shop: Path) -> None:
    (shop / "shared" / "zones.dtable").unlink()

    code, told, _ = run(["check"])

    assert code == 1
    assert "GAP014" in told


def test_standard_input_is_a_file_in_the_current_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    text = GAP.replace("../shared", "shared")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    code, told, _ = run(["check", "-"])

    assert code == 1
    assert "┌─ <stdin>.dtable:5:7  table fee" in told


@pytest.mark.parametrize("text", ["", "\n", "# all that is left of it\n"])
def test_a_pipe_that_broke_off_is_never_a_success(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    assert run(["check", "-"]) == (2, "", "gapless: nothing is declared in <stdin>.dtable\n")


@pytest.mark.parametrize("command", ["check", "build"])
def test_files_in_which_nothing_is_declared_are_never_a_success(shop: Path, command: str) -> None:
    write(shop, "")

    assert run([command])[:2] == (2, "")
    assert run([command, "shared"])[0] == 0


@pytest.mark.parametrize(
    "lost",
    [
        "table pile\n  in n : itn\n  out m : bool\n\n  | unique | n || m |\n  | a | - || true |\n",
        "table pile of\n  in n : int\n",
        "  table pile\n",
    ],
)
def test_a_table_that_cannot_be_read_is_counted(shop: Path, lost: str) -> None:
    write(shop, f"{SOUND}\n{lost}")

    code, told, _ = run(["check"])

    assert code == 1
    assert "parcel.fee   complete" in told
    assert "parcel.pile  not analyzed: " in told
    assert "\n2 tables in 1 file: " in told
    pile = json.loads(run(["check", "--output-format", "json"])[1])["tables"][1]
    assert (pile["table"], pile["proved"], pile["start"]["line"]) == (
        "pile",
        False,
        SOUND.count("\n") + 2,
    )


def test_a_row_that_lost_a_bar_is_one_finding(shop: Path) -> None:
    """What it rests on is in it; so it is not said to rest on nothing."""
    text = SOUND.replace("table fee", 'source law "Law"\n  s1\n\ntable fee')
    text = text.replace("by the scale", "[s1]").replace("not carried", "[s1]")
    text = text.replace("4.90       ||              |", "4.9 | [s1] |")
    write(shop, text)

    findings = json.loads(run(["check", "--output-format", "json"])[1])["findings"]

    assert [found["title"] for found in findings] == ["`||` is missing before `[s1]`"]
    assert findings[0]["helps"][0]["edits"][0]["text"] == "|"


@pytest.mark.parametrize(
    "paths", [["tables", "tables"], ["tables", "./tables/../tables/parcel.dtable"]]
)
def test_a_path_given_twice_is_checked_once(paths: list[str]) -> None:
    assert run(["check", *paths])[1].endswith("1 table in 1 file: no findings\n")


def test_hidden_folders_are_left_alone_and_a_folder_may_be_called_like_a_file(shop: Path) -> None:
    write(shop, GAP.replace("../shared", "../../shared"), "tables/.old/parcel.dtable")
    write(
        shop, SOUND.replace("../", "../../").replace("parcel", "box"), "tables/a.dtable/box.dtable"
    )

    assert run(["check"])[1].endswith("2 tables in 2 files: no findings\n")
    assert run(["check", "tables/a.dtable"])[1].endswith("1 table in 1 file: no findings\n")


def test_a_loop_of_links_ends(shop: Path) -> None:
    (shop / "tables" / "loop").symlink_to(".")

    assert run(["check"])[0] == 0


def test_paths_are_told_from_the_current_folder(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(shop, GAP)
    monkeypatch.chdir(shop / "shared")

    assert "┌─ ../tables/parcel.dtable:5:7" in run(["check", str(shop / "tables")])[1]


def test_an_editor_may_put_its_mark_before_the_text(shop: Path) -> None:
    path = shop / "tables" / "parcel.dtable"
    path.write_bytes(b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode())

    assert run(["check"])[0] == 0


@pytest.mark.parametrize("format", ["json", "sarif", "github"])
def test_every_format_has_the_exit_code_of_the_text(shop: Path, format: str) -> None:
    assert run(["check", "--output-format", format])[0] == 0
    write(shop, GAP)
    code, told, _ = run(["check", "--output-format", format])

    assert code == 1
    assert "GAP101" in told


@pytest.mark.parametrize(
    ("environment", "colored"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_only_a_terminal_that_wants_colors_gets_them(
    shop: Path, environment: dict[str, str], colored: bool
) -> None:
    pty = pytest.importorskip("pty")
    write(shop, GAP)
    master, slave = pty.openpty()
    process = gapless("check", stdout=slave, **{"NO_COLOR": "", "TERM": "xterm", **environment})
    told = os.read(master, 100_000)
    os.close(slave)
    os.close(master)

    assert process.returncode == 1
    assert (b"\x1b[1;31merror" in told) is colored
    assert b"\x1b" not in gapless("check", NO_COLOR="").stdout


# ---------------------------------------------------------------- what cannot be run


def spoil(shop: Path) -> None:
    """Everything that the words of `UNRUNNABLE` refer to."""
    (shop / "empty").mkdir()
    (shop / "tables" / "notes.txt").write_text("notes")
    (shop / "latin").mkdir()
    (shop / "latin" / "a.dtable").write_bytes(b"# one\n# caf\xe9\n")
    (shop / "links").mkdir()
    (shop / "links" / "a.dtable").symlink_to("a.dtable")
    (shop / "pipes").mkdir()
    os.mkfifo(shop / "pipes" / "a.dtable")
    write(shop, SOUND, "twin/parcel.dtable")


UNRUNNABLE = {
    "no command": [],
    "unknown command": ["chekc"],
    "unknown option": ["check", "--colour"],
    "no such path": ["check", "nowhere"],
    "no table file": ["check", "empty"],
    "not a table file": ["check", "tables/notes.txt"],
    "not utf-8": ["check", "latin"],
    "a link to itself": ["check", "links"],
    "a pipe": ["check", "pipes"],
    "unknown target": ["build", "--to", "cobol"],
    "no target": ["build", "--to", ","],
    "build from standard input": ["build", "-"],
    "output folder is a file": ["build", "--out", "tables/notes.txt"],
    "output folder cannot be": ["build", "--out", "/proc/nowhere"],
    "twins": ["build", "tables", "twin"],
    "unknown code": ["explain", "GAP000"],
    "file is there": ["new", "parcel"],
    "no name for a policy": ["new", "2 parcels"],
    "no folder for a policy": ["new", "tables/notes.txt/parcel"],
    "no such table": ["run", "free", "weight=1"],
    "ambiguous table": ["run", "fee", "--tables", "tables", "--tables", "twin"],
    "no such file to format": ["fmt", "nowhere"],
}


@pytest.mark.parametrize("words", UNRUNNABLE.values(), ids=UNRUNNABLE)
def test_what_cannot_be_run_says_why_and_exits_with_2(shop: Path, words: list[str]) -> None:
    spoil(shop)

    code, told, aside = run(words)

    assert code == 2
    assert told == ""
    assert aside.startswith(("gapless: ", "usage: "))
    assert "fault in gapless" not in aside


def test_bytes_that_are_no_text_are_placed(shop: Path) -> None:
    spoil(shop)

    assert run(["check", "latin"])[2] == (
        "gapless: latin/a.dtable is not UTF-8: byte 0xE9 in line 2; save it as UTF-8 and try again\n"
    )


UNREAD = {
    "a dangling link": ("is a link to a file that is not there", "bring the file back"),
    "a pipe": ("is not a file", "move it elsewhere"),
    "not utf-8": ("is not UTF-8: byte 0xE9 in line 2", "save it as UTF-8"),
    "forbidden": ("cannot be read: Permission denied", "let it be read"),
    "a folder": ("cannot be read: Permission denied", "let it be read"),
}


@pytest.fixture(params=UNREAD)
def unread(shop: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """One file among the tables that cannot be read: what is told of it."""
    place = shop / "tables" / ("b" if request.param == "a folder" else "b.dtable")
    match request.param:
        case "a dangling link":
            place.symlink_to("nothing.dtable")
        case "a pipe":
            os.mkfifo(place)
        case "not utf-8":
            place.write_bytes(b"# one\n# caf\xe9\n")
        case "a folder":
            place.mkdir()
            forbid(monkeypatch, "os.listdir", str(place))
            forbid(monkeypatch, "os.scandir", str(place))
        case "forbidden":
            place.write_text(ZONES)
            forbid(monkeypatch, "builtins.open", str(place))
    return f"tables/{place.name} {UNREAD[request.param][0]}"


def forbid(monkeypatch: pytest.MonkeyPatch, name: str, path: str) -> None:
    """Whoever runs the tests may be allowed to read anything; the command is not."""
    module, _, attribute = name.rpartition(".")
    allowed = getattr(sys.modules[module], attribute)

    def forbidden(asked: object, *rest: object, **more: object) -> object:
        if isinstance(asked, str) and os.path.abspath(asked) == path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), asked)
        return allowed(asked, *rest, **more)

    monkeypatch.setattr(name, forbidden)


def test_one_file_that_cannot_be_read_is_reported_and_the_rest_is_checked(
    shop: Path, unread: str
) -> None:
    write(shop, GAP.replace("policy parcel", "policy other"), "tables/other.dtable")

    code, told, aside = run(["check"])

    assert (code, aside) == (1, "")
    assert f"error[GAP017]: {unread}\n" in told
    assert "error[GAP101]" in told
    assert "parcel.fee  complete" in told
    assert run(["check"]) == (code, told, aside)
    for format in ("json", "sarif", "github"):
        assert "GAP017" in run(["check", "--output-format", format])[1]


def test_nothing_is_built_certified_or_printed_while_a_file_cannot_be_read(
    shop: Path, unread: str
) -> None:
    for words in (["build"], ["sql"], ["check", "--certify", "proofs"]):
        code, told, _ = run(words)

        assert code == 1
        assert f"error[GAP017]: {unread}\n" in told
    assert not (shop / "generated").exists()
    assert not (shop / "proofs").exists()
    assert run(["build", "tables/parcel.dtable"])[0] == 0


def test_fmt_lays_out_what_can_be_read_and_run_asks_it(shop: Path, unread: str) -> None:
    path = write(shop, SOUND.replace("| light  |", "| light|"))

    code, told, aside = run(["fmt"])

    assert (code, path.read_text()) == (1, SOUND)
    assert "cannot be read, left as it is" in told
    assert aside.startswith(f"gapless: {unread}; ")
    assert run(["run", "fee", "weight=20", "zone=home"])[0] == 0
    assert "`gapless check` tells which" in run(["run", "freight", "weight=20"])[2]


def test_a_used_file_that_cannot_be_read_is_not_called_missing(shop: Path) -> None:
    (shop / "shared" / "zones.dtable").write_bytes(b"# caf\xe9\n")

    code, told, _ = run(["check"])

    assert code == 1
    assert "error[GAP017]: shared/zones.dtable is not UTF-8" in told
    assert "GAP014" not in told
    assert told.endswith("1 table in 1 file: 1 error\n")


def test_where_nothing_can_be_read_nothing_could_run(shop: Path, unread: str) -> None:
    (shop / "tables" / "parcel.dtable").unlink()

    for words in (["check"], ["build"], ["sql"], ["fmt"], ["fmt", "--check"]):
        code, told, aside = run(words)
        assert (code, told) == (2, "")
        assert aside.startswith(f"gapless: {unread}; ")


def test_a_fault_of_ours_is_called_so_and_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(files, "discover", fail)

    code, told, aside = run(["check"])

    assert (code, told) == (2, "")
    assert "a fault in gapless" in aside
    assert "ZeroDivisionError" in aside


def test_an_interrupt_ends_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "discover", interrupt)

    assert run(["check"]) == (130, "", "")


def test_a_reader_that_has_seen_enough_changes_nothing() -> None:
    command = [sys.executable, "-m", "gapless", "check", "-"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdout.close()
        process.stdin.write(SOUND.replace("../", "").encode())
        process.stdin.close()

        assert process.stderr.read() == b""
        assert process.wait() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_cannot_be_written_is_no_success() -> None:
    with open("/dev/full", "wb") as full:
        done = gapless("check", stdout=full)

    assert done.returncode == 2
    assert done.stderr.startswith(b"gapless: the output could not be written")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("closed", ["0", "1", "2"])
def test_a_closed_stream_is_no_fault(closed: str) -> None:
    command = f"{shlex.quote(sys.executable)} -m gapless check - {closed}>&-"
    done = subprocess.run(
        ["sh", "-c", command],
        check=False,
        input=b"type A = a | b\n",
        capture_output=True,
        env=ENVIRONMENT,
    )

    assert done.returncode == {"0": 2, "1": 2, "2": 0}[closed]
    assert b"fault in gapless" not in done.stderr


def test_output_is_utf_8_whatever_the_locale(shop: Path) -> None:
    write(shop, GAP)

    done = gapless("check", PYTHONIOENCODING="ascii")

    assert "┌─ tables/parcel.dtable".encode() in done.stdout


# ---------------------------------------------------------------- build


def test_build_writes_once_and_then_finds_all_current() -> None:
    first, second, check = run(["build"]), run(["build"]), run(["build", "--check"])

    assert first[0] == second[0] == check[0] == 0
    assert "generated/python/parcel.py" in first[1]
    assert "written" in first[1]
    assert "written" not in second[1]
    assert "all current" in second[1]
    assert "all current" in check[1]


def drifted(shop: Path) -> Path:
    """An output folder with a stale module, and one that no table becomes any more, which is given."""
    gone = write(shop, SOUND.replace("policy parcel", "policy gone"), "tables/gone.dtable")
    run(["build"])
    gone.unlink()
    made = shop / "generated" / "python" / "parcel.py"
    made.write_text("stale")
    orphan = made.with_name("gone.py")
    for other in (shop / "generated").rglob("gone*"):
        if other != orphan:
            other.unlink()
    return orphan


def test_build_check_lists_what_differs_writes_nothing_and_says_what_repairs_it(shop: Path) -> None:
    orphan = drifted(shop)
    made = shop / "generated" / "python" / "parcel.py"
    page = next((shop / "generated" / "markdown").glob("parcel.md"))
    page.unlink()

    code, told, _ = run(["build", "--check"])

    assert code == 1
    states = {line.split()[1] for line in told.splitlines() if line.startswith("generated/")}
    assert states == {"stale", "missing", "orphaned"}
    assert made.read_text() == "stale"
    assert told.endswith("5 files not current; to repair: gapless build tables --out generated\n")
    assert run(["build"])[0] == 0
    assert not orphan.exists()
    assert run(["build", "--check"])[0] == 0


def test_build_says_on_page_and_index_what_is_overdue_only_of_a_day_that_is_named(
    shop: Path,
) -> None:
    write(shop, SOUND.replace("policy parcel\n", "policy parcel\n  review by 2026-12-31\n"))
    pages = shop / "generated" / "markdown"

    def built(*words: str) -> tuple[str, str]:
        assert run(["build", "--to", "markdown", *words])[0] == 0
        return (pages / "parcel.md").read_text(), (pages / "README.md").read_text()

    unnamed, in_time = built(), built("--today", "2026-12-31")
    late = built("--today", "2027-01-01")

    assert unnamed == in_time == built()
    assert "by 2026-12-31, and overdue on any later day" in unnamed[0]
    assert "**overdue**: 2026-12-31" not in unnamed[1]
    assert "**Overdue: to be reviewed by 2026-12-31" in late[0]
    assert "**overdue**: 2026-12-31" in late[1]
    assert late == built("--today", "2031-05-01")
    code, told, _ = run(["build", "--to", "markdown", "--check", "--today", "2031-05-01"])
    assert code == 0, told
    code, told, _ = run(["build", "--to", "markdown", "--check"])
    assert code == 1, told


def test_build_check_marks_each_file_that_is_not_current_for_programs_too(shop: Path) -> None:
    drifted(shop)
    (shop / "generated" / "markdown" / "parcel.md").unlink()

    github, sarif = (
        run(["build", "--check", "--output-format", format])[1] for format in ("github", "sarif")
    )

    where = [
        ("generated/gapless.sha256", "build-stale"),
        ("generated/markdown/README.md", "build-stale"),
        ("generated/markdown/parcel.md", "build-missing"),
        ("generated/python/gone.py", "build-orphaned"),
        ("generated/python/parcel.py", "build-stale"),
    ]
    assert [line.rpartition("::")[0] for line in github.splitlines()] == [
        f"::error file={path},title={rule}" for path, rule in where
    ]
    (log,) = json.loads(sarif)["runs"]
    rules = [rule["id"] for rule in log["tool"]["driver"]["rules"]]
    assert [
        (
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            rules[result["ruleIndex"]],
        )
        for result in log["results"]
    ] == where


@pytest.mark.parametrize("out", ["generated/", "./generated", "../shop/generated", "."])
def test_an_output_folder_may_be_written_in_many_ways(shop: Path, out: str) -> None:
    first, second, check = (run(["build", "--out", out, *more]) for more in ([], [], ["--check"]))

    assert (first[0], second[0], check[0]) == (0, 0, 0)
    assert "all current" in second[1]
    assert (shop / out / "python" / "parcel.py").exists()


def test_build_deletes_nothing_that_it_did_not_make(shop: Path) -> None:
    run(["build"])
    mine = write(shop, "print('mine')\n", "generated/python/mine.py")
    other = write(shop, "-- Generated by gapless\n", "generated/dmn/other.dmn")

    assert run(["build"])[0] == 0
    assert mine.exists()
    assert other.exists()


@pytest.mark.parametrize("option", [[], ["--check"]])
def test_a_part_of_the_tables_is_not_built_over_the_whole(shop: Path, option: list[str]) -> None:
    other = write(shop, SOUND.replace("policy parcel", "policy other"), "tables/other.dtable")
    run(["build"])

    code, told, aside = run(["build", "tables/parcel.dtable", *option])

    assert (code, told) == (2, "")
    assert "also holds what other tables become" in aside
    assert (shop / "generated" / "python" / "other.py").exists()
    other.unlink()
    assert run(["build"])[0] == 0
    assert not (shop / "generated" / "python" / "other.py").exists()


def test_every_generated_file_says_what_it_is_and_is_listed_as_sha256sum_lists_it(
    shop: Path,
) -> None:
    run(["build"])
    out = shop / "generated"
    made = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}
    head, *lines = made["gapless.sha256"].read_text().splitlines()

    assert [name for name, path in made.items() if not outputs.is_marked(path.read_bytes())] == []
    assert head.startswith("# ")
    assert lines == [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}"
        for name, path in sorted(made.items())
        if name != "gapless.sha256"
    ]


def ours(shop: Path) -> set[str]:
    out = shop / "generated"
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}


def test_a_folder_from_before_there_was_a_manifest_gets_one_and_loses_its_orphans(
    shop: Path,
) -> None:
    drifted(shop)
    mine = write(shop, "print('mine')\n", "generated/python/mine.py")
    write(shop, "# Generated by gapless, once\n", "generated/python/parcel.py")
    (shop / "generated" / "gapless.sha256").unlink()

    assert run(["build", "--check"])[0] == 1
    assert run(["build"])[0] == 0
    assert "python/gone.py" not in ours(shop)
    assert mine.read_text() == "print('mine')\n"
    assert run(["build", "--check"])[0] == 0


def test_builds_of_other_targets_share_a_folder_and_its_manifest(shop: Path) -> None:
    run(["build"])
    whole = (shop / "generated" / "gapless.sha256").read_bytes()
    shutil.rmtree(shop / "generated")
    for target in ("sql", "python", "markdown,columns"):
        assert run(["build", "--to", target])[0] == 0

    assert (shop / "generated" / "gapless.sha256").read_bytes() == whole
    assert run(["build", "--check"])[0] == 0


SHARED = {"columns/__init__.py", "columns/py.typed", "columns/runtime.py"}


def test_modules_for_columns_share_a_runtime_that_is_there_as_long_as_one_of_them(
    shop: Path,
) -> None:
    write(shop, SOUND.replace("policy parcel", "policy other"), "tables/other.dtable")

    assert run(["build"])[0] == 0
    assert run(["build", "tables/parcel.dtable", "--out", "one"])[0] == 0
    assert run(["build", "shared", "--out", "none"])[0] == 0
    both = {name for name in ours(shop) if name.startswith("columns/")}
    assert both == {*SHARED, "columns/other_columns.py", "columns/parcel_columns.py"}
    assert {each.name for each in (shop / "one" / "columns").iterdir()} == {
        "parcel_columns.py",
        *(Path(name).name for name in SHARED),
    }
    assert not (shop / "none" / "columns").exists()

    for name in ("other", "parcel"):
        write(shop, f"policy {name}\n", f"tables/{name}.dtable")
    assert run(["build", "--to", "python"])[0] == 0
    assert ours(shop) >= both  # of targets that are not asked for nothing goes
    assert run(["build", "--to", "columns"])[0] == 0
    assert [name for name in ours(shop) if name.startswith("columns/")] == []


def test_the_output_folder_is_a_typed_package_where_it_is_ours_alone(shop: Path) -> None:
    (shop / "src").mkdir()
    write(shop, "", "src/mine.py")
    for out in ("generated", "src"):
        assert run(["build", "--out", out])[0] == 0
        assert run(["build", "--out", out, "--check"])[0] == 0

    assert {"__init__.py", "py.typed"} <= ours(shop)
    assert not (shop / "src" / "__init__.py").exists()

    write(shop, "a note", "generated/note.txt")
    assert run(["build", "--to", "sql"])[0] == 0
    assert {"__init__.py", "py.typed"} <= ours(shop)


def test_a_note_in_the_output_folder_changes_nothing_of_what_is_built(shop: Path) -> None:
    write(shop, "a note", "generated/note.txt")
    write(shop, "a note", "generated/notes/more.txt")

    assert run(["build"])[0] == 0
    assert {"__init__.py", "py.typed"} <= ours(shop)

    (shop / "generated" / "note.txt").unlink()
    assert run(["build", "--check"])[0] == 0


def test_a_folder_that_cannot_be_listed_is_its_owners(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = os.listdir

    def listing(path: str) -> list[str]:
        if str(path).endswith("closed"):
            raise PermissionError(path)
        return listed(path)

    (shop / "generated" / "closed").mkdir(parents=True)
    monkeypatch.setattr("os.listdir", listing)

    assert run(["build"])[0] == 0
    assert "__init__.py" not in ours(shop)


def test_what_makes_the_folder_a_package_is_kept_as_it_was_made(shop: Path) -> None:
    run(["build"])
    (shop / "generated" / "py.typed").write_text("partial\n")

    assert run(["build", "--check"])[0] == 1
    assert run(["build"])[0] == 0
    assert "Generated by gapless" in (shop / "generated" / "py.typed").read_text()


def test_what_either_side_of_a_merge_made_is_ours_though_nobody_resolved_the_manifest(
    shop: Path,
) -> None:
    drifted(shop)
    manifest = shop / "generated" / "gapless.sha256"
    head, *lines = manifest.read_text().splitlines()
    here = [line for line in lines if "gone" not in line]
    there = [line for line in lines if "gone" in line]
    manifest.write_text(
        "\n".join([head, "<<<<<<< ours", *here, "=======", *there, ">>>>>>> theirs", ""])
    )

    assert run(["build"])[0] == 0
    assert "python/gone.py" not in ours(shop)
    assert "<<<" not in manifest.read_text()
    assert run(["build", "--check"])[0] == 0


def test_what_was_listed_and_is_no_longer_what_we_made_is_given_back(shop: Path) -> None:
    orphan = drifted(shop)
    orphan.write_text("mine = 1\n")

    assert re.search(r"^generated/python/gone.py +released: ", run(["build"])[1], re.MULTILINE)
    assert orphan.read_text() == "mine = 1\n"
    assert "gone" not in (shop / "generated" / "gapless.sha256").read_text()
    assert run(["build", "--check"])[0] == 0


@pytest.mark.parametrize("option", [[], ["--check"]])
def test_a_file_of_somebody_else_is_not_written_over(shop: Path, option: list[str]) -> None:
    mine = write(shop, "print('mine')\n", "generated/python/parcel.py")

    code, told, aside = run(["build", *option])

    assert (code, told) == (2, "")
    assert aside.startswith("gapless: generated/python/parcel.py is not gapless's: ")
    assert mine.read_text() == "print('mine')\n"
    assert ours(shop) == {"python/parcel.py"}


@pytest.mark.parametrize("listed", ["../victim", "python/../../victim", "{}/victim", "python"])
def test_a_manifest_cannot_name_what_lies_elsewhere(
    shop: Path, tmp_path: Path, listed: str
) -> None:
    run(["build"])
    victim, above = tmp_path / "victim", shop / "victim"
    for each in (victim, above):
        each.write_text("Generated by gapless\n")
    digest = hashlib.sha256(victim.read_bytes()).hexdigest()
    with open(shop / "generated" / "gapless.sha256", "a") as manifest:
        manifest.write(f"{digest}  {listed.format(tmp_path)}\n")

    run(["build"])

    assert victim.exists()
    assert above.exists()
    assert "python/parcel.py" in ours(shop)


LINKS = {
    "a file": "python/parcel.py",
    "a folder": "python",
    "the manifest": "gapless.sha256",
    "the journal's folder": ".gapless-build",
}


@pytest.mark.parametrize("option", [[], ["--check"]])
@pytest.mark.parametrize("dangling", [False, True])
@pytest.mark.parametrize("name", LINKS.values(), ids=LINKS)
def test_build_goes_through_no_link_below_the_output_folder(
    shop: Path, tmp_path: Path, name: str, dangling: bool, option: list[str]
) -> None:
    run(["build"])
    elsewhere = tmp_path / "elsewhere"
    place = shop / "generated" / name
    if place.exists() and not dangling:
        place.rename(elsewhere)
    elif place.is_dir():
        shutil.rmtree(place)
    elif place.exists():
        place.unlink()
    elif not dangling:
        elsewhere.mkdir()
    place.symlink_to(elsewhere)
    write(shop, SOUND.replace("2.50", "2.60"))
    before = snapshot(tmp_path)

    code, told, aside = run(["build", *option])

    assert (code, told) == (2, "")
    assert aside == (
        f"gapless: generated/{name} is a link, and `build` goes through none below generated: "
        "delete the link, or choose another --out\n"
    )
    assert snapshot(tmp_path) == before


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "cache" not in path.parts
    }


@pytest.mark.parametrize("shut", ["generated/python", "generated/.gapless-build", "generated/sql"])
def test_a_folder_that_cannot_be_written_is_found_before_anything_is_changed(
    shop: Path, shut: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a folder without permission, one on another disk, and a full disk are."""
    run(["build", "--to", "python,markdown"])
    write(shop, SOUND.replace("2.50", "2.60"))
    before = snapshot(shop)
    for name in ("os.mkdir", "os.replace"):
        shut_out(monkeypatch, name, shut)

    code, told, aside = run(["build"])

    assert (code, told) == (2, "")
    assert aside == (
        f"gapless: cannot write {shut.removesuffix('/.gapless-build')}: "
        "No space left on device; nothing was changed\n"
    )
    assert snapshot(shop) == before
    assert not (shop / "generated" / ".gapless-build").exists()


def shut_out(monkeypatch: pytest.MonkeyPatch, name: str, folder: str) -> None:
    """Nothing can be made in a folder, nor the folder itself."""
    allowed = getattr(os, name.removeprefix("os."))

    def failing(path: str, *rest: Any) -> None:
        for each in (path, *rest):
            if isinstance(each, str) and folder in (each, os.path.dirname(each)):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), each)
        allowed(path, *rest)

    monkeypatch.setattr(name, failing)


@pytest.mark.parametrize("name", ["parcel", "parcel/fee.json"])
def test_no_certificate_is_written_through_a_link(shop: Path, tmp_path: Path, name: str) -> None:
    place = shop / "proofs" / name
    place.parent.mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    place.symlink_to(tmp_path / "elsewhere" / ("" if name == "parcel" else "fee.json"))

    assert run(["check", "--certify", "proofs"]) == (
        2,
        "",
        f"gapless: proofs/{name} is a link, and no certificate is written through one\n",
    )
    assert [*(tmp_path / "elsewhere").iterdir()] == []


def test_the_output_folder_itself_may_be_a_link(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (shop / "generated").symlink_to(tmp_path / "elsewhere")

    assert run(["build"])[0] == run(["build", "--check"])[0] == 0
    assert (tmp_path / "elsewhere" / "python" / "parcel.py").exists()


def test_links_that_are_not_in_the_way_are_left_alone(shop: Path) -> None:
    run(["build"])
    (shop / "generated" / "python" / "latest.py").symlink_to("parcel.py")
    (shop / "generated" / "python" / "nowhere.py").symlink_to("nothing")

    assert run(["build", "--check"])[0] == 0
    assert run(["build"])[0] == 0


@pytest.fixture
def halfway(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The output folder of a build that was killed when two files were in place."""
    run(["build"])
    write(shop, SOUND.replace("2.50", "2.60"))
    replace, left = os.replace, iter(range(8))  # five tries of folders, the journal, two files

    def killed(source: str, target: str) -> None:
        if ".gapless-build" in source and next(left, None) is None:
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr("os.replace", killed)
    assert run(["build"])[0] == 130
    monkeypatch.setattr("os.replace", replace)
    return shop / "generated"


def test_build_check_tells_of_a_killed_build_in_every_format(halfway: Path) -> None:
    before = snapshot(halfway)

    code, told, _ = run(["build", "--check"])

    assert code == 1
    assert "generated/.gapless-build" in told
    assert "interrupted: 2 of 5 files are in place" in told
    for format in ("json", "sarif", "github"):
        code, told, _ = run(["build", "--check", "--output-format", format])
        assert code == 1
        assert "generated/.gapless-build" in told
        assert "interrupted" in told
    assert snapshot(halfway) == before


def test_build_check_tells_of_a_killed_build_though_the_tables_have_errors(
    shop: Path, halfway: Path
) -> None:
    write(shop, GAP)

    code, _, aside = run(["build", "--check"])

    assert code == 1
    assert "generated: a build was interrupted: 2 of 5 files are in place\n" in aside
    assert (halfway / ".gapless-build").exists()


@pytest.mark.parametrize("text", [SOUND.replace("2.50", "2.60"), SOUND, GAP])
def test_the_next_build_ends_what_a_killed_one_began_whatever_the_tables_say_by_now(
    shop: Path, halfway: Path, text: str
) -> None:
    write(shop, text)

    code, _, aside = run(["build"])

    assert code == (text == GAP)
    assert aside == "generated: an interrupted build was completed first\n"
    assert not (halfway / ".gapless-build").exists()
    write(shop, text if text == SOUND else SOUND.replace("2.50", "2.60"))
    assert run(["build", "--check"])[0] == 0


@pytest.mark.parametrize("text", [GAP, UNREADABLE])
def test_build_writes_nothing_while_there_is_an_error(shop: Path, text: str) -> None:
    run(["build"])
    before = {path: path.read_bytes() for path in shop.rglob("*") if path.is_file()}
    before[write(shop, text)] = text.encode()

    code, told, _ = run(["build"])

    assert code == 1
    assert told.endswith("nothing was written to generated: fix the errors first\n")
    assert {path: path.read_bytes() for path in shop.rglob("*") if path.is_file()} == before


def test_build_makes_only_the_targets_asked_for(shop: Path) -> None:
    assert run(["build", "--to", "markdown"])[0] == 0
    assert sorted(path.name for path in (shop / "generated").iterdir()) == [
        "gapless.sha256",
        "markdown",
    ]


def test_build_tells_scripts_of_every_file() -> None:
    told = json.loads(run(["build", "--output-format", "json"])[1])

    assert {"path": "generated/python/parcel.py", "state": "written"} in told["files"]
    assert told["tables"][0]["proved"] is True


def test_a_file_is_replaced_whole_and_keeps_its_mode(shop: Path) -> None:
    target = write(shop, "old", "a/b")
    target.chmod(0o640)

    files.replace("a/b", b"new")

    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in target.parent.iterdir()] == ["b"]


def test_generated_bytes_do_not_depend_on_the_hash_seed(shop: Path) -> None:
    made = []
    for seed in ("0", "1"):
        assert gapless("build", "--out", seed, PYTHONHASHSEED=seed).returncode == 0
        made.append(
            {
                path.relative_to(shop / seed): path.read_bytes()
                for path in (shop / seed).rglob("*")
                if path.is_file()
            }
        )

    assert made[0] == made[1]


# ---------------------------------------------------------------- run, explain, new


def test_run_tells_the_answer_the_rule_and_why() -> None:
    assert run(["run", "fee", "weight=20", "zone=home"]) == (
        0,
        "price = 2.50\n\nrule     light (tables/parcel.dtable:12)\nbecause  by the scale\n",
        "",
    )


@pytest.mark.parametrize(
    "words",
    [
        ["--tables", "tables", "fee", "weight=20", "zone=home"],
        ["fee", "--tables", "tables", "weight=20", "zone=home"],
        ["fee", "weight=20", "--tables", "tables", "zone=home"],
        ["fee", "weight=20", "zone=home", "--tables", "tables"],
    ],
)
def test_options_stand_anywhere(words: list[str]) -> None:
    assert run(["run", *words])[0] == 0


def test_run_says_what_cannot_happen_and_why() -> None:
    code, told, _ = run(["run", "parcel.fee", "weight=20", "zone=world"])

    assert code == 1
    assert told.startswith("this case cannot happen\n\nrule     far (tables/parcel.dtable:14)\n")


def test_run_lists_everything_that_is_wrong_with_the_words_and_some_that_would_do() -> None:
    assert run(["run", "fee", "weight=0", "zone", "zoen=home"])[2] == (
        "gapless: `fee` cannot be asked this\n"
        "  weight: `0` is outside `1..1000`: the least is `1`\n"
        "  `zone` is not NAME=VALUE\n"
        "  `fee` has no input `zoen`; did you mean `zone`?\n"
        "  `zone` is not given: home or world\n"
        "for example: gapless run fee weight=20 zone=home\n"
    )


def test_run_reads_quoted_values_as_the_language_does() -> None:
    assert run(["run", "fee", "weight=20", 'zone="home"'])[0] == 0


def test_run_answers_scripts_exactly() -> None:
    told = json.loads(run(["run", "fee", "weight=20", "zone=home", "--output-format", "json"])[1])

    assert told["answer"] == {"price": "2.50"}
    assert told["rules"][0]["name"] == "light"


def test_run_does_not_answer_from_a_table_it_could_not_read(shop: Path) -> None:
    write(shop, UNREADABLE)

    code, told, _ = run(["run", "fee", "weight=20", "zone=home"])

    assert code == 1
    assert "error[" in told


@pytest.mark.parametrize("code", ["GAP101", "gap101"])
def test_explain_prints_the_page(code: str) -> None:
    page = (ROOT / "docs" / "errors" / "GAP101.md").read_text(encoding="utf-8")

    assert run(["explain", code]) == (0, page, "")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (
            "GAPP101",
            "there is no finding GAPP101; did you mean GAP101? `gapless explain` lists all",
        ),
        ("g101", "there is no finding g101; did you mean GAP101? `gapless explain` lists all"),
        ("101", "there is no finding 101; did you mean GAP101? `gapless explain` lists all"),
        ("XX", "there is no finding XX; `gapless explain` lists all"),
    ],
)
def test_explain_of_no_code_says_where_all_are_listed(code: str, says: str) -> None:
    assert run(["explain", code]) == (2, "", f"gapless: {says}\n")


def test_explain_of_a_retired_code_says_so_and_what_replaced_it() -> None:
    code, told, wrong = run(["explain", "gap041"])

    assert (code, wrong) == (0, "")
    assert told.startswith("GAP041 is retired: ")
    assert "GAP002" in told


def test_explain_lists_all_pages_by_family() -> None:
    families = [family.splitlines() for family in run(["explain"])[1].split("\n\n")]
    told = [line for _, *lines in families for line in lines]

    assert [line[2:8] for line in told] == sorted(
        path.stem for path in (ROOT / "docs" / "errors").glob("GAP*.md")
    )
    assert all(len(line) > len("  GAP101  ") for line in told)
    assert all(name and not name.startswith(" ") for name, *_ in families)


def test_a_new_policy_passes_is_laid_out_and_can_be_built(shop: Path) -> None:
    (shop / "tables" / "parcel.dtable").unlink()

    code, told, _ = run(["new", "letters"])

    assert (code, told.splitlines()[-1]) == (0, "next: gapless check")
    assert run(["check", "--deny-warnings"])[1].endswith("1 table in 1 file: no findings\n")
    assert run(["fmt", "--check"])[0] == 0
    assert run(["build"])[0] == 0
    assert run(["run", "fee", "weight=250", "zone=home"])[0] == 0


def test_a_new_policy_goes_where_its_path_says(shop: Path) -> None:
    assert run(["new", "office/letters.dtable"])[1].endswith(
        "next: gapless check office/letters.dtable\n"
    )
    assert (shop / "office" / "letters.dtable").exists()


def test_the_version_is_told() -> None:
    assert run(["--version"])[:2] == (0, "gapless 0.1.0\n")


def test_help_tells_the_exit_codes() -> None:
    for command in ([], ["check"], ["build"], ["run"], ["fmt"], ["explain"], ["new"]):
        code, told, _ = run([*command, "--help"])

        assert code == 0
        assert "could not run: bad usage" in told


# ---------------------------------------------------------------- fmt


def test_fmt_lays_out_once_and_for_all(shop: Path) -> None:
    ragged = SOUND.replace("| light  | ..500  |", "|light|..500|")
    path = write(shop, ragged)

    assert run(["fmt", "--check"])[0] == 1
    assert path.read_text() == ragged
    assert run(["fmt"])[0] == 0
    assert path.read_text() == SOUND
    assert run(["fmt", "--check"])[0] == 0


def test_fmt_counts_what_it_laid_out_as_laid_out(shop: Path) -> None:
    write(shop, SOUND.replace("| light  |", "| light|"))

    assert run(["fmt", "--check"])[1].endswith("\n0 of 1 file laid out as it should be\n")
    assert run(["fmt"])[1].endswith("\n1 of 1 file laid out as it should be\n")


def test_fmt_leaves_what_it_cannot_read(shop: Path) -> None:
    broken = SOUND.replace("table fee", "tabel fee")
    path = write(shop, broken)

    code, told, aside = run(["fmt"])

    assert code == 1
    assert "cannot be read, left as it is" in told
    assert "error[" in aside
    assert path.read_text() == broken


def test_fmt_prints_what_it_read_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    ragged = SOUND.replace("| light  | ..500  |", "|light|..500|")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(ragged.encode())))

    assert run(["fmt", "-"]) == (0, SOUND, "")


@pytest.mark.parametrize(
    ("text", "code"), [(SOUND, 0), (SOUND + "\n\n", 1), (UNREADABLE, 0), ("tabel", 1)]
)
def test_fmt_judges_standard_input_without_a_word(
    monkeypatch: pytest.MonkeyPatch, text: str, code: int
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    assert run(["fmt", "--check", "-"])[:2] == (code, "")


# ---------------------------------------------------------------- the cache


def imported(*words: str) -> set[str]:
    """Every module that a process of its own imports on the way."""
    done = gapless(*words, options=["-X", "importtime"])
    assert done.returncode == 0
    lines = done.stderr.decode().splitlines()
    return {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}


LIGHT = {"gapless", "gapless_dsl", "gapless.cli"} | {
    f"gapless.cli.{name}" for name in ("arguments", "cache", "check", "console", "files")
}
HEAVY = {
    *("asyncio", "ast", "dataclasses", "datetime", "decimal", "importlib.metadata", "inspect"),
    *("jinja2", "lark", "logging", "pathlib", "pickle", "subprocess", "tempfile", "traceback"),
}


def test_a_check_whose_answer_is_known_imports_nothing_of_weight() -> None:
    """The guard of start-up time: what is imported, which is the same on every machine."""
    cold, warm = imported("check", "tables"), imported("check", "tables")

    assert "lark" in cold
    assert warm & HEAVY == set()
    assert {name for name in warm if name.startswith("gapless")} <= LIGHT


def test_a_known_answer_is_the_same_answer(shop: Path) -> None:
    write(shop, GAP)

    assert run(["check"]) == run(["check"]) == run(["check", "--no-cache"])


def known() -> bool:
    """Whether `check` answers without working anything out."""
    return "lark" not in imported("check")


@pytest.mark.parametrize("name", ["tables/parcel.dtable", "shared/zones.dtable"])
def test_any_file_that_was_read_can_make_an_answer_stale(shop: Path, name: str) -> None:
    imported("check")
    before = known()
    path = shop / name
    path.write_text(path.read_text() + "# one more line\n")

    assert (before, known()) == (True, False)


def test_a_used_file_that_appears_makes_an_answer_stale(shop: Path) -> None:
    zones = shop / "shared" / "zones.dtable"
    zones.unlink()
    before = run(["check"]), run(["check"])
    zones.write_text(ZONES)

    assert [code for code, _, _ in before] == [1, 1]
    assert run(["check"])[0] == 0


def test_another_file_another_format_another_compiler_are_other_questions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = {
        cache.request(["a"], ["text"]),
        cache.request(["a"], ["json"]),
        cache.request(["a", "b"], ["text"]),
    }
    monkeypatch.setattr(cache, "_stats", lambda folder: iter([("gapless/cli.py", 1, 2)]))

    assert len(asked | {cache.request(["a"], ["text"])}) == 4


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"\xff\xfe", b'{"text": "all is well"}'])
def test_a_damaged_entry_costs_time_and_nothing_else(shop: Path, damage: bytes) -> None:
    write(shop, GAP)
    told = run(["check"])
    for entry in Path(os.environ["GAPLESS_CACHE"], "check").iterdir():
        entry.write_bytes(damage)

    assert run(["check"]) == told


def test_an_entry_that_was_altered_is_not_believed(shop: Path) -> None:
    write(shop, GAP)
    told = run(["check"])
    for entry in Path(os.environ["GAPLESS_CACHE"], "check").iterdir():
        entry.write_text(entry.read_text().replace('"code": 1', '"code": 0'))

    assert run(["check"]) == told


@pytest.mark.parametrize("damage", ["half", "other", "a folder"])
def test_a_damaged_grammar_is_made_anew(shop: Path, damage: str) -> None:
    """Nothing that the parser generator would believe is believed unless it is as it was made."""
    told, grammar = gapless("check", "--no-cache"), Path(os.environ["GAPLESS_CACHE"], "grammar")
    whole = grammar.read_bytes()
    match damage:
        case "half":
            grammar.write_bytes(whole[: len(whole) // 2])
        case "other":
            grammar.write_bytes(whole.replace(b"condition", b"c/ndition"))
        case "a folder":
            grammar.unlink()
            grammar.mkdir()

    done = gapless("check", "--no-cache")

    assert (done.returncode, done.stdout, done.stderr) == (0, told.stdout, b"")
    if damage != "a folder":
        assert b"c/ndition" not in grammar.read_bytes()
        assert (
            grammar.with_name("grammar.sha256").read_text()
            == hashlib.sha256(grammar.read_bytes()).hexdigest()
        )


@pytest.mark.parametrize("place", ["/proc/nowhere", "/dev/null"])
def test_a_cache_that_cannot_be_written_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    told = run(["check"])
    monkeypatch.setenv("GAPLESS_CACHE", place)

    assert run(["check"]) == told


def test_the_cache_does_not_grow_without_end(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "ENTRIES", 3)
    for number in range(5):
        write(shop, f"{SOUND}# {number}\n")
        run(["check", "--deny-warnings"] if number % 2 else ["check"])
        write(shop, SOUND, f"tables/more{number}/parcel{number}.dtable")

    assert len(list(Path(os.environ["GAPLESS_CACHE"], "check").iterdir())) == 3


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"GAPLESS_CACHE": "/a"}, "/a"),
        ({"XDG_CACHE_HOME": "/b"}, "/b/gapless"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/c"}, "/c/.cache/gapless"),
        ({"HOME": "/d"}, "/d/.cache/gapless"),
    ],
)
def test_the_cache_is_where_the_user_keeps_such_things(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], folder: str
) -> None:
    for name in ("GAPLESS_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert cache.folder() == folder


def test_without_a_cache_nothing_is_kept() -> None:
    run(["check", "--no-cache"])

    assert not Path(os.environ["GAPLESS_CACHE"], "check").exists()


# ---------------------------------------------------------------- agreement with the compiler


def test_used_files_are_found_as_the_parser_finds_them() -> None:
    text = """\
use "zones.dtable"
use   "../other/\\"odd\\" name.dtable"   "no"
# use "commented.dtable"
  use "indented.dtable"
table use "no.dtable"
useful "no.dtable"
use "not a table.txt"
use "/absolute.dtable"
"""
    document, _ = parse(Source("a/b.dtable", text))
    typed = [each.path.text for each in document.declarations if isinstance(each, UseNode)]
    known = {beside("a/b.dtable", path) for path in typed if path.endswith(".dtable")}

    assert "a/zones.dtable" in known
    assert known - {"/absolute.dtable"} <= set(files.used_by("a/b.dtable", text))


def test_there_are_targets_to_build() -> None:
    assert set(backends.ALL) == {"columns", "python", "markdown", "sql"}


def test_a_person_is_shown_no_more_findings_than_fit_in_the_head(shop: Path) -> None:
    write(shop, "\n".join(f"type A{n} = nothing{n}" for n in range(30)), "tables/many.dtable")

    assert run(["check"])[1].count("error[") == terminal.LIMIT
    assert run(["check", "--all"])[1].count("error[") > terminal.LIMIT


def test_the_starter_lies_in_the_package() -> None:
    assert (Path(cli.__path__[0]) / "starter.txt").exists()
