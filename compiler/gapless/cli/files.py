"""Files: which ones are meant, what they hold, and how one is replaced without ever being half there."""

from __future__ import annotations

import os
import posixpath
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from gapless.cli.arguments import TABLES
from gapless.cli.console import CannotRun, read_stdin

if TYPE_CHECKING:
    from gapless_dsl.source import Source

SUFFIX = ".dtable"
STDIN = "-"
STDIN_PATH = "<stdin>.dtable"

_USE = re.compile(r'^[ \t]*use[ \t]*"((?:[^"\\\n]|\\.)*)"', re.MULTILINE)


class Unreadable(CannotRun):
    """A table file that says nothing: what is wrong with it, and what to do."""

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(f"{what}; {todo}")
        self.what, self.todo = what, todo


class Loaded(NamedTuple):
    """The bytes of files by path, None where nothing was read, and why not where something is there.

    `beside` are the approvals that stand beside each of them, None where there are none.
    """

    raw: dict[str, bytes | None]
    unread: dict[str, Unreadable]
    beside: Mapping[str, bytes | None] = MappingProxyType({})


def discover(paths: Sequence[str]) -> tuple[str, ...]:
    """The files that `paths` name, each once, as paths from the current folder with `/`.

    A folder stands for every `.dtable` file under it, sorted, hidden ones left out, and for folders
    that cannot be looked into.
    """
    found: dict[str, None] = {}
    for path in paths:
        if path == STDIN:
            found[STDIN_PATH] = None
        elif os.path.isdir(path):
            found.update(dict.fromkeys(_under(path)))
        elif not os.path.lexists(path):
            begin = "; `gapless new NAME` begins a first one" if path == TABLES else ""
            raise CannotRun(f"no such file or folder: {path}{begin}")
        elif not path.endswith(SUFFIX):
            raise CannotRun(f"{path} does not end in {SUFFIX}")
        else:
            found[shown(path)] = None
    if not found:
        raise CannotRun(f"no {SUFFIX} file in {', '.join(paths)}")
    return tuple(found)


def _under(folder: str) -> list[str]:
    found: list[str] = []

    def unlisted(reason: OSError) -> None:
        found.append(shown(reason.filename))

    for here, folders, names in os.walk(folder, onerror=unlisted):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found.extend(
            shown(os.path.join(here, name))
            for name in names
            if name.endswith(SUFFIX) and not name.startswith(".")
        )
    return sorted(found)


def shown(path: str) -> str:
    """`path` from the current folder, with `/`, as every message and report names it."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        relative = os.path.abspath(path)
    try:
        relative.encode("utf-8")
    except UnicodeEncodeError:
        raise CannotRun(f"the name of a file is not UTF-8: {relative!a}") from None
    return relative.replace(os.sep, "/")


def read(path: str) -> bytes:
    """The bytes of a table file. Anything but a regular file that may be read is Unreadable."""
    if path == STDIN_PATH:
        return read_stdin()
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            os.listdir(path)  # why it is here and not what lies in it
        if not stat.S_ISREG(mode):
            raise Unreadable(f"{path} is not a file", "move it elsewhere")
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        todo = "bring the file back, or delete the link"
        raise Unreadable(f"{path} is a link to a file that is not there", todo) from None
    except OSError as reason:
        todo = "let it be read, or move it elsewhere"
        raise Unreadable(f"{path} cannot be read: {reason.strerror}", todo) from None


def decoded(path: str, raw: bytes) -> str:
    """The text of a table file; the mark that some editors put first is not part of it."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        line = raw.count(b"\n", 0, reason.start) + 1
        byte = f"byte 0x{raw[reason.start]:02X} in line {line}"
        todo = "save it as UTF-8 and try again"
        raise Unreadable(f"{path} is not UTF-8: {byte}", todo) from None


