"""A folder of evidence has the same bytes everywhere, and says what was done to it since."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import chdir
from pathlib import Path

import pytest

from tests.pages import ROOT, run

MANIFEST = "manifest.sha256"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder of evidence and its digest; nobody changes it."""
    return _made(tmp_path_factory.mktemp("made"))


def _policies(folder: Path) -> None:
    (folder / "tables" / "more").mkdir(parents=True)
    code, _, _ = _in(folder, ["new", "parcel"])
    assert code == 0
    shutil.copy(ROOT / "tables/examples/notice_germany.dtable", folder / "tables" / "more")
    approving = ["approve", "fee", "--by", "Ann Lee", "--note", "as in the tariff"]
    assert _in(folder, approving)[0] == 0


def _made(folder: Path) -> tuple[Path, str]:
    _policies(folder)
    code, out, _ = _in(folder, ["evidence", "evidence"])
    assert code == 0
    return folder / "evidence", out.split("\n")[1].removeprefix("digest ")


def _in(folder: Path, words: list[str]) -> tuple[int, str, str]:
    with chdir(folder):
        return run(words)


def _verified(folder: Path, *words: str, by: Path | None = None) -> tuple[int, str]:
    """As whoever has nothing but Python: exit code and output."""
    script = (by or folder) / "verify.py"
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(script), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr == ""
    return ran.returncode, ran.stdout


# ---------------------------------------------------------------- as it was written


def test_it_is_as_it_was(made: tuple[Path, str]) -> None:
    folder, digest = made

    assert _verified(folder, digest)[0] == 0
    assert f"digest {digest}\n" in _verified(folder)[1]
    assert hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest() == digest


def test_it_has_tables_verdicts_proofs_examples_approvals_and_code(made: tuple[Path, str]) -> None:
    folder, _ = made

    assert (folder / "certificates" / "parcel" / "fee.json").is_file()
    assert "approved by Ann Lee on this meaning" in (folder / "approvals.txt").read_text()
    assert "not approved" in (folder / "approvals.txt").read_text()
    assert "complete" in (folder / "verdicts.txt").read_text()
    assert '"meaning": "answered"' in (folder / "examples.json").read_text()
    assert (folder / "tables" / "more" / "notice_germany.dtable").is_file()
    assert {each.name for each in (folder / "generated").iterdir() if each.is_dir()} == {
        *("columns", "markdown", "python", "sql")
    }


def test_its_manifest_is_what_other_programs_read(made: tuple[Path, str]) -> None:
    folder, _ = made
    program = shutil.which("sha256sum")
    if program is None:
        pytest.skip("there is no sha256sum here")

    asked = [program, "-c", "--strict", "--quiet", MANIFEST]
    assert subprocess.run(asked, cwd=folder, check=False).returncode == 0


def _bytes(folder: Path) -> dict[str, bytes]:
    held = (each for each in folder.rglob("*") if each.is_file())
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in held}


def test_it_has_the_same_bytes_wherever_whenever_and_however_often(
    made: tuple[Path, str], tmp_path: Path
) -> None:
    """From another folder, by absolute paths, on a later day, with other seeds of hashes."""
    _policies(tmp_path)
    os.utime(tmp_path / "tables" / "parcel.dtable", (1, 1))
    words = ["-m", "gapless", "evidence", str(tmp_path / "out"), str(tmp_path / "tables")]
    beside = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "COLUMNS": "40"}
    subprocess.run([sys.executable, *words], cwd="/", env=beside, check=True, capture_output=True)

    assert _bytes(tmp_path / "out") == _bytes(made[0])
    assert not any(str(tmp_path).encode() in raw for raw in _bytes(tmp_path / "out").values())


def test_it_can_be_made_again_from_its_own_tables(made: tuple[Path, str], tmp_path: Path) -> None:
    code, _, _ = _in(made[0], ["evidence", str(tmp_path / "again")])

    assert code == 0
    assert _bytes(tmp_path / "again") == _bytes(made[0])


