"""A whole generation of files in the output folder, or nothing of it, whenever the power goes.

    nothing ──stage──▶ staged, nothing changed ──journal──▶ being put in place ──▶ nothing
                        killed: thrown away                  killed: gone on with

What is to be written lies in `.gapless-build`, each file under a number, until all of it is on the
disk. Then the journal says what goes where, by digests before and after; from then on every file
that moves is one step on a way that can be walked again from its beginning. Whoever builds next
walks it to its end. Where that cannot be, because somebody changed a file since, nothing more is
touched. docs/decisions/0048-whole-generations.md says why.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import Enum, auto
from hashlib import sha256
from typing import NamedTuple

from gapless.cli import files
from gapless.cli.console import CannotRun

try:
    import fcntl
except ImportError:  # Windows: builds at once are not kept apart
    fcntl = None  # type: ignore[assignment]

FOLDER = ".gapless-build"
PATIENCE = 30.0
"""How many seconds a build waits for another one that writes to the same folder."""

COMPLETED = "completed first"
GIVEN_UP = (
    "given up, since its files were changed: they may be of two generations until all are built"
)
_JOURNAL, _DRAFT, _LOCK, _PROBE = "journal", "journal.draft", "lock", ".gapless-probe"


class Wanted(NamedTuple):
    """One file to change: its SHA-256 when that was decided, and its content then (None: no file)."""

    path: str
    before: str | None
    content: bytes | None


class Step(NamedTuple):
    """One file of a generation, by SHA-256 before and after; None where there is no file."""

    path: str
    before: str | None
    after: str | None


class Left(NamedTuple):
    """What a killed build left, in words, and whether it may have changed files."""

    says: str
    changed: bool


class _State(Enum):
    DONE = auto()
    PENDING = auto()
    LOST = auto()
    """Neither as it was nor as it is to be: it is somebody else's now."""


@contextmanager
def alone(out: str) -> Iterator[str | None]:
    """The output folder for one build at a time, and what became of one that was killed, if any."""
    made: list[str] = []
    try:
        made = _make_folders(os.path.join(out, FOLDER))
        lock = _acquire(out)
    except OSError as reason:
        _remove_empty(made)
        raise CannotRun(f"cannot write {out}: {reason.strerror}; nothing was changed") from None
    try:
        yield _settle(out)
    finally:
        try:
            if not os.path.lexists(_inside(out, _JOURNAL)):
                _clear(out)
                _remove_empty(made)
        finally:
            os.close(lock)


def settle(out: str) -> str | None:
    """Complete or roll back what a killed build left, and say which; None where there is nothing."""
    if not os.path.isdir(os.path.join(out, FOLDER)):
        return None
    with alone(out) as settled:
        return settled


def interrupted(out: str) -> Left | None:
    """What a killed build left, if any; waits for one that is still at it, and writes nothing."""
    if not os.path.isdir(os.path.join(out, FOLDER)):
        return None
    with suppress(OSError):
        lock = os.open(_inside(out, _LOCK), os.O_RDONLY)
        try:
            _wait(lock, out)
        finally:
            os.close(lock)
    if not os.path.isdir(os.path.join(out, FOLDER)):
        return None
    steps = _read(out)
    if steps is None:
        return Left("interrupted before any file was changed", changed=False)
    done = sum(state is _State.DONE for state in _states(out, steps))
    return Left(f"interrupted: {done} of {len(steps)} files are in place", changed=True)


def commit(out: str, wanted: Sequence[Wanted]) -> None:
    """Give files their contents, or take them away, all of them or none; only when `alone`.

    Paths are from the output folder. Raises CannotRun where that cannot be, with nothing changed.
    """
    made: list[str] = []
    at = out
    try:
        steps = tuple(_stage(out, wanted))
        for number, step in enumerate(steps):  # all are on their way before one is waited for
            if step.after is not None:
                _sync(_inside(out, str(number)))
        folders = {os.path.dirname(os.path.join(out, step.path)) for step in steps if step.after}
        for at in sorted(folders):
            made += _make_folders(at)
            _try_moving(out, at)
        at = out
        _write(_inside(out, _DRAFT), json.dumps({"steps": steps}).encode())
        _sync(_inside(out, _DRAFT))
        os.replace(_inside(out, _DRAFT), _inside(out, _JOURNAL))
        _sync_folder(os.path.join(out, FOLDER))
    except BaseException as reason:
        with suppress(FileNotFoundError):
            os.unlink(_inside(out, _JOURNAL))
        _remove_empty(made)
        if isinstance(reason, OSError):
            raise CannotRun(f"cannot write {at}: {reason.strerror}; nothing was changed") from None
        raise
    try:
        settled = _settle(out)
    except KeyboardInterrupt:  # what was begun takes no longer to end than to explain
        _settle(out)
        raise
    if settled != COMPLETED:
        raise CannotRun(f"somebody else changed files in {out} while it was built; build again")


def _settle(out: str) -> str | None:
    """Walk the way that the journal says to its end, or throw the journal away."""
    try:
        steps = _read(out)
        if steps is None:
            _clear_staged(out)
            return None
        states = tuple(_states(out, steps))
        possible = bool(steps) and _State.LOST not in states
        if possible:
            _walk(out, steps, states)
        os.unlink(_inside(out, _JOURNAL))
        _sync_folder(os.path.join(out, FOLDER))
        _clear_staged(out)
    except OSError as reason:
        raise CannotRun(
            f"cannot change {reason.filename or out}: {reason.strerror}; "
            f"the next build of {out} goes on from here"
        ) from None
    return COMPLETED if possible else GIVEN_UP


