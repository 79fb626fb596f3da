"""What a policy says cannot happen, as a row of every table that has all those columns as inputs.

The row stands before the table's own, so that these are found to repeat it, and not it them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gapless.model import (
    Anything,
    Column,
    Condition,
    DatetimeType,
    DateType,
    DecimalType,
    Impossibility,
    IntType,
    OptionalType,
    Rule,
    RuleKind,
    ScalarType,
    SetType,
    Table,
    TimeType,
    Type,
)
from gapless.resolve.citations import Because, Unaccounted, because, notice_unaccounted
from gapless.resolve.conditions import condition, possible
from gapless.resolve.context import Context, Program, Signature, listed
from gapless.resolve.literals import slot
from gapless.resolve.marks import Markable
from gapless.text.types import type_words
from gapless_dsl.diagnostic import Edit, Help, Label, Severity, decision
from gapless_dsl.formatter.printer import condition as printed
from gapless_dsl.nodes import AskedNode, ImpossibleNode
from gapless_dsl.suggest import nearest_name


def resolve_constraints(program: Program) -> None:
    """What is said of all tables; after signatures, before tables."""
    for document in program.documents:
        for node in document.declarations:
            if isinstance(node, ImpossibleNode):
                context = program.context(document.path, f"impossible {node.name.text}")
                in_sight = [
                    each
                    for each in program.signatures.values()
                    if program.names[each.path].impossible.get(node.name.text) is node
                ]
                reason = _reason(node, context)
                program.impossible[node.name.span] = _declared(node, in_sight, reason, context)


def _reason(node: ImpossibleNode, context: Context) -> Because:
    reason = because(node.because, Markable(), context)
    if reason.is_empty and node.complete:
        label = Label(node.name.span, "why can this not happen?")
        helps = (decision("say why on a line that begins with `because`"),)
        context.error("GAP025", f"`{node.name.text}` gives no reason", label, helps=helps)
    elif context.names.sources and not reason.accounts and node.complete:
        notice_unaccounted([Unaccounted(node.name.text, node.name.span)], context)
    return reason


def _declared(
    node: ImpossibleNode, in_sight: Sequence[Signature], reason: Because, context: Context
) -> Impossibility | None:
    before = len(context.found)
    asked: dict[str, AskedNode] = {}
    for each in node.asked:
        if asked.setdefault(each.column.text, each) is not each:
            context.twice("column", each.column, asked[each.column.text].column)
    meant = [each for each in in_sight if asked.keys() <= each.inputs.keys()]
    if not meant:
        _unheld(node, in_sight, context)
        return None
    conditions = []
    for name, each in asked.items():
        columns = [column for table in meant if (column := table.inputs[name]) is not None]
        read = _condition(each, columns, context.under(f"column {name}"))
        if read is not None:
            conditions.append((name, read))
    wrong = any(each.severity is Severity.ERROR for each in context.found[before:])
    if wrong or len(conditions) < len(asked) or not node.complete:
        return None
    if not any(_can_hold(conditions, table.inputs) for table in meant):
        label = Label(node.name.span, "no table that has these columns lets all of this hold")
        context.warning("GAP125", f"`{node.name.text}` applies to no table", label)
    title = None if node.title is None else node.title.text
    words = replace(reason.reason, text=reason.reason.text or title or "")
    return Impossibility(node.name.text, title, tuple(conditions), words, node.name.span)


def _condition(asked: AskedNode, columns: Sequence[Column], context: Context) -> Condition | None:
    """The cell, read as the widest of the columns would; None where it cannot be.

    It is said of many tables, so it compares with values only.
    """
    if asked.cell is None or not columns:
        return None
    first, *others = columns
    for other in others:
        if _widest([first.type, other.type]) is None:
            return context.error(
                "GAP039",
                f"`{first.name}` is not of one type in the tables of which this is said",
                Label(asked.column.span, "which of them is meant?"),
                *(Label(each.span, f"`{type_words(each.type)}`") for each in (first, other)),
                helps=(decision("give both inputs one type, or one of them another name"),),
            )
    whole = _widest([column.type for column in columns])
    assert whole is not None
    shown = next((each for each in columns if each.type == whole), first)
    of = slot(replace(shown, type=whole), context)
    content, span = asked.cell.content, asked.cell.span
    test = condition(content, of, context._replace(span=span))
    return None if test is None else Condition(test, printed(content), span)


def _unheld(node: ImpossibleNode, in_sight: Sequence[Signature], context: Context) -> None:
    """GAP125, unless the tables may be elsewhere, or a mistake hides them."""
    hidden = any(not table.sound for table in in_sight)
    if not in_sight or hidden or context.names.partial or not node.complete:
        return
    title = f"`{node.name.text}` applies to no table"
    known = sorted({name for table in in_sight for name in table.inputs})
    strange = next((each.column for each in node.asked if each.column.text not in known), None)
    if strange is None:
        label = Label(node.name.span, "no table has all these columns as inputs")
        context.warning("GAP125", title, label)
        return
    right, span = nearest_name(strange.text, known), strange.span
    says, helps = "no table has this input", tuple[Help, ...]()
    if right is not None:
        says, text = (
            f"did you mean `{right}`?",
            f"if `{right}` is meant, write so; it excludes cases",
        )
        helps = (decision(text, Edit(span, right)),)
    notes = (f"inputs are {listed(tuple(known))}",) if known else ()
    context.warning("GAP125", title, Label(span, says), notes=notes, helps=helps)


# ---------------------------------------------------------------- inputs of one name in several tables


def _widest(types: Sequence[Type]) -> Type | None:
    """The type with the outermost bounds, optional if any is; None where they are of different kinds.

    A closed list is only of a kind with itself, and a decimal with those of as many digits.
    """
    if any(isinstance(each, SetType) for each in types):
        return types[0] if all(each == types[0] for each in types) else None
    together, *others = (each.scalar for each in types)
    for scalar in others:
        both = _wider(together, scalar)
        if both is None:
            return None
        together = both
    is_optional = any(isinstance(each, OptionalType) for each in types)
    return OptionalType(together) if is_optional else together


def _wider(one: ScalarType, other: ScalarType) -> ScalarType | None:
    match one, other:
        case DecimalType(digits), DecimalType(others) if digits != others:
            return None
        case (
            (IntType() as a, IntType() as b)
            | (DateType() as a, DateType() as b)
            | (TimeType() as a, TimeType() as b)
            | (DatetimeType() as a, DatetimeType() as b)
            | (DecimalType() as a, DecimalType() as b)
        ):
            low = None if a.low is None or b.low is None else min(a.low, b.low)
            high = None if a.high is None or b.high is None else max(a.high, b.high)
            return replace(a, low=low, high=high)  # type: ignore[arg-type]
    return one if one == other else None


# ---------------------------------------------------------------- the rows of a table


def excluded(table: Table | None, context: Context) -> Table | None:
    """The table with a row for each declaration in its file's sight that can hold in it."""
    if table is None:
        return None
    nodes = context.names.impossible.values()
    declared = (context.program.impossible[node.name.span] for node in nodes)
    rows = [row for each in declared if each and (row := _row(each, table)) is not None]
    if not rows:
        return table
    names = {row.name: row for row in rows}
    taken = [rule for rule in table.rules if rule.name in names]
    for rule in taken:
        context.about(f"table {table.name}, rule {rule.name}").error(
            "GAP013",
            f"two rules of `{table.name}` are called `{rule.name}`",
            Label(rule.span, "this row"),
            Label(names[rule.name].span, "and what is said of all tables"),
            helps=(decision("give one of them another name"),),
        )
    return replace(table, rules=(*rows, *table.rules), complete=table.complete and not taken)


def _row(declared: Impossibility, table: Table) -> Rule | None:
    """None where the table lacks a column, or has it so narrow that the cell can never hold."""
    if not _can_hold(declared.conditions, {column.name: column for column in table.inputs}):
        return None
    asked = dict(declared.conditions)
    anything = Condition(Anything(), "-", declared.span)
    return Rule(
        declared.name,
        RuleKind.IMPOSSIBLE,
        tuple(asked.get(column.name, anything) for column in table.columns),
        (),
        declared.reason,
        (),
        declared.span,
        declared=declared,
    )


def _can_hold(
    conditions: Sequence[tuple[str, Condition]], inputs: Mapping[str, Column | None]
) -> bool:
    """Whether a table has all the columns, and in each of them a value that the cell lets in."""
    columns = [(inputs.get(name), cell) for name, cell in conditions]
    return all(column is not None and possible(cell.test, column.type) for column, cell in columns)
