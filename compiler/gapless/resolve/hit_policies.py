"""What a table's hit policy asks of its rows: which may win, be exceptions, or be collected, and with what answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gapless.model import (
    BoolType,
    Column,
    Constant,
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
    Temporal,
    Type,
    ranked,
)
from gapless.resolve.context import Context
from gapless.resolve.files import in_order
from gapless.resolve.literals import Slot
from gapless.text.types import type_words
from gapless_dsl.diagnostic import Help, Label, decision, replacing
from gapless_dsl.nodes import Row, RowKind, Word

LETTERS = {
    "U": HitPolicy.UNIQUE,
    "A": HitPolicy.ANY,
    "F": HitPolicy.FIRST,
    "P": HitPolicy.PRIORITY,
    "C": HitPolicy.COLLECT,
    "R": HitPolicy.RULE_ORDER,
    "O": HitPolicy.OUTPUT_ORDER,
    "SUM": HitPolicy.SUM,
    "MIN": HitPolicy.MIN,
    "MAX": HitPolicy.MAX,
    "COUNT": HitPolicy.COUNT,
}
"""What others write in this corner of a table."""

_NAMES = frozenset(("rule", "rules", "name", "id", "row", "no", "nr", "case", "key"))
"""What others write there as the head of their rows' names."""

_WANTED = {
    HitPolicy.COLLECT: "a `list of …` or `set of …`",
    HitPolicy.RULE_ORDER: "a `list of …`",
    HitPolicy.OUTPUT_ORDER: "a `list of …`",
    HitPolicy.SUM: "a number",
    HitPolicy.COUNT: "an `int`",
    HitPolicy.MIN: "a number, a day, a time or a value of an ordered list",
    HitPolicy.MAX: "a number, a day, a time or a value of an ordered list",
}


def read_policy(word: Word | None, context: Context) -> HitPolicy:
    """What stands in the corner of a grid; `unique` where nothing does, or nothing that is one."""
    if word is None or word.text in tuple(HitPolicy):
        return HitPolicy.UNIQUE if word is None else HitPolicy(word.text)
    meant = LETTERS.get(word.text.upper())
    if meant is None:
        named = word.text.casefold() in _NAMES
        told = "of rows that may apply together: leave it blank, or write `unique`, if none may"
        also = (decision(f"this cell says what becomes {told}"),) if named else ()
        context.unknown("GAP012", "hit policy", word, tuple(HitPolicy), also=also)
    else:
        title, label = f"there is no hit policy `{word.text}`", f"written `{meant}`"
        helps = replacing(word.span, word.text, meant)
        context.error("GAP012", title, Label(word.span, label), helps=helps)
    return HitPolicy.UNIQUE


def check_answers(
    policy: HitPolicy,
    corner: Word | None,
    outputs: Sequence[Column],
    rules: Sequence[Rule],
    context: Context,
) -> bool:
    """Whether what the rows answer is what the policy needs to know; what is not is complained about."""
    before = len(context.found)
    if policy is HitPolicy.PRIORITY:
        assert corner is not None
        _check_priority(corner, outputs, rules, context)
    elif policy.is_collecting:
        assert corner is not None
        _check_collected(policy, corner, outputs, rules, context)
    return len(context.found) == before


def _check_priority(
    corner: Word, outputs: Sequence[Column], rules: Sequence[Rule], context: Context
) -> None:
    """GAP035: no output is a closed list, or a row's answer in one that is has to be worked out first."""
    ranks = [ranked(HitPolicy.PRIORITY, column) is not None for column in outputs]
    if not any(ranks):
        context.error(
            "GAP035",
            "`priority` goes by the order of a closed list, and no output is one",
            Label(corner.span, "which answer comes first?"),
            *(Label(column.span, "its values have no order of their own") for column in outputs),
            helps=(decision("declare a list, the answer that wins first: `type Name = a | b`"),),
        )
    for rule in rules:
        for column, outcome, is_ranked in zip(outputs, rule.outcomes, ranks, strict=False):
            if is_ranked and not isinstance(outcome.value, Constant):
                title = f"whether rule `{rule.name}` wins cannot be told from `{outcome.text}`"
                label = f"`priority` goes by what stands here: name a value of `{column.name}`"
                here = context.under(f"rule {rule.name}, column {column.name}")
                here.error("GAP035", title, Label(outcome.span, label))


