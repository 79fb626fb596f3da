"""Files: which ones are meant, what they hold, and how one is replaced without ever being half there."""

from __future__ import annotations

import os
import posixpath
import re
import stat
from collections.abc import Iterable, Iterator, Sequence

from gapless.cli.arguments import TABLES
from gapless.cli.console import CannotRun, read_stdin

SUFFIX = ".dtable"
STDIN = "-"
STDIN_PATH = "<stdin>.dtable"

_USE = re.compile(r'^[ \t]*use[ \t]*"((?:[^"\\\n]|\\.)*)"', re.MULTILINE)


def discover(paths: Sequence[str]) -> tuple[str, ...]:
    """The files that `paths` name, each once, as paths from the current folder with `/`.

    A folder stands for every `.dtable` file under it, sorted, hidden ones left out.
    """
    found: dict[str, None] = {}
    for path in paths:
        if path == STDIN:
            found[STDIN_PATH] = None
        elif os.path.isdir(path):
            found.update(dict.fromkeys(_under(path)))
        else:
            found[_given(path)] = None
    if not found:
        raise CannotRun(f"no {SUFFIX} file in {', '.join(paths)}")
    return tuple(found)


def _given(path: str) -> str:
    if not os.path.lexists(path):
        begin = "; `gapless new NAME` begins a first one" if path == TABLES else ""
        raise CannotRun(f"no such file or folder: {path}{begin}")
    if not path.endswith(SUFFIX):
        raise CannotRun(f"{path} does not end in {SUFFIX}")
    return shown(path)


def _under(folder: str) -> list[str]:
    found = []
    for here, folders, names in os.walk(folder, onerror=_cannot_list):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            shown(os.path.join(here, name))
            for name in names
            if name.endswith(SUFFIX) and not name.startswith(".")
        ]
    return sorted(found)


def _cannot_list(reason: OSError) -> None:
    raise CannotRun(f"cannot list {reason.filename}: {reason.strerror}")


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
    """The bytes of a table file. Anything but a readable regular file cannot be run on."""
    if path == STDIN_PATH:
        return read_stdin()
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise CannotRun(f"{path} is not a file")
        with open(path, "rb") as file:
            return file.read()
    except OSError as reason:
        raise CannotRun(f"cannot read {path}: {reason.strerror}") from None


def decoded(path: str, raw: bytes) -> str:
    """The text of a table file; the mark that some editors put first is not part of it."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        line = raw.count(b"\n", 0, reason.start) + 1
        raise CannotRun(
            f"{path} is not UTF-8: byte 0x{raw[reason.start]:02X} in line {line}; "
            "save it as UTF-8 and try again"
        ) from None


def load(paths: Iterable[str]) -> dict[str, bytes | None]:
    """The bytes of `paths` and of every file these use, near or far; None where there is no such file."""
    loaded: dict[str, bytes | None] = {path: read(path) for path in paths}
    waiting = list(loaded)
    while waiting:
        path = waiting.pop()
        for used in used_by(path, decoded(path, loaded[path] or b"")):
            if used not in loaded:
                loaded[used] = read(used) if os.path.isfile(used) else None
                if loaded[used] is not None:
                    waiting.append(used)
    return loaded


def used_by(path: str, text: str) -> Iterator[str]:
    """The paths of the files that a text uses: such a line says so itself, so no parser is needed."""
    for match in _USE.finditer(text):
        used = re.sub(r"\\(.)", r"\1", match[1])
        if used.endswith(SUFFIX) and not posixpath.isabs(used):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(path), used))


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


def replace(path: str, content: bytes) -> None:
    """Put `content` in place of a file: a reader sees the old one or the new one, never a half."""
    target = os.path.realpath(path)
    beside = f"{target}.{os.getpid()}.tmp"
    try:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        try:
            with open(beside, "xb") as file:
                file.write(content)
            if os.path.exists(target):
                os.chmod(beside, stat.S_IMODE(os.stat(target).st_mode))
            os.replace(beside, target)
        except BaseException:
            if os.path.lexists(beside):
                os.unlink(beside)
            raise
    except OSError as reason:
        raise CannotRun(f"cannot write {path}: {reason.strerror}") from None


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
