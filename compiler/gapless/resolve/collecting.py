"""Tables in which all rows that apply answer together: what a row may add, and to what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gapless.model import (
    BoolType,
    Column,
    Constant,
    DateType,
    DecimalType,
    EnumerationType,
    HitPolicy,
    IntType,
    ListType,
    OptionalType,
    Outcome,
    Rule,
    RuleKind,
    SetType,
    Type,
    ranked,
)
from gapless.resolve.slots import Slot
from gapless.resolve.writing import type_words
from gapless_dsl.diagnostic import Diagnostic, Help, Label, decision, error
from gapless_dsl.nodes import Header

_WANTED = {
    HitPolicy.COLLECT: "a `list of …` or `set of …`",
    HitPolicy.RULE_ORDER: "a `list of …`",
    HitPolicy.OUTPUT_ORDER: "a `list of …`",
    HitPolicy.SUM: "a number",
    HitPolicy.COUNT: "an `int`",
    HitPolicy.MIN: "a number, a date or a value of an ordered list",
    HitPolicy.MAX: "a number, a date or a value of an ordered list",
}


def added(into: Slot | None, policy: HitPolicy) -> Slot | None:
    """What a row may say in a column: of a sum any number, of a count whether the row counts."""
    if into is None or not policy.is_collecting or policy.lists:
        return into
    of = into.type.present
    if policy is HitPolicy.COUNT:
        says = Label(into.declared.span, "`collect count` counts the rows that say `yes` here")
        return replace(into, type=BoolType(), declared=says, values=says, read={}, adds=True)
    if policy is HitPolicy.SUM:
        match of:
            case IntType():
                of = IntType()
            case DecimalType(digits):
                of = DecimalType(digits)
    title = f"what a row adds to {into.title}"
    says = Label(into.declared.span, f"under `{policy}` a row adds `{type_words(of)}`")
    return replace(into, type=of, title=title, declared=says, read={}, adds=True)


def counted(policy: HitPolicy, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules with numbers for what they say of whether they count."""
    if policy is not HitPolicy.COUNT:
        return tuple(rules)
    return tuple(
        replace(rule, outcomes=tuple(map(_as_number, rule.outcomes)))
        if rule.kind is RuleKind.RULE
        else rule
        for rule in rules
    )


def _as_number(outcome: Outcome) -> Outcome:
    counts = isinstance(outcome.value, Constant) and outcome.value.value is True
    return replace(outcome, value=Constant(int(counts)))


# ---------------------------------------------------------------- what does not go together


def collecting_faults(
    policy: HitPolicy,
    header: Header,
    outputs: Sequence[Column],
    rules: Sequence[Rule],
    table: str,
) -> Iterator[Diagnostic]:
    """GAP036: an output cannot hold what is collected. GAP037: what a row adds cannot be told from it."""
    assert header.policy is not None
    unfit = [column for column in outputs if not _holds(policy, column.type)]
    for column in unfit:
        yield error(
            "GAP036",
            f"`{policy}` answers with {_WANTED[policy]}, and `{column.name}` is "
            f"`{type_words(column.type)}`",
            Label(column.span, "what the table answers is declared here, not what a row adds"),
            Label(header.policy.span, "all rows that apply answer together"),
            subject=f"table {table}, column {column.name}",
            helps=_declare(policy, column),
        )
    if policy is HitPolicy.OUTPUT_ORDER and not unfit:
        yield from _unranked(header, outputs, table)
    for rule in rules:
        yield from _untold(policy, outputs, rule, table)


def _holds(policy: HitPolicy, type: Type) -> bool:
    of = type.present
    match policy:
        case HitPolicy.COLLECT:
            return isinstance(of, ListType | SetType)
        case HitPolicy.SUM:
            return isinstance(of, IntType | DecimalType)
        case HitPolicy.COUNT:
            return isinstance(of, IntType)
        case HitPolicy.MIN | HitPolicy.MAX:
            ordered = isinstance(of, EnumerationType) and of.is_ordered
            return ordered or isinstance(of, IntType | DecimalType | DateType)
    return isinstance(of, ListType)


def _declare(policy: HitPolicy, column: Column) -> tuple[Help, ...]:
    match column.type:
        case OptionalType() | ListType() | SetType():
            return ()
    if policy.lists:
        return (decision(f"declare it as `list of {column.type_name or type_words(column.type)}`"),)
    return ()


def _unranked(header: Header, outputs: Sequence[Column], table: str) -> Iterator[Diagnostic]:
    if not any(ranked(HitPolicy.OUTPUT_ORDER, column) for column in outputs):
        assert header.policy is not None
        yield error(
            "GAP036",
            "`output order` goes by the order of a closed list, and no output holds values of one",
            Label(header.policy.span, "which answer comes first?"),
            *(Label(column.span, "its values have no order of their own") for column in outputs),
            subject=f"table {table}",
            helps=(decision("declare a list, the answer that comes first: `type Name = a | b`"),),
        )


def _untold(
    policy: HitPolicy, outputs: Sequence[Column], rule: Rule, table: str
) -> Iterator[Diagnostic]:
    if rule.kind is RuleKind.DRAFT:
        yield error(
            "GAP037",
            f"what rule `{rule.name}` adds is still to be decided",
            Label(rule.span, "`draft` says of a case that its answer is open"),
            subject=f"table {table}, rule {rule.name}",
            notes=(f"under `{policy}` other rows that apply would answer without it",),
            helps=(decision("say what it adds, or leave the row out until it is decided"),),
        )
    for column, outcome in zip(outputs, rule.outcomes, strict=False):
        subject = f"table {table}, rule {rule.name}, column {column.name}"
        value = outcome.value
        if not isinstance(value, Constant):
            yield error(
                "GAP037",
                f"what rule `{rule.name}` answers has to be worked out first",
                Label(outcome.span, f"under `{policy}` a row says here what it adds, as a value"),
                subject=subject,
            )
        elif (
            policy is HitPolicy.OUTPUT_ORDER
            and rule.kind is RuleKind.RULE
            and isinstance(value.value, tuple)
            and len(value.value) != 1
        ):
            yield error(
                "GAP037",
                f"rule `{rule.name}` has no one place in the order of what is answered",
                Label(outcome.span, "under `output order` a row adds one value"),
                subject=subject,
                helps=(decision("split the row, one value in each"),),
            )
