"""Answers already given: what `check` said of exactly these files, kept in the user's cache folder.

    request   the fingerprint of this gapless, the options, the paths asked for
       │ SHA-256
       ▼
    entry     every file that was read, with the SHA-256 of its bytes (none: there was no such file)
              and what was said

An entry speaks only if each of its files still has those bytes. So the files that the given ones
use are covered too: which they are follows from bytes that did not change. Whatever is wrong with
the cache (missing, unreadable, damaged, not writable) costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec

from gapless.cli.console import Outcome

ENTRIES = 64


def folder() -> str | None:
    """`GAPLESS_CACHE`, or the folder `gapless` in the user's cache folder; None if there is none."""
    chosen = os.environ.get("GAPLESS_CACHE")
    if chosen:
        return chosen
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "gapless") if os.path.isabs(base) else None


def grammar() -> str | None:
    """The file for the parser's prepared grammar, in a folder that is there; None if it cannot be.

    Who reads it believes it: one that is not as it was sealed is taken away, and made anew.
    """
    where = folder()
    path = os.path.join(where or "", "grammar")
    try:
        os.makedirs(where or "", mode=0o700, exist_ok=True)
        if os.path.lexists(path) and _digest_of(path) != _sealed(path):
            os.unlink(path)
    except OSError:
        return None
    return path


def seal(path: str) -> None:
    """Keep the digest of a file that has just been made or used, so that damage is seen."""
    try:
        digest = _digest_of(path)
        if digest is not None and digest != _sealed(path):
            beside = f"{path}.{os.getpid()}.tmp"
            with open(beside, "w", encoding="ascii") as file:
                file.write(digest)
            os.replace(beside, f"{path}.sha256")
    except OSError:
        return


def _sealed(path: str) -> str | None:
    try:
        with open(f"{path}.sha256", encoding="ascii") as file:
            return file.read()
    except (FileNotFoundError, ValueError):
        return None


def request(paths: Sequence[str], options: Sequence[object]) -> str:
    """The name of an entry; equal only for the same compiler, asked the same."""
    asked = [sys.version, sorted(_fingerprint()), list(paths), list(options)]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def recall(name: str) -> Outcome | None:
    """What was said before, if every file it was said of is as it was."""
    try:
        with open(_entry(name), encoding="utf-8") as file:
            digest, _, content = file.read().partition("\n")
        if digest != _digest(content.encode()):
            return None
        entry = json.loads(content)
        if any(_digest_of(path) != known for path, known in entry["files"].items()):
            return None
        return Outcome(entry["text"], entry["code"])
    except (OSError, ValueError):
        return None


def remember(name: str, files: Mapping[str, bytes | None], outcome: Outcome) -> None:
    """Keep an answer; of too many, the oldest are dropped."""
    known = {path: None if raw is None else _digest(raw) for path, raw in files.items()}
    content = json.dumps({"files": known, "text": outcome.text, "code": outcome.code})
    try:
        path = _entry(name)
        beside = f"{path}.{os.getpid()}.tmp"
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(beside, "w", encoding="utf-8") as file:
            file.write(f"{_digest(content.encode())}\n{content}")
        try:
            os.replace(beside, path)
        except IsADirectoryError:  # nothing of ours, and in the way for good
            os.unlink(beside)
        _thin(os.path.dirname(path))
    except OSError:
        return


def _entry(name: str) -> str:
    where = folder()
    if where is None:
        raise FileNotFoundError("no home folder")
    return os.path.join(where, "check", name)


def _thin(where: str) -> None:
    files = (entry for entry in os.scandir(where) if entry.is_file())
    entries = sorted(files, key=lambda entry: entry.stat().st_mtime_ns)
    for entry in entries[:-ENTRIES]:
        os.unlink(entry.path)


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _digest_of(path: str) -> str | None:
    if not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return _digest(file.read())


def _fingerprint() -> Iterator[tuple[str, int, int]]:
    """Path, size and time of every file that has a say: our own, and the parser generator's.

    They are found without being imported, for that would cost what the cache is to save.
    """
    for package in ("gapless", "gapless_dsl", "lark"):
        spec = find_spec(package)
        for where in (spec and spec.submodule_search_locations) or ():
            yield from _stats(where)


def _stats(folder: str) -> Iterator[tuple[str, int, int]]:
    for entry in os.scandir(folder):
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _stats(entry.path)
        else:
            yield _stat(entry.path)


def _stat(path: str) -> tuple[str, int, int]:
    facts = os.stat(path)
    return path, facts.st_size, facts.st_mtime_ns
