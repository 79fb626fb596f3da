"""The steps of a deciding function: its rules one by one, or its diagram as questions within questions.

In a tree, a branch becomes one `if` for each way but the last, which needs no question. What several
ways end in is best that last one: the others then fall through to it instead of repeating it. Which
way is last is chosen so that the whole becomes shortest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from gapless.analysis.decision.diagram import NEVER, Branch, Decision, Leaf, Node
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.partition import Axis
from gapless.analysis.unit import Unit
from gapless.model import OptionalType


class Question(NamedTuple):
    """Whether column `axis` is one of the atoms `mask`, where it can only be one of `possible`."""

    axis: int
    mask: int
    possible: int


@dataclass(frozen=True, slots=True)
class If:
    """`body` is done where every question is answered yes."""

    questions: tuple[Question, ...]
    body: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Rule number `rule` decides."""

    rule: int


@dataclass(frozen=True, slots=True)
class Part:
    """Another function decides, the one for `node`."""

    node: Branch


@dataclass(frozen=True, slots=True)
class Unanswered:
    """No rule decides; that no case comes here is what was proved."""


Step: TypeAlias = If | Answer | Part | Unanswered


class Body(NamedTuple):
    """The steps of one function: of the decision's root, or of the part that begins at `node`."""

    node: Branch | None
    steps: tuple[Step, ...]


def rule_by_rule(unit: Unit) -> tuple[Body, int]:
    """The steps that ask for one rule after another, and about how many lines they take.

    A rule with a single condition leaves fewer values possible for those after it; one of which
    nothing is left is not asked for.
    """
    steps = tuple(_steps(unit))
    return Body(None, steps), sum(map(_lines, steps))


def _steps(unit: Unit) -> Iterator[Step]:
    possible = list(unit.wholes)
    for number in unit.precedence.order:
        box = unit.boxes[number]
        if box is None or not all(
            mask & may_be for mask, may_be in zip(box, possible, strict=True)
        ):
            continue
        questions = tuple(
            Question(axis, mask & may_be, may_be)
            for axis, (mask, may_be) in enumerate(zip(box, possible, strict=True))
            if may_be & ~mask
        )
        if not questions:
            yield Answer(number)
            return
        yield If(questions, (Answer(number),))
        if len(questions) == 1:
            possible[questions[0].axis] &= ~questions[0].mask
    yield Unanswered()


def _lines(step: Step) -> int:
    """More than two questions hardly fit on a line: then each has its own, between brackets."""
    if not isinstance(step, If):
        return 1
    questions = len(step.questions)
    return 2 if questions <= 2 else questions + 3


PART = 8
"""From so many lines on, what would be written twice becomes a function of its own."""

DEPTH = 7
"""Nobody follows deeper than so many questions within questions: a function takes over."""


class _Plan(NamedTuple):
    """`falls`: whether some case runs through the steps to what follows them."""

    steps: tuple[Step, ...]
    falls: bool
    lines: int
    cost: int
    last: Node | None = None


def as_tree(decision: Decision, axes: Sequence[Axis]) -> tuple[tuple[Body, ...], int]:
    """The function of the decision's root and those of its parts, and how many lines they take."""
    if isinstance(decision.root, Leaf):
        return (Body(None, (_leaf(decision.root),)),), 1
    planner = _Planner(axes, [decision.root])
    while planner.divide():
        pass
    plans = [planner.branch(node, None) for node in planner.roots]
    nodes = [None, *planner.roots[1:]]
    bodies = tuple(Body(node, each.steps) for node, each in zip(nodes, plans, strict=True))
    return bodies, sum(each.lines + 4 for each in plans) - 4