def test_nothing_is_written_over(made: tuple[Path, str], tmp_path: Path) -> None:
    _policies(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine")

    assert _in(tmp_path, ["evidence", "out"])[0] == 2
    assert _bytes(tmp_path / "out") == {"mine": b"mine"}


def test_nothing_is_written_of_tables_with_errors(tmp_path: Path) -> None:
    _policies(tmp_path)
    table = tmp_path / "tables" / "parcel.dtable"
    table.write_text(table.read_text().replace("..500 ", "..400 "))

    code, out, _ = _in(tmp_path, ["evidence", "out"])
    assert code == 1
    assert "GAP101" in out
    assert not (tmp_path / "out").exists()


def test_it_tells_what_changed_since_other_evidence(made: tuple[Path, str], tmp_path: Path) -> None:
    kept, digest = made
    shutil.copytree(kept / "tables", tmp_path / "tables")
    table = tmp_path / "tables" / "parcel.dtable"
    table.write_text(re.sub(r"\b19\b", "18", table.read_text()))

    code, _, _ = _in(tmp_path, ["evidence", "out", "--since", str(kept)])
    assert code == 0
    told = (tmp_path / "out" / "changes.md").read_text()
    assert f"Since the evidence with digest `{digest}`." in told
    assert "19" in told and "18" in told
    assert '"19' in (tmp_path / "out" / "changes.json").read_text()
    changed = "approved by Ann Lee, and changed since: price"
    assert changed in (tmp_path / "out" / "approvals.txt").read_text()
    assert str(kept).encode() not in b"".join(_bytes(tmp_path / "out").values())


# ---------------------------------------------------------------- and what was done to it since

TABLE = "tables/parcel.dtable"


def _altered(folder: Path, path: str, change: Callable[[bytes], bytes]) -> None:
    before = (folder / path).read_bytes()
    assert change(before) != before
    (folder / path).write_bytes(change(before))


def _manifest(folder: Path) -> None:
    """Write the manifest anew, as whoever tampers on purpose would."""
    paths = sorted(path for path in _bytes(folder) if path != MANIFEST)
    lines = (f"{hashlib.sha256((folder / p).read_bytes()).hexdigest()}  {p}\n" for p in paths)
    (folder / MANIFEST).write_text("".join(lines))


def _a_price(folder: Path) -> None:
    _altered(folder, TABLE, lambda raw: raw.replace(b"19  ", b"18  "))


def _a_blank(folder: Path) -> None:
    _altered(folder, "generated/python/parcel.py", lambda raw: raw + b" ")


def _line_ends(folder: Path) -> None:
    _altered(folder, TABLE, lambda raw: raw.replace(b"\n", b"\r\n"))


def _emptied(folder: Path) -> None:
    _altered(folder, "examples.json", lambda raw: b"")


def _missing(folder: Path) -> None:
    (folder / "certificates" / "parcel" / "fee.json").unlink()


def _extra(folder: Path) -> None:
    (folder / "tables" / "other.dtable").write_text("type A = a | b\n")


def _hidden(folder: Path) -> None:
    (folder / "generated" / ".more").write_text("")


def _empty_folder(folder: Path) -> None:
    (folder / "certificates" / "fee").mkdir()


def _renamed(folder: Path) -> None:
    (folder / "approvals.txt").rename(folder / "approval.txt")


def _exchanged(folder: Path) -> None:
    one, other = folder / "verdicts.txt", folder / "approvals.txt"
    texts = one.read_bytes(), other.read_bytes()
    one.write_bytes(texts[1])
    other.write_bytes(texts[0])


def _link(folder: Path) -> None:
    aside = folder.parent / "aside"
    (folder / TABLE).rename(aside)
    (folder / TABLE).symlink_to(aside)


def _folder_for_file(folder: Path) -> None:
    (folder / "approvals.txt").unlink()
    (folder / "approvals.txt").mkdir()


def _approval(folder: Path) -> None:
    _altered(folder, "tables/parcel.approvals", lambda raw: raw.replace(b"Ann", b"Bob"))


def _manifest_gone(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def _line_gone(folder: Path) -> None:
    """The file and its line."""
    (folder / "approvals.txt").unlink()
    _altered(
        folder,
        MANIFEST,
        lambda raw: b"".join(e for e in raw.splitlines(True) if b"approvals.txt" not in e),
    )


def _line_twice(folder: Path) -> None:
    _altered(folder, MANIFEST, lambda raw: raw + raw.splitlines(True)[-1])


def _line_out_of_here(folder: Path) -> None:
    digest = hashlib.sha256(b"").hexdigest().encode()
    (folder.parent / "zzz").write_bytes(b"")
    _altered(folder, MANIFEST, lambda raw: raw + digest + b"  ../zzz\n")


def _lines_turned(folder: Path) -> None:
    _altered(folder, MANIFEST, lambda raw: b"".join(reversed(raw.splitlines(True))))


def _manifest_cut(folder: Path) -> None:
    _altered(folder, MANIFEST, lambda raw: raw[:-1])


def _on_purpose(folder: Path) -> None:
    """A price, and a manifest that fits it."""
    _a_price(folder)
    _manifest(folder)


def _all_on_purpose(folder: Path) -> None:
    """A price, a manifest that fits it, and a `verify.py` that finds nothing wrong."""
    _a_price(folder)
    (folder / "verify.py").write_text("print('as it was')\n")
    _manifest(folder)


TAMPERED: Mapping[Callable[[Path], None], str] = {
    _a_price: "altered    tables/parcel.dtable",
    _a_blank: "altered    generated/python/parcel.py",
    _line_ends: "altered    tables/parcel.dtable",
    _emptied: "altered    examples.json",
    _missing: "missing    certificates/parcel/fee.json",
    _extra: "extra      tables/other.dtable",
    _hidden: "extra      generated/.more",
    _empty_folder: "extra      certificates/fee/",
    _renamed: "missing    approvals.txt",
    _exchanged: "altered    verdicts.txt",
    _link: "link       tables/parcel.dtable",
    _folder_for_file: "missing    approvals.txt",
    _approval: "altered    tables/parcel.approvals",
    _manifest_gone: f"missing    {MANIFEST}",
    _line_gone: f"altered    {MANIFEST}",
    _line_twice: f"malformed  {MANIFEST}, line ",
    _line_out_of_here: f"malformed  {MANIFEST}, line ",
    _lines_turned: f"malformed  {MANIFEST}, line 2",
    _manifest_cut: f"malformed  {MANIFEST}, its end",
    _on_purpose: f"altered    {MANIFEST}: it is not the one with that digest",
    _all_on_purpose: f"altered    {MANIFEST}: it is not the one with that digest",
}
"""Ways to tamper, and what is said of each by a copy of `verify.py` that nobody changed."""


@pytest.mark.parametrize("tampered", TAMPERED, ids=lambda each: each.__name__.strip("_"))
def test_what_was_tampered_with_is_found(
    tampered: Callable[[Path], None], made: tuple[Path, str], tmp_path: Path
) -> None:
    kept, digest = made
    folder = tmp_path / "evidence"
    shutil.copytree(kept, folder)
    tampered(folder)

    code, out = _verified(kept, digest, str(folder))
    assert code == 1
    assert TAMPERED[tampered] in out
    # And by its own copy, as long as that was left alone.
    assert _verified(folder, digest)[0] == (0 if tampered is _all_on_purpose else 1)


@pytest.mark.parametrize("words", [("abc",), ("0" * 63,), ("0" * 64, ".", "more")])
def test_what_is_no_digest_is_not_taken_for_one(
    words: tuple[str, ...], made: tuple[Path, str]
) -> None:
    assert _verified(made[0], *words)[0] == 2


def test_another_digest_is_not_that_of_the_folder(made: tuple[Path, str]) -> None:
    assert _verified(made[0], "0" * 64)[0] == 1
