"""An outcome cell to what it answers: a value, a column, a call, arithmetic, or several for a list or a set."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from gapless.model import (
    Call,
    Column,
    ColumnValue,
    Computation,
    Computed,
    Constant,
    DateType,
    DecimalType,
    IntType,
    Items,
    ListType,
    OptionalType,
    OutcomeValue,
    Scalar,
    SetType,
    TextType,
    columns_of,
    fitted,
    value_of,
)
from gapless.model.copies import becomes_decimal
from gapless.resolve.arithmetic import Kind, Meant, read_arithmetic
from gapless.resolve.calls import misfit, operand, resolve_call
from gapless.resolve.context import Context
from gapless.resolve.literals import Slot, divided, is_no_value
from gapless.resolve.repeats import notice_repeat
from gapless.text.types import type_words
from gapless.text.words import literal as written
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Edit, Help, Label, decision
from gapless_dsl.lexis import day_of
from gapless_dsl.nodes import Item, Literal, OutcomeContent, Presence
from gapless_dsl.recovery import habits

ARITHMETIC = (nodes.Operation, nodes.Function, nodes.Rounding, nodes.Duration, nodes.Elapsed)


def outcome(content: OutcomeContent, into: Slot, context: Context) -> OutcomeValue | None:
    """What a cell answers; None where it cannot be, or rests on what could not be, understood."""
    several = isinstance(into.type, ListType | SetType)
    if divided(content.items, into, context, one=not several):
        return None
    if several:
        return _several(content, into, context)
    if len(content.items) != 1:
        _not_one(content, into, context)
        return None
    (item,) = content.items
    if _is_not_applicable(item, into, context):
        return None
    if isinstance(item, ARITHMETIC):
        return None if _is_a_day(item, into, context) else _calculated(item, into, context)
    return _item(item, into, into, context)


def _is_not_applicable(item: Item, into: Slot, context: Context) -> bool:
    """GAP021, for `n/a`, which reads as the division of a column by another."""
    match item:
        case nodes.Operation("/", (Literal(n, _, False), Literal(a, _, False)), at):
            if not {n, a} <= context.columns.known.keys():
                return is_no_value(Literal(f"{n}/{a}", at), into, context)
    return False


def _is_a_day(item: nodes.Expression, into: Slot, context: Context) -> bool:
    """GAP021, for `01/07/2026` where a day is due: it reads as a quotient."""
    if not isinstance(into.scalar, DateType) or not isinstance(item, nodes.Operation):
        return False
    span = context.at(item.at)
    typed = context.text(span)
    meant = [
        each
        for each in habits.offers("outcome", typed, habits.Kind.DAY)
        if day_of(each.text) is not None
    ]
    if meant:
        context.error(
            "GAP021",
            f"`{typed}` is not a date",
            Label(span, "a date is written `2026-01-31`"),
            into.declared,
            helps=tuple(decision(f"write `{new}`, {when}", Edit(span, new)) for new, when in meant),
        )
    return bool(meant)


def _item(
    item: Item, into: Slot, whole: Slot, context: Context
) -> Constant | ColumnValue | Call | None:
    """One item; a call or column that is a whole list goes into `whole`."""
    if isinstance(item, Literal | Presence):
        return operand(item, whole if _holds_several(item, context) else into, context)
    if not isinstance(item, nodes.Call):
        return context.error(
            "GAP045",
            "a list holds no arithmetic",
            Label(context.at(item.at), "this is worked out"),
            helps=(decision("give it a `let` column of its own, and name that"),),
        )
    called = resolve_call(item, context)
    if called.column is None:
        return None
    answered = called.column.type
    target = whole if isinstance(answered, ListType | SetType) else into
    wrong = misfit(answered, target.type)
    if wrong is None:
        return called.call
    return context.error(
        "GAP027",
        f"the answer of `{item.table.text}` does not fit into {into.title}",
        Label(context.at(item.at), wrong),
        Label(called.column.span, f"answers `{type_words(answered)}`"),
        into.declared,
    )


def _holds_several(item: Item, context: Context) -> bool:
    """Whether an item names a column that holds a whole list."""
    if not isinstance(item, Literal) or item.quoted:
        return False
    column = context.columns.known.get(item.text)
    return column is not None and isinstance(column.type, ListType | SetType)


def _several(content: OutcomeContent, into: Slot, context: Context) -> OutcomeValue | None:
    """The items of a list or a set; a call or column that is a whole one stands alone."""
    one = replace(into, type=into.scalar, read={})
    whole = into if len(content.items) == 1 else one
    read = [_item(item, one, whole, context) for item in content.items]
    items = tuple(each for each in read if each is not None)
    if len(items) < len(read):
        return None
    if sum(_is_another_number(item, into, context) for item in content.items):
        return None
    as_set = isinstance(into.type, SetType)
    for at, item in enumerate(items):
        if as_set and isinstance(item, Constant | ColumnValue) and item in items[:at]:
            notice_repeat(content.items[at - 1].at, content.items[at].at, context)
    match items:
        case (Call(table, output) as call,):
            if isinstance(table.outputs[output].type, ListType | SetType):
                return call
        case (ColumnValue() as value,) if _holds_several(content.items[0], context):
            return value
    # Nothing in a list is missing, nor a list itself: `operand` saw to that.
    values = [each.value for each in items if isinstance(each, Constant)]
    scalars = [each for each in values if isinstance(each, Scalar)]
    if len(scalars) == len(items):
        return Constant(frozenset(scalars) if as_set else tuple(scalars))
    return Items(items, as_set)


def _is_another_number(item: Item, into: Slot, context: Context) -> bool:
    """GAP027, for a whole number among the decimals of a list: alone it would become one."""
    match item:
        case Literal(name, _, False) if name in context.columns.known:
            column = context.columns.known[name]
        case nodes.Call():
            column = resolve_call(item, context._replace(found=[])).column
        case _:
            column = None
    if column is None or not becomes_decimal(column.type, into.type):
        return False
    context.error(
        "GAP027",
        f"a list of decimals takes no `{type_words(column.type)}`",
        Label(context.at(item.at), "it is a whole number"),
        into.declared,
    )
    return True


def _not_one(content: OutcomeContent, into: Slot, context: Context) -> None:
    many = len(content.items)
    if not many:
        title = f"`[]` is an empty list, and {into.title} holds one value"
        return context.error("GAP021", title, Label(context.span, "a list of none"), into.declared)
    helps = [decision("split the row, one value in each")]
    if not into.adds:
        helps.append(decision(f"declare {into.title} as `set of …` or `list of …`"))
    return context.error(
        "GAP021",
        f"this cell answers {many} values, and {into.title} holds one",
        Label(context.span, f"{many} values at once"),
        into.declared,
        notes=("in a condition a comma means *either*; in an outcome it means *both at once*",),
        helps=tuple(helps),
    )


# ---------------------------------------------------------------- arithmetic


def _calculated(node: nodes.Expression, into: Slot, context: Context) -> Computed | None:
    """An outcome worked out; None where it cannot be, which was complained about.

    Whether it stays within the output's bounds depends on the cases in which its rule answers: that
    is the analysis' to say.
    """
    meant = read_arithmetic(node, context)
    if meant is None:
        return None
    of = into.scalar
    wrong = _misfit(meant, into)
    if wrong is not None:
        is_number = meant.kind is Kind.NUMBER and isinstance(of, IntType | DecimalType)
        kept = of.digits if isinstance(of, DecimalType) else 0
        return context.error(
            "GAP046" if is_number else "GAP045",
            f"what is worked out here does not fit into {into.title}",
            Label(context.at(node.at), wrong),
            into.declared,
            helps=(_round(kept),) if is_number else (),
        )
    natural = meant.type
    assert natural is not None, "what fits has an end of digits"
    if not columns_of(meant.expression):
        _notice_constant(node, meant, into, context)
    return Computed(meant.expression, OptionalType(of) if into.is_optional else of, natural)


def _misfit(meant: Meant, into: Slot) -> str | None:
    kind, digits = meant.kind, meant.digits
    match into.scalar, kind:
        case (IntType() | DecimalType() as of, Kind.NUMBER):
            kept = of.digits if isinstance(of, DecimalType) else 0
            if digits is None:
                return "a quotient may have digits without end"
            wide = f"it may have {digits} digits after the point, not {kept}"
            return wide if digits > kept else None
        case (DateType(), Kind.DAY) | (TextType(), Kind.TEXT):
            return None
    return f"this is {kind.value}"


def _notice_constant(node: nodes.Expression, meant: Meant, into: Slot, context: Context) -> None:
    """GAP049: of `2 - 3` nobody knows whether it was to be worked out."""
    span = context.at(node.at)
    worth = fitted(value_of(meant.expression, lambda name: None), into.scalar)
    helps = []
    if isinstance(worth, int | Decimal | date | str):
        value = written(worth)
        helps.append(decision(f"write what it comes to: `{value}`", Edit(span, value)))
    match node:
        case nodes.Operation("-", (Literal(low), Literal(high))):
            helps.append(decision(f"a range, `{low}..{high}`, stands in conditions only"))
    title = "no column stands in what is worked out here, so each case gets the same"
    label = Label(span, "is this meant to be worked out?")
    context.warning("GAP049", title, label, helps=tuple(helps))


def computation(node: nodes.LetNode, after: int, context: Context) -> Computation | None:
    """A computed column, of just the type that its arithmetic needs."""
    meant = read_arithmetic(node.value, context)
    if meant is None:
        return None
    type = meant.type
    if type is None:
        label = Label(context.at(node.value.at), "this may have digits without end")
        return context.error("GAP046", "a quotient must be rounded", label, helps=(_round(2),))
    label_text = None if node.label is None else node.label.text
    column = Column(node.name.text, type, label_text, None, node.name.span)
    return Computation(column, meant.expression, after)


def _round(digits: int) -> Help:
    return decision(
        f"say how it is rounded: `round(…, {digits}, half up)`; "
        "other ways are `half even`, `half down`, `up`, `down`, `floor` and `ceiling`"
    )