@dataclass(slots=True)
class _Planner:
    """`roots` begin a function each; `known` are the plans for a node and what follows it."""

    axes: Sequence[Axis]
    roots: list[Branch]
    known: dict[tuple[int, int], _Plan] = field(default_factory=dict)
    first_rule: dict[int, int] = field(default_factory=dict)

    def plan(self, node: Node, rest: Node | None) -> _Plan:
        """The steps for `node`, where `rest` is what the steps after them do."""
        if node is rest:
            return _Plan((), True, 0, 0)
        if isinstance(node, Leaf):
            return _Plan((_leaf(node),), False, 1, 1)
        if node in self.roots:
            return _Plan((Part(node),), False, 1, 1)
        return self.branch(node, rest)

    def branch(self, node: Branch, rest: Node | None) -> _Plan:
        key = (id(node), id(rest))
        if key not in self.known:
            endings = [child for _, child in reversed(self.in_order(node))]
            endings.sort(key=lambda child: child is not rest)
            tries = [self.ending_in(node, last, rest) for last in endings]
            self.known[key] = min(tries, key=lambda plan: plan.cost)
        return self.known[key]

    def ending_in(self, node: Branch, last: Node, rest: Node | None) -> _Plan:
        """The branch with `last` as the way that is not asked for."""
        possible = sum(mask for mask, _ in node.ways)
        ending = self.plan(last, rest)
        steps: list[Step] = []
        lines, cost = ending.lines, ending.cost
        for mask, child in self.in_order(node):
            if child is not last:
                way = self.plan(child, last)
                step, more = _guarded(Question(node.axis, mask, possible), way)
                steps.append(step)
                lines += more
                cost += 2 + way.cost + way.lines
                possible &= -1 if way.falls else ~mask
        return _Plan((*steps, *ending.steps), ending.falls, lines, cost, last)

    def in_order(self, node: Branch) -> list[tuple[int, Node]]:
        """Numbers and dates ascend, after `missing`; other ways come as their rules were written."""
        axis = self.axes[node.axis]
        if ranks.ordered(axis.column.type) is None:
            return sorted(node.ways, key=lambda way: (self.earliest(way[1]), way[0] & -way[0]))
        missing = axis.whole ^ axis.whole >> 1 if isinstance(axis.column.type, OptionalType) else 0
        return sorted(node.ways, key=lambda way: (not way[0] & missing, way[0] & -way[0]))

    def earliest(self, node: Node) -> int:
        """The first of the rules that decide below `node`."""
        if isinstance(node, Leaf):
            return node.rule
        if id(node) not in self.first_rule:
            self.first_rule[id(node)] = min(self.earliest(child) for _, child in node.ways)
        return self.first_rule[id(node)]

    def divide(self) -> bool:
        """Begin one more function, where what is written twice, or lies too deep, calls for it."""
        times: dict[int, int] = {}
        deep: list[Branch] = []
        nodes: dict[int, Branch] = {}
        for node, count, depth in self.visits():
            nodes[id(node)] = node
            times[id(node)] = times.get(id(node), 0) + count
            if depth == DEPTH and self.branch(node, None).lines > 2:
                deep.append(node)
        repeated = [node for node in nodes.values() if times[id(node)] > 1 and self.is_big(node)]
        found = max(repeated, key=lambda node: self.branch(node, None).lines, default=None)
        found = found or next(iter(deep), None)
        if found is None:
            return False
        self.roots.append(found)
        self.known.clear()
        return True

    def is_big(self, node: Branch) -> bool:
        return self.branch(node, None).lines >= PART

    def visits(self) -> Iterator[tuple[Branch, int, int]]:
        """(node, how often, how deep) for all that is written within the functions."""
        found: dict[tuple[int, int], tuple[Branch, Node | None, int, int]] = {}
        for root in self.roots:
            order: list[tuple[Branch, Node | None]] = []
            self.walk(root, None, set(), order)
            found = {(id(root), id(None)): (root, None, 1, 0)}
            for node, rest in reversed(order):
                _, _, count, depth = found[id(node), id(rest)]
                if node is not root:
                    yield node, count, depth
                for child, after, deeper in self.below(node, rest):
                    old = found.get((id(child), id(after)), (child, after, 0, 0))
                    deepest = max(old[3], depth + deeper)
                    found[id(child), id(after)] = (child, after, old[2] + count, deepest)

    def walk(
        self,
        node: Branch,
        rest: Node | None,
        seen: set[tuple[int, int]],
        order: list[tuple[Branch, Node | None]],
    ) -> None:
        """Every place within a function, those below before those above."""
        if (id(node), id(rest)) in seen:
            return
        seen.add((id(node), id(rest)))
        for child, after, _ in self.below(node, rest):
            self.walk(child, after, seen, order)
        order.append((node, rest))

    def below(self, node: Branch, rest: Node | None) -> Iterator[tuple[Branch, Node | None, int]]:
        """The branches that are written within this one, what follows each, and how much deeper."""
        last = self.branch(node, rest).last
        for _, child in node.ways:
            after = rest if child is last else last
            if isinstance(child, Branch) and child is not after and child not in self.roots:
                yield child, after, int(child is not last)


def _leaf(leaf: Leaf) -> Step:
    """A rule that decides; none does where a called table never answers."""
    return Unanswered() if leaf.rule == NEVER else Answer(leaf.rule)


def _guarded(question: Question, way: _Plan) -> tuple[If, int]:
    """The steps of a way behind its question, joined to theirs where they are one; and their lines."""
    match way.steps:
        case (If(questions, body),):
            return If((question, *questions), body), way.lines
        case _:
            return If((question,), way.steps), way.lines + 1
