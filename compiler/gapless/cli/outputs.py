"""The output folder: what it holds, what it should hold, and the way from one to the other.

Only files that carry the mark of generated files are ever deleted, and only under the folders of
the targets that are built: whatever else lies there is its owner's.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from gapless.cli import files
from gapless.cli.console import CannotRun
from gapless.words import count


class State(StrEnum):
    """How a file in the output folder stands to what the tables become."""

    CURRENT = "current"
    STALE = "stale"
    MISSING = "missing"
    ORPHANED = "orphaned"


_DONE = {
    State.CURRENT: "unchanged",
    State.STALE: "written",
    State.MISSING: "written",
    State.ORPHANED: "deleted: no table becomes it any more",
}


class Change(NamedTuple):
    """One file: its path from the current folder, its state, and what it should hold, if anything."""

    path: str
    state: State
    content: bytes | None

    @property
    def is_needed(self) -> bool:
        return self.state is not State.CURRENT

    def told(self, check_only: bool) -> dict[str, str]:
        """The file as JSON tells of it."""
        done = self.state.value if check_only else _DONE[self.state].partition(":")[0]
        return {"path": files.shown(self.path), "state": done}


def compared(out: str, targets: Sequence[str], artefacts: Mapping[str, str]) -> tuple[Change, ...]:
    """Every file that should be there or should not, sorted by path."""
    changes = []
    for name, text in artefacts.items():
        path, content = f"{out}/{name}", text.encode("utf-8")
        held = _held(path)
        state = State.MISSING if held is None else State.STALE
        changes.append(Change(path, State.CURRENT if held == content else state, content))
    for path in _orphans(out, targets, artefacts):
        changes.append(Change(path, State.ORPHANED, None))
    return tuple(sorted(changes))


def carry_out(changes: Sequence[Change]) -> None:
    for change in changes:
        if change.content is None:
            _delete(change.path)
        elif change.is_needed:
            files.replace(change.path, change.content)


def listed(changes: Sequence[Change], check_only: bool, repair: str) -> str:
    """The files, each with what was done or is to be done, and a closing line."""
    shown = [change for change in changes if change.is_needed or not check_only]
    room = max((len(change.path) for change in shown), default=0)
    lines = [
        f"{change.path:<{room}}  {change.state if check_only else _DONE[change.state]}\n"
        for change in shown
    ]
    needed = sum(change.is_needed for change in changes)
    if not needed:
        lines.append(f"{count(len(changes), 'file')}, all current\n")
    elif check_only:
        lines.append(f"{count(needed, 'file')} not current; to repair: {repair}\n")
    else:
        lines.append(f"{count(len(changes), 'file')}, {needed} changed\n")
    return "".join(lines)


def _held(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as reason:
        raise CannotRun(f"cannot read {path}: {reason.strerror}") from None


def is_marked(content: bytes) -> bool:
    """Whether a file says of itself, first thing, that gapless made it and nobody should edit it."""
    head = content[:600].lower()
    return b"gapless" in head and b"do not edit" in head


def _orphans(out: str, targets: Sequence[str], artefacts: Mapping[str, str]) -> Iterator[str]:
    for target in targets:
        for here, folders, names in os.walk(os.path.join(out, target)):
            folders[:] = [name for name in folders if not name.startswith((".", "__"))]
            for name in names:
                path = os.path.join(here, name).replace(os.sep, "/")
                made = path.removeprefix(f"{out}/") in artefacts
                if not made and is_marked(_held(path) or b""):
                    yield path


def _delete(path: str) -> None:
    try:
        os.unlink(path)
    except OSError as reason:
        raise CannotRun(f"cannot delete {path}: {reason.strerror}") from None
