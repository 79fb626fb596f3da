"""The reference meaning: what a table answers, by the slow and obvious reading of its rows.

Everything else (analysis, generated code, documents) is checked against this module; it shares
nothing with them but the model. Read it as the definition of the language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, TypeAlias, assert_never

from gapless.model import (
    NO_VALUE,
    AllOf,
    AnyOf,
    Anything,
    Basis,
    Begins,
    Between,
    Call,
    ColumnValue,
    Compared,
    Computation,
    Computed,
    Constant,
    Equals,
    HitPolicy,
    Holds,
    IsMissing,
    IsPresent,
    Items,
    Let,
    NoneOf,
    OutcomeValue,
    Rule,
    RuleKind,
    Table,
    Test,
    Value,
    columns_of,
    copied,
    fitted,
    in_turn,
    precedence,
    together,
    value_of,
    weakest,
)


@dataclass(frozen=True, slots=True)
class Answered:
    """`rule` answers with `values`, one per output of `table`; in a collecting table with those `beside` it."""

    table: Table
    rule: Rule
    values: tuple[Value, ...]
    beside: tuple[Rule, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules that took part, in the order in which what they add is listed."""
        return (self.rule, *self.beside)


@dataclass(frozen=True, slots=True)
class Impossible:
    """`rule` says that this case cannot happen."""

    table: Table
    rule: Rule

    @property
    def rules(self) -> tuple[Rule, ...]:
        return (self.rule,)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """No rule of `table` says anything about this case: a gap."""

    table: Table


