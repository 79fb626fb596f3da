"""What a table that collects answers, case by case: a diagram, walked column by column.

What is remembered on the way is which rules may still apply, and what those that are sure to apply
come to so far. Cases with equal remainders are one node, so that a sum of many points has few nodes,
however many sets of rules may apply together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from gapless.analysis.composition.calls import silent
from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.coverage.intersections import at_atoms
from gapless.analysis.decision.claims import Claims
from gapless.analysis.decision.first_match import (
    GAP,
    Branch,
    Claim,
    Leaf,
    Node,
    ends,
    orders,
    whole_from,
)
from gapless.analysis.domain.answers import Fixed, Nothing, Piece
from gapless.analysis.domain.partition import Axis, Box, bits
from gapless.analysis.domain.recursion import Unrolled, unroll
from gapless.model import Constant, HitPolicy, RuleKind, Table, Value, in_turn, size, total


@dataclass(frozen=True, slots=True)
class Collected:
    """A diagram over inputs; the number of a leaf is that of its answer among all different ones.

    There are no answers where the budget did not suffice.
    """

    root: Node
    whole: Box
    answers: tuple[Fixed | Nothing, ...]

    def pieces(self, undecided: Sequence[Box]) -> Iterator[Piece]:
        """Disjoint boxes, together the whole; a called table is a draft where it is `undecided`.

        Raises OverBudget.
        """
        for box, answer in self._paths():
            is_never = answer == Nothing(impossible=True)
            yield from silent([box], True, undecided) if is_never else [Piece(box, answer)]

    def _paths(self) -> Iterator[Piece]:
        if not self.answers:
            raise OverBudget
        for box, number in ends(self.root, self.whole, Work.aside(0)):
            yield Piece(box, self.answers[number])

    def seen_on(self, axis: Axis | None) -> Collected:
        """The same with one value for all that the axis of a column, if any, does not tell apart."""
        if axis is None or not self.answers:
            return self
        answers: dict[Fixed | Nothing, int] = {}
        branches: Branches = {}
        known: dict[int, Node] = {}
        leaves: dict[int, Leaf] = {}

        def walk(node: Node) -> Unrolled[Node]:
            if id(node) not in known:
                if isinstance(node, Leaf):
                    answer = _sample(self.answers[node.rule], axis)
                    number = answers.setdefault(answer, len(answers))
                    known[id(node)] = leaves.setdefault(number, Leaf(number))
                else:
                    ways = []
                    for mask, child in node.ways:
                        ways.append((mask, (yield walk(child))))
                    known[id(node)] = _branch(node.axis, ways, branches)
            return known[id(node)]

        return Collected(unroll(walk(self.root)), self.whole, tuple(answers))

    def where(self, answer: int) -> Box:
        """A box of inputs that are answered so."""
        seen: set[int] = set()

        def walk(node: Node) -> Unrolled[dict[int, int] | None]:
            """The masks on a way from a node to the answer."""
            if isinstance(node, Leaf):
                return {} if node.rule == answer else None
            if id(node) in seen:
                return None
            seen.add(id(node))
            for mask, child in node.ways:
                rest = yield walk(child)
                if rest is not None:
                    return {node.axis: mask, **rest}
            return None

        found = unroll(walk(self.root))
        assert found is not None, "every answer is some case's"
        return tuple(found.get(axis, mask) for axis, mask in enumerate(self.whole))


Branches: TypeAlias = dict[tuple[int, tuple[tuple[int, int], ...]], Branch]


def _branch(axis: int, ways: Sequence[tuple[int, Node]], known: Branches) -> Node:
    """One node for equal branches, none where every way is the same."""
    merged: dict[int, tuple[int, Node]] = {}
    for mask, child in ways:
        before, _ = merged.get(id(child), (0, child))
        merged[id(child)] = (before | mask, child)
    if len(merged) == 1:
        return next(iter(merged.values()))[1]
    ordered = tuple(sorted(merged.values(), key=lambda way: way[0] & -way[0]))
    key = (axis, tuple((mask, id(child)) for mask, child in ordered))
    return known.setdefault(key, Branch(axis, ordered))


def _sample(answer: Fixed | Nothing, axis: Axis) -> Fixed | Nothing:
    """The answer, or another that lies in the same atom of an axis."""
    if isinstance(answer, Nothing):
        return answer
    if isinstance(answer.value, tuple | frozenset):
        return answer  # no cell asks about a list
    atom = axis.locate(answer.value)
    return answer if atom is None else Fixed(axis.sample(atom))


def collected(table: Table, claimed: Claims, output: int) -> Collected:
    """What a collecting table answers in one output, its rules being claims on inputs."""
    claims, whole = claimed.claims, claimed.whole
    rules = adding(table, output, in_turn(table, answering(table)))
    found = []
    for order in orders(range(len(whole)), claims, whole):
        build = _Build(table, claims, whole, order, output, rules)
        try:
            root = unroll(build.node(0, build.first, None))
        except OverBudget:
            continue
        found.append((len(build.nodes), Collected(root, whole, tuple(build.answers))))
    unknown = 0, Collected(Leaf(GAP), whole, ())
    return min(found, key=lambda each: each[0], default=unknown)[1]


@dataclass(slots=True)
class _Build:
    """The tables and memory of one build; `never` are the claims of what does not happen, as bits."""

    table: Table
    claims: Sequence[Claim]
    whole: Box
    order: Sequence[int]
    output: int
    adding: Adding
    work: Work = field(init=False)
    first: int = 0
    never: int = 0
    alive_at: list[list[int]] = field(init=False)
    whole_from: list[int] = field(init=False)
    answers: dict[Fixed | Nothing, int] = field(default_factory=dict)
    idle: dict[Partial, int] = field(default_factory=dict)
    memory: dict[tuple[int, int, Partial], Node] = field(default_factory=dict)
    nodes: Branches = field(default_factory=dict)
    leaves: dict[int, Leaf] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.work = Work.aside(len(self.claims))
        for number, claim in enumerate(self.claims):
            kind = RuleKind.IMPOSSIBLE if claim.rule < 0 else self.table.rules[claim.rule].kind
            self.never |= (kind is RuleKind.IMPOSSIBLE) << number
            self.first |= (kind is not RuleKind.OTHERWISE) << number
        self.alive_at = [
            at_atoms([claim.box[axis] for claim in self.claims], self.whole[axis].bit_length())
            for axis in self.order
        ]
        self.whole_from = whole_from(self.claims, self.whole, tuple(self.order))

    def node(self, level: int, alive: int, partial: Partial) -> Unrolled[Node]:
        """Where the cases lead in which claims `alive` may still hold; the rest come to `partial`."""
        settled = alive & self.whole_from[level]
        if settled & self.never:
            return self.leaf(Nothing(impossible=True))
        if settled:
            partial = self.adding.and_(partial, [self.claims[n].rule for n in bits(settled)])
            alive ^= settled
        if partial is not None:
            alive &= ~self.idle_now(partial)
        if not alive:
            return self.leaf(self.answer(partial))
        key = (level, alive, partial)
        if key not in self.memory:
            self.memory[key] = yield self.branch(level, alive, partial)
        return self.memory[key]

    def idle_now(self, partial: Partial) -> int:
        """The claims of rules that no longer make a difference, as bits."""
        if partial not in self.idle:
            self.work.spend(1 + len(self.claims) // 8)
            self.idle[partial] = sum(
                1 << number
                for number in bits(self.first & ~self.never)
                if self.adding.is_idle(partial, self.claims[number].rule)
            )
        return self.idle[partial]

    def branch(self, level: int, alive: int, partial: Partial) -> Unrolled[Node]:
        self.work.spend(1 + len(self.alive_at[level]) // 2)
        groups: dict[int, int] = {}
        for atom, here in enumerate(self.alive_at[level]):
            left = alive & here
            groups[left] = groups.get(left, 0) | 1 << atom
        ways = []
        for left, mask in groups.items():
            ways.append((mask, (yield self.node(level + 1, left, partial))))
        return _branch(self.order[level], ways, self.nodes)

    def answer(self, partial: Partial) -> Fixed | Nothing:
        if partial is not None:
            return Fixed(self.adding.value(partial))
        for rule in self.table.rules:
            if rule.kind is RuleKind.OTHERWISE:
                value = rule.outcomes[self.output].value
                assert isinstance(value, Constant), "what is answered is written in its cell"
                return Fixed(value.value)
        return Nothing(impossible=False)

    def leaf(self, answer: Fixed | Nothing) -> Leaf:
        number = self.answers.setdefault(answer, len(self.answers))
        return self.leaves.setdefault(number, Leaf(number))


# ---------------------------------------------------------------- what rules that apply together come to


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
