"""GAP403, GAP404: whether the versions of a table fit together, and leave no day out or in doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from gapless.model import Column, DateType, Table
from gapless.resolve.findings import Findings, listed
from gapless.resolve.possible import possible
from gapless.resolve.signatures import Signature
from gapless.text.types import type_words
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, decision, error
from gapless_dsl.nodes import LifeNode
from gapless_dsl.source import Span

DAY = timedelta(1)


class Life(NamedTuple):
    """The days of a version that the column can hold, the first and the last; none if they cross."""

    low: date
    high: date
    node: LifeNode


# ---------------------------------------------------------------- one table


def chosen_by(group: Sequence[Signature], found: Findings) -> Column | None:
    """The date input whose day says which version is in force."""
    words = [life.by for life in _nodes(group) if life.by is not None]
    subject = f"table {group[0].name}"
    dates = tuple(
        column
        for column in group[0].inputs.values()
        if column is not None and isinstance(column.type, DateType)
    )
    if words:
        for word in words[1:]:
            if word.text != words[0].text:
                title = f"the versions of `{group[0].name}` are chosen by different dates"
                labels = Label(word.span, "here by this one"), Label(words[0].span, "and here")
                found.append(error("GAP403", title, *labels, subject=subject))
                return None
        dates = tuple(column for column in dates if column.name == words[0].text)
    if len(dates) == 1:
        return dates[0]
    place = words[0].span if words else _nodes(group)[0].span
    found.append(_undated(group[0].name, place, dates, is_said=bool(words)))
    return None


def _undated(name: str, place: Span, dates: Sequence[Column], *, is_said: bool) -> Diagnostic:
    subject = f"table {name}"
    if dates:
        names = tuple(column.name for column in dates)
        end = place._replace(start=place.end)
        return error(
            "GAP403",
            f"`{name}` has {len(dates)} dates, and its versions do not say which one chooses",
            Label(place, f"which of {listed(names)} has to be one of these days?"),
            subject=subject,
            helps=tuple(decision(f"write `by {each}`", Edit(end, f" by {each}")) for each in names),
        )
    label = "this is none" if is_said else "which day has to be one of these?"
    return error(
        "GAP403",
        f"the versions of `{name}` are chosen by an input of type `date`",
        Label(place, label),
        subject=subject,
        helps=(decision("declare it in every version, such as `in day : date 2020-01-01..`"),),
    )


def fitting(group: Sequence[Signature], found: Findings) -> bool:
    """Whether all versions take and give the same; what they compute in between is their own."""
    before = len(found)
    first = group[0]
    for other in group[1:]:
        different = next(_differences(first, other), None)
        if different is not None:
            found.append(different)
    return len(found) == before


def _differences(first: Signature, other: Signature) -> Iterator[Diagnostic]:
    title = f"two versions of `{first.name}` have different columns"
    subject = f"table {first.name}"
    for word, one, two in (
        ("input", first.inputs, other.inputs),
        ("output", first.outputs, other.outputs),
    ):
        for name, column in two.items():
            known = one.get(name)
            assert column is not None
            if known is None:
                label = Label(other.node.name.span, f"this one has {word} `{name}`")
                yield error(
                    "GAP403",
                    title,
                    label,
                    Label(first.node.name.span, "not so this one"),
                    subject=subject,
                )
            elif known.type != column.type:
                yield error(
                    "GAP403",
                    title,
                    Label(column.span, f"here `{type_words(column.type)}`"),
                    Label(known.span, f"here `{type_words(known.type)}`"),
                    subject=subject,
                )
        if tuple(one) != tuple(two):
            label = Label(other.node.name.span, f"its {word}s are {listed(tuple(two))}")
            said = Label(
                first.node.name.span, f"its {word}s are {listed(tuple(one))}, in this order"
            )
            yield error("GAP403", title, label, said, subject=subject)


def _nodes(group: Sequence[Signature]) -> list[LifeNode]:
    return [each.node.life for each in group if each.node.life is not None]


# ---------------------------------------------------------------- every day


def tiling(group: Sequence[Signature], column: Column, found: Findings) -> list[Life]:
    """The life of each version; a complaint about days that have none, or several."""
    days = column.type
    assert isinstance(days, DateType)
    lives = [
        Life(max(node.low or date.min, days.low), min(node.high or date.max, days.high), node)
        for node in _nodes(group)
    ]
    named = group[0].name
    empty = [each for each in lives if each.low > each.high]
    found.extend(_never(each, named, column) for each in empty)
    if not empty:
        found.extend(_untiled(sorted(lives, key=_days_of), days, named, column))
    return lives


def beyond(table: Table, life: Life, column: Column, found: Findings) -> None:
    """A complaint about each row that holds on no day of its version."""
    place = [each.name for each in table.columns].index(column.name)
    for rule in (each for each in table.rules if each.declared is None):
        cell = rule.conditions[place]
        if not possible(cell.test, DateType(life.low, life.high)):
            found.append(
                error(
                    "GAP404",
                    f"rule `{rule.name}` holds on no day of its version",
                    Label(cell.span, f"the version is in force {_days(life.low, life.high)}"),
                    subject=f"table {table.name}, rule {rule.name}, column {column.name}",
                )
            )


def _days_of(life: Life) -> tuple[date, date]:
    return life.low, life.high


def _never(life: Life, name: str, column: Column) -> Diagnostic:
    node = life.node
    crossed = node.low is not None and node.high is not None and node.low > node.high
    says = f"`{column.name}` holds `{type_words(column.type)}`"
    return error(
        "GAP404",
        f"a version of `{name}` is never in force",
        Label(node.span, "it ends before it begins" if crossed else says),
        subject=f"table {name}",
    )


def _untiled(
    lives: Sequence[Life], days: DateType, name: str, column: Column
) -> Iterator[Diagnostic]:
    """By the days: what is left out before, between and after the lives, and what is there twice."""
    last: Life | None = None
    for life in lives:
        first_free = days.low if last is None else _next(last.high)
        if first_free is not None and first_free < life.low:
            yield _hole(first_free, life.low - DAY, life, name, column)
        elif last is not None and life.low <= last.high:
            yield _twice(life, last, name)
        if last is None or life.high > last.high:
            last = life
    if last is not None and last.high < days.high:
        yield _hole(last.high + DAY, days.high, last, name, column)


def _next(day: date) -> date | None:
    return None if day == date.max else day + DAY


def _hole(low: date, high: date, beside: Life, name: str, column: Column) -> Diagnostic:
    days = column.type
    assert isinstance(days, DateType)
    helps = [decision("let a version be in force on these days")]
    if low == days.low:
        bounded = type_words(DateType(high + DAY, days.high))
        helps.append(decision(f"or let no day be before them: `in {column.name} : {bounded}`"))
    elif high == days.high:
        bounded = type_words(DateType(days.low, low - DAY))
        helps.append(decision(f"or let no day be after them: `in {column.name} : {bounded}`"))
    side = "after" if beside.high < low else "before"
    return error(
        "GAP404",
        f"no version of `{name}` is in force {_days(low, high)}",
        Label(
            beside.node.span,
            f"{_count(low, high)} {side} these {'has' if low == high else 'have'} none",
        ),
        Label(column.span, f"`{column.name}` can be such a day"),
        subject=f"table {name}",
        helps=tuple(helps),
    )


def _twice(life: Life, last: Life, name: str) -> Diagnostic:
    high = min(life.high, last.high)
    return error(
        "GAP404",
        f"two versions of `{name}` are in force {_days(life.low, high)}",
        Label(life.node.span, f"{_count(life.low, high)} of this one"),
        Label(last.node.span, "this one is in force then, too"),
        subject=f"table {name}",
        helps=(decision("end the one on the day before the other begins"),),
    )


def _is_end(day: date) -> bool:
    return day in (date.min, date.max)


def _days(low: date, high: date) -> str:
    if low == high:
        return f"on {low}"
    if low == date.min:
        return f"before {high + DAY}"
    return f"after {low - DAY}" if high == date.max else f"from {low} to {high}"


def _count(low: date, high: date) -> str:
    if _is_end(low) or _is_end(high):
        return "all days"
    number = (high - low).days + 1
    return "1 day" if number == 1 else f"{number:,} days"