@dataclass(frozen=True, slots=True)
class Contradicted:
    """`rules` all answer this case where their table allows one answer, and they differ."""

    table: Table
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be answered here is not decided yet: `rule` says so, and no other rule answers."""

    table: Table
    rule: Rule

    @property
    def rules(self) -> tuple[Rule, ...]:
        return (self.rule,)


@dataclass(frozen=True, slots=True)
class Unworkable:
    """`rule` applies, and what it is to work out for output number `output` is no value of that."""

    table: Table
    rule: Rule
    output: int


Meaning: TypeAlias = Answered | Impossible | Unanswered | Contradicted | Draft | Unworkable


ALONE: Mapping[str, Value] = {}
"""No other columns, for tests that name none."""


Heard: TypeAlias = dict[tuple[Table, tuple[Value, ...]], Meaning]
"""What called tables meant so far, by their arguments: a chain of tables may ask the same over and over."""


class _Failed(Exception):
    """A called table does not answer; carries why. Never leaves this module."""

    def __init__(self, why: Meaning) -> None:
        self.why = why


def evaluate(table: Table, inputs: Mapping[str, Value]) -> Meaning:
    """What `table` says of `inputs`, a value of the declared type for every input column.

    Where a table called by a `let` column or by the answering rule does not answer, or adds up to what
    its output does not hold, that table's meaning is the meaning of the whole.
    """
    return _evaluate(table, inputs, {})


def _evaluate(table: Table, inputs: Mapping[str, Value], heard: Heard) -> Meaning:
    case = dict(inputs)
    try:
        for step in table.steps:
            case[step.column.name] = _stepped(step, case, heard)
        return _decide(table, case, heard)
    except _Failed as failure:
        return failure.why


def known(table: Table, inputs: Mapping[str, Value]) -> Mapping[str, Value]:
    """The columns that a case has before its rules are read, up to the first that is refused."""
    case = dict(inputs)
    with suppress(_Failed):
        for step in table.steps:
            case[step.column.name] = _stepped(step, case, {})
    return case


def _stepped(step: Let | Computation, case: Mapping[str, Value], heard: Heard) -> Value:
    match step:
        case Let(_, call, guard):
            asked = all(holds(each.condition.test, case[each.column], case) for each in guard)
            return _called(call, case, heard) if asked else None
        case Computation():
            return worked_out(step, case)
    assert_never(step)


def worked_out(step: Computation, case: Mapping[str, Value]) -> Value:
    """What a computed column comes to in `case`, which names every column before it."""
    value = fitted(value_of(step.expression, case.__getitem__), step.column.type)  # type: ignore[arg-type]
    assert value is not NO_VALUE, "the column's type was made to take in all of it"
    return value  # type: ignore[return-value]


def matches(table: Table, rule: Rule, case: Mapping[str, Value]) -> bool:
    """Whether every condition of `rule` holds in `case`, which names every input and let column."""
    return _all_hold([column.name for column in table.columns], rule, case)


def _all_hold(columns: Sequence[str], rule: Rule, case: Mapping[str, Value]) -> bool:
    for column, condition in zip(columns, rule.conditions, strict=True):
        if not holds(condition.test, case[column], case):
            return False
    return True


def holds(test: Test, value: Value, case: Mapping[str, Value] = ALONE) -> bool:
    """Whether one value passes one test; `case` has the columns that it may be compared with.

    The missing value, `None`, is in no comparison.
    """
    match test:
        case Anything():
            return True
        case IsMissing():
            return value is None
        case IsPresent():
            return value is not None
        case AnyOf(tests):
            return any(holds(each, value, case) for each in tests)
        case AllOf(tests):
            return all(holds(each, value, case) for each in tests)
        case NoneOf(tests):
            return value is not None and not any(holds(each, value, case) for each in tests)
        case Equals(wanted):
            return value is not None and value == wanted
        case Begins(prefix, but):
            begins = isinstance(value, str) and value.startswith(prefix)
            return begins and not any(holds(each, value, case) for each in but)
        case Between():
            return value is not None and _between(test, value)
        case Compared(operator, column, members):
            other = case[column]
            return (
                value is not None and other is not None and _stands(operator, members, value, other)
            )
        case Holds(ways):
            held = value if isinstance(value, frozenset) else frozenset()
            return any(
                all(
                    low <= sum(each in held for each in members) <= high
                    for members, low, high in way
                )
                for way in ways
            )
    assert_never(test)


def _between(test: Between, value: Value) -> bool:
    low, high = test.low, test.high
    above = low is None or value > low or (test.low_included and value == low)  # type: ignore[operator]
    below = high is None or value < high or (test.high_included and value == high)  # type: ignore[operator]
    return above and below


def _stands(operator: str, members: Sequence[str], value: Value, other: Value) -> bool:
    """Whether `value` is below, above or like `other`, as the operator has it."""
    if members:
        value, other = members.index(str(value)), members.index(str(other))
    below, alike = value < other, value == other  # type: ignore[operator]
    return (
        ("<" in operator and below)
        or (">" in operator and not below and not alike)
        or ("=" in operator and alike)
    )


def _decide(table: Table, case: Mapping[str, Value], heard: Heard) -> Meaning:
    columns = [column.name for column in table.columns]
    matching = [number for number, rule in enumerate(table.rules) if _all_hold(columns, rule, case)]
    kinds = {number: table.rules[number].kind for number in matching}
    for number in matching:
        if kinds[number] is RuleKind.IMPOSSIBLE:
            return Impossible(table, table.rules[number])
    rules = [n for n in matching if kinds[n] in (RuleKind.RULE, RuleKind.DRAFT)]
    if rules and table.policy.is_collecting:
        first, *others = (table.rules[number] for number in in_turn(table, rules))
        answers = [_values(table, rule, case, heard) for rule in (first, *others)]
        return Answered(table, first, together(table, answers), tuple(others))
    if rules:
        return _answer(table, rules, case, heard)
    if matching:
        rest = table.rules[matching[0]]
        return Answered(table, rest, _values(table, rest, case, heard))
    return Unanswered(table)


def _answer(table: Table, applying: list[int], case: Mapping[str, Value], heard: Heard) -> Meaning:
    """What rules that apply say together, at least one of them, by number.

    Those that another of them beats say nothing; what is left has to agree. Drafts agree with each
    other, and with no answer.
    """
    wins = precedence(table)
    left = [
        table.rules[number]
        for number in wins.order
        if number in applying and not any(wins.beats(other, number) for other in applying)
    ]
    drafts = [rule for rule in left if rule.kind is RuleKind.DRAFT]
    if drafts:
        alike = len(drafts) == len(left)
        return Draft(table, drafts[0]) if alike else Contradicted(table, tuple(left))
    answers = [_values(table, rule, case, heard) for rule in left]
    if any(answer != answers[0] for answer in answers):
        return Contradicted(table, tuple(left))
    return Answered(table, left[0], answers[0])


def _values(table: Table, rule: Rule, case: Mapping[str, Value], heard: Heard) -> tuple[Value, ...]:
    return tuple(
        _computed(table, rule, output, outcome.value, case)
        if isinstance(outcome.value, Computed)
        else copied(_value(outcome.value, case, heard), table.outputs[output].type)
        for output, outcome in enumerate(rule.outcomes)
    )


def _computed(
    table: Table, rule: Rule, output: int, computed: Computed, case: Mapping[str, Value]
) -> Value:
    """What arithmetic comes to; that it is no value of the output is the meaning of the whole."""
    value = fitted(value_of(computed.expression, case.__getitem__), computed.type)
    if value is NO_VALUE:
        raise _Failed(Unworkable(table, rule, output))
    return value  # type: ignore[return-value]


def _value(
    outcome: Constant | ColumnValue | Call | Items, case: Mapping[str, Value], heard: Heard
) -> Value:
    match outcome:
        case Constant(value):
            return value
        case ColumnValue(column):
            return case[column]
        case Call():
            return _called(outcome, case, heard)
        case Items(items, as_set):
            values = tuple(_value(item, case, heard) for item in items)
            return frozenset(values) if as_set else values  # type: ignore[arg-type,return-value]
    assert_never(outcome)


def _called(call: Call, case: Mapping[str, Value], heard: Heard) -> Value:
    given = _given(call, case, heard)
    asked = (call.table, given)
    if asked not in heard:
        names = (column.name for column in call.table.inputs)
        heard[asked] = _evaluate(call.table, dict(zip(names, given, strict=True)), heard)
    meaning = as_called(call, heard[asked])
    if not isinstance(meaning, Answered):
        raise _Failed(meaning)
    return meaning.values[call.output]


def _given(call: Call, case: Mapping[str, Value], heard: Heard) -> tuple[Value, ...]:
    """What the called table's inputs are, in order: a whole number among decimals is a decimal."""
    return tuple(
        copied(_value(argument, case, heard), column.type)
        for argument, column in zip(call.arguments, call.table.inputs, strict=True)
    )


