"""Rules as conditions: a tree of `if`, one `if` for each rule, or one `case` for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from benchmarks.lookups.grids import Column, Grid
from benchmarks.lookups.rules import Box, Rule, rules
from benchmarks.lookups.shapes.spelling import INDENT, Spelt


def tree(grid: Grid, *, is_safe: bool) -> Callable[..., Any]:
    """The cut that halves the rules best, over and over, until one answers all that is left."""
    body, known = _tree(grid)
    return Spelt(grid, dict(known)).function(body, is_safe=is_safe)


@cache
def _tree(grid: Grid) -> tuple[list[str], dict[str, Any]]:
    """Its lines, and the constants in them."""
    spelt = Spelt(grid)
    whole = tuple(frozenset(range(len(column.values))) for column in grid.columns)
    return _split(spelt, rules(grid), whole), spelt.known


def chain(grid: Grid, *, is_safe: bool) -> Callable[..., Any]:
    """As the table is written, in its order."""
    spelt = Spelt(grid)
    body = []
    for box, answer in rules(grid):
        tests = filter(None, map(lambda c, parts: _test(spelt, c, parts), grid.columns, box))
        body += [f"if {' and '.join(tests) or 'True'}:", f"    return {_constant(spelt, answer)}"]
    return spelt.function(body, is_safe=is_safe)


def cases(grid: Grid, *, is_safe: bool) -> Callable[..., Any]:
    """`match` on a tuple of all arguments, with a guard for the numbers."""
    spelt = Spelt(grid)
    body = [f"match ({', '.join(column.name for column in grid.columns)}):"]
    for box, answer in rules(grid):
        patterns, guards = [], []
        for column, parts in zip(grid.columns, box, strict=True):
            is_whole = len(parts) == len(column.values)
            if column.is_listed and not is_whole:
                patterns.append(" | ".join(repr(column.values[part]) for part in sorted(parts)))
            else:
                patterns.append("_")
                guards.append(_test(spelt, column, parts))
        guard = " and ".join(filter(None, guards))
        body.append(f"    case ({', '.join(patterns)}){f' if {guard}' if guard else ''}:")
        body.append(f"        return {_constant(spelt, answer)}")
    return spelt.function(body, is_safe=is_safe)


def _split(spelt: Spelt, left: Sequence[Rule], region: Box) -> list[str]:
    if not left:
        return ["raise KeyError"]
    first, answer = left[0]
    if all(map(frozenset.issuperset, first, region)):
        return [f"return {_constant(spelt, answer)}"]
    place, inside = min(_cuts(spelt.grid, left, region), key=lambda cut: _cost(left, region, *cut))
    column = spelt.grid.columns[place]
    halves = []
    for part in (inside, region[place] - inside):
        half = (*region[:place], part, *region[place + 1 :])
        held = [rule for rule in left if all(map(_meet, rule[0], half))]
        halves.append(_split(spelt, held, half))
    test = (
        _test(spelt, column, inside)
        if column.is_listed
        else f"{column.name} < {spelt.edge(column, column.values[max(inside) + 1])}"
    )
    then, otherwise = halves
    return [f"if {test}:", *(INDENT + line for line in then), *otherwise]


def _cuts(grid: Grid, left: Sequence[Rule], region: Box) -> list[tuple[int, frozenset[int]]]:
    """Where a column may be cut: before a part, or a word apart from the others."""
    found = []
    for place, column in enumerate(grid.columns):
        here = region[place]
        if column.is_listed:
            wanted = {rule.box[place] & here for rule in left}
            found += [(place, parts) for parts in wanted if parts and parts != here]
        else:
            found += [(place, frozenset(p for p in here if p < cut)) for cut in sorted(here)[1:]]
    return sorted(found, key=lambda cut: (cut[0], sorted(cut[1])))


def _cost(left: Sequence[Rule], region: Box, place: int, inside: frozenset[int]) -> tuple[int, int]:
    other = region[place] - inside
    here = sum(not rule.box[place].isdisjoint(inside) for rule in left)
    there = sum(not rule.box[place].isdisjoint(other) for rule in left)
    return here + there + abs(here - there), place


def _meet(one: frozenset[int], other: frozenset[int]) -> bool:
    return not one.isdisjoint(other)


def _test(spelt: Spelt, column: Column, parts: frozenset[int]) -> str:
    """A cell as a condition; empty where it allows everything."""
    if len(parts) == len(column.values):
        return ""
    name = column.name
    if column.kind == "bool":
        return name if column.values[min(parts)] is True else f"not {name}"
    if column.is_listed:
        words = [repr(column.values[part]) for part in sorted(parts)]
        return f"{name} == {words[0]}" if len(words) == 1 else f"{name} in ({', '.join(words)})"
    low, high = min(parts), max(parts) + 1
    least = f"{spelt.edge(column, column.values[low])} <= " if low else ""
    most = f" < {spelt.edge(column, column.values[high])}" if high < len(column.values) else ""
    return f"{least}{name}{most}"


def _constant(spelt: Spelt, answer: tuple[Any, ...]) -> str:
    number = spelt.grid.answers.index(answer)
    return spelt.name(f"ANSWER_{number}", spelt.grid.answers[number])
