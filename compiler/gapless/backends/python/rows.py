"""The rules of a table as code: a line in a table of answers, or a function of the columns it takes up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias, assert_never

from gapless.analysis.composition.calls import calls
from gapless.backends.code.layout import (
    Expression,
    Group,
    Quote,
    beside,
    constant,
    flat,
    function_head,
    items,
    lay,
    led,
    remark,
    string,
)
from gapless.backends.code.naming import Names, expression, identifier
from gapless.backends.code.scope import REFUSALS, Scope, TableNames, is_constant, taken_up
from gapless.backends.python.works import call_of
from gapless.model import (
    Basis,
    Call,
    Column,
    ColumnValue,
    Computed,
    Constant,
    Items,
    OptionalType,
    Rule,
    Table,
    Type,
    Value,
)
from gapless.model.copies import becomes_decimal
from gapless.text.traces import bases_named

REMEMBERED = 1_000
"""So many explanations are remembered, of tables that remember what they said."""

SHORT = 12
"""A decimal of more letters goes by no name."""

USES = "tuple[Explanation[Any], ...]"

UNASKED = "_UNASKED"
"""What stands where a guarded table was not asked, so that all others keep their places."""


def deciding_head(table: Table, scope: Scope) -> list[str]:
    """The head of the function in which a table decides."""
    names = scope.tables[table]
    remembers = [f"@lru_cache(maxsize={REMEMBERED:_}, typed=True)"]
    return [
        *(remembers if table in scope.remembering else ()),
        *function_head(
            names.decide, scope.typed(table, table.inputs), f"Explanation[{names.answer}]"
        ),
    ]


def rows(table: Table, scope: Scope) -> Iterator[list[str]]:
    """What stands for the rules in the module: a table of answers, then what refuses.

    Where rules are looked up, their answers stand among the rows.
    """
    names = scope.tables[table]
    answers = [
        _rule(table, number, scope)
        for number, rule in enumerate(table.rules)
        if rule.kind not in REFUSALS and is_constant(rule) and names.together is None
    ]
    if answers:
        made = Group("_rules(", (string(table.name), *answers))
        yield constant(names.rules, f"_Rules[{names.answer}]", made)
    for number, rule in enumerate(table.rules):
        if rule.kind in REFUSALS:
            why = (Quote("", rule.reason.text), _citations(rule, scope))
            made = items(string(table.name), string(rule.name), *why)
            yield lay(made, first=f"{names.rows[number]}: Final = ")


def functions(table: Table, scope: Scope, but: Collection[int] = ()) -> Iterator[list[str]]:
    """The functions of the rules whose answers depend on columns."""
    for number, rule in enumerate(table.rules):
        if not is_constant(rule) and number not in but:
            yield _computed(table, number, scope)


def stands_for(table: Table, number: int, scope: Scope) -> str:
    """The expression for what a rule always answers."""
    return f"{scope.tables[table].rules}[{string(table.rules[number].name)}]"


def leaf(
    table: Table, number: int, scope: Scope, depth: int, *, is_only: bool = False
) -> list[str]:
    """The statement by which rule `number` decides; `is_only` where no other does so."""
    rule, names = table.rules[number], scope.tables[table]
    if is_only and (worked := worked_in_place(table, number, scope)) is not None:
        made, explained = worked
        answered = remarked(lay(explained, first="return ", depth=depth), rule)
        return [*made.lines(all_read=True, depth=depth), *answered]
    name = names.rows[number]
    if rule.kind in REFUSALS:
        lines = lay(f"raise {REFUSALS[rule.kind]}(*{name})", depth=depth)
    elif is_constant(rule):
        ready = stands_for(table, number, scope)
        using = Group(f"{ready}.using(", ("uses",)) if table.lets else ready
        lines = lay(using, first="return ", depth=depth)
    else:
        given = [names.arguments[column.name] for column in parameters(table, rule, names)]
        call = Group(f"{name}(", (*given, "uses") if table.lets else tuple(given))
        lines = lay(call, first="return ", depth=depth)
    return remarked(lines, rule)


def parameters(table: Table, rule: Rule, names: TableNames) -> tuple[Column, ...]:
    """The columns that the function of a rule takes: all alike, where rules are looked up."""
    return taken_up(table, rule) if names.together is None else names.together


def _rule(table: Table, number: int, scope: Scope) -> Group:
    """A rule whose answer is always the same, in a line of a table of them."""
    rule = table.rules[number]
    reason = rule.reason
    told: list[Expression] = [string(rule.name), _fixed(table, number, scope)]
    told += [scope.citations[each] for each in reason.citations]
    if reason.text:
        told.append(Quote("reason=", reason.text))
    return Group("_rule(", (*told, *_besides(table, rule)))


def _fixed(table: Table, number: int, scope: Scope) -> Expression:
    """What a rule always answers."""
    outcomes = (outcome.value for outcome in table.rules[number].outcomes)
    values = [each.value for each in outcomes if isinstance(each, Constant)]
    return answer(table, values, scope)


def answer(
    table: Table, values: Iterable[Value], scope: Scope, *, by_name: bool = False
) -> Expression:
    """An answer that is known, of one output or of several; its decimals may go by names."""
    written = tuple(
        scope.constants.amount(each)
        if by_name and isinstance(each, Decimal) and len(str(each)) <= SHORT
        else expression(each)
        for each in values
    )
    result = scope.tables[table].result
    return Group(f"{result}(", written) if result else written[0]


def ready(table: Table, number: int, scope: Scope) -> Group:
    """The explanation of a rule whose answer is always the same."""
    fixed = _fixed(table, number, scope)
    return Group("Explanation(", tuple(_explained(table, table.rules[number], fixed, scope)))


def worked_in_place(table: Table, number: int, scope: Scope) -> tuple[Calling, Group] | None:
    """What a rule that works its answer out calls before, and its explanation; None of any other.

    None, too, where a name might stand for two kinds of thing within the function that decides.
    """
    rule, names = table.rules[number], scope.tables[table]
    if is_constant(rule) or names.together is not None:
        return None
    lets = calling(table, scope, names.arguments)
    taken = [lets.explanation(let.call) for let in table.lets]
    made, explained = _explaining(table, number, scope, (*names.arguments.values(), *taken))
    called = dict.fromkeys(call.table for call in calls(table))
    is_clear = len({identifier(each.name) for each in called}) == len(called)
    is_plain = not any(name.startswith("answer:") for name, _ in made.steps)
    return (made, explained) if is_clear and is_plain else None


def _computed(table: Table, number: int, scope: Scope) -> list[str]:
    """A function of the columns that the outcomes take up."""
    names = scope.tables[table]
    made, explained = _explaining(table, number, scope)
    typed = scope.typed(table, parameters(table, table.rules[number], names))
    typed += [f"uses: {USES}"] if table.lets else []
    return [
        *function_head(names.rows[number], typed, f"Explanation[{names.answer}]"),
        *made.lines(all_read=True),
        *lay(explained, first="return ", depth=1),
    ]


def _explaining(
    table: Table, number: int, scope: Scope, taken: Iterable[str] = ()
) -> tuple[Calling, Group]:
    """What a rule calls before it answers, and its explanation."""
    rule, names = table.rules[number], scope.tables[table]
    columns = parameters(table, rule, names)
    known = {column.name: names.arguments[column.name] for column in columns}
    made = calling(table, scope, known, taken)
    values: list[Expression] = [
        call_of(table, names.worked[number, output], outcome.value.expression, scope)
        if isinstance(outcome.value, Computed)
        else made.outcome(outcome.value, table.outputs[output].type)
        for output, outcome in enumerate(rule.outcomes)
    ]
    answer = values[0]
    if names.result:
        fields = (f"{names.fields[column.name]}=" for column in table.outputs)
        answer = Group(f"{names.result}(", tuple(map(led, fields, values)))
    elif isinstance(answer, Group) and not isinstance(rule.outcomes[0].value, Computed):
        made.steps.append((f"answer: {names.answer}", answer))
        answer = "answer"
    explained = (*_explained(table, rule, answer, scope), *_uses(table, made))
    return made, Group("Explanation(", explained)


def _uses(table: Table, made: Calling) -> Iterator[Expression]:
    """What the answer rests on: the calls of lets, which are handed in, and then its own."""
    if made.found:
        yield items(*(["*uses"] if table.lets else []), *made.found.values(), head="uses=")
    elif table.lets:
        yield "uses=uses"


def _explained(table: Table, rule: Rule, answer: Expression, scope: Scope) -> Iterator[Expression]:
    """The arguments of an explanation, without those that say nothing."""
    yield from (string(table.name), string(rule.name), answer)
    if rule.reason.text:
        yield Quote("reason=", rule.reason.text)
    if rule.reason.citations:
        yield led("citations=", _citations(rule, scope))
    yield from _besides(table, rule)


def _besides(table: Table, rule: Rule) -> Iterator[Expression]:
    """What few rules say besides: on what they rest, and their annotations."""
    basis = bases_named(table, [rule.reason.basis_of(column.name) for column in table.outputs])
    if basis != Basis.STATED:
        yield f"basis={string(basis)}"
    if rule.annotations:
        pairs = (items(string(name), Quote("", text)) for name, text in rule.annotations)
        yield items(*pairs, head="annotations=")


def _citations(rule: Rule, scope: Scope) -> Expression:
    return items(*(scope.citations[each] for each in rule.reason.citations))


def remarked(lines: list[str], rule: Rule) -> list[str]:
    """A statement by which a rule answers; beside it, what its author wrote and which sections it cites."""
    answer = " | ".join(outcome.text for outcome in rule.outcomes) or rule.kind.value
    cited = ", ".join(each.name for each in rule.reason.citations)
    return [beside(lines[0], remark(f"{answer} [{cited}]" if cited else answer)), *lines[1:]]


Asked: TypeAlias = tuple[Table, tuple[Constant | ColumnValue, ...]]
"""What is called, and with what."""


@dataclass(frozen=True, slots=True)
class Calling:
    """The calls that one function makes; `arguments` are the names that columns have in it.

    `types` are those of the columns.
    `found` are the names of their explanations, and `asked` of those that need not be asked for again
    where a guard holds, though what is found there is told apart. `steps` are (name, what it is given) in order, and
    `read` the names that something reads.
    """

    scope: Scope
    types: Mapping[str, Type]
    arguments: Mapping[str, str]
    names: Names
    found: dict[Asked, str] = field(default_factory=dict)
    asked: dict[Asked, str] = field(default_factory=dict)
    steps: list[tuple[str, Expression]] = field(default_factory=list)
    read: set[str] = field(default_factory=set)

    def explanation(self, call: Call) -> str:
        """The name of what the called table says; the call is made where it is new."""
        asked = (call.table, call.arguments)
        if asked not in self.found:
            word = identifier(call.table.name)
            self.found[asked] = self.names.take(word, f"{word}_found")
            if asked in self.asked:
                self.read.add(self.asked[asked])
                self.steps.append((self.found[asked], self.asked[asked]))
                return self.found[asked]
            given = tuple(
                self.operand(argument, column.type)
                for argument, column in zip(call.arguments, call.table.inputs, strict=True)
            )
            made = Group(f"{self.scope.tables[call.table].decide}(", given)
            self.steps.append((self.found[asked], made))
        return self.found[asked]

    def answer(self, call: Call) -> str:
        """The expression for what `call` answers."""
        name = self.explanation(call)
        self.read.add(name)
        callee = self.scope.tables[call.table]
        output = call.table.outputs[call.output].name
        return f"{name}.answer.{callee.fields[output]}" if callee.result else f"{name}.answer"

    def operand(self, value: Constant | ColumnValue | Call, into: Type) -> Expression:
        """The expression for a value as a column of type `into` takes it."""
        match value:
            case Constant(constant):
                return expression(constant)
            case ColumnValue(column):
                return _copied(self.arguments[column], self.types[column], into)
            case Call(table, output):
                return _copied(self.answer(value), table.outputs[output].type, into)
        assert_never(value)

    def outcome(self, value: Constant | ColumnValue | Call | Items, into: Type) -> Expression:
        """The expression for an outcome, after the calls that it needs."""
        if not isinstance(value, Items):
            return self.operand(value, into)
        parts = [self.operand(item, into.scalar) for item in value.items]
        if not value.as_set:
            return items(*parts)
        different = {flat(part): part for part in parts}
        return Group("frozenset(", (Group("{", tuple(different.values()), "}"),))

    def assign(self, name: str, made: Expression) -> None:
        """Give a column the answer of its call, or what a function works out."""
        self.steps.append((name, made))
        self.read.add(name)

    def lines(self, *, all_read: bool, depth: int = 1) -> Iterator[str]:
        """The statements; an explanation that nothing reads has no name."""
        for name, made in self.steps:
            named = all_read or name in self.read
            yield from lay(made, first=f"{name} = " if named else "", depth=depth)


def _copied(name: str, given: Type, into: Type) -> str:
    """A whole number among decimals becomes one; a type checker tells them apart, if nobody else."""
    if not becomes_decimal(given, into):
        return name
    made = f"Decimal({name})"
    may_miss = isinstance(given, OptionalType) and isinstance(into, OptionalType)
    return f"{name} if {name} is None else {made}" if may_miss else made


def calling(
    table: Table, scope: Scope, arguments: Mapping[str, str], taken: Iterable[str] = ()
) -> Calling:
    """No calls yet, in a function that knows columns by these names, and other things by those taken."""
    names = Names({*scope.spoken, *arguments.values(), *taken, "answer"})
    types = {column.name: column.type for column in table.columns}
    return Calling(scope, types, arguments, names)
