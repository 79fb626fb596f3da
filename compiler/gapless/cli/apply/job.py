"""What is to be done: which table, which data, where the answers and the refused rows go.

Before any row is read, files are held to the format that they are said to have, and the columns of the
data against the inputs of the table.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn, assert_never

from gapless.analysis.unit import Unit
from gapless.cli.arguments import ENDINGS
from gapless.cli.console import CannotRun
from gapless.model import (
    BoolType,
    Column,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    ScalarType,
    TextType,
    TimeType,
)
from gapless.text.types import allowed
from gapless.text.words import count, listed
from gapless_dsl.suggest import nearest

ROW = "rejected_row"
REASON = "rejected_reason"


@dataclass(frozen=True, slots=True)
class Job:
    """`rejects` is None where refused rows are only counted. `names` are the user's names of columns.

    `rule` and `basis` are what the columns are called that tell which rows an answer rests on, and how
    these rest on the sources. `rejects_ragged` is whether
    a line with too many or too few cells is a refused row, and does not end the run. Where rows are
    only counted (`is_counting`), nothing is added to them, and there are no options to read them by.
    """

    unit: Unit
    data: str
    out: str
    rejects: str | None
    format: Format
    out_format: Format
    names: Mapping[str, str]
    rule: str = "rule"
    basis: str = "basis"
    delimiter: str = ","
    rejects_ragged: bool = False
    spreadsheet_safe: bool = False
    is_counting: bool = False

    def named(self, name: str) -> str:
        """What an input or an output of the table is called in the data."""
        return self.names.get(name, name)

    @property
    def answers(self) -> tuple[str, ...]:
        """The columns that the answers get beside those of the data."""
        outputs = (self.named(each.name) for each in self.unit.table.outputs)
        return (*outputs, self.rule, self.basis)


@dataclass(frozen=True, slots=True)
class Count:
    """What became of the rows: `ragged` of the rejected ones could not be read.

    `disarmed` are the cells of both results that a spreadsheet would have taken for formulas.
    """

    answered: int
    rejected: int
    ragged: int = 0
    disarmed: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Ragged:
    """A row with more or fewer cells than the header: the how-manieth it is, its line, its text."""

    row: int
    line: int
    cells: int
    text: str

    def told(self, width: int) -> str:
        if not self.text and width > 1:
            return f"an empty line, where the header has {width} cells"
        return f"{count(self.cells, 'cell')}, where the header has {width}"


def job(arguments: argparse.Namespace, unit: Unit) -> Job:
    """What the words on the command line ask for, with what is not said filled in."""
    # Spark's results are folders, whose names need no ending.
    other = Format.PARQUET if arguments.engine == "spark" else None
    out_format = format_of(arguments.out, arguments.out_format or other, "--out-format")
    stem, ending = os.path.splitext(arguments.out.rstrip("/\\"))
    made = Job(
        unit=unit,
        data=arguments.data,
        out=arguments.out,
        rejects=None if arguments.no_rejects else arguments.rejects or f"{stem}.rejects{ending}",
        format=format_of(arguments.data, arguments.format or other, "--format"),
        out_format=out_format,
        names=_renamed(arguments.rename, unit),
        rule=arguments.rule,
        basis=arguments.basis,
        delimiter=_delimiter(arguments.delimiter),
        rejects_ragged=arguments.reject_ragged,
        spreadsheet_safe=arguments.spreadsheet_safe,
    )
    # Nothing that is read may be replaced, and no two results by each other.
    if _place(made.out) == _place(made.data):
        raise CannotRun(f"-o {made.out} is the data itself: name another file")
    for taken, what in ((made.data, "the data itself"), (made.out, "the answers' file")):
        if made.rejects is not None and _place(made.rejects) == _place(taken):
            raise CannotRun(f"--rejects {made.rejects} is {what}: name another file")
    # An option that would change nothing is a misunderstanding.
    if made.rejects_ragged and made.format is not Format.CSV:
        raise CannotRun(f"--reject-ragged is for CSV: every row of {made.data} has all its cells")
    if made.spreadsheet_safe and made.out_format is not Format.CSV:
        raise CannotRun(f"--spreadsheet-safe is for CSV: texts in {made.out} are no formulas")
    return made


def _delimiter(said: str) -> str:
    delimiter = "\t" if said in ("\\t", "tab") else said
    if len(delimiter) != 1 or delimiter in '"\r\n\0' or not delimiter.isascii():
        raise CannotRun(f"--delimiter is one character, or `tab`; `{said}` is not")
    return delimiter


def _renamed(words: Sequence[str], unit: Unit) -> dict[str, str]:
    known = [column.name for column in (*unit.table.inputs, *unit.table.outputs)]
    names: dict[str, str] = {}
    for word in words:
        name, sign, column = word.partition("=")
        if not sign or not column:
            raise CannotRun(f"--rename {word} is not NAME=COLUMN")
        if name not in known:
            near = nearest(name, known)
            meant = f"; did you mean `{near}`?" if near else ""
            table = unit.table.name
            raise CannotRun(f"--rename {word}: `{table}` has no input or output `{name}`{meant}")
        if name in names:
            raise CannotRun(f"--rename {word}: `{name}` is renamed twice")
        names[name] = column
    return names


def _place(path: str) -> str:
    return os.path.normcase(os.path.realpath(path))


# ---------------------------------------------------------------- the data against the table

_WHOLE = r"U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|DECIMAL\(\d+,\s*0\)"
_EXACT = rf"{_WHOLE}|DECIMAL\(\d+,\s*\d+\)"
_TEXT = r"VARCHAR|ENUM\(.*\)"


def hold_against(job: Job, columns: Sequence[tuple[str, str]]) -> None:
    """Refuse data in which columns are missing, of types that are not exact, or in the way."""
    names = [name for name, _ in columns]
    wrong = [*_undivided(job, names)] or [
        *_alike(names),
        *([] if job.is_counting else _clashes(job, dict(columns))),
        *_misfits(job, dict(columns)),
    ]
    if wrong:
        table = job.unit.table.name
        lines = [f"{job.data} cannot be put to `{table}`", *(f"  {each}" for each in wrong)]
        raise CannotRun("\n".join(lines))


def _misfits(job: Job, columns: Mapping[str, str]) -> Iterator[str]:
    for column in job.unit.table.inputs:
        name = job.named(column.name)
        if name not in columns:
            yield _absent(job, column, name, columns)
        elif job.format is not Format.CSV:
            pattern, due, advice = _due(column.type.scalar)
            if not re.fullmatch(pattern, columns[name], re.DOTALL):
                held = _short(columns[name])
                yield f"`{name}` is {held} where {due} is due: {advice}"


def _absent(job: Job, column: Column, name: str, columns: Mapping[str, str]) -> str:
    near = nearest(name, columns)
    said = f"there is no column `{name}` ({allowed(column.type)})"
    if near is None:
        hidden = {*job.names.values()} if job.is_counting else ()  # no columns of the file
        held = listed([f"`{_short(each)}`" for each in columns if each not in hidden])
        return f"{said}: there are {held}"
    help = "rename that" if job.is_counting else f"say --rename {column.name}={near}"
    return f"{said}: if it is `{near}`, {help}"


def _undivided(job: Job, names: Sequence[str]) -> Iterator[str]:
    """A header of CSV that is one long cell, since something else parts its cells."""
    due = {job.named(column.name) for column in job.unit.table.inputs}
    if job.format is not Format.CSV or len(names) > 1 or due <= {*names}:
        return
    for delimiter, word in ((",", "','"), (";", "';'"), ("\t", "tab"), ("|", "'|'")):
        if delimiter in names[0]:
            shown = _short(names[0]).replace("\t", "<tab>")
            help = "write it with commas" if job.is_counting else f"say --delimiter {word}"
            yield f"its header is one cell, `{shown}`: {help}"
            return


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _due(type: ScalarType) -> tuple[str, str, str]:
    """Which types of data hold such values exactly, in a pattern, in words, and what to do otherwise."""
    match type:
        case EnumerationType() | TextType():
            return _TEXT, "text", "cast it to VARCHAR"
        case BoolType():
            return "BOOLEAN", "BOOLEAN", "say which of its values mean yes"
        case IntType():
            advice = "a cast to BIGINT would round, so look for fractions before you cast it"
            return _WHOLE, "an integer type", advice
        case DecimalType(digits):
            cast = f"DECIMAL(18,{digits})"
            advice = f"a cast to {cast} rounds, so make sure that this is meant before you cast it"
            return _EXACT, "DECIMAL or an integer type", advice
        case DateType():
            advice = (
                "a cast would drop hours, so see that there are none before you cast it to DATE"
            )
            return "DATE", "DATE", advice
        case TimeType():
            return "TIME", "TIME", "cast it to TIME, without a zone"
        case DatetimeType():
            advice = "say in which zone it is meant, and cast it to TIMESTAMP there, before"
            return "TIMESTAMP(_(S|MS|NS))?", "TIMESTAMP without a zone", advice
    assert_never(type)


def _alike(names: Sequence[str]) -> Iterator[str]:
    """Engines take names for one that differ only in their letters' case."""
    held: dict[str, str] = {}
    unnamed = [place for place, name in enumerate(names, start=1) if not name]
    if len(unnamed) > 1:
        yield f"columns {listed([*map(str, unnamed)])} have no names: name them"
    for name in filter(None, names):
        if name.casefold() not in held:
            held[name.casefold()] = name
        elif held[name.casefold()] == name:
            yield f"two columns are called `{name}`: rename one of them"
        else:
            yield f"columns `{held[name.casefold()]}` and `{name}` differ in nothing but case: rename one"


