"""`gapless diff --on`: how many rows of a file get another answer, in each region, counted in one pass.

Both tables are put to each row as `gapless apply` puts one, and the regions are told apart beside them,
where both know the row; only numbers leave the engine, with how many rows have them. What both answer
is held against the region that a row was found in: if that did not fit, the program would stop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gapless.analysis.by_inputs import Ending
from gapless.analysis.domain.answers import Fixed
from gapless.backends.sql import Flavor
from gapless.backends.sql.boxes import box_number
from gapless.backends.sql.decision import NO_CASE
from gapless.backends.sql.expressions import Expressions, Unsupported, expressions
from gapless.backends.sql.literals import LONG, Unheld, literal, quoted, sql_type, text
from gapless.cli.apply.job import Format, Job, format_within, hold_against
from gapless.cli.apply.on_duckdb import fetched
from gapless.cli.apply.query import Query, numbered, query
from gapless.cli.console import CannotRun
from gapless.diff.alike import is_same
from gapless.diff.change import Difference, Rows
from gapless.diff.sides import Side
from gapless.model import DateType, DecimalType

_BEFORE, _AFTER, _REGION = '"number before"', '"number after"', '"region"'


def counted(found: Difference, old: Side, new: Side, path: str) -> Rows:
    """The rows of a file by the regions of what was found, which is decided wholly."""
    counting = _Counting(found, (old, new), path, format_within(path))
    return counting.summed(fetched(counting.jobs[0], counting.query))


@dataclass(frozen=True)
class _Counting:
    found: Difference
    sides: tuple[Side, Side]
    path: str
    format: Format

    @cached_property
    def jobs(self) -> tuple[Job, Job]:
        """What is put to each side; a table that is asked on one day finds that in a column of its own."""
        one, other = (
            Job(
                *(side.unit, self.path, "", None, self.format, self.format),
                names={} if side.pinned_name is None else {side.pinned_name: _day_of(number)},
                is_counting=True,
            )
            for number, side in enumerate(self.sides)
        )
        return one, other

    @cached_property
    def said(self) -> tuple[Expressions, Expressions]:
        one, other = (self._said(side) for side in self.sides)
        return one, other

    def _said(self, side: Side) -> Expressions:
        said = expressions(side.unit, Flavor.STANDARD)
        if isinstance(said, Unsupported):
            raise _impossible(side.unit.table.name, said.reason)
        return said

    # ------------------------------------------------------------ the query

    def query(self, data: str, names: Sequence[str], types: Sequence[str]) -> str:
        """For each way in which rows end on both sides, in whatever region: how many rows."""
        days = [*self._days(len(names))]
        data = f"SELECT {', '.join(['*', *(sql for _, sql, _ in days)])} FROM ({data}) AS file"
        names = [*names, *(name for name, _, _ in days)]
        types = [*types, *(type for _, _, type in days)]
        for number, job in enumerate(self.jobs):
            held = zip(names, types, strict=True)
            hold_against(job, [each for each in held if each[0] != _day_of(1 - number)])
        one = query(self.jobs[0], data, names, types, Flavor.DUCKDB)
        own = [name for name in self._inputs if not self._is_new(name)]
        carried = {name: f'"only before {place}"' for place, name in enumerate(own)}
        shown = [
            *map(numbered, range(len(names))),
            f"{one.number} AS {_BEFORE}",
            *(f"{quoted(name)} AS {alias}" for name, alias in carried.items()),
        ]
        before = f"SELECT {', '.join(shown)} FROM ({one.held}) AS before"
        both = [_BEFORE, *carried.values()]
        other = query(self.jobs[1], before, names, types, Flavor.DUCKDB, both)
        try:
            values = [*self._values(carried)]
            boxes = [region.box for region in self.found.regions]
            region = box_number(boxes, self.found.axes, self.found.inputs, self.found.following)
        except Unheld as reason:
            raise _impossible(self.found.name, str(reason)) from None
        columns = ", ".join([_BEFORE, f"{other.number} AS {_AFTER}", *values])
        after = f"SELECT {columns} FROM ({other.held}) AS after"
        refused = " OR ".join(
            f"{number} IN ({', '.join(map(str, sorted(doors)))})"
            for number, doors in zip((_BEFORE, _AFTER), self._doors(one, other), strict=True)
            if doors
        )
        told = f"CASE WHEN {refused} THEN -1 ELSE {region} END" if refused else region
        numbers = f"SELECT {_BEFORE}, {_AFTER}, {told} AS {_REGION} FROM ({after}) AS known"
        return f"SELECT *, count(*) FROM ({numbers}) AS told GROUP BY ALL"

    def _days(self, width: int) -> Iterator[tuple[str, str, str]]:
        """The days on which the sides are asked, as columns behind those of the file: name, SQL, type."""
        for number, side in enumerate(self.sides):
            if side.pinned_name is not None and side.day is not None:
                place = numbered(width)
                width += 1
                if self.format is Format.CSV:
                    yield _day_of(number), f"{text(str(side.day))} AS {place}", "VARCHAR"
                else:
                    day = literal(side.day, DateType(), Flavor.STANDARD)
                    yield _day_of(number), f"{day} AS {place}", "DATE"

    @property
    def _inputs(self) -> list[str]:
        """The inputs of both sides, and those of one, as regions are told by them."""
        return [axis.column.name for axis in self.found.axes[: self.found.inputs]]

    def _is_new(self, name: str) -> bool:
        new = self.sides[1]
        return name != new.pinned_name and any(each.name == name for each in new.unit.table.inputs)

    def _values(self, carried: dict[str, str]) -> Iterator[str]:
        """The inputs in types that hold whatever neither side refuses, of the digits that both know."""
        for name, due in self._due():
            yield f"TRY_CAST({carried.get(name, quoted(name))} AS {due}) AS {quoted(name)}"

    def _due(self) -> Iterator[tuple[str, str]]:
        for axis in self.found.axes[: self.found.inputs]:
            name, of = axis.column.name, axis.column.type.scalar
            due = sql_type(axis.column.type, Flavor.STANDARD)
            held = [each.type for said in self.said for each in said.columns if each.name == name]
            if any(each.startswith(f"DECIMAL({LONG},") for each in held):
                # Bounds that only both sides have together may come to a type with less room.
                due = f"DECIMAL({LONG}, {of.digits if isinstance(of, DecimalType) else 0})"
            yield name, due

    def _doors(self, one: Query, other: Query) -> tuple[set[int], set[int]]:
        """The numbers of rows that are no cases of a side: what is missing, outside or unreadable."""
        before, after = (
            {number for number in asked.numbers if number < 0} - _inner(said)
            for asked, said in zip((one, other), self.said, strict=True)
        )
        return before, after

    # ------------------------------------------------------------ what came of it

    def summed(self, rows: Sequence[tuple[Any, ...]]) -> Rows:
        """The groups of rows by region; that they fit with what both sides answer is made sure of."""
        changed = [0] * len(self.found.regions)
        refused = [0, 0, 0]
        endings = [dict(_endings(said)) for said in self.said]
        inner = [_inner(said) for said in self.said]
        for before, after, region, many in rows:
            is_out = [
                number < 0 and number not in known
                for number, known in zip((before, after), inner, strict=True)
            ]
            if any(is_out):
                assert region == -1, "a row that no table knows is in no region"
                refused[2 if all(is_out) else int(is_out[1])] += many
                continue
            differs = self._differs(endings[0].get(before), endings[1].get(after))
            assert differs in (None, region < len(changed)), "a region is where answers differ"
            if region < len(changed):
                changed[region] += many
        total = sum(many for *_, many in rows)
        return Rows(self.path, total, tuple(changed), (refused[0], refused[1], refused[2]))

    def _differs(self, one: Ending | None, other: Ending | None) -> bool | None:
        """Whether two endings are not the same; None where that rests on the inputs, or is no ending."""
        if one is None or other is None:
            return None
        if one.answers is None or other.answers is None:
            is_silent = one.answers is other.answers is None
            return not is_silent or one.is_draft is not other.is_draft
        found: list[bool | None] = []
        places = [
            {each.name: place for place, each in enumerate(side.unit.table.outputs)}
            for side in self.sides
        ]
        for name in self.found.outputs or {}:
            match one.answers[places[0][name]], other.answers[places[1][name]]:
                case Fixed(a), Fixed(b):
                    found.append(not is_same(a, b))
                case _:
                    found.append(None)
        return True if True in found else None if None in found else False


def _day_of(number: int) -> str:
    return f"the day on which the {('old', 'new')[number]} table is asked"


def _inner(said: Expressions) -> set[int]:
    """The numbers of what a table itself does not answer."""
    decided = said.decided
    own = {decided.reasons[reason] for _, reason in decided.refusing}
    return own | {number for reason, number in decided.reasons.items() if reason == NO_CASE}


def _endings(said: Expressions) -> Iterator[tuple[int, Ending]]:
    """What each number stands for."""
    decided = said.decided
    yield from ((number, ending) for number, (_, ending) in enumerate(decided.answering))
    for place, reason in decided.refusing:
        yield decided.reasons[reason], decided.tabulation.endings[place]


def _impossible(name: str, reason: str) -> CannotRun:
    return CannotRun(f"`{name}` cannot be put to many rows: {reason}")
