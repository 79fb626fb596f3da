"""Whether this folder of evidence is as it was written; needs Python 3.8 or later, and nothing else.

    python verify.py                   every file against manifest.sha256
    python verify.py DIGEST            and the manifest against the digest that you were given
    python verify.py DIGEST FOLDER     of another folder, if you do not trust the copy that lies in it

Exit codes: 0 all is as it was; 1 something is altered, missing or extra; 2 could not look.
Without DIGEST only accidents are found: whoever changes a file on purpose can change the manifest, too.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterator

MANIFEST = "manifest.sha256"
LINE = re.compile(r"([0-9a-f]{64})  (\S(?:.*\S)?)")
DIGEST = re.compile(r"[0-9a-f]{64}")

Problem = tuple[str, str]
"""What is wrong, and with which file."""


def listed(text: str) -> tuple[dict[str, str], list[Problem]]:
    """The digests of all files as the manifest has them: one a line, by path, none twice."""
    known: dict[str, str] = {}
    wrong: list[Problem] = []
    before = ""
    for number, line in enumerate(text.split("\n")[:-1], start=1):
        told = LINE.fullmatch(line)
        if told is None or not is_plain(told[2]) or told[2] <= before:
            wrong.append(("malformed", f"{MANIFEST}, line {number}"))
            continue
        before = told[2]
        known[told[2]] = told[1]
    if not text.endswith("\n"):
        wrong.append(("malformed", f"{MANIFEST}, its end"))
    return known, wrong


def is_plain(path: str) -> bool:
    """Whether a path goes straight down."""
    parts = path.split("/")
    return path != MANIFEST and "\\" not in path and not {"", ".", ".."} & set(parts)


def held(folder: str) -> Iterator[tuple[str, str]]:
    """Everything in the folder by path from there: `file`, `folder`, or what else it is."""
    waiting = [""]
    while waiting:
        here = waiting.pop()
        with os.scandir(os.path.join(folder, here)) as entries:
            for entry in entries:
                path = here + entry.name
                if entry.is_symlink():
                    yield path, "link"
                elif entry.is_dir():
                    yield path, "folder"
                    waiting.append(path + "/")
                else:
                    yield path, "file" if entry.is_file() else "neither file nor folder"


def problems(folder: str, manifest: bytes) -> list[Problem]:
    """All that is not as the manifest says."""
    try:
        known, found = listed(manifest.decode("utf-8"))
    except UnicodeDecodeError:
        return [("malformed", MANIFEST)]
    folders = {path[:place] for path in known for place, sign in enumerate(path) if sign == "/"}
    seen = set()
    for path, what in held(folder):
        if what == "folder":
            if path not in folders:
                found.append(("extra", path + "/"))
        elif path == MANIFEST and what == "file":
            continue
        elif what != "file":
            found.append((what, path))
            seen.add(path)
        elif path not in known:
            found.append(("extra", path))
        else:
            seen.add(path)
            with open(os.path.join(folder, path), "rb") as file:
                if hashlib.sha256(file.read()).hexdigest() != known[path]:
                    found.append(("altered", path))
    found += [("missing", path) for path in known if path not in seen]
    return sorted(found, key=lambda each: (each[1], each[0]))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main(words: list[str]) -> int:
    own = os.path.dirname(os.path.abspath(__file__))
    wanted, folder = (*words, "", "")[0].lower(), (*words[1:2], own)[0]
    if len(words) > 2 or (wanted and not DIGEST.fullmatch(wanted)):
        say(__doc__ or "")
        return 2
    try:
        place = os.path.join(folder, MANIFEST)
        if os.path.islink(place) or not os.path.exists(place):
            say(f"missing    {MANIFEST}")
            return 1
        with open(place, "rb") as file:
            manifest = file.read()
        found = problems(folder, manifest)
    except OSError as reason:
        say(f"cannot read {reason.filename}: {reason.strerror}")
        return 2
    digest = hashlib.sha256(manifest).hexdigest()
    if wanted and digest != wanted:
        found.append(("altered", MANIFEST + ": it is not the one with that digest"))
    for what, path in found:
        say(f"{what:<10} {ascii(path)[1:-1]}")
    if found:
        say(f"NOT AS IT WAS: {len(found)} wrong")
        return 1
    lines = manifest.count(b"\n")
    say(f"as it was: {lines} files, digest {digest}")
    if not wanted:
        say("compare this digest with the one that you were given")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