def as_called(call: Call, meaning: Meaning) -> Meaning:
    """What a called table's meaning is to its caller: a sum out of bounds is nothing to go on with."""
    if isinstance(meaning, Answered) and call.table.policy in (HitPolicy.SUM, HitPolicy.COUNT):
        value, column = meaning.values[call.output], call.table.outputs[call.output]
        if value is not None and fitted(Fraction(value), column.type) is NO_VALUE:  # type: ignore[arg-type]
            return Unworkable(call.table, meaning.rule, call.output)
    return meaning


# ---------------------------------------------------------------- the trace


class Row(NamedTuple):
    """A row that an author wrote, of a table that was asked on the way to an answer."""

    table: Table
    rule: Rule


class Part(NamedTuple):
    """What a row says in one output of its table, by number."""

    row: Row
    output: int

    @property
    def basis(self) -> Basis:
        """How that rests on the source."""
        table, rule = self.row
        return rule.reason.basis_of(table.outputs[self.output].name)


@dataclass(frozen=True, slots=True)
class Trace:
    """What an answer rests on: `parts` has, for each output, what of which rows flows into it, `steering`
    all other rows that were asked: what they answered only decided which rows apply.

    Depth first, each once: a row stands before the rows that its calls lead to. A decision and a
    table of versions have no rows of their own.
    """

    parts: tuple[tuple[Part, ...], ...]
    steering: tuple[Row, ...] = ()

    @property
    def outcomes(self) -> tuple[tuple[Row, ...], ...]:
        """The rows that flow into each output, each once."""
        return tuple(tuple(dict.fromkeys(part.row for part in parts)) for parts in self.parts)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows that flow into any output, each once."""
        return tuple(dict.fromkeys(part.row for parts in self.parts for part in parts))

    @property
    def bases(self) -> tuple[Basis | None, ...]:
        """How each output rests on the sources, like the weakest of what flows into it; None of nothing."""
        return tuple(weakest(part.basis for part in parts) for parts in self.parts)


Flow: TypeAlias = tuple[Part | str, ...]
"""What rows say, and inputs of the table: what flows into these flows on."""


class _Traced(NamedTuple):
    """What flows into each output of a table, and every row asked to find its answer."""

    outcomes: tuple[Flow, ...]
    asked: tuple[Row, ...]


def trace(table: Table, inputs: Mapping[str, Value]) -> Trace:
    """On which rows the answer of `table` rests; nothing where `evaluate` does not answer.

    A value that a row copies or works out from a column brings the rows that flow into the column.
    What conditions, guards and arguments look at flows nowhere, unless the called row hands it on.
    """
    heard: Heard = {}
    if not isinstance(_evaluate(table, inputs, heard), Answered):
        return Trace(((),) * len(table.outputs))
    found = _traced(table, tuple(inputs[column.name] for column in table.inputs), heard, {})
    parts = tuple(tuple(p for p in flow if isinstance(p, Part)) for flow in found.outcomes)
    flowing = {part.row for flow in parts for part in flow}
    return Trace(parts, tuple(row for row in found.asked if row not in flowing))


_Known: TypeAlias = dict[tuple[Table, tuple[Value, ...]], _Traced]


def _traced(table: Table, given: tuple[Value, ...], heard: Heard, known: _Known) -> _Traced:
    """The flows of a table that answers `given`, its inputs in order."""
    if (table, given) in known:
        return known[table, given]
    names = [column.name for column in table.inputs]
    case: dict[str, Value] = dict(zip(names, given, strict=True))
    flows: dict[str, Flow] = {name: (name,) for name in names}
    asked: list[Row] = []

    def called(call: Call) -> Flow:
        inner = _traced(call.table, _given(call, case, heard), heard, known)
        asked.extend(inner.asked)
        columns = (column.name for column in call.table.inputs)
        arguments = dict(zip(columns, map(flowing, call.arguments), strict=True))
        return _once(
            part
            for each in inner.outcomes[call.output]
            for part in (arguments[each] if isinstance(each, str) else (each,))
        )

    def flowing(value: OutcomeValue) -> Flow:
        match value:
            case Constant():
                return ()
            case ColumnValue(column):
                return flows[column]
            case Computed(expression):
                return _once(part for name in columns_of(expression) for part in flows[name])
            case Items(items):
                return _once(part for item in items for part in flowing(item))
            case Call():
                return called(value)
        assert_never(value)

    for step in table.steps:
        name = step.column.name
        case[name] = _stepped(step, case, heard)
        if isinstance(step, Computation):
            flows[name] = _once(part for of in columns_of(step.expression) for part in flows[of])
        elif all(holds(each.condition.test, case[each.column], case) for each in step.guard):
            flows[name] = called(step.call)
        else:
            flows[name] = ()
    meaning = _decide(table, case, heard)
    assert isinstance(meaning, Answered), "only what answers is traced"
    own = [] if table.is_decision or table.by_version else [Row(table, r) for r in meaning.rules]
    outcomes = [
        _once(
            (
                *(Part(row, n) for row in own),
                *(part for rule in meaning.rules for part in flowing(rule.outcomes[n].value)),
            )
        )
        for n in range(len(table.outputs))
    ]
    found = _Traced(tuple(outcomes), tuple(dict.fromkeys((*own, *asked))))
    known[table, given] = found
    return found


def _once(parts: Iterable[Part | str]) -> Flow:
    return tuple(dict.fromkeys(parts))
