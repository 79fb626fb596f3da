"""Kinds of files: which one a path is said to be, and whether its bytes agree."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import NoReturn

from gapless.cli.console import CannotRun


class Format(StrEnum):
    CSV = "csv"
    PARQUET = "parquet"
    ARROW = "arrow"


ENDINGS = {
    ".csv": Format.CSV,
    ".parquet": Format.PARQUET,
    ".pq": Format.PARQUET,
    ".arrow": Format.ARROW,
    ".feather": Format.ARROW,
    ".ipc": Format.ARROW,
}

NAMES = {Format.CSV: "CSV", Format.PARQUET: "Parquet", Format.ARROW: "Arrow IPC"}

PARQUET, ARROW = b"PAR1", b"ARROW1"
STREAM, END_OF_STREAM = b"\xff\xff\xff\xff", b"\xff\xff\xff\xff\x00\x00\x00\x00"

OTHERS = (
    (b"\xff\xfe", "text in UTF-16", "save it as UTF-8 (in Excel: CSV UTF-8)"),
    (b"\xfe\xff", "text in UTF-16", "save it as UTF-8 (in Excel: CSV UTF-8)"),
    (b"PK\x03\x04", "a ZIP archive, as workbooks (.xlsx, .ods) are", "save the sheet as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "an old workbook (.xls)", "save the sheet as CSV UTF-8"),
    (b"\x1f\x8b", "compressed with gzip", "unpack it first: gunzip"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it first: unzstd"),
    (b"BZh91AY&", "compressed with bzip2", "unpack it first: bunzip2"),
    (b"\xfd7zXZ", "compressed with xz", "unpack it first: unxz"),
    (b"FEA1\0\0\0\0", "Feather of version 1", "write it as Arrow IPC, which is version 2"),
    (PARQUET + b"\x15", "Parquet", "say --format parquet"),
    (ARROW + b"\0\0", "Arrow IPC", "say --format arrow"),
    (STREAM, "an Arrow stream", "say --format arrow"),
)
"""How kinds of files begin that are taken for others, and what to do; a name of a column never does."""


def format_of(path: str, said: str | None, option: str) -> Format:
    """The format that is `said`, else the one of the path's ending; `option` is how to say it."""
    if said is not None:
        return Format(said)
    for ending, format in ENDINGS.items():
        if path.lower().endswith(ending):
            return format
    _is_no_folder(path)
    raise CannotRun(
        f"{path} does not say what it is: it ends in none of {', '.join(ENDINGS)}; "
        f"say {option} {', '.join(Format)}"
    )


def hold_to(format: Format, path: str) -> None:
    """Refuse what is no file, or by its first and last bytes no file of that format, or not all of it."""
    if not os.path.lexists(path):
        raise CannotRun(f"no such file: {path}")
    _is_no_folder(path)
    if not os.path.isfile(path):
        raise CannotRun(f"{path} is no regular file: write its rows to one first")
    try:
        with open(path, "rb") as file:
            head = file.read(8)
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - 8, 0))
            tail = file.read()
    except OSError as reason:
        raise CannotRun(f"cannot read {path}: {reason.strerror or reason}") from None
    if not size:
        header = ": the first line of CSV must name the columns" if format is Format.CSV else ""
        raise CannotRun(f"{path} is empty{header}")
    match format:
        case Format.CSV:
            _is_no_other(format, path, head)
        case Format.PARQUET:
            if not head.startswith(PARQUET):
                _is_no_other(format, path, head)
                _is_not(format, path, head)
            if tail.endswith(b"PARE"):
                raise CannotRun(f"{path} is encrypted: write it without encryption")
            if not tail.endswith(PARQUET) or size < 12:
                _is_cut(path, "Parquet ends in `PAR1`, and this does not")
        case Format.ARROW:
            if head.startswith(ARROW):
                if not tail.endswith(ARROW) or size < 20:
                    _is_cut(path, "an Arrow file ends in `ARROW1`, and this does not")
                return
            if not head.startswith(STREAM):
                _is_no_other(format, path, head)
                _is_not(format, path, head)
            if tail != END_OF_STREAM:
                _is_cut(path, "an Arrow stream ends with a mark, and this does not")


def _is_no_folder(path: str) -> None:
    if os.path.isdir(path):
        raise CannotRun(f"{path} is a folder: name one file (--engine spark has folders)")


def _is_no_other(format: Format, path: str, head: bytes) -> None:
    for begins, what, help in OTHERS:
        if head.startswith(begins):
            raise CannotRun(f"{path} is not {NAMES[format]} but {what}: {help}")


def _is_not(format: Format, path: str, head: bytes) -> NoReturn:
    begins = "".join(chr(each) if 32 <= each < 127 else f"\\x{each:02x}" for each in head)
    raise CannotRun(
        f"{path} is not {NAMES[format]}, for it begins with `{begins}`: say what it is with --format "
        f"{', '.join(each for each in Format if each is not format)}"
    )


def _is_cut(path: str, why: str) -> NoReturn:
    raise CannotRun(f"{path} is cut off: {why}; write or copy it again")
