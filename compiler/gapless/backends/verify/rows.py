"""Rows put to what answers many at once: cases of a table and what each gets, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple, TypeAlias

from gapless.analysis.unit import Unit
from gapless.backends.verify.cases import edges, every, some
from gapless.backends.verify.plan import Ground, planned, readable
from gapless.backends.verify.refusals import strangers
from gapless.backends.verify.tried import Refused, Said, alike, meant, told
from gapless.model import OptionalType, Table

ROWS = 500
"""So many cases of a table are put to it at once, fewer where there are many rules."""


class Row(NamedTuple):
    """A value for each input, and what is due."""

    given: tuple[Any, ...]
    due: Said


AskedOfMany: TypeAlias = Callable[[Sequence[tuple[Any, ...]]], Sequence[Said]]
"""What rows get, in their order; what gets nothing is refused with the reason that is told."""


def rows(unit: Unit) -> list[Row]:
    """Cases of a table, and each value that a column does not allow in the first of them."""
    axes, table = unit.axes[: len(unit.table.inputs)], unit.table
    most = min(ROWS, readable(unit))
    plan = planned(unit)
    if plan.ground is not Ground.SOME and plan.cases <= most:
        cases = [*chain.from_iterable(every(axes))]
    else:
        cases = [*some(axes, most), *islice(edges(axes), most)]
    names = [column.name for column in table.inputs]
    found = [Row(case, meant(table, dict(zip(names, case, strict=True)))) for case in cases]
    for place, column in enumerate(table.inputs):
        besides = () if isinstance(column.type, OptionalType) else (None,)
        for value in (*strangers(column.type), *besides):
            given = (*cases[0][:place], value, *cases[0][place + 1 :])
            found.append(Row(given, Refused("InputError")))
    return found


def difference(table: Table, put: Sequence[Row], asked: AskedOfMany) -> str | None:
    """The first row that gets something else than what is due, in words; None where none does."""
    return next(_differences(table, put, asked([row.given for row in put])), None)


def _differences(table: Table, put: Sequence[Row], got: Sequence[Said]) -> Iterator[str]:
    if len(put) != len(got):
        yield f"of {len(put)} rows it answers {len(got)}"
    for row, said in zip(put, got, strict=False):
        refused = isinstance(said, Refused) and isinstance(row.due, Refused)
        if not refused and not alike(said, row.due):
            yield told(table, row.given, said, row.due)
