"""The grids of answers that an author asked for, where a page begins; below each, why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, assert_never

from gapless.analysis.by_inputs import Given
from gapless.analysis.domain.answers import Fixed, Row, Same, Several
from gapless.analysis.domain.partition import Axis, members, test_of
from gapless.analysis.shown import Block, Cell, Part, Shown, shown
from gapless.analysis.unit import Unit
from gapless.backends.markdown.addresses import Page, shown_anchor, titled
from gapless.backends.markdown.inline import (
    Anchor,
    Code,
    Emphasis,
    Grid,
    Line,
    Link,
    Text,
    flat,
    grid,
    joined,
    markdown,
    text,
)
from gapless.backends.markdown.rows import UNDECIDED, marked_reason
from gapless.backends.markdown.wording import (
    ARROW,
    asked,
    condition,
    in_short,
    items_of,
    name_of,
    value_of,
)
from gapless.model import (
    AnyOf,
    Column,
    EnumerationType,
    IsMissing,
    ListType,
    NoneOf,
    OptionalType,
    RuleKind,
    SetType,
    Show,
    Table,
    Type,
    Value,
)

NAMED = 6
"""So many members stand in a line by name."""


class Glance(NamedTuple):
    """A grid: `note` says what the cells hold, where their heads do not, and what is left out."""

    title: str
    note: str
    blocks: tuple[GlanceBlock, ...]


class GlanceBlock(NamedTuple):
    """`heading` says for which cases it is, `reasons` are those that no block above has, from number `first` on."""

    heading: str
    grid: Grid
    first: int
    reasons: tuple[str, ...]


def glances(page: Page, units: Sequence[Unit]) -> tuple[Glance, ...]:
    """Every grid of the page's tables, in the author's order."""
    return tuple(
        _glance(page, unit, show, number)
        for unit in units
        for number, show in enumerate(unit.table.shows, 1)
    )


def _glance(page: Page, unit: Unit, show: Show, number: int) -> Glance:
    title = (Link(Text(show.title or titled(unit.table)), page.table(unit.table)),)
    found = shown(unit, show)
    if not isinstance(found, Shown):  # GAP133 for who checks; a page says so, too
        return Glance(markdown(title), markdown(text(f"Not shown: {found}.")), ())
    drawn = _Drawn(page, unit.table, show, found, number)
    blocks = tuple(map(drawn.block, found.blocks))
    return Glance(markdown(title), markdown(drawn.note()), blocks)


class _Drawn:
    """One grid being drawn; `numbers` counts the rows on which its answers rest, as they are met."""

    def __init__(self, page: Page, table: Table, show: Show, found: Shown, number: int) -> None:
        self.page, self.table, self.show = page, table, show
        self.found, self.number = found, number
        self.sides = len(show.rows)
        self.numbers: dict[tuple[Table, int], int] = {}

    def note(self) -> Line:
        answers = (*self._answers(), Text(".")) if self.show.across else ()
        left = () if self.found.is_whole else text("What cannot happen is left out.")
        return joined([each for each in (answers, left) if each], " ")

    def block(self, block: Block) -> GlanceBlock:
        axes, known = self.found.axes, len(self.numbers)
        columns = {column.name: column for column in self.table.inputs}
        laid_out = {*self.show.rows, *self.show.across}
        fixed = [
            asked(columns[name], given.test)
            for name, given in self.show.fixed
            if name not in laid_out
        ]
        headings = _named(axes[: self.sides - 1], block.heading)
        heading = joined([*fixed, *([headings] if headings else [])], "; ")
        side, across = axes[self.sides - 1], axes[self.sides :]
        head: list[Line] = [text(name_of(side.column))]
        head += [_named(across, part) if across else self._answers() for part in block.heads]
        rows = [
            (_told(side, mask), *(self._cell(cell) for cell in cells)) for mask, cells in block.rows
        ]
        reasons = tuple(self._reasons(known))
        return GlanceBlock(markdown(heading), grid(head, rows), known + 1, reasons)

    def _answers(self) -> Line:
        return text(ARROW, "; ".join(map(name_of, self.table.outputs)))

    def _cell(self, cell: Cell) -> Line:
        if cell.is_draft:
            return UNDECIDED
        if cell.outputs is None:
            return (Emphasis("cannot happen"),)
        depends = {each.depends for each in cell.outputs}
        if len(depends) == 1 and all(each.answer is None for each in cell.outputs):
            return _depends(*depends)
        lines = [
            _depends(each.depends)
            if each.answer is None
            else _given(each.answer, column.type, self.table)
            for each, column in zip(cell.outputs, self.table.outputs, strict=True)
        ]
        return (*joined(lines, "; "), *self._why(cell.rows))

    def _why(self, rows: Sequence[Row]) -> Line:
        """` (1, 3)`, each leading to a reason below."""
        if not rows:
            return ()
        found = []
        for table, number, _ in rows:
            for rule in range(len(table.rules)) if number is None else (number,):
                place = self.numbers.setdefault((table, rule), len(self.numbers) + 1)
                found.append(place)
        links = [
            (Link(Text(str(each)), f"#{self._anchor(each)}"),) for each in dict.fromkeys(found)
        ]
        return (Text(" ("), *joined(links, ", "), Text(")"))

    def _anchor(self, place: int) -> str:
        return shown_anchor(self.table, self.number, place)

    def _reasons(self, known: int) -> Iterator[str]:
        """A line for each row on which an answer rests, but for the first so many."""
        for (table, number), place in [*self.numbers.items()][known:]:
            rule = table.rules[number]
            name = rule.name if table is self.table else f"{table.name}.{rule.name}"
            why = marked_reason(self.page, table, rule)
            if not why and rule.kind is RuleKind.OTHERWISE:
                why = text("what no other row answers")
            link = Link(Code(name), self.page.rule(table, rule))
            said = (Text(": "), *why) if why else ()
            yield markdown((Anchor(self._anchor(place)), link, *said))


def _named(axes: Sequence[Axis], part: Part) -> Line:
    """`Technique: IMRT; Setting: Hospital`."""
    lines = [
        (Text(f"{name_of(axis.column)}: "), *_told(axis, mask))
        for axis, mask in zip(axes, part, strict=True)
    ]
    return joined(lines, "; ")


def _told(axis: Axis, mask: int) -> Line:
    """Members by name, of few: who looks for one finds no `not` of others."""
    test = test_of(axis, mask)
    missing = axis.atom_of(None)
    if isinstance(test, NoneOf | AnyOf) and isinstance(axis.column.type.present, EnumerationType):
        absent = (IsMissing(),) if mask & missing else ()
        named = (*members(axis, mask & ~missing), *absent)
        test = AnyOf(named) if len(named) <= NAMED else test
    return flat(condition(axis.column, test))


def _depends(columns: Sequence[Column]) -> Line:
    names = joined([text(name_of(each)) for each in columns], ", ", " and ")
    return (Emphasis("depends on"), Text(" "), *names)


def _given(given: Given, type: Type, table: Table) -> Line:
    match given:
        case Fixed(value):
            return _value(type, value)
        case Same(place):
            return (Text("same as "), Emphasis(name_of(table.inputs[place])))
        case Several(items):
            return items_of([_given(each, type, table) for each in items])
    assert_never(given)


def _value(type: Type, value: Value) -> Line:
    of = type.present if isinstance(type, OptionalType) else type
    is_member = isinstance(of, EnumerationType) and isinstance(value, str)
    if is_member and not isinstance(type, ListType | SetType):
        assert isinstance(of, EnumerationType) and isinstance(value, str)
        return text(in_short(of, value))
    return value_of(type, value)
