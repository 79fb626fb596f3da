"""The data's columns held against the table's inputs, before any row is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from gapless.cli.apply.formats import Format
from gapless.cli.apply.job import REASON, ROW, Job
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
from gapless.text.words import listed
from gapless_dsl.suggest import nearest

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
            yield from _misfit(column, name, columns[name])


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


def _misfit(column: Column, name: str, type: str) -> Iterator[str]:
    pattern, due, advice = _due(column.type.scalar)
    if re.fullmatch(pattern, type, re.DOTALL):
        return
    yield f"`{name}` is {_short(type)} where {due} is due: {advice}"


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
    ways = [*(f"--rename {output}=NAME" for output in outputs), "--rule NAME"]
    for name, way in zip(job.answers, ways, strict=True):
        there = held.get(name.casefold())
        if there is not None:
            yield f"there is a column `{there}` already, where an answer should go: say {way}"
    if len({name.casefold() for name in job.answers}) < len(job.answers):
        yield f"two answers have one name, among {listed(job.answers)}: say --rule or --rename"
    for name in (ROW, REASON) if job.rejects is not None else ():
        if name in held:
            yield f"there is a column `{held[name]}` already: rename it, or say --no-rejects"