def load(paths: Iterable[str]) -> Loaded:
    """What `paths` hold, and every file these use, near or far.

    Raises CannotRun if none of `paths` can be read.
    """
    loaded = Loaded({}, {})
    waiting = [*paths]
    for path in waiting:
        _take(path, loaded)
    if len(loaded.unread) == len(waiting):
        first, *others = loaded.unread.values()
        raise CannotRun(f"{first}{f' (and {len(others)} more like it)' if others else ''}")
    while waiting:
        path = waiting.pop()
        for used in used_by(path, decoded(path, loaded.raw[path] or b"")):
            if used not in loaded.raw:
                _take(used, loaded)
                waiting.append(used)
    places = map(approvals_of, loaded.raw)
    beside = {place: read(place) if os.path.lexists(place) else None for place in places}
    return loaded._replace(beside=beside)


def approvals_of(path: str) -> str:
    """Where approvals of a file's tables stand."""
    return path.removesuffix(SUFFIX) + ".approvals"


def _take(path: str, loaded: Loaded) -> None:
    loaded.raw[path] = None
    try:
        raw = read(path) if path == STDIN_PATH or os.path.lexists(path) else None
        decoded(path, raw or b"")
    except Unreadable as reason:
        loaded.unread[path] = reason
    else:
        loaded.raw[path] = raw


def used_by(path: str, text: str) -> Iterator[str]:
    """The paths of the files that a text uses: such a line says so itself, so no parser is needed."""
    for match in _USE.finditer(text):
        used = re.sub(r"\\(.)", r"\1", match[1])
        if used.endswith(SUFFIX) and not posixpath.isabs(used):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(path), used))


def sources(loaded: Loaded) -> dict[str, Source]:
    """What is there, by path and in order; a used file that is not is the compiler's to complain of."""
    from gapless_dsl.source import Source

    return {
        path: Source(path, decoded(path, raw))
        for path, raw in sorted(loaded.raw.items())
        if raw is not None
    }


def is_plain(path: str) -> bool:
    """Whether a path goes straight down from where it begins, in the one way to write it."""
    straight = path == posixpath.normpath(path) and "\\" not in path and "\0" not in path
    return straight and not posixpath.isabs(path) and path.partition("/")[0] not in ("", ".", "..")


def link_in(folder: str, path: str) -> str | None:
    """The first place on the way from `folder` to the plain `path` that is a link, if one is."""
    place = folder
    for name in path.split("/"):
        place = os.path.join(place, name)
        if os.path.islink(place):
            return os.path.normpath(place)
    return None


@contextmanager
def replacing(*paths: str) -> Iterator[tuple[str, ...]]:
    """Where to write what is meant for `paths`; put there, in this order, if nothing goes wrong.

    A reader sees the old files or the new ones, never a half. Links are followed, and modes kept.
    What a killed process leaves ends in `.tmp`, so that no pattern for files finds it.
    """
    places = [os.path.realpath(path) for path in paths]
    works = [f"{place}.{os.getpid()}.tmp" for place in places]
    try:
        for place in places:
            os.makedirs(os.path.dirname(place), exist_ok=True)
        yield tuple(works)
        for work, place in zip(works, places, strict=True):
            if os.path.exists(place):
                os.chmod(work, stat.S_IMODE(os.stat(place).st_mode))
            os.replace(work, place)
    except OSError as reason:
        where = f" {paths[0] if len(paths) == 1 else reason.filename or ''}".rstrip()
        raise CannotRun(f"cannot write{where}: {reason.strerror or reason}") from None
    finally:
        for work in works:
            with suppress(FileNotFoundError, NotADirectoryError):
                os.unlink(work)


def replace(path: str, content: bytes) -> None:
    """Put `content` in place of a file."""
    with replacing(path) as (work,), open(work, "xb") as file:
        file.write(content)


def create(path: str, content: bytes) -> None:
    """Write a file that must not be there yet, and its folder if need be."""
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "xb") as file:
            file.write(content)
    except FileExistsError:
        raise CannotRun(f"{path} is there already; nothing was changed") from None
    except OSError as reason:
        raise CannotRun(f"cannot write {path}: {reason.strerror}") from None
