"""What is to be done: which table, which data, where the answers and the refused rows go."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gapless.analysis.unit import Unit
from gapless.cli.apply.formats import Format, format_of
from gapless.cli.console import CannotRun
from gapless.text.words import count
from gapless_dsl.suggest import nearest

ROW = "rejected_row"
REASON = "rejected_reason"


@dataclass(frozen=True, slots=True)
class Job:
    """`rejects` is None where refused rows are only counted. `names` are the user's names of columns.

    `rule` is what the column is called that names the rule which decides. `rejects_ragged` is whether
    a line with too many or too few cells is a refused row, and does not end the run.
    """

    unit: Unit
    data: str
    out: str
    rejects: str | None
    format: Format
    out_format: Format
    names: Mapping[str, str]
    rule: str
    delimiter: str = ","
    rejects_ragged: bool = False
    spreadsheet_safe: bool = False

    def named(self, name: str) -> str:
        """What an input or an output of the table is called in the data."""
        return self.names.get(name, name)

    @property
    def answers(self) -> tuple[str, ...]:
        """The columns that the answers get beside those of the data."""
        return (*(self.named(each.name) for each in self.unit.table.outputs), self.rule)


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
    made = Job(
        unit=unit,
        data=arguments.data,
        out=arguments.out,
        rejects=None if arguments.no_rejects else arguments.rejects or _beside(arguments.out),
        format=format_of(arguments.data, arguments.format or other, "--format"),
        out_format=out_format,
        names=_renamed(arguments.rename, unit),
        rule=arguments.rule,
        delimiter=_delimiter(arguments.delimiter),
        rejects_ragged=arguments.reject_ragged,
        spreadsheet_safe=arguments.spreadsheet_safe,
    )
    _different(made)
    _of_csv(made)
    return made


def _beside(out: str) -> str:
    stem, ending = os.path.splitext(out.rstrip("/\\"))
    return f"{stem}.rejects{ending}"


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


def _different(job: Job) -> None:
    """Nothing that is read may be replaced, and no two results by each other."""
    if _place(job.out) == _place(job.data):
        raise CannotRun(f"-o {job.out} is the data itself: name another file")
    if job.rejects is not None:
        for other, what in ((job.data, "the data itself"), (job.out, "the answers' file")):
            if _place(job.rejects) == _place(other):
                raise CannotRun(f"--rejects {job.rejects} is {what}: name another file")


def _of_csv(job: Job) -> None:
    """An option that would change nothing is a misunderstanding."""
    if job.rejects_ragged and job.format is not Format.CSV:
        raise CannotRun(f"--reject-ragged is for CSV: every row of {job.data} has all its cells")
    if job.spreadsheet_safe and job.out_format is not Format.CSV:
        raise CannotRun(f"--spreadsheet-safe is for CSV: texts in {job.out} are no formulas")


def _place(path: str) -> str:
    return os.path.normcase(os.path.realpath(path))
