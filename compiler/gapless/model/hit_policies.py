"""What hit policies make of the rules that apply: which one wins, or what they answer together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from functools import cached_property, lru_cache
from heapq import heapify, heappop, heappush
from typing import Any

from gapless.model.expressions import Constant
from gapless.model.tables import HitPolicy, RuleKind, Table
from gapless.model.types import Column, EnumerationType, ListType, Value

# ---------------------------------------------------------------- which one wins


@dataclass(frozen=True, eq=False)
class Precedence:
    """The rules of a table, by number, and which of those that answer wins.

    `order` has all of them so that none comes after one that it beats: first what is impossible, last
    the `otherwise`. Who stands first there wins wherever several apply and agree. `ranks` are compared,
    the least wins; `over` has for each rule all those to which it is an exception, and what they beat.
    """

    order: tuple[int, ...]
    ranks: Mapping[int, tuple[int, ...]]
    over: Mapping[int, frozenset[int]]

    def beats(self, one: int, other: int) -> bool:
        """Whether rule `one` answers alone where both apply; both are of the kind that answers."""
        if other in self.over.get(one, ()):
            return True
        ranks = self.ranks
        return one in ranks and other in ranks and ranks[one] < ranks[other]

    @cached_property
    def places(self) -> Mapping[int, int]:
        """For each rule, its place in the order."""
        return {number: place for place, number in enumerate(self.order)}


@lru_cache(maxsize=64)
def precedence(table: Table) -> Precedence:
    """Exceptions in a circle, which are refused where tables are read, come last.

    A draft stands among the rules. What it will answer is not known, so it has no rank by answer.
    """
    kinds: dict[RuleKind, list[int]] = {kind: [] for kind in RuleKind}
    for number, rule in enumerate(table.rules):
        kinds[rule.kind].append(number)
    rules, drafts = kinds[RuleKind.RULE], kinds[RuleKind.DRAFT]
    rows = sorted((*rules, *drafts))
    ranks: dict[int, tuple[int, ...]] = {}
    over: dict[int, frozenset[int]] = {}
    match table.policy:
        case HitPolicy.FIRST:
            ranks = {number: (number,) for number in rows}
        case HitPolicy.PRIORITY:
            ranks = {number: rank(table, number) for number in rules}
            rows = [*sorted(rules, key=lambda number: (ranks[number], number)), *drafts]
        case HitPolicy.UNIQUE | HitPolicy.ANY:
            over = exceptions(table)
            rows = _ordered(rows, over)
    order = (*kinds[RuleKind.IMPOSSIBLE], *rows, *kinds[RuleKind.OTHERWISE])
    return Precedence(order, ranks, over)


def rank(table: Table, number: int) -> tuple[int, ...]:
    """The places of a rule's outcomes in the closed lists that declare them, output by output; `missing`
    comes after all members.
    """
    found = []
    for column, outcome in zip(table.outputs, table.rules[number].outcomes, strict=True):
        of = ranked(table.policy, column)
        if of is not None and isinstance(outcome.value, Constant):
            value = outcome.value.value
            names: list[Value] = [*(member.name for member in of.members), None]
            items = value if isinstance(value, tuple) else (value,)
            found += [names.index(item) for item in items]
    return tuple(found)


def ranked(policy: HitPolicy, column: Column) -> EnumerationType | None:
    """The closed list by whose order an output ranks the rules of a table, if it does."""
    of = column.type
    if policy is HitPolicy.OUTPUT_ORDER and isinstance(of, ListType):
        of = of.of
    if policy is HitPolicy.PRIORITY:
        of = of.present
    return of if isinstance(of, EnumerationType) else None


def exceptions(table: Table) -> dict[int, frozenset[int]]:
    """For each rule that is an exception, the numbers of all rules that it beats, directly or not."""
    if not any(rule.over for rule in table.rules):
        return {}
    numbers = {rule.name: number for number, rule in enumerate(table.rules)}
    direct = {
        number: {numbers[name] for name in rule.over if name in numbers}
        for number, rule in enumerate(table.rules)
        if rule.over
    }
    return {number: frozenset(_reached(number, direct)) for number in direct}


def _reached(start: int, direct: Mapping[int, set[int]]) -> set[int]:
    found: set[int] = set()
    waiting = [start]
    while waiting:
        for number in direct.get(waiting.pop(), set()) - found:
            found.add(number)
            waiting.append(number)
    return found - {start}


def _ordered(rules: list[int], over: Mapping[int, frozenset[int]]) -> list[int]:
    """As in the file, but exceptions before what they are exceptions to (Kahn, 1962)."""
    beaten_by = dict.fromkeys(rules, 0)
    for others in over.values():
        for number in others & beaten_by.keys():
            beaten_by[number] += 1
    free = [number for number, times in beaten_by.items() if not times]
    heapify(free)
    found: list[int] = []
    while free:
        number = heappop(free)
        found.append(number)
        for other in over.get(number, frozenset()) & beaten_by.keys():
            beaten_by[other] -= 1
            if not beaten_by[other]:
                heappush(free, other)
    return [*found, *(number for number in rules if beaten_by[number])]


# ---------------------------------------------------------------- what they answer together

# What a rule of a collecting table answers is what it adds: a list for a list column, a number for
# one that is summed; and for one that is counted 1 or 0. So what is collected is of the same kind.

EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Sums of decimals never lose a digit here."""


def in_turn(table: Table, rules: Sequence[int]) -> list[int]:
    """Rules by number, in the order in which what they add is listed."""
    if table.policy is HitPolicy.OUTPUT_ORDER:
        return sorted(rules, key=lambda number: (rank(table, number), number))
    return sorted(rules)


def together(table: Table, answers: Sequence[tuple[Value, ...]]) -> tuple[Value, ...]:
    """What rules say together of which each adds one of `answers`, at least one, in turn."""
    return tuple(
        collected_in(table, output, added)
        for output, added in enumerate(zip(*answers, strict=True))
    )


def collected_in(table: Table, output: int, added: Sequence[Any]) -> Value:
    """What rules say together in one output, in turn."""
    policy, column = table.policy, table.outputs[output]
    if policy in (HitPolicy.SUM, HitPolicy.COUNT):
        return total(added)
    if policy in (HitPolicy.MIN, HitPolicy.MAX):
        choose = min if policy is HitPolicy.MIN else max
        chosen: Value = choose(added, key=lambda value: size(column, value))
        return chosen
    items = [item for each in added for item in each]
    return frozenset(items) if isinstance(added[0], frozenset) else tuple(items)


def total(numbers: Sequence[int | Decimal]) -> int | Decimal:
    """The exact sum of at least one number."""
    first, *others = numbers
    for number in others:
        first = EXACT.add(first, number) if isinstance(first, Decimal) else first + number
    return first


def size(column: Column, value: Any) -> Any:
    """What tells which of two values of a column is less: in an ordered list, its place."""
    of = column.type.present
    if isinstance(of, EnumerationType):
        return [member.name for member in of.members].index(value)
    return value
