"""The private functions in which a table decides: what is computed first, then the questions.

Where all rules that apply answer together, there is one `if` for each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from gapless.analysis.domain.partition import Box, covers
from gapless.analysis.unit import Unit
from gapless.backends.code.layout import (
    STEP,
    Expression,
    Group,
    Loop,
    function_head,
    if_lines,
    lay,
    led,
    string,
)
from gapless.backends.code.naming import Names
from gapless.backends.code.scope import Scope, TableNames
from gapless.backends.python.asking import Tested, asked, tested
from gapless.backends.python.lets import Needs, asked_of, computed, needs
from gapless.backends.python.lookup import lookup
from gapless.backends.python.rows import (
    USES,
    deciding_head,
    functions,
    leaf,
    remarked,
    stands_for,
    worked_in_place,
)
from gapless.backends.python.steps import (
    Answer,
    Body,
    If,
    Part,
    Question,
    Step,
    Unanswered,
    as_tree,
    rule_by_rule,
)
from gapless.model import (
    Column,
    DecimalType,
    EnumerationType,
    HitPolicy,
    OptionalType,
    RuleKind,
    SetType,
    Table,
    in_turn,
)

NODES = 150
"""A decision of more nodes than this is not drawn as a tree, which nobody would read."""

COLUMNS = 50
"""Nor is one of more columns, which may lie as deep."""

TIMES = 2
"""A tree may take so many times the lines that the rules take, one by one, before these are plainer."""


def decide(unit: Unit, scope: Scope) -> Iterator[list[str]]:
    """The functions that decide, the table's own one first; none of them doubts its arguments."""
    if scope.tables[unit.table].together is not None:
        yield from functions(unit.table, scope)
        yield from lookup(unit, scope)
        return
    if unit.table.policy.is_collecting:
        yield from functions(unit.table, scope)
        yield collecting(unit, scope)
        return
    first, *others = bodies(unit)
    times = Counter(rule for body in (first, *others) for rule in _deciding(body.steps))
    only = frozenset(
        rule
        for rule, count in times.items()
        if count == 1 and worked_in_place(unit.table, rule, scope) is not None
    )
    yield from functions(unit.table, scope, only)
    parts = {id(body.node): body for body in others}
    names = scope.tables[unit.table]
    spelt = {
        key: scope.names.take(f"{names.decide}_by_{names.arguments[_asked_first(unit, body)]}")
        for key, body in parts.items()
    }
    writer = _Writer(unit, scope, names, tested(unit, names), parts, spelt, only)
    yield writer.whole(first)
    for body in others:
        yield writer.part(body)


def bodies(unit: Unit) -> tuple[Body, ...]:
    """The decision as a tree, or its rules one by one where that is far plainer."""
    by_rule, lines = rule_by_rule(unit)
    if unit.decision is None or unit.decision.nodes > NODES or len(unit.axes) > COLUMNS:
        return (by_rule,)
    by_tree, tree_lines = as_tree(unit.decision, unit.axes)
    return by_tree if tree_lines <= TIMES * lines else (by_rule,)


def _asked_first(unit: Unit, body: Body) -> str:
    assert body.node is not None, "only the table's own function begins at no node"
    return asked_of(unit, body.node.axis)[0]


def _deciding(steps: Sequence[Step]) -> Iterator[int]:
    """The rules that decide somewhere in the steps, once for each place."""
    for step in steps:
        if isinstance(step, If):
            yield from _deciding(step.body)
        elif isinstance(step, Answer):
            yield step.rule


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the functions of one table; `parts` and their names `spelt` are by `id` of the node."""

    unit: Unit
    scope: Scope
    names: TableNames
    tested: tuple[Tested, ...]
    parts: Mapping[int, Body]
    spelt: Mapping[int, str]
    only: frozenset[int]
    """The rules that decide in one place, where they work out what they answer."""

    def whole(self, body: Body) -> list[str]:
        """The table's own function, which takes its inputs and computes its lets."""
        made = computed(self.unit, self.scope, needs(self.unit, body.steps, self.parts))
        return [
            *deciding_head(self.unit.table, self.scope),
            *made,
            *self.block(body.steps, 1),
        ]

    def part(self, body: Body) -> list[str]:
        """A function that takes only the columns that it, or what it leads to, needs."""
        needed = needs(self.unit, body.steps, self.parts)
        table = self.unit.table
        needed_here = [column for column in table.columns if column.name in needed.columns]
        parameters = self.scope.typed(table, needed_here)
        parameters += [f"uses: {USES}"] if needed.uses else []
        name = self.spelt[id(body.node)]
        return [
            *function_head(name, parameters, f"Explanation[{self.names.answer}]"),
            *self.block(body.steps, 1),
        ]

    def block(self, steps: Sequence[Step], depth: int) -> list[str]:
        return [line for step in steps for line in self.step(step, depth)]

    def step(self, step: Step, depth: int) -> list[str]:
        match step:
            case If(questions, body):
                condition = asked(questions, self.tested, self.scope.constants)
                return [*if_lines(condition, depth), *self.block(body, depth + 1)]
            case Answer(rule):
                return leaf(self.unit.table, rule, self.scope, depth, is_only=rule in self.only)
            case Part(node):
                needed = needs(self.unit, self.parts[id(node)].steps, self.parts)
                given = [self.names.arguments[column] for column in self.in_order(needed)]
                given += ["uses"] if needed.uses else []
                called = Group(f"{self.spelt[id(node)]}(", tuple(given))
                return lay(called, first="return ", depth=depth)
            case Unanswered():
                text = string(f"no rule of {self.unit.table.name} answers")
                return lay(Group("AssertionError(", (text,)), first="raise ", depth=depth)
        assert_never(step)

    def in_order(self, needed: Needs) -> list[str]:
        """The columns needed, in the table's order."""
        columns = (column.name for column in self.unit.table.columns)
        return [column for column in columns if column in needed.columns]