# ---------------------------------------------------------------- collecting


def added(into: Slot, policy: HitPolicy) -> Slot:
    """What a row may say in a column: of a sum any number, of a count whether the row counts."""
    if not policy.is_collecting or policy.lists:
        return into
    of, span = into.type.present, into.declared.span
    if policy is HitPolicy.COUNT:
        says = Label(span, "`collect count` counts the rows that say `yes` here")
        return replace(into, type=BoolType(), declared=says, values=says, read={}, adds=True)
    if policy is HitPolicy.SUM:
        match of:
            case IntType():
                of = IntType()
            case DecimalType(digits):
                of = DecimalType(digits)
    title = f"what a row adds to {into.title}"
    says = Label(span, f"under `{policy}` a row adds `{type_words(of)}`")
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


def _check_collected(
    policy: HitPolicy,
    corner: Word,
    outputs: Sequence[Column],
    rules: Sequence[Rule],
    context: Context,
) -> None:
    """GAP036: an output cannot hold what is collected. GAP037: what a row adds cannot be told from it."""
    unfit = [column for column in outputs if not _holds(policy, column.type.present)]
    for column in unfit:
        context.under(f"column {column.name}").error(
            "GAP036",
            f"`{policy}` answers with {_WANTED[policy]}, and `{column.name}` is "
            f"`{type_words(column.type)}`",
            Label(column.span, "what the table answers is declared here, not what a row adds"),
            Label(corner.span, "all rows that apply answer together"),
            helps=_declare(policy, column),
        )
    if policy is HitPolicy.OUTPUT_ORDER and not (
        unfit or any(ranked(policy, column) for column in outputs)
    ):
        context.error(
            "GAP036",
            "`output order` goes by the order of a closed list, and no output holds values of one",
            Label(corner.span, "which answer comes first?"),
            *(Label(column.span, "its values have no order of their own") for column in outputs),
            helps=(decision("declare a list, the answer that comes first: `type Name = a | b`"),),
        )
    for rule in rules:
        _check_added(policy, outputs, rule, context.under(f"rule {rule.name}"))


def _holds(policy: HitPolicy, of: Type) -> bool:
    match policy:
        case HitPolicy.COLLECT:
            return isinstance(of, ListType | SetType)
        case HitPolicy.SUM:
            return isinstance(of, IntType | DecimalType)
        case HitPolicy.COUNT:
            return isinstance(of, IntType)
        case HitPolicy.MIN | HitPolicy.MAX:
            ordered = isinstance(of, EnumerationType) and of.is_ordered
            return ordered or isinstance(of, IntType | DecimalType | Temporal)
    return isinstance(of, ListType)


def _declare(policy: HitPolicy, column: Column) -> tuple[Help, ...]:
    if not policy.lists or isinstance(column.type, OptionalType | ListType | SetType):
        return ()
    return (decision(f"declare it as `list of {column.type_name or type_words(column.type)}`"),)


