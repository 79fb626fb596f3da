"""What is to be done: which table, which data, where the answers and the refused rows go.

Before any row is read, the columns of the data are held against the inputs of the table.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from gapless.analysis.unit import Unit
from gapless.cli.apply.formats import Format, format_of
from gapless.cli.console import CannotRun
from gapless.model import (
    BoolType,
    Column,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    ScalarType,
    TextType,
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
    a line with too many or too few cells is a refused row, and does not end the run.
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
        *_clashes(job, dict(columns)),
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
        held = listed([f"`{_short(each)}`" for each in columns])
        return f"{said}: there are {held}"
    return f"{said}: if it is `{near}`, say --rename {column.name}={near}"


def _undivided(job: Job, names: Sequence[str]) -> Iterator[str]:
    """A header of CSV that is one long cell, since something else parts its cells."""
    due = {job.named(column.name) for column in job.unit.table.inputs}
    if job.format is not Format.CSV or len(names) > 1 or due <= {*names}:
        return
    for delimiter, word in ((",", "','"), (";", "';'"), ("\t", "tab"), ("|", "'|'")):
        if delimiter in names[0]:
            shown = _short(names[0]).replace("\t", "<tab>")
            yield f"its header is one cell, `{shown}`: say --delimiter {word}"
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
