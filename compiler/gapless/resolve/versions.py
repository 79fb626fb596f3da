"""Several versions of one table, each with its days: they become one table that asks the right one.

    table fee effective ..2024-12-31          fee_until_2024_12_31
    table fee effective 2025-01-01..    ──▶   fee_from_2025_01_01
                                              fee   | until_2024-12-31 | ..2024-12-31 || the first  |
                                                    | from_2025-01-01  | 2025-01-01.. || the second |

A version is a table of its own, whose day can only be one of its life. So everything that is known
of tables that call tables holds of versions too, and nothing else has to know of time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from gapless.model import (
    Anything,
    Between,
    Call,
    Column,
    ColumnValue,
    Condition,
    DateType,
    Example,
    HitPolicy,
    Outcome,
    Reason,
    Rule,
    RuleKind,
    Table,
)
from gapless.resolve.conditions import possible
from gapless.resolve.context import Context, Signature, listed
from gapless.text.types import type_words
from gapless_dsl.diagnostic import Edit, Label, decision
from gapless_dsl.nodes import LifeNode
from gapless_dsl.source import Span

DAY = timedelta(1)


class Life(NamedTuple):
    """The days of a version that the column can hold, the first and the last; none if they cross."""

    low: date
    high: date
    node: LifeNode


class Together(NamedTuple):
    table: Table | None
    versions: tuple[Table, ...] = ()


def put_together(
    group: Sequence[Signature], meant: Sequence[Table | None], context: Context
) -> Together:
    """The one table that `group` is, and its versions, none where it has none."""
    read = [each for each in meant if each is not None]
    if group[0].node.life is None:
        return Together(meant[0])
    if len(read) < len(group) or not all(each.sound and each.node.complete for each in group):
        return Together(None)
    context = context.about(f"table {group[0].name}")
    before = len(context.found)
    column = _chosen_by(group, context)
    if column is None or not _fit(group, read, context):
        return Together(None)
    lives = _lives(group, column, context)
    if len(context.found) > before:
        return Together(None)
    title = next((each.title for each in read if each.title), None)
    shown = tuple(example for each in read for example in each.examples)
    versions: list[Table] = []
    for signature, table, life in zip(group, read, lives, strict=True):
        _refuse_beyond(table, life, column, context)
        own = replace(table, title=table.title or title, examples=shown)
        versions.append(_version(own, life, column))
        name = versions[-1].name
        if name in context.names.tables:
            again = signature.node.name._replace(text=name)
            context.about("").twice("table", again, context.names.tables[name].name)
    first = read[0]
    rules = [_rule(*each, first, column) for each in zip(versions, lives, strict=True)]
    whole = replace(
        first,
        title=title,
        notes=(),
        lets=(),
        computed=(),
        written=(column.name,),
        policy=HitPolicy.UNIQUE,
        rules=tuple(rules),
        examples=(),
        span=group[0].node.name.span,
        complete=all(each.complete for each in versions),
        day=column.name,
        by_version=True,
        crosstab=None,
    )
    return Together(whole, tuple(versions))


def _version(table: Table, life: Life, column: Column) -> Table:
    narrowed = replace(column, type=DateType(life.low, life.high), type_name=None)
    return replace(
        table,
        title=None if table.title is None else f"{table.title}, {_in_words(life.node)}",
        name=f"{table.name}_{_called(life.node).replace('-', '_')}",
        inputs=tuple(narrowed if each.name == column.name else each for each in table.inputs),
        examples=tuple(each for each in table.examples if _is_in(each, life, column)),
        span=life.node.span,
        day=column.name,
    )


def _called(life: LifeNode) -> str:
    return f"from_{life.low}" if life.low else f"until_{life.high}"


def _in_words(life: LifeNode) -> str:
    if life.low is None:
        return f"until {life.high}"
    return f"from {life.low}" if life.high is None else f"{life.low} to {life.high}"


def _is_in(example: Example, life: Life, column: Column) -> bool:
    day = dict(example.inputs).get(column.name)
    return isinstance(day, date) and life.low <= day <= life.high


def _rule(version: Table, life: Life, first: Table, column: Column) -> Rule:
    """A row of the whole table, which asks one version."""
    node, inputs = life.node, tuple(each.name for each in first.inputs)
    text = f"{node.low or ''}..{node.high or ''}"
    in_force = Condition(Between(node.low, node.high), text, node.span)
    always = Condition(Anything(), "-", node.span)
    conditions = tuple(in_force if name == column.name else always for name in inputs)
    asked = f"{version.name}({', '.join(inputs)})"
    arguments = tuple(map(ColumnValue, inputs))
    outcomes = tuple(
        Outcome(
            Call(version, number, arguments, version.span),
            f"{asked}.{output.name}" if len(version.outputs) > 1 else asked,
            version.span,
        )
        for number, output in enumerate(version.outputs)
    )
    return Rule(_called(node), RuleKind.RULE, conditions, outcomes, Reason(), (), node.span)


# ---------------------------------------------------------------- whether they are one table


def _nodes(group: Sequence[Signature]) -> list[LifeNode]:
    return [each.node.life for each in group if each.node.life is not None]


def _chosen_by(group: Sequence[Signature], context: Context) -> Column | None:
    """The date input whose day says which version is in force."""
    name = group[0].name
    words = [life.by for life in _nodes(group) if life.by is not None]
    dates = tuple(
        column
        for column in group[0].inputs.values()
        if column is not None and isinstance(column.type, DateType)
    )
    for word in words[1:]:
        if word.text != words[0].text:
            title = f"the versions of `{name}` are chosen by different dates"
            labels = Label(word.span, "here by this one"), Label(words[0].span, "and here")
            return context.error("GAP403", title, *labels)
    if words:
        dates = tuple(column for column in dates if column.name == words[0].text)
    if len(dates) == 1:
        return dates[0]
    place = words[0].span if words else _nodes(group)[0].span
    if dates:
        names = tuple(column.name for column in dates)
        end = place._replace(start=place.end)
        return context.error(
            "GAP403",
            f"`{name}` has {len(dates)} dates, and its versions do not say which one chooses",
            Label(place, f"which of {listed(names)} has to be one of these days?"),
            helps=tuple(decision(f"write `by {each}`", Edit(end, f" by {each}")) for each in names),
        )
    return context.error(
        "GAP403",
        f"the versions of `{name}` are chosen by an input of type `date`",
        Label(place, "this is none" if words else "which day has to be one of these?"),
        helps=(decision("declare it in every version, such as `in day : date 2020-01-01..`"),),
    )


def _fit(group: Sequence[Signature], read: Sequence[Table], context: Context) -> bool:
    """Whether all versions take and give the same; what they compute in between is their own.

    Asked of the tables as they are meant: a decision's outputs may have their types from its steps.
    """
    first, *others = (
        _Sides(signature.node.name.span, table.inputs, table.outputs)
        for signature, table in zip(group, read, strict=True)
    )
    title = f"two versions of `{group[0].name}` have different columns"
    different = [labels for each in others if (labels := _difference(first, each)) is not None]
    for labels in different:
        context.error("GAP403", title, *labels)
    return not different


class _Sides(NamedTuple):
    """What a version takes and gives, and where it is declared."""

    span: Span
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]


def _difference(first: _Sides, other: _Sides) -> tuple[Label, Label] | None:
    """The first thing in which another version differs."""
    here, there = other.span, first.span
    for word, one, two in (
        ("input", first.inputs, other.inputs),
        ("output", first.outputs, other.outputs),
    ):
        by_name = {column.name: column for column in one}
        for column in two:
            known = by_name.get(column.name)
            if known is None:
                own = Label(here, f"this one has {word} `{column.name}`")
                return own, Label(there, "not so this one")
            if known.type != column.type:
                own = Label(column.span, f"here `{type_words(column.type)}`")
                return own, Label(known.span, f"here `{type_words(known.type)}`")
        names, again = tuple(by_name), tuple(column.name for column in two)
        if names != again:
            own = Label(here, f"its {word}s are {listed(again)}")
            return own, Label(there, f"its {word}s are {listed(names)}, in this order")
    return None


# ---------------------------------------------------------------- every day


def _lives(group: Sequence[Signature], column: Column, context: Context) -> list[Life]:
    """The life of each version; a complaint about days that have none, or several."""
    days = column.type
    assert isinstance(days, DateType)
    name = group[0].name
    lives = [
        Life(max(node.low or date.min, days.low), min(node.high or date.max, days.high), node)
        for node in _nodes(group)
    ]
    empty = [life for life in lives if life.low > life.high]
    for _, _, node in empty:
        label = f"`{column.name}` holds `{type_words(column.type)}`"
        if node.low is not None and node.high is not None and node.low > node.high:
            label = "it ends before it begins"
        context.error("GAP404", f"a version of `{name}` is never in force", Label(node.span, label))
    if not empty:
        _refuse_untiled(sorted(lives, key=lambda life: life[:2]), days, name, column, context)
    return lives


def _refuse_beyond(table: Table, life: Life, column: Column, context: Context) -> None:
    """A complaint about each row that holds on no day of its version."""
    place = [each.name for each in table.columns].index(column.name)
    for rule in (each for each in table.rules if each.declared is None):
        cell = rule.conditions[place]
        if not possible(cell.test, DateType(life.low, life.high)):
            title = f"rule `{rule.name}` holds on no day of its version"
            label = f"the version is in force {_days(life.low, life.high)}"
            here = context.under(f"rule {rule.name}, column {column.name}")
            here.error("GAP404", title, Label(cell.span, label))


def _refuse_untiled(
    lives: Sequence[Life], days: DateType, name: str, column: Column, context: Context
) -> None:
    """By the days: what is left out before, between and after the lives, and what is there twice."""
    last: Life | None = None
    for life in lives:
        first_free: date | None = days.low
        if last is not None:
            first_free = None if last.high == date.max else last.high + DAY
        if first_free is not None and first_free < life.low:
            _hole(first_free, life.low - DAY, life, name, column, context)
        elif last is not None and life.low <= last.high:
            high = min(life.high, last.high)
            context.error(
                "GAP404",
                f"two versions of `{name}` are in force {_days(life.low, high)}",
                Label(life.node.span, f"{_count(life.low, high)} of this one"),
                Label(last.node.span, "this one is in force then, too"),
                helps=(decision("end the one on the day before the other begins"),),
            )
        if last is None or life.high > last.high:
            last = life
    if last is not None and last.high < days.high:
        _hole(last.high + DAY, days.high, last, name, column, context)


def _hole(low: date, high: date, beside: Life, name: str, column: Column, context: Context) -> None:
    days = column.type
    assert isinstance(days, DateType)
    helps = [decision("let a version be in force on these days")]
    if low == days.low:
        bounded = type_words(DateType(high + DAY, days.high))
        helps.append(decision(f"or let no day be before them: `in {column.name} : {bounded}`"))
    elif high == days.high:
        bounded = type_words(DateType(days.low, low - DAY))
        helps.append(decision(f"or let no day be after them: `in {column.name} : {bounded}`"))
    side, have = "after" if beside.high < low else "before", "has" if low == high else "have"
    context.error(
        "GAP404",
        f"no version of `{name}` is in force {_days(low, high)}",
        Label(beside.node.span, f"{_count(low, high)} {side} these {have} none"),
        Label(column.span, f"`{column.name}` can be such a day"),
        helps=tuple(helps),
    )


def _days(low: date, high: date) -> str:
    if low == high:
        return f"on {low}"
    if low == date.min:
        return f"before {high + DAY}"
    return f"after {low - DAY}" if high == date.max else f"from {low} to {high}"


def _count(low: date, high: date) -> str:
    if {low, high} & {date.min, date.max}:
        return "all days"
    number = (high - low).days + 1
    return "1 day" if number == 1 else f"{number:,} days"
