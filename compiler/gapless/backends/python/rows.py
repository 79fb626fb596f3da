"""The rules of a table as code: a ready-made answer each, or a function of the columns it takes up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gapless.backends.code import contents
from gapless.backends.code.contents import taken_up
from gapless.backends.code.layout import (
    Expression,
    Group,
    Loop,
    Quote,
    beside,
    constant,
    items,
    lay,
)
from gapless.backends.code.scope import Scope, TableNames
from gapless.backends.code.statements import function_head
from gapless.backends.code.text import WIDTH, remark, string, width
from gapless.backends.code.values import annotation, expression
from gapless.backends.python import works
from gapless.backends.python.calling import Calling, calling
from gapless.model import (
    Basis,
    Column,
    Computed,
    Constant,
    Rule,
    RuleKind,
    Table,
)

REFUSALS = {RuleKind.IMPOSSIBLE: "ImpossibleError", RuleKind.DRAFT: "DraftError"}
"""What is raised where a rule gives no answer."""

REMEMBERED = 1_000
"""So many explanations are remembered, of tables that remember what they said."""

USES = "tuple[Explanation[Any], ...]"


def deciding_head(table: Table, parameters: Iterable[str], scope: Scope) -> list[str]:
    """The head of the function in which a table decides."""
    names = scope.tables[table]
    remembers = [f"@lru_cache(maxsize={REMEMBERED:_}, typed=True)"]
    return [
        *(remembers if table in scope.remembering else ()),
        *function_head(names.decide, parameters, f"Explanation[{names.answer}]"),
    ]


def row(table: Table, number: int, scope: Scope) -> list[str]:
    """What stands for rule `number` in the module."""
    rule = table.rules[number]
    if rule.kind in REFUSALS:
        return _refusal(table, number, scope)
    if contents.is_constant(rule):
        names = scope.tables[table]
        if names.together is not None:
            return []  # it stands among the rows
        kind = f"Explanation[{names.answer}]"
        return constant(names.rows[number], kind, ready(table, number, scope))
    return _computed(table, number, scope)


def leaf(table: Table, number: int, scope: Scope, depth: int) -> list[str]:
    """The statement by which rule `number` decides."""
    rule, names = table.rules[number], scope.tables[table]
    name = names.rows[number]
    if rule.kind in REFUSALS:
        lines = lay(f"raise {REFUSALS[rule.kind]}(*{name})", depth=depth)
    elif contents.is_constant(rule):
        using = ".using(uses)" if table.lets else ""
        lines = lay(f"{name}{using}", first="return ", depth=depth)
    else:
        given = [names.arguments[column.name] for column in parameters(table, rule, names)]
        made = Group(f"{name}(", (*given, "uses") if table.lets else tuple(given))
        lines = lay(made, first="return ", depth=depth)
    return remarked(lines, rule)


def parameters(table: Table, rule: Rule, names: TableNames) -> tuple[Column, ...]:
    """The columns that the function of a rule takes: all alike, where rules are looked up."""
    return taken_up(table, rule) if names.together is None else names.together


def _refusal(table: Table, number: int, scope: Scope) -> list[str]:
    rule = table.rules[number]
    parts = (
        string(table.name),
        string(rule.name),
        Quote("", rule.reason.text),
        _citations(rule, scope),
    )
    return lay(items(*parts), first=f"{scope.tables[table].rows[number]}: Final = ")


def ready(table: Table, number: int, scope: Scope) -> Group:
    """The explanation of a rule whose answer is always the same."""
    rule, names = table.rules[number], scope.tables[table]
    values = [
        expression(outcome.value.value)
        for outcome in rule.outcomes
        if isinstance(outcome.value, Constant)
    ]
    answer = _answer(table, values, names)
    return Group("Explanation(", tuple(_explained(table, rule, answer, scope)))


def _computed(table: Table, number: int, scope: Scope) -> list[str]:
    """A function of the columns that the outcomes take up."""
    rule, names = table.rules[number], scope.tables[table]
    columns = parameters(table, rule, names)
    made = calling(scope, {column.name: names.arguments[column.name] for column in columns})
    values = [
        works.call(table, names.worked[number, output], outcome.value.expression, scope)
        if isinstance(outcome.value, Computed)
        else made.outcome(outcome.value)
        for output, outcome in enumerate(rule.outcomes)
    ]
    answer = _answer(table, values, names)
    if isinstance(answer, Group) and not names.result:
        made.steps.append((f"answer: {names.answer}", answer))
        answer = "answer"
    explained = [*_explained(table, rule, answer, scope), *_uses(table, made)]
    typed = [
        f"{names.arguments[column.name]}: {annotation(column.type, scope.aliases)}"
        for column in columns
    ]
    typed += [f"uses: {USES}"] if table.lets else []
    return [
        *function_head(names.rows[number], typed, f"Explanation[{names.answer}]"),
        *made.lines(all_read=True),
        *lay(Group("Explanation(", tuple(explained)), first="return ", depth=1),
    ]


def _uses(table: Table, made: Calling) -> Iterator[Expression]:
    """What the answer rests on: the calls of lets, which are handed in, and then its own."""
    if made.found:
        yield items(*(["*uses"] if table.lets else []), *made.found.values(), head="uses=")
    elif table.lets:
        yield "uses=uses"


def _answer(table: Table, values: list[Expression], names: TableNames) -> Expression:
    if not names.result:
        return values[0]
    fields = (names.fields[column.name] for column in table.outputs)
    named = (keyword(name, value) for name, value in zip(fields, values, strict=True))
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
        yield keyword("citations", _citations(rule, scope))
    if rule.annotations:
        pairs = (items(string(name), Quote("", text)) for name, text in rule.annotations)
        yield items(*pairs, head="annotations=")


def keyword(name: str, value: Expression) -> Expression:
    """`name=value`."""
    match value:
        case Loop():
            raise AssertionError("a loop stands in brackets of its own")
        case str():
            return f"{name}={value}"
        case Quote(head, text):
            return Quote(f"{name}={head}", text)
        case Group(head, parts, tail, notes):
            return Group(f"{name}={head}", parts, tail, notes)


def _citations(rule: Rule, scope: Scope) -> Expression:
    return items(*(scope.citations[each] for each in rule.reason.citations))


def remarked(lines: list[str], rule: Rule) -> list[str]:
    """A statement by which a rule answers, with what it answers beside it."""
    return _remarked(lines, _remark(rule))


def _remark(rule: Rule) -> str:
    """What a rule answers, as its author wrote it, and the sections it cites."""
    answer = " | ".join(outcome.text for outcome in rule.outcomes) or rule.kind.value
    cited = ", ".join(each.name for each in rule.reason.citations)
    return remark(f"{answer} [{cited}]" if cited else answer)


def _remarked(lines: list[str], text: str) -> list[str]:
    """The lines with a comment beside them, or above where there is no room."""
    first, *others = lines
    if not others and width(f"{first}  # {text}") <= WIDTH:
        return [beside(first, text)]
    indent = " " * (len(first) - len(first.lstrip()))
    return [beside(indent[2:], text), *lines] if text else lines
