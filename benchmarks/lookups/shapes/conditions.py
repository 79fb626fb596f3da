"""Rules as conditions: a tree of `if`, one `if` for each rule, or one `case` for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.lookups.grids import Column, Grid, plain, within, worded
from benchmarks.lookups.shapes.spelling import INDENT, Spelt

Box = tuple[frozenset[int], ...]
"""The parts of each column."""


def tree(grid: Grid, *, is_safe: bool) -> Callable[..., Any]:
    """The cut that halves the rules best, over and over, until one answers all that is left."""
    spelt = Spelt(grid)
    rules = _rules(grid)
    whole = tuple(frozenset(range(len(column.values))) for column in grid.columns)
    return spelt.function(_split(spelt, rules, whole), is_safe=is_safe)


def rules(grid: Grid, *, is_safe: bool) -> Callable[..., Any]:
    """As the table is written, in its order."""
    spelt = Spelt(grid)
    body = []
    for box, answer in _rules(grid):
        tests = filter(None, map(lambda c, parts: _test(spelt, c, parts), grid.columns, box))
        body += [f"if {' and '.join(tests) or 'True'}:", f"    return {_constant(spelt, answer)}"]
    return spelt.function(body, is_safe=is_safe)


def cases(grid: Grid, *, is_safe: bool) -> Callable[..., Any]:
    """`match` on a tuple of all arguments, with a guard for the numbers."""
    spelt = Spelt(grid)
    body = [f"match ({', '.join(column.name for column in grid.columns)}):"]
    for box, answer in _rules(grid):
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


def _rules(grid: Grid) -> list[tuple[Box, tuple[Any, ...]]]:
    width = len(grid.columns)
    return [
        (
            tuple(frozenset(within(c, cell)) for c, cell in zip(grid.columns, rule, strict=False)),
            tuple(map(worded, rule[width:])),
        )
        for rule in plain(grid.name)["rules"]
    ]


def _split(
    spelt: Spelt, rules: Sequence[tuple[Box, tuple[Any, ...]]], region: Box
) -> list[str]:
    first, answer = rules[0]
    if all(map(frozenset.issuperset, first, region)) or len({each for _, each in rules}) == 1:
        return [f"return {_constant(spelt, answer)}"]
    place, inside = min(_cuts(spelt.grid, rules, region), key=lambda cut: _cost(rules, region, *cut))
    column = spelt.grid.columns[place]
    halves = []
    for part in (inside, region[place] - inside):
        half = (*region[:place], part, *region[place + 1 :])
        held = [rule for rule in rules if all(map(_meet, rule[0], half))]
        halves.append(_split(spelt, held, half))
    test = (
        _test(spelt, column, inside)
        if column.is_listed
        else f"{column.name} < {spelt.edge(column, column.values[max(inside) + 1])}"
    )
    then, otherwise = halves
    return [f"if {test}:", *(INDENT + line for line in then), *otherwise]


def _cuts(
    grid: Grid, rules: Sequence[tuple[Box, tuple[Any, ...]]], region: Box
) -> list[tuple[int, frozenset[int]]]:
    """Where a column may be cut: before a part, or a word apart from the others."""
    found = []
    for place, column in enumerate(grid.columns):
        here = region[place]
        if column.is_listed:
            wanted = {rule[0][place] & here for rule in rules}
            found += [(place, parts) for parts in wanted if parts and parts != here]
        else:
            found += [(place, frozenset(p for p in here if p < cut)) for cut in sorted(here)[1:]]
    return sorted(found, key=lambda cut: (cut[0], sorted(cut[1])))


def _cost(
    rules: Sequence[tuple[Box, tuple[Any, ...]]], region: Box, place: int, inside: frozenset[int]
) -> tuple[int, int]:
    other = region[place] - inside
    left = sum(1 for box, _ in rules if box[place] & inside)
    right = sum(1 for box, _ in rules if box[place] & other)
    return left + right + abs(left - right), place


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
