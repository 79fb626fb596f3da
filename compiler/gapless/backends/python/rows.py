"""The rules of a table as code: a ready-made answer each, or a function of the columns it takes up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from gapless.backends.python import contents
from gapless.backends.python.layout import Expression, Group, Quote, beside, items, lay
from gapless.backends.python.naming import Names, identifier
from gapless.backends.python.scope import Scope, TableNames
from gapless.backends.python.statements import function_head
from gapless.backends.python.text import WIDTH, remark, string
from gapless.backends.python.values import annotation, expression
from gapless.model import (
    Basis,
    Call,
    Column,
    ColumnValue,
    Constant,
    Items,
    OutcomeValue,
    Rule,
    RuleKind,
    Table,
)

USES = "tuple[Explanation[object], ...]"


@dataclass(frozen=True, slots=True)
class Found:
    """The calls made in one function, each once: `names` by what is called with what."""

    scope: Scope
    arguments: dict[str, str]
    names: Names
    found: dict[tuple[Table, tuple[Constant | ColumnValue, ...]], str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def answer(self, call: Call) -> str:
        """The answer to `call`, which is written out where it is new."""
        key = (call.table, call.arguments)
        if key not in self.found:
            callee = self.scope.tables[call.table]
            word = identifier(call.table.name)
            self.found[key] = self.names.take(word, f"{word}_found")
            given = tuple(self.operand(argument) for argument in call.arguments)
            made = Group(f"{callee.decide}(", given)
            self.lines.extend(lay(made, first=f"{self.found[key]} = ", depth=1))
        callee = self.scope.tables[call.table]
        output = call.table.outputs[call.output].name
        picked = f".{callee.fields[output]}" if callee.result else ""
        return f"{self.found[key]}.answer{picked}"

    def operand(self, value: Constant | ColumnValue | Call) -> Expression:
        match value:
            case Constant(constant):
                return expression(constant)
            case ColumnValue(column):
                return self.arguments[column]
            case Call():
                return self.answer(value)

    def outcome(self, value: OutcomeValue) -> Expression:
        if not isinstance(value, Items):
            return self.operand(value)
        parts = tuple(self.operand(item) for item in value.items)
        return Group("frozenset((", parts, "))") if value.as_set else items(*parts)


def row(table: Table, number: int, scope: Scope) -> list[str]:
    """What stands for rule `number` in the module."""
    rule = table.rules[number]
    if rule.kind is RuleKind.IMPOSSIBLE:
        return _impossible(table, number, scope)
    if contents.is_constant(rule):
        return _ready(table, number, scope)
    return _computed(table, number, scope)


def leaf(table: Table, number: int, scope: Scope, depth: int) -> list[str]:
    """The statement by which rule `number` decides."""
    rule, names = table.rules[number], scope.tables[table]
    name = names.rows[number]
    if rule.kind is RuleKind.IMPOSSIBLE:
        lines = lay(f"raise ImpossibleError(*{name})", depth=depth)
    elif contents.is_constant(rule):
        using = ".using(uses)" if table.lets else ""
        lines = lay(f"{name}{using}", first="return ", depth=depth)
    else:
        given = [names.arguments[column.name] for column in taken_up(table, rule)]
        made = Group(f"{name}(", (*given, "uses") if table.lets else tuple(given))
        lines = lay(made, first="return ", depth=depth)
    return _remarked(lines, _remark(table, rule))


def taken_up(table: Table, rule: Rule) -> tuple[Column, ...]:
    """The columns whose values the outcomes of a rule hold or hand on."""
    parts = [part for each in rule.outcomes for part in contents.operands(each.value)]
    handed = [argument for part in parts if isinstance(part, Call) for argument in part.arguments]
    columns = {part.column for part in (*parts, *handed) if isinstance(part, ColumnValue)}
    return tuple(column for column in table.columns if column.name in columns)


def _impossible(table: Table, number: int, scope: Scope) -> list[str]:
    rule = table.rules[number]
    parts = (
        string(table.name),
        string(rule.name),
        Quote("", rule.reason.text),
        _citations(rule, scope),
    )
    return lay(items(*parts), first=f"{scope.tables[table].rows[number]}: Final = ")


def _ready(table: Table, number: int, scope: Scope) -> list[str]:
    rule, names = table.rules[number], scope.tables[table]
    values = [
        expression(outcome.value.value)
        for outcome in rule.outcomes
        if isinstance(outcome.value, Constant)
    ]
    answer = _answer(table, values, names)
    made = Group(f"Explanation[{names.answer}](", tuple(_explained(table, rule, answer, scope)))
    return lay(made, first=f"{names.rows[number]} = ")


def _computed(table: Table, number: int, scope: Scope) -> list[str]:
    rule, names = table.rules[number], scope.tables[table]
    arguments = {c.name: names.arguments[c.name] for c in taken_up(table, rule)}
    found = Found(scope, arguments, Names({*arguments.values(), "answer", "uses"}))
    values = [found.outcome(outcome.value) for outcome in rule.outcomes]
    answer = _answer(table, values, names)
    if not isinstance(answer, str) and not names.result:
        found.lines.extend(lay(answer, first=f"answer: {names.answer} = ", depth=1))
        answer = "answer"
    explained = list(_explained(table, rule, answer, scope))
    uses = [*(["*uses"] if table.lets else []), *found.found.values()]
    if found.found:
        explained.append(items(*uses, head="uses="))
    elif table.lets:
        explained.append("uses=uses")
    parameters = [
        f"{names.arguments[column.name]}: {annotation(column.type, scope.aliases)}"
        for column in taken_up(table, rule)
    ]
    parameters += [f"uses: {USES}"] if table.lets else []
    return [
        *function_head(names.rows[number], parameters, f"Explanation[{names.answer}]"),
        *found.lines,
        *lay(Group("Explanation(", tuple(explained)), first="return ", depth=1),
    ]


def _answer(table: Table, values: list[Expression], names: TableNames) -> Expression:
    if not names.result:
        return values[0]
    fields = (names.fields[column.name] for column in table.outputs)
    named = (_named(name, value) for name, value in zip(fields, values, strict=True))
    return Group(f"{names.result}(", tuple(named))


def _explained(table: Table, rule: Rule, answer: Expression, scope: Scope) -> Iterator[Expression]:
    """The arguments of an explanation, without those that say nothing."""
    reason = rule.reason
    yield string(table.name)
    yield string(rule.name)
    yield answer
    if reason.basis is not Basis.STATED:
        yield f"basis={string(reason.basis.value)}"
    if reason.text:
        yield Quote("reason=", reason.text)
    if reason.citations:
        yield _named("citations", _citations(rule, scope))
    if rule.annotations:
        pairs = (items(string(name), Quote("", text)) for name, text in rule.annotations)
        yield items(*pairs, head="annotations=")


def _named(name: str, value: Expression) -> Expression:
    match value:
        case str():
            return f"{name}={value}"
        case Quote(head, text):
            return Quote(f"{name}={head}", text)
        case Group(head, parts, tail, notes):
            return Group(f"{name}={head}", parts, tail, notes)


def _citations(rule: Rule, scope: Scope) -> Expression:
    return items(*(scope.citations[each] for each in rule.reason.citations))


def _remark(table: Table, rule: Rule) -> str:
    """What a rule answers, as its author wrote it, and the sections it cites."""
    answer = " | ".join(outcome.text for outcome in rule.outcomes) or "impossible"
    cited = ", ".join(each.name for each in rule.reason.citations)
    return remark(f"{answer} [{cited}]" if cited else answer)


def _remarked(lines: list[str], text: str) -> list[str]:
    """The lines with a comment beside them, or above where there is no room."""
    first, *others = lines
    if not others and len(f"{first}  # {text}") <= WIDTH:
        return [beside(first, text)]
    indent = " " * (len(first) - len(first.lstrip()))
    return [beside(indent[2:], text), *lines]