def collecting(unit: Unit, scope: Scope) -> list[str]:
    """What is impossible first, then the rules in the order in which what they add is listed."""
    table, names = unit.table, scope.tables[unit.table]
    own = Names({*scope.spoken, *names.arguments.values(), "uses"})
    found, answer = own.take("found"), own.take("answer")
    explanation = f"Explanation[{names.answer}]"
    made = computed(unit, scope, _needs(unit))
    head = [
        *deciding_head(table, scope),
        *made,
        *_impossible(unit, scope),
    ]
    if _some_always(unit, RuleKind.IMPOSSIBLE):
        return head
    if not any(unit.boxes[number] is not None for number in unit.rules(RuleKind.RULE)):
        return [*head, *_none(table, scope, 1)]
    otherwise = [] if _some_always(unit, RuleKind.RULE) else _none(table, scope, 2)
    return [
        *head,
        *lay(f"{found}: list[{explanation}] = []", depth=1),
        *_rules(unit, found, scope),
        *([f"{STEP}if not {found}:", *otherwise] if otherwise else []),
        *_ending(table, found, answer, scope),
    ]


def _some_always(unit: Unit, kind: RuleKind) -> bool:
    """Whether some rule of a kind applies to every case."""
    boxes = (unit.boxes[number] for number in unit.rules(kind))
    return any(box is not None and not _questions(unit, box) for box in boxes)


def _needs(unit: Unit) -> Needs:
    """The columns that rules ask for; what is answered rests on all lets."""
    boxes = [box for box in unit.boxes if box is not None]
    asked_for = frozenset(
        name
        for number, axis in enumerate(unit.axes)
        if any(box[number] != axis.whole for box in boxes)
        for name in asked_of(unit, number)
    )
    return Needs(asked_for, bool(unit.table.lets))


def _impossible(unit: Unit, scope: Scope) -> Iterator[str]:
    asked_before: list[Box] = []
    for number in unit.rules(RuleKind.IMPOSSIBLE):
        box = unit.boxes[number]
        if box is not None and not any(covers(each, box) for each in asked_before):
            asked_before.append(box)
            yield from _where(unit, box, scope)
            yield from leaf(unit.table, number, scope, 2 if _questions(unit, box) else 1)


def _rules(unit: Unit, found: str, scope: Scope) -> Iterator[str]:
    names = scope.tables[unit.table]
    for number in in_turn(unit.table, unit.rules(RuleKind.RULE)):
        box = unit.boxes[number]
        if box is not None:
            yield from _where(unit, box, scope)
            depth = 2 if _questions(unit, box) else 1
            part = names.rows[number] or stands_for(unit.table, number, scope)
            added = lay(Group(f"{found}.append(", (part,)), depth=depth)
            yield from remarked(added, unit.table.rules[number])


def _where(unit: Unit, box: Box, scope: Scope) -> list[str]:
    """The question whether a rule applies; none where it always does."""
    questions = _questions(unit, box)
    if not questions:
        return []
    columns = tested(unit, scope.tables[unit.table])
    return if_lines(asked(questions, columns, scope.constants), 1)


def _questions(unit: Unit, box: Box) -> Sequence[Question]:
    wholes = zip(box, unit.wholes, strict=True)
    return [
        Question(axis, mask, whole) for axis, (mask, whole) in enumerate(wholes) if mask != whole
    ]


def _none(table: Table, scope: Scope, depth: int) -> list[str]:
    """What is answered where no rule applies; that this cannot be is proved otherwise."""
    for number, rule in enumerate(table.rules):
        if rule.kind is RuleKind.OTHERWISE:
            return leaf(table, number, scope, depth)
    text = string(f"no rule of {table.name} answers")
    return lay(Group("AssertionError(", (text,)), first="raise ", depth=depth)


def _ending(table: Table, found: str, answer: str, scope: Scope) -> Iterator[str]:
    names = scope.tables[table]
    uses = ("uses",) if table.lets else ()
    made: Expression = answer
    if not names.result:
        made = _collected(table, table.outputs[0], found, "each.answer", scope)
    else:
        fields = [
            led(f"{field}=", _collected(table, column, found, f"each.answer.{field}", scope))
            for column in table.outputs
            for field in [names.fields[column.name]]
        ]
        yield from lay(Group(f"{names.result}(", tuple(fields)), first=f"{answer} = ", depth=1)
    yield from lay(Group("_together(", (found, made, *uses)), first="return ", depth=1)


def _collected(table: Table, column: Column, found: str, part: str, scope: Scope) -> Expression:
    """The expression for what the parts come to."""
    of = column.type.present
    there = [f"if {part} is not None"] if isinstance(column.type, OptionalType) else []
    each = Loop((part, f"for each in {found}", *there))
    match table.policy:
        case HitPolicy.SUM | HitPolicy.COUNT:
            return Group("_total(" if isinstance(of, DecimalType) else "sum(", (each,))
        case HitPolicy.MIN | HitPolicy.MAX:
            choose = "min(" if table.policy is HitPolicy.MIN else "max("
            if isinstance(of, EnumerationType):
                place = f"key=lambda value: get_args({scope.aliases[of]}).index(value)"
                return Group(choose, (Group("(", (each,)), place))
            return Group(choose, (each,))
    kind = "frozenset(" if isinstance(column.type, SetType) else "tuple("
    return Group(kind, (Loop(("item", f"for each in {found}", f"for item in {part}")),))
