"""What a table that collects answers, case by case: a diagram, walked column by column.

What is remembered on the way is which rules may still apply, and what those that are sure to apply
come to so far. Cases with equal remainders are one node, so that a sum of many points has few nodes,
however many sets of rules may apply together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from gapless.analysis.composition.calls import silent
from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.decision.claims import Claims
from gapless.analysis.decision.diagram import GAP, Branch, Leaf, Node, UniqueTable, fold, paths
from gapless.analysis.decision.first_match import Claim, Levels, orders
from gapless.analysis.domain.answers import Fixed, Nothing, Piece
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Axis, Box
from gapless.analysis.domain.recursion import Unrolled, unroll
from gapless.model import Constant, HitPolicy, RuleKind, Table, Value, in_turn, size, total

Partial: TypeAlias = Any
"""What some rules come to; None where there is no rule yet."""


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
        if not self.answers:
            raise OverBudget
        for box, number in paths(self.root, self.whole, Work.aside(0)):
            answer = self.answers[number]
            is_never = answer == Nothing(impossible=True)
            yield from silent([box], True, undecided) if is_never else [Piece(box, answer)]

    def seen_on(self, axis: Axis | None) -> Collected:
        """The same with one value for all that the axis of a column, if any, does not tell apart."""
        if axis is None or not self.answers:
            return self
        answers: dict[Fixed | Nothing, int] = {}
        unique = UniqueTable()

        def leaf(number: int) -> Node:
            answer = _sample(self.answers[number], axis)
            return unique.leaf(answers.setdefault(answer, len(answers)))

        root = fold(self.root, leaf, lambda node, ways: unique.branch(node.axis, ways))
        return Collected(root, self.whole, tuple(answers))

    def where(self, answer: int) -> Box:
        """A box of inputs that are answered so."""

        def masks(
            node: Branch, ways: Sequence[tuple[int, dict[int, int] | None]]
        ) -> dict[int, int] | None:
            """The atoms of each axis on a way from a node to the answer, if there is one."""
            return next(
                ({node.axis: mask, **rest} for mask, rest in ways if rest is not None), None
            )

        found = fold(self.root, lambda number: {} if number == answer else None, masks)
        assert found is not None, "every answer is some case's"
        return tuple(found.get(axis, mask) for axis, mask in enumerate(self.whole))


def _sample(answer: Fixed | Nothing, axis: Axis) -> Fixed | Nothing:
    """The answer, or another that lies in the same atom of an axis."""
    if isinstance(answer, Nothing):
        return answer
    if isinstance(answer.value, tuple | frozenset) and not axis.steps:
        return answer  # no cell asks about it
    atom = axis.locate(answer.value)
    return answer if atom is None else Fixed(axis.sample(atom))


def collected(table: Table, claimed: Claims, output: int) -> Collected:
    """What a collecting table answers in one output, its rules being claims on inputs."""
    rest = next((r for r in table.rules if r.kind is RuleKind.OTHERWISE), None)
    value = rest.outcomes[output].value if rest else None
    assert value is None or isinstance(value, Constant), "what is answered is written in its cell"
    answer = Nothing(impossible=False) if value is None else Fixed(value.value)
    return _smallest(table, claimed, adding(table, output, turns(table)), answer)


def applying(table: Table, claimed: Claims) -> Collected:
    """Which rules of a collecting table answer together: as answers, their numbers in turn."""
    numbers = turns(table)
    which = Adding(
        {number: 1 << place for place, number in enumerate(numbers)},
        sum,
        lambda _, __: False,
        lambda partial: tuple(numbers[place] for place in bits(partial)),
    )
    rest = (n for n, rule in enumerate(table.rules) if rule.kind is RuleKind.OTHERWISE)
    answers = (Fixed((number,)) for number in rest)
    return _smallest(table, claimed, which, next(answers, Nothing(impossible=False)))


def turns(table: Table) -> list[int]:
    """The rules that add something, by number, in the order in which what they add is listed."""
    rules = [number for number, rule in enumerate(table.rules) if rule.kind is RuleKind.RULE]
    return in_turn(table, rules)


def _smallest(
    table: Table, claimed: Claims, rules: Adding, otherwise: Fixed | Nothing
) -> Collected:
    """The smallest diagram of those tried."""
    claims, whole = claimed.claims, claimed.whole
    found = []
    for order in orders(range(len(whole)), claims, whole):
        build = _Build(table, claims, Levels.of(claims, whole, order), rules, otherwise)
        try:
            root = unroll(build.node(0, build.first, None))
        except OverBudget:
            continue
        found.append((len(build.unique.branches), Collected(root, whole, tuple(build.answers))))
    unknown = 0, Collected(Leaf(GAP), whole, ())
    return min(found, key=lambda each: each[0], default=unknown)[1]


@dataclass(slots=True)
class _Build:
    """The tables and memory of one build; `never` are the claims of what does not happen, as bits."""

    table: Table
    claims: Sequence[Claim]
    levels: Levels
    adding: Adding
    otherwise: Fixed | Nothing
    work: Work = field(init=False)
    first: int = 0
    never: int = 0
    answers: dict[Fixed | Nothing, int] = field(default_factory=dict)
    idle: dict[Partial, int] = field(default_factory=dict)
    memory: dict[tuple[int, int, Partial], Node] = field(default_factory=dict)
    unique: UniqueTable = field(default_factory=UniqueTable)

    def __post_init__(self) -> None:
        self.work = Work.aside(len(self.claims))
        for number, claim in enumerate(self.claims):
            kind = RuleKind.IMPOSSIBLE if claim.rule < 0 else self.table.rules[claim.rule].kind
            self.never |= (kind is RuleKind.IMPOSSIBLE) << number
            self.first |= (kind is not RuleKind.OTHERWISE) << number

    def node(self, level: int, alive: int, partial: Partial) -> Unrolled[Node]:
        """Where the cases lead in which claims `alive` may still hold; the rest come to `partial`."""
        settled = alive & self.levels.whole_from[level]
        if settled & self.never:
            return self.leaf(Nothing(impossible=True))
        if settled:
            more = [self.adding.added[self.claims[number].rule] for number in bits(settled)]
            partial = self.adding.together(more if partial is None else [partial, *more])
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
                if self.adding.is_idle(partial, self.adding.added[self.claims[number].rule])
            )
        return self.idle[partial]

    def branch(self, level: int, alive: int, partial: Partial) -> Unrolled[Node]:
        ways = []
        for left, mask in self.levels.ways(level, alive, self.work):
            ways.append((mask, (yield self.node(level + 1, left, partial))))
        return self.unique.branch(self.levels.order[level], ways)

    def answer(self, partial: Partial) -> Fixed | Nothing:
        return self.otherwise if partial is None else Fixed(self.adding.value(partial))

    def leaf(self, answer: Fixed | Nothing) -> Leaf:
        return self.unique.leaf(self.answers.setdefault(answer, len(self.answers)))


@dataclass(frozen=True, slots=True)
class Adding:
    """How rules that apply together are collected in one output, no more remembered than matters later.

    `added` is what each rule adds, by its number, and `together` what some of that comes to.
    More of it `is_idle` where it changes nothing any more; `value` is what stands for it in the answer.
    """

    added: Mapping[int, Partial]
    together: Callable[[Sequence[Partial]], Partial]
    is_idle: Callable[[Partial, Partial], bool]
    value: Callable[[Partial], Value] = lambda partial: partial


def adding(table: Table, output: int, turns: Sequence[int]) -> Adding:
    """How a collecting table collects in one output; `turns` are its rules as they are listed."""
    added: dict[int, Any] = {}
    for number in turns:
        outcome = table.rules[number].outcomes[output].value
        assert isinstance(outcome, Constant), "what is collected is written in its cell"
        added[number] = outcome.value
    match table.policy:
        case HitPolicy.SUM | HitPolicy.COUNT:
            return Adding(added, total, lambda _, more: bool(more == 0))
        case HitPolicy.MIN | HitPolicy.MAX:
            column = table.outputs[output]
            ordered = sorted(set(added.values()), key=lambda value: size(column, value))
            if table.policy is HitPolicy.MAX:
                ordered.reverse()
            place = {value: number for number, value in enumerate(ordered)}
            return Adding(
                added,
                lambda some: min(some, key=place.__getitem__),
                lambda partial, more: place[more] >= place[partial],
            )
    if any(isinstance(each, frozenset) for each in added.values()):
        return Adding(
            added,
            lambda some: frozenset().union(*some),
            lambda partial, more: bool(more <= partial),
        )
    # Lists one after the other: remembered as the rules that add to them, bits in the order of `turns`.
    return Adding(
        {number: bool(added[number]) << place for place, number in enumerate(turns)},
        sum,
        lambda _, more: more == 0,
        lambda partial: tuple(item for place in bits(partial) for item in added[turns[place]]),
    )
