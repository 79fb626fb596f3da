"""The change that somebody means to make, written down; and whether just that happened.

    table fee
      price: 4.90 -> 5.20
        weight = ..5
        zone = home

What is answered before and after, and below it in which cases, as cells of the language; a statement
without cases is of every case. It does not matter in how many statements the same cases are stated,
or in which order: cases are compared, not lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from gapless.analysis.coverage.cover import first_open
from gapless.analysis.domain.partition import Axis, Box, axis, cuts, cuts_of
from gapless.diff.change import Change, Difference, Region, Silence
from gapless.model import Test
from gapless.resolve.alone import read_cell

HEAD = "# What a change is meant to do: `gapless diff OLD NEW --expect` proves that it does just that.\n"

Cells: TypeAlias = tuple[tuple[str, str], ...]
Statement: TypeAlias = tuple[str, str]
"""A table, and what happens in it."""


class Held(NamedTuple):
    """Whether just the stated change happened; None where that is not decided."""

    holds: bool | None
    says: str


class Unread(Exception):
    """A file that states no change: why. Whoever reads the file tells."""


def drafted(change: Change) -> str:
    """The change as a file that states it."""
    blocks = [HEAD]
    for (table, said), places in _found(change).items():
        if not blocks[-1].startswith(f"table {table}\n"):
            blocks.append(f"table {table}\n")
        for cells in places:
            lines = [f"  {said}", *(f"    {name} = {cell}" for name, cell in cells)]
            blocks[-1] += "".join(f"{line}\n" for line in lines)
    return "\n".join(blocks)


def held(change: Change, stated: str) -> Held:
    """Whether the statements are those of the change, each of them, and no other. Raises Unread."""
    wanted, found = _parsed(stated), _found(change)
    tables = {each.name: each for each in change.tables}
    lines = []
    for key in dict.fromkeys((*wanted, *found)):
        table, said = key
        if table not in tables:
            lines.append(f"{table}: there is no such table")
        elif key not in found:
            lines += (f"{table}: expected, and did not happen: {said}{_at(wanted[key])}",)
        elif key not in wanted:
            lines += (f"{table}: happened, and was not expected: {said}{_at(found[key])}",)
        else:
            lines += _apart(tables[table], said, wanted[key], found[key])
    if lines:
        return Held(False, "\n".join(["not the expected change:", *(f"  {e}" for e in lines)]))
    unknown = [each.name for each in change.tables if each.undecided is not None]
    if unknown:
        return Held(None, f"not decided whether nothing else changed: {', '.join(unknown)}")
    return Held(True, f"just the expected change: {len(found)} stated, and nothing else changed")


def _at(places: Sequence[Cells]) -> str:
    told = [", ".join(f"{name} = {cell}" for name, cell in cells) for cells in places]
    return f", where {'; or '.join(told)}" if any(told) else ""


# ---------------------------------------------------------------- statements


def _found(change: Change) -> dict[Statement, list[Cells]]:
    """What the change itself states, in its order."""
    found: dict[Statement, list[Cells]] = {}
    for each in change.tables:
        if each.old is None or each.new is None:
            found[each.name, "added" if each.old is None else "removed"] = [()]
            continue
        for shape in each.shapes:
            kind = "input" if shape.is_input else "output"
            found[each.name, f"{kind} {shape.column} {shape.what}"] = [()]
        for region in each.regions:
            said = "; ".join(_answers(region))
            found.setdefault((each.name, said), []).append(region.cells)
    return found


def _answers(region: Region) -> Iterator[str]:
    before, after = region.before, region.after
    if isinstance(before, Silence) and isinstance(after, Silence):
        yield f"{before} -> {after}"
        return
    for number, name in enumerate(region.outputs):
        one = before.value if isinstance(before, Silence) else before.text[number]
        other = after.value if isinstance(after, Silence) else after.text[number]
        yield f"{name}: {one} -> {other}"


def _parsed(text: str) -> dict[Statement, list[Cells]]:
    """The statements of a file, and where each holds; blank lines and comments say nothing."""
    found: dict[Statement, list[Cells]] = {}
    table = said = ""
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        depth = len(line) - len(line.lstrip())
        if not depth and words.startswith("table "):
            table, said = words.removeprefix("table ").strip(), ""
        elif depth and depth < 4 and table:
            said = words
            found.setdefault((table, said), []).append(())
        elif depth and said and " = " in words:
            name, _, cell = words.partition(" = ")
            places = found[table, said]
            places[-1] = (*places[-1], (name.strip(), cell.strip()))
        else:
            raise Unread(f"line {number} is no table, no statement and no `column = cell`: {words}")
    return found


# ---------------------------------------------------------------- cases


def _apart(
    each: Difference, said: str, wanted: Sequence[Cells], found: Sequence[Cells]
) -> Iterator[str]:
    """Whether two lists of places have the same cases, however they are divided. Raises Unread."""
    if set(wanted) == set(found):
        return
    tests: dict[tuple[str, str], Test] = {}
    known = {axis.column.name: axis.column for axis in each.axes}
    for name, cell in {pair for cells in (*wanted, *found) for pair in cells}:
        test = read_cell(cell, known[name]) if name in known else None
        if test is None:
            raise Unread(f"table {each.name}: `{name} = {cell}` is no condition of this table")
        tests[name, cell] = test
    axes = [
        _cut(of, [t for (name, _), t in tests.items() if name == of.column.name])
        for of in each.axes
    ]
    one, other = ([_box(axes, cells, tests) for cells in some] for some in (wanted, found))
    if any(first_open(box, other) is not None for box in one):
        yield f"{each.name}: expected in more cases than it happened: {said}{_at(found)}"
    if any(first_open(box, one) is not None for box in other):
        yield f"{each.name}: happened in more cases than were expected: {said}{_at(found)}"


def _cut(of: Axis, tests: Sequence[Test]) -> Axis:
    """The axis, cut where some tests make a difference too."""
    cut = cuts_of(of)
    for test in tests:
        cut |= cuts(of.column, test)
    return axis(of.column, cut)


def _box(axes: Sequence[Axis], cells: Cells, tests: Mapping[tuple[str, str], Test]) -> Box:
    masks = [each.whole for each in axes]
    places = {each.column.name: place for place, each in enumerate(axes)}
    for name, cell in cells:
        masks[places[name]] &= axes[places[name]].mask(tests[name, cell])
    return tuple(masks)
