"""One word in an outcome or an argument: a value of the column it goes into, or a column's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from gapless.model import Column, ColumnValue, Constant, TextType
from gapless.resolve import writing
from gapless.resolve.findings import Findings, Site
from gapless.resolve.fit import misfit
from gapless.resolve.slots import Slot, complain, no_value, quoting, read_word
from gapless.resolve.values import Fault
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, decision, error, replacing
from gapless_dsl.lexis import quoted
from gapless_dsl.nodes import Literal, Presence, State
from gapless_dsl.suggest import nearest_name


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that may be named, None for one that is not to be understood; and those that may not
    be, each with the reason why."""

    known: Mapping[str, Column | None]
    barred: Mapping[str, str] = field(default_factory=dict)


def operand(
    item: Literal | Presence, into: Slot, columns: Columns, site: Site, found: Findings
) -> Constant | ColumnValue | None:
    match item:
        case Presence(state):
            return _presence(item, state, into, site, found)
        case Literal(text, _, is_quoted):
            value = read_word(text, into)
            if not is_quoted and text in columns.known:
                return _named(item, value, columns.known[text], into, site, found)
            if (nothing := no_value(item, into, site)) is not None:
                found.append(nothing)
                return None
            if not isinstance(value, Fault):
                return Constant(value)
            _neither(item, value, into, columns, site, found)
            return None
    assert_never(item)


def _presence(
    item: Presence, state: State, into: Slot, site: Site, found: Findings
) -> Constant | None:
    if state is State.MISSING and into.is_optional:
        return Constant(None)
    title = f"{into.title} is never missing"
    label = "only an optional column may be missing"
    if state is State.PRESENT:
        title, label = "`present` is a test, not a value", "say which value"
    span = site.at(item.at)
    found.append(
        error(
            "GAP021",
            title,
            Label(span, label),
            into.declared,
            subject=site.subject,
            helps=quoting(state, into),
        )
    )
    return None


def _named(
    item: Literal,
    value: object,
    column: Column | None,
    into: Slot,
    site: Site,
    found: Findings,
) -> ColumnValue | None:
    """A column's name, which must not be a value as well; text could be any word, so it does not count."""
    if not isinstance(value, Fault) and not isinstance(into.scalar, TextType):
        found.append(_both(item, column, into, site))
        return None
    if column is None:
        return None
    wrong = misfit(column.type, into.type)
    if wrong is None:
        return ColumnValue(column.name)
    found.append(
        error(
            "GAP027",
            f"`{column.name}` does not fit into {into.title}",
            Label(site.at(item.at), wrong),
            Label(column.span, f"`{column.name}` is `{writing.type_words(column.type)}`"),
            into.declared,
            subject=site.subject,
        )
    )
    return None


def _both(item: Literal, column: Column | None, into: Slot, site: Site) -> Diagnostic:
    span = site.at(item.at)
    labels = [Label(span, "which of the two?")]
    if column is not None:
        labels.append(Label(column.span, "the column"))
    in_quotes = quoted(item.text)
    return error(
        "GAP016",
        f"`{item.text}` is both a value of {into.title} and a column",
        *labels,
        into.values,
        subject=site.subject,
        helps=(
            decision(f"quote it to mean the value: `{in_quotes}`", Edit(span, in_quotes)),
            decision("rename the column to mean what it holds"),
        ),
    )


def _neither(
    item: Literal, fault: Fault, into: Slot, columns: Columns, site: Site, found: Findings
) -> None:
    if not item.quoted and item.text in columns.barred:
        found.append(_barred(item, columns.barred[item.text], into, site))
        return
    fitting = (name for name, column in columns.known.items() if _fits(column, into))
    near = None if item.quoted or fault.right else nearest_name(item.text, fitting)
    if near is None:
        complain(fault, item, into, site, found)
        return
    span = site.at(item.at)
    found.append(
        error(
            "GAP012",
            f"`{item.text}` is neither a column nor a value of {into.title}",
            Label(span, f"did you mean the column `{near}`?"),
            into.values,
            subject=site.subject,
            helps=replacing(span, item.text, near),
        )
    )


def _fits(column: Column | None, into: Slot) -> bool:
    return column is None or misfit(column.type, into.type) is None


def _barred(item: Literal, why: str, into: Slot, site: Site) -> Diagnostic:
    return error(
        "GAP012",
        f"`{item.text}` cannot be named here",
        Label(site.at(item.at), why),
        into.declared,
        subject=site.subject,
    )
