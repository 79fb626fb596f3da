"""The function of a table in which all rules that apply answer together: one `if` for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gapless.analysis.domain.partition import Box, covers
from gapless.analysis.unit import Unit
from gapless.backends.code.layout import STEP, Expression, Group, Loop, lay
from gapless.backends.code.naming import Names
from gapless.backends.code.scope import Scope
from gapless.backends.code.statements import if_lines
from gapless.backends.code.text import string
from gapless.backends.code.values import annotation
from gapless.backends.python.asking import asked, tested
from gapless.backends.python.lets import computed
from gapless.backends.python.needs import Needs, asked_of
from gapless.backends.python.rows import deciding_head, keyword, leaf, remarked
from gapless.backends.python.steps import Question
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


def needs_total(table: Table) -> bool:
    """Whether decimals are summed: exactly, however few digits the caller's context keeps."""
    inner = (column.type.present for column in table.outputs)
    return table.policy is HitPolicy.SUM and any(isinstance(of, DecimalType) for of in inner)


def needs_members(table: Table) -> bool:
    """Whether members of ordered lists are compared."""
    inner = (column.type.present for column in table.outputs)
    extreme = table.policy in (HitPolicy.MIN, HitPolicy.MAX)
    added = any(rule.kind is RuleKind.RULE for rule in table.rules)
    return extreme and added and any(isinstance(of, EnumerationType) for of in inner)


def collecting(unit: Unit, scope: Scope) -> list[str]:
    """What is impossible first, then the rules in the order in which what they add is listed."""
    table, names = unit.table, scope.tables[unit.table]
    own = Names({*scope.spoken, *names.arguments.values(), "uses"})
    found, answer = own.take("found"), own.take("answer")
    parameters = [
        f"{names.arguments[column.name]}: {annotation(column.type, scope.aliases)}"
        for column in table.inputs
    ]
    explanation = f"Explanation[{names.answer}]"
    made = computed(unit, scope, _needs(unit))
    head = [
        *deciding_head(table, parameters, scope),
        *made,
        *([""] if made else []),
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
            added = lay(Group(f"{found}.append(", (names.rows[number],)), depth=depth)
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
            keyword(field, _collected(table, column, found, f"each.answer.{field}", scope))
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
