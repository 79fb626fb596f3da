"""An outcome cell to what it answers: a value, a column, a call, or several for a list or a set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gapless.model import (
    Call,
    Column,
    ColumnValue,
    Constant,
    Items,
    ListType,
    OutcomeValue,
    Scalar,
    SetType,
)
from gapless.resolve import commas
from gapless.resolve.calculated import calculated
from gapless.resolve.calls import Callees, resolve_call
from gapless.resolve.conditions import said_twice
from gapless.resolve.findings import Findings, Site
from gapless.resolve.fit import misfit
from gapless.resolve.operands import Columns, operand
from gapless.resolve.slots import Slot, no_value
from gapless.text.types import type_words
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Diagnostic, Label, decision, error
from gapless_dsl.nodes import Item, OutcomeContent

ARITHMETIC = (
    nodes.Operation,
    nodes.Function,
    nodes.Rounding,
    nodes.Duration,
    nodes.Elapsed,
)


@dataclass(frozen=True, slots=True)
class Sight:
    """What an outcome may refer to: the columns of its table and the tables it may call."""

    columns: Columns
    callees: Callees


def outcome(
    content: OutcomeContent, into: Slot, sight: Sight, site: Site, found: Findings
) -> OutcomeValue | None:
    """What a cell answers; None where it cannot be, or rests on what could not be, understood."""
    several = isinstance(into.type, ListType | SetType)
    divided = commas.in_cell(content.items, into, site, one=not several)
    if divided:
        found.extend(divided)
        return None
    match into.type:
        case ListType() | SetType():
            return _several(content, into, sight, site, found)
    if len(content.items) != 1:
        found.append(_not_one(content, into, site))
        return None
    if (nothing := _not_applicable(content.items[0], into, sight.columns, site)) is not None:
        found.append(nothing)
        return None
    if isinstance(content.items[0], ARITHMETIC):
        return calculated(content.items[0], into, sight.columns, site, found)
    return _item(content.items[0], into, into, sight, site, found)


def _not_applicable(item: Item, into: Slot, columns: Columns, site: Site) -> Diagnostic | None:
    """GAP021, for `n/a`, which reads as the division of a column by another."""
    match item:
        case nodes.Operation("/", (nodes.Literal(n, _, False), nodes.Literal(a, _, False)), at):
            if not {n, a} <= columns.known.keys():
                return no_value(nodes.Literal(f"{n}/{a}", at), into, site)
    return None


def _item(
    item: Item, into: Slot, whole: Slot, sight: Sight, site: Site, found: Findings
) -> Constant | ColumnValue | Call | None:
    """One item; a call or column that is a whole list goes into `whole`."""
    if isinstance(item, nodes.Literal | nodes.Presence):
        into = whole if _holds_several(item, sight.columns) else into
        return operand(item, into, sight.columns, site, found)
    if not isinstance(item, nodes.Call):
        found.append(_alone(item, site))
        return None
    called = resolve_call(item, sight.columns, sight.callees, site, found)
    if called.column is None:
        return None
    answered = called.column.type
    target = whole if isinstance(answered, ListType | SetType) else into
    wrong = misfit(answered, target.type)
    if wrong is None:
        return called.call
    found.append(
        error(
            "GAP027",
            f"the answer of `{item.table.text}` does not fit into {into.title}",
            Label(site.at(item.at), wrong),
            Label(called.column.span, f"answers `{type_words(answered)}`"),
            into.declared,
            subject=site.subject,
        )
    )
    return None


def _holds_several(item: Item, columns: Columns) -> bool:
    """Whether an item names a column that holds a whole list."""
    if not isinstance(item, nodes.Literal) or item.quoted:
        return False
    column = columns.known.get(item.text)
    return column is not None and isinstance(column.type, ListType | SetType)


def _alone(item: nodes.Expression, site: Site) -> Diagnostic:
    return error(
        "GAP045",
        "a list holds no arithmetic",
        Label(site.at(item.at), "this is worked out"),
        subject=site.subject,
        helps=(decision("give it a `let` column of its own, and name that"),),
    )


def _several(
    content: OutcomeContent, into: Slot, sight: Sight, site: Site, found: Findings
) -> OutcomeValue | None:
    """The items of a list or a set; a call or column that is a whole one stands alone."""
    one = replace(into, type=into.scalar, read={})
    whole = into if len(content.items) == 1 else one
    read = [_item(item, one, whole, sight, site, found) for item in content.items]
    items = tuple(each for each in read if each is not None)
    if len(items) < len(read):
        return None
    as_set = isinstance(into.type, SetType)
    if as_set:
        _notice_repeats(content.items, items, site, found)
    match items:
        case (Call() as call,) if isinstance(_answer(call).type, ListType | SetType):
            return call
        case (ColumnValue() as value,) if _holds_several(content.items[0], sight.columns):
            return value
    if all(isinstance(each, Constant) for each in items):
        return _constant(items, as_set=as_set)
    return Items(items, as_set)


def _answer(call: Call) -> Column:
    return call.table.outputs[call.output]


def _constant(items: Iterable[OutcomeValue], *, as_set: bool) -> Constant:
    """Nothing in a list is missing, nor a list itself: `operand` saw to that."""
    values: list[Scalar] = []
    for each in items:
        assert isinstance(each, Constant) and isinstance(each.value, Scalar)
        values.append(each.value)
    return Constant(frozenset(values) if as_set else tuple(values))


def _notice_repeats(
    nodes: tuple[Item, ...], items: tuple[OutcomeValue, ...], site: Site, found: Findings
) -> None:
    for at, item in enumerate(items):
        if isinstance(item, Constant | ColumnValue) and item in items[:at]:
            found.append(said_twice(nodes[at - 1].at, nodes[at].at, site))


def _not_one(content: OutcomeContent, into: Slot, site: Site) -> Diagnostic:
    many = len(content.items)
    if not many:
        return error(
            "GAP021",
            f"`[]` is an empty list, and {into.title} holds one value",
            Label(site.span, "a list of none"),
            into.declared,
            subject=site.subject,
        )
    return error(
        "GAP021",
        f"this cell answers {many} values, and {into.title} holds one",
        Label(site.span, f"{many} values at once"),
        into.declared,
        subject=site.subject,
        notes=("in a condition a comma means *either*; in an outcome it means *both at once*",),
        helps=(
            decision("split the row, one value in each"),
            *(
                []
                if into.adds
                else [decision(f"declare {into.title} as `set of …` or `list of …`")]
            ),
        ),
    )
