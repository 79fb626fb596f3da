"""What rules that apply together come to, rule by rule: no more of it is remembered than matters later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from gapless.analysis.domain.bitsets import bits
from gapless.model import Constant, HitPolicy, RuleKind, Table, Value, size, total

Partial: TypeAlias = Any
"""What some rules come to; None where there is no rule yet."""

Added: TypeAlias = Mapping[int, Any]
"""What each rule adds, by its number."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Points, or 1 for each rule that counts."""

    added: Added

    def and_(self, partial: Partial, rules: Sequence[int]) -> Partial:
        points = [self.added[number] for number in rules]
        return total(points if partial is None else [partial, *points])

    def is_idle(self, partial: Partial, rule: int) -> bool:
        """Whether a rule changes nothing any more where the others come to `partial`."""
        return self.added[rule] == 0  # type: ignore[no-any-return]

    def value(self, partial: Partial) -> Value:
        return partial  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Extreme:
    """The value whose place comes first."""

    added: Added
    place: Mapping[Value, int]

    def and_(self, partial: Partial, rules: Sequence[int]) -> Partial:
        values = [self.added[number] for number in rules]
        known = values if partial is None else [partial, *values]
        return min(known, key=self.place.__getitem__)

    def is_idle(self, partial: Partial, rule: int) -> bool:
        return self.place[self.added[rule]] >= self.place[partial]

    def value(self, partial: Partial) -> Value:
        return partial  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Union:
    """Different values, without an order."""

    added: Added

    def and_(self, partial: Partial, rules: Sequence[int]) -> Partial:
        return (partial or frozenset()).union(*(self.added[number] for number in rules))

    def is_idle(self, partial: Partial, rule: int) -> bool:
        return self.added[rule] <= partial  # type: ignore[no-any-return]

    def value(self, partial: Partial) -> Value:
        return partial  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Joined:
    """Lists one after the other: remembered as the rules that add to it, bits in the order of `turns`."""

    added: Added
    turns: Sequence[int]
    place: Mapping[int, int]

    def and_(self, partial: Partial, rules: Sequence[int]) -> Partial:
        return sum((1 << self.place[each] for each in rules if self.added[each]), partial or 0)

    def is_idle(self, partial: Partial, rule: int) -> bool:
        return self.added[rule] == ()  # type: ignore[no-any-return]

    def value(self, partial: Partial) -> Value:
        return tuple(item for place in bits(partial) for item in self.added[self.turns[place]])


Adding: TypeAlias = Sum | Extreme | Union | Joined


def adding(table: Table, output: int, turns: Sequence[int]) -> Adding:
    """How a collecting table collects in one output; `turns` are its rules as they are listed."""
    added: dict[int, Any] = {}
    for number in turns:
        outcome = table.rules[number].outcomes[output].value
        assert isinstance(outcome, Constant), "what is collected is written in its cell"
        added[number] = outcome.value
    match table.policy:
        case HitPolicy.SUM | HitPolicy.COUNT:
            return Sum(added)
        case HitPolicy.MIN | HitPolicy.MAX:
            column = table.outputs[output]
            ordered = sorted(set(added.values()), key=lambda value: size(column, value))
            sign = 1 if table.policy is HitPolicy.MIN else -1
            return Extreme(added, {value: sign * place for place, value in enumerate(ordered)})
    if any(isinstance(each, frozenset) for each in added.values()):
        return Union(added)
    return Joined(added, turns, {number: place for place, number in enumerate(turns)})


def answering(table: Table) -> list[int]:
    """The rules of a table that add something, by number."""
    return [n for n, rule in enumerate(table.rules) if rule.kind is RuleKind.RULE]
