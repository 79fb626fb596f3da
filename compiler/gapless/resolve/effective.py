"""A condition column headed `effective` is the table's date: which one it is, and when it is none.

    | unique | effective    | zone ||            | unique | sent         | zone ||
    | old    | ..2024-12-31 | home ||    ──▶     | old    | ..2024-12-31 | home ||

So a row that is in force for some days is a rule with a condition, and nothing else has to know of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from gapless.model import Column, DateType
from gapless.resolve.findings import Findings, listed
from gapless.resolve.operands import Columns
from gapless.resolve.signatures import Signature
from gapless.resolve.writing import type_words
from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, decision, error
from gapless_dsl.lexis import EFFECTIVE
from gapless_dsl.nodes import Grid, Word


class Dated(NamedTuple):
    """A grid without `effective`, and which input is its date, if it says so; None where it cannot be."""

    grid: Grid | None
    day: str | None


def dated(grid: Grid, signature: Signature, columns: Columns, found: Findings) -> Dated:
    """The grid with the table's date in the place of `effective`."""
    words = grid.header.conditions
    place = next((at for at, word in enumerate(words) if _is_effective(word, columns)), None)
    if place is None:
        return Dated(grid, None)
    others = (*words[:place], *words[place + 1 :])
    name = _date(words[place], signature, found)
    again = next((word for word in others if word.text == name), None)
    if again is not None:
        found.append(_twice(words[place], again, signature))
    if name is None or again is not None:
        return Dated(None, None)
    meant = (*words[:place], words[place]._replace(text=name), *words[place + 1 :])
    return Dated(replace(grid, header=replace(grid.header, conditions=meant)), name)


def _is_effective(word: Word, columns: Columns) -> bool:
    """Whether the head of a column says so; a table may well have a column that is called so."""
    taken = {*columns.known, *columns.barred}
    return EFFECTIVE.fullmatch(word.text) is not None and word.text not in taken


def _date(word: Word, signature: Signature, found: Findings) -> str | None:
    """The input whose day counts: the one that is named, here or by the version, or the only one."""
    here, life = EFFECTIVE.fullmatch(word.text), signature.node.life
    above = life.by.text if life and life.by else None
    said = here[1] if here and here[1] else above
    dates = _dates(signature.inputs)
    if said in signature.unread or None in signature.inputs.values():
        return None  # of which there is a complaint already
    if said is not None and said not in dates:
        found.append(_no_date(word, said, signature))
        return None
    if said is None and len(dates) != 1:
        found.append(_undated(word, tuple(dates), signature))
        return None
    return said or next(iter(dates))


def _dates(inputs: Mapping[str, Column | None]) -> dict[str, Column]:
    return {
        name: column
        for name, column in inputs.items()
        if column is not None and isinstance(column.type, DateType)
    }


def _no_date(word: Word, said: str, signature: Signature) -> Diagnostic:
    column = signature.inputs.get(said)
    holds = f"`{said}` holds `{type_words(column.type)}`" if column else f"no input is `{said}`"
    dates = tuple(_dates(signature.inputs))
    return error(
        "GAP409",
        "`effective` goes by an input of type `date`",
        Label(word.span, holds),
        subject=f"table {signature.name}, header",
        helps=tuple(_naming(word, each) for each in dates),
    )


def _undated(word: Word, dates: tuple[str, ...], signature: Signature) -> Diagnostic:
    subject = f"table {signature.name}, header"
    if dates:
        return error(
            "GAP409",
            f"`{signature.name}` has {len(dates)} dates, and `effective` does not say which counts",
            Label(word.span, f"the day of {listed(dates)}?"),
            subject=subject,
            helps=tuple(_naming(word, each) for each in dates),
        )
    return error(
        "GAP409",
        f"`{signature.name}` has no date by which its rows are `effective`",
        Label(word.span, "which day has to be one of these?"),
        subject=subject,
        helps=(decision("declare it, such as `in day : date 2020-01-01..`"),),
    )


def _naming(word: Word, name: str) -> Help:
    return decision(f"write `effective by {name}`", Edit(word.span, f"effective by {name}"))


def _twice(word: Word, again: Word, signature: Signature) -> Diagnostic:
    return error(
        "GAP409",
        f"`{again.text}` is tested twice: by its name, and as `effective`",
        Label(word.span, f"this is the day of `{again.text}`"),
        Label(again.span, "and here once more"),
        subject=f"table {signature.name}, header",
        helps=(decision("say all of it in one of the two columns"),),
    )