def _clashes(job: Job, columns: Mapping[str, str]) -> Iterator[str]:
    """What is added may not be called like what is there."""
    held = {name.casefold(): name for name in columns}
    outputs = [each.name for each in job.unit.table.outputs]
    ways = [*(f"--rename {output}=NAME" for output in outputs), "--rule NAME", "--basis NAME"]
    for name, way in zip(job.answers, ways, strict=True):
        there = held.get(name.casefold())
        if there is not None:
            yield f"there is a column `{there}` already, where an answer should go: say {way}"
    if len({name.casefold() for name in job.answers}) < len(job.answers):
        yield f"two answers have one name, among {listed(job.answers)}: say --rule, --basis or --rename"
    for name in (ROW, REASON) if job.rejects is not None else ():
        if name in held:
            yield f"there is a column `{held[name]}` already: rename it, or say --no-rejects"


# ---------------------------------------------------------------- kinds of files


class Format(StrEnum):
    CSV = "csv"
    PARQUET = "parquet"
    ARROW = "arrow"


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
            return Format(format)
    _is_no_folder(path)
    raise CannotRun(
        f"{path} does not say what it is: it ends in none of {', '.join(ENDINGS)}; "
        f"say {option} {', '.join(Format)}"
    )


def format_within(path: str) -> Format:
    """The format that a file begins as: CSV, where it begins as none of the others."""
    try:
        with open(path, "rb") as file:
            head = file.read(8)
    except OSError:
        return Format.CSV  # and why it cannot be read is told of that
    if head.startswith((ARROW + b"\0\0", STREAM)):
        return Format.ARROW
    return Format.PARQUET if head.startswith(PARQUET + b"\x15") else Format.CSV


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
