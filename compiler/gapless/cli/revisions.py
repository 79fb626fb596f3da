"""Tables as they stood at a git revision: read from the repository, nothing is checked out."""

from __future__ import annotations

import posixpath
import subprocess
from collections.abc import Sequence

from gapless.cli.console import CannotRun
from gapless.cli.files import SUFFIX, Loaded, decoded, used_by


def is_revision(name: str) -> bool:
    """Whether git knows a commit by that name here."""
    if not name or name.startswith("-"):
        return False
    return _git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}") is not None


def common_ancestor(one: str, other: str) -> str:
    """The commit from which two revisions went apart."""
    found = _git("merge-base", one, other)
    if found is None:
        raise CannotRun(f"{one} and {other} have no commit in common")
    return found.decode().strip()


def found_at(revision: str, paths: Sequence[str]) -> tuple[str, ...]:
    """The table files under `paths` at a revision, as paths from the current folder."""
    listed = _git("ls-tree", "-r", "-z", "--name-only", revision, "--", *paths) or b""
    names = [name.decode("utf-8", "surrogateescape") for name in listed.split(b"\0") if name]
    found = (name for name in names if name.endswith(SUFFIX) and not _is_hidden(name))
    if chosen := tuple(sorted(found)):
        return chosen
    raise CannotRun(f"no {SUFFIX} file in {', '.join(paths)} at {revision}")


def load_at(revision: str, paths: Sequence[str]) -> Loaded:
    """What those files held, and every file that they use, near or far."""
    raw: dict[str, bytes | None] = {}
    waiting = [*paths]
    while waiting:
        path = waiting.pop()
        if path not in raw:
            raw[path] = _git("cat-file", "blob", f"{revision}:./{path}")
            text = decoded(path, raw[path] or b"")
            waiting.extend(posixpath.normpath(used) for used in used_by(path, text))
    return Loaded(raw, {})


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") for part in path.split("/") if part not in (".", ".."))


def _git(*words: str) -> bytes | None:
    """What git says, None where it fails; it is not asked for anything that it might wait for."""
    try:
        done = subprocess.run(
            ["git", *words], capture_output=True, stdin=subprocess.DEVNULL, check=False
        )
    except OSError as reason:
        raise CannotRun(f"git could not be run: {reason.strerror}") from None
    return done.stdout if done.returncode == 0 else None