def _check_added(
    policy: HitPolicy, outputs: Sequence[Column], rule: Rule, context: Context
) -> None:
    if rule.kind is RuleKind.DRAFT:
        context.error(
            "GAP037",
            f"what rule `{rule.name}` adds is still to be decided",
            Label(rule.span, "`draft` says of a case that its answer is open"),
            notes=(f"under `{policy}` other rows that apply would answer without it",),
            helps=(decision("say what it adds, or leave the row out until it is decided"),),
        )
    is_ordered = policy is HitPolicy.OUTPUT_ORDER and rule.kind is RuleKind.RULE
    for column, outcome in zip(outputs, rule.outcomes, strict=False):
        here = context.under(f"column {column.name}")
        if not isinstance(outcome.value, Constant):
            title = f"what rule `{rule.name}` answers has to be worked out first"
            label = f"under `{policy}` a row says here what it adds, as a value"
            here.error("GAP037", title, Label(outcome.span, label))
            continue
        value = outcome.value.value
        if is_ordered and isinstance(value, tuple) and len(value) != 1:
            here.error(
                "GAP037",
                f"rule `{rule.name}` has no one place in the order of what is answered",
                Label(outcome.span, "under `output order` a row adds one value"),
                helps=(decision("split the row, one value in each"),),
            )


# ---------------------------------------------------------------- exceptions

ROWS = (RowKind.RULE, RowKind.DRAFT)
"""What can be an exception, and have one."""


def exceptions(
    rows: Sequence[Row], names: Sequence[str], policy: HitPolicy, context: Context
) -> Mapping[str, tuple[str, ...]] | None:
    """For each rule that is an exception, the names of those it is one to; None if some are not sound."""
    before = len(context.found)
    kinds = {name: row.kind for row, name in zip(rows, names, strict=True)}
    over: dict[str, tuple[Word, ...]] = {}
    for row, name in zip(rows, names, strict=True):
        if row.over:
            _check_exception(row, name, kinds, policy, context.under(f"rule {name}"))
            over[name] = row.over
    if len(context.found) == before:
        _refuse_circles(over, context)
    twice = {name for name, times in Counter(names).items() if times > 1}
    meant = {word.text for words in over.values() for word in words}.union(over)
    if len(context.found) > before or twice & meant:
        return None  # which of two rules of one name is meant is not known, as was said of them
    return {name: tuple(word.text for word in words) for name, words in over.items()}


def _check_exception(
    row: Row, name: str, kinds: Mapping[str, RowKind], policy: HitPolicy, context: Context
) -> None:
    """What is wrong with one row's exceptions, whatever the others say."""
    if policy.is_ordered or policy.is_collecting:
        settled = f"under `{policy}` it is settled which row wins"
        if policy.is_collecting:
            settled = f"under `{policy}` no row wins: all that apply answer together"
        title = f"an exception says nothing in a table of hit policy `{policy}`"
        context.error("GAP034", title, Label(row.over[0].span, settled))
        return
    if row.kind not in ROWS:
        settled = "it wins over no rule, or over all of them, without saying so"
        title = f"an `{row.kind}` row is no exception to a rule"
        context.error("GAP034", title, Label(row.over[0].span, settled))
        return
    for word in row.over:
        kind = kinds.get(word.text)
        if word.text == name:
            own = Label(word.span, "this is its own name")
            context.error("GAP034", f"rule `{name}` is an exception to itself", own)
        elif kind is None:
            answering = [other for other, its in kinds.items() if its in ROWS and other != name]
            context.unknown("GAP034", "rule", word, answering)
        elif kind not in ROWS:
            wins = "every" if kind is RowKind.OTHERWISE else "no"
            title = f"`{word.text}` is an `{kind}` row, to which there are no exceptions"
            context.error("GAP034", title, Label(word.span, f"{wins} rule wins over it"))


def _refuse_circles(over: Mapping[str, tuple[Word, ...]], context: Context) -> None:
    _, cycles = in_order(over, lambda name: (w.text for w in over.get(name, ()) if w.text in over))
    for cycle in cycles:
        steps = [*zip(cycle, (*cycle[1:], cycle[0]), strict=True)]
        words = [next(word for word in over[a] if word.text == b) for a, b in steps]
        circle = " over ".join(f"`{name}`" for name in (*cycle, cycle[0]))
        labels = [Label(word.span, "over this one") for word in words]
        context.error("GAP034", f"exceptions go round in a circle: {circle}", *labels)
