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
from contextlib import suppress
from importlib.util import find_spec

from gapless.cli import files
from gapless.cli.console import CannotRun, Outcome

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


def prepare() -> None:
    """Have the parser's grammar ready, from one run to the next; without a place it is built each time.

    Who reads it believes it: one that is not as it was sealed is taken away, and made anew.
    """
    from gapless_dsl.grammar import prepare_grammar, use_grammar_cache

    where = folder()
    path = os.path.join(where or "", "grammar")
    try:
        os.makedirs(where or "", mode=0o700, exist_ok=True)
        if os.path.lexists(path) and _digest_of(path) != _sealed(path):
            os.unlink(path)
    except OSError:
        return
    use_grammar_cache(path)
    prepare_grammar()
    with suppress(OSError, CannotRun):
        digest = _digest_of(path)
        if digest is not None and digest != _sealed(path):
            files.replace(f"{path}.sha256", digest.encode())


def _sealed(path: str) -> str | None:
    try:
        with open(f"{path}.sha256", encoding="ascii") as file:
            return file.read()
    except (FileNotFoundError, ValueError):
        return None


def request(paths: Sequence[str], options: Sequence[object]) -> str:
    """The name of an entry; equal only for the same compiler, asked the same."""
    # Path, size and time of every file that has a say: our own, and the parser generator's. They are
    # found without being imported, for that would cost what the cache is to save.
    specs = [find_spec(package) for package in ("gapless", "gapless_dsl", "lark")]
    folders = [each for spec in specs for each in (spec and spec.submodule_search_locations) or ()]
    fingerprint = sorted(each for folder in folders for each in _stats(folder))
    return _digest(json.dumps([sys.version, fingerprint, list(paths), list(options)]).encode())


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


def remember(name: str, held: Mapping[str, bytes | None], outcome: Outcome) -> None:
    """Keep an answer; of too many, the oldest are dropped."""
    known = {path: None if raw is None else _digest(raw) for path, raw in held.items()}
    content = json.dumps({"files": known, "text": outcome.text, "code": outcome.code})
    with suppress(OSError, CannotRun):
        path = _entry(name)
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        files.replace(path, f"{_digest(content.encode())}\n{content}".encode())
        kept = [entry for entry in os.scandir(os.path.dirname(path)) if entry.is_file()]
        for entry in sorted(kept, key=lambda entry: entry.stat().st_mtime_ns)[:-ENTRIES]:
            os.unlink(entry.path)


def _entry(name: str) -> str:
    where = folder()
    if where is None:
        raise FileNotFoundError("no home folder")
    return os.path.join(where, "check", name)


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _digest_of(path: str) -> str | None:
    if not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return _digest(file.read())


def _stats(folder: str) -> Iterator[tuple[str, int, int]]:
    for entry in os.scandir(folder):
        if not entry.is_dir():
            facts = os.stat(entry.path)
            yield entry.path, facts.st_size, facts.st_mtime_ns
        elif entry.name != "__pycache__":
            yield from _stats(entry.path)