def _walk(out: str, steps: Sequence[Step], states: Sequence[_State]) -> None:
    for number, (step, state) in enumerate(zip(steps, states, strict=True)):
        if state is not _State.PENDING:
            continue
        place = os.path.join(out, step.path)
        if step.after is None:
            os.unlink(place)
        else:
            os.replace(_inside(out, str(number)), place)
    for folder in sorted({os.path.dirname(os.path.join(out, step.path)) for step in steps}):
        _sync_folder(folder)


def _states(out: str, steps: Sequence[Step]) -> Iterator[_State]:
    for number, step in enumerate(steps):
        place = os.path.join(out, step.path)
        if not files.is_plain(step.path) or files.link_in(out, step.path) or os.path.isdir(place):
            yield _State.LOST
        elif (held := digest_of(place)) == step.after:
            yield _State.DONE
        elif (
            held == step.before
            and digest_of(_inside(out, str(number))) == step.after
            and os.path.isdir(os.path.dirname(place))
        ):
            yield _State.PENDING
        else:
            yield _State.LOST


def _stage(out: str, wanted: Sequence[Wanted]) -> Iterator[Step]:
    """Every new content in a file of its own, with the mode of the one it will take the place of."""
    for number, (path, before, content) in enumerate(wanted):
        place, staged = os.path.join(out, path), _inside(out, str(number))
        if content is not None:
            _write(staged, content)
            with suppress(FileNotFoundError, NotADirectoryError):
                os.chmod(staged, stat.S_IMODE(os.stat(place).st_mode))
        yield Step(path, before, None if content is None else digest(content))


def _try_moving(out: str, folder: str) -> None:
    """Whether files can be moved there at all: no permission and no other disk in between."""
    here, there = _inside(out, _PROBE), os.path.join(folder, _PROBE)
    with open(here, "wb"):
        pass
    os.replace(here, there)
    os.unlink(there)


def _read(out: str) -> tuple[Step, ...] | None:
    """The journal; None where there is none, no step at all where it says nothing that can be done."""
    try:
        with open(_inside(out, _JOURNAL), "rb") as file:
            said = json.loads(file.read())["steps"]
        steps = tuple(Step(*each) for each in said)
    except FileNotFoundError:
        return None
    except OSError as reason:
        raise CannotRun(f"cannot read {_inside(out, _JOURNAL)}: {reason.strerror}") from None
    except (ValueError, KeyError, TypeError):
        return ()
    return steps if all(isinstance(step.path, str) for step in steps) else ()


# ---------------------------------------------------------------- one at a time


def _acquire(out: str) -> int:
    """The lock, which the system takes from whoever dies; its file goes when its holder is done."""
    path = _inside(out, _LOCK)
    while True:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        try:
            lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except FileNotFoundError:  # the folder went in between
            continue
        try:
            _wait(lock, out)
            if os.path.samestat(os.fstat(lock), os.stat(path)):
                return lock
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(lock)
            raise
        os.close(lock)  # that of a build that is done; there may be another one by now


def _wait(lock: int, out: str) -> None:
    """Take the lock; a file system that has none does without, as does a system that has none."""
    until = time.monotonic() + PATIENCE
    while not _try(lock):
        if time.monotonic() > until:
            raise CannotRun(f"another build is writing to {out}; try again when it is done")
        time.sleep(0.02)


def _try(lock: int) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as reason:
        if reason.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL):
            raise
    return True


# ---------------------------------------------------------------- files and folders


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def digest_of(path: str) -> str | None:
    """The digest of a file; None where there is none."""
    try:
        with open(path, "rb") as file:
            return digest(file.read())
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as reason:
        raise CannotRun(f"cannot read {path}: {reason.strerror}") from None


def _inside(out: str, name: str) -> str:
    return os.path.join(out, FOLDER, name)


def _write(path: str, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)


def _sync(path: str) -> None:
    """Bring a file to the disk, or the names in a folder."""
    if fcntl is None:
        return
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def _sync_folder(path: str) -> None:
    """Where the system can."""
    with suppress(OSError):
        _sync(path)


def _make_folders(path: str) -> list[str]:
    """Make a folder and those above it; the ones that were not there, the innermost first."""
    missing = []
    while not os.path.isdir(path):
        missing.append(path)
        path = os.path.dirname(path) or "."
    try:
        for each in reversed(missing):
            with suppress(FileExistsError):
                os.mkdir(each)
    except OSError:
        _remove_empty(missing)
        raise
    return missing


def _remove_empty(folders: Sequence[str]) -> None:
    for folder in folders:
        with suppress(OSError):
            os.rmdir(folder)


def _clear_staged(out: str) -> None:
    for name in os.listdir(os.path.join(out, FOLDER)):
        path = _inside(out, name)
        ours = name.isdecimal() or name in (_DRAFT, _PROBE)
        if ours and (os.path.islink(path) or not os.path.isdir(path)):
            os.unlink(path)


def _clear(out: str) -> None:
    """Leave nothing of ours; the lock is still held, so that no other takes the folder meanwhile."""
    with suppress(OSError):
        _clear_staged(out)
        os.unlink(_inside(out, _LOCK))
        os.rmdir(os.path.join(out, FOLDER))
