"""What a policy says cannot happen, as a row of every table that has all those columns as inputs.

The row stands before the table's own, so that these are found to repeat it, and not it them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from gapless.model import (
    Anything,
    Column,
    Condition,
    Impossibility,
    Rule,
    RuleKind,
    Section,
    Table,
)
from gapless.resolve.citations import unaccounted
from gapless.resolve.conditions import condition
from gapless.resolve.findings import Findings, Site, listed
from gapless.resolve.names import Names, twice
from gapless.resolve.operands import Columns
from gapless.resolve.possible import possible
from gapless.resolve.reasons import NOTHING, Because, because
from gapless.resolve.rules import Unaccounted
from gapless.resolve.shelf import Shelf, SourceDocuments
from gapless.resolve.signatures import Signature
from gapless.resolve.slots import Places, slot
from gapless.resolve.widest import widest
from gapless.resolve.writing import type_words
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, Severity, decision, error, warning
from gapless_dsl.nodes import AskedNode, Document, ImpossibleNode
from gapless_dsl.printing import condition as printed
from gapless_dsl.source import Span
from gapless_dsl.suggest import nearest_name

Signatures: TypeAlias = Sequence[Signature]


@dataclass(frozen=True, slots=True)
class Impossible:
    """By the places of their names what declarations mean, and by file the sections that they cite."""

    declared: Mapping[Span, Impossibility | None]
    cited: Mapping[str, tuple[Section, ...]]

    def among(self, names: Names) -> tuple[Impossibility, ...]:
        """Those that hold for the tables of a file."""
        found = (self.declared[node.name.span] for node in names.impossible.values())
        return tuple(each for each in found if each is not None)


def resolve_impossible(
    documents: Sequence[Document],
    signatures: Mapping[Span, Signature],
    names: Mapping[str, Names],
    where: Places,
    shelves: SourceDocuments,
    found: Findings,
) -> Impossible:
    declared: dict[Span, Impossibility | None] = {}
    cited: dict[str, tuple[Section, ...]] = {}
    for document in documents:
        for node in document.declarations:
            if not isinstance(node, ImpossibleNode):
                continue
            own = names[document.path]
            in_sight = [
                each
                for each in signatures.values()
                if names[each.path].impossible.get(node.name.text) is node
            ]
            reason = _reason(node, Shelf(own, shelves), found)
            declared[node.name.span] = _declared(node, in_sight, own, where, reason, found)
            cited[document.path] = (*cited.get(document.path, ()), *reason.reason.citations)
    return Impossible(declared, cited)


def _reason(node: ImpossibleNode, shelf: Shelf, found: Findings) -> Because:
    subject = f"impossible {node.name.text}"
    reason = NOTHING if node.because is None else because(node.because, shelf, subject, found)
    if reason.is_empty and node.complete:
        label = Label(node.name.span, "why can this not happen?")
        helps = (decision("say why on a line that begins with `because`"),)
        title = f"`{node.name.text}` gives no reason"
        found.append(error("GAP025", title, label, subject=subject, helps=helps))
    elif not shelf.is_empty and not reason.accounts and node.complete:
        found.append(unaccounted(subject, [Unaccounted(node.name.text, node.name.span)]))
    return reason


def _declared(
    node: ImpossibleNode,
    in_sight: Signatures,
    names: Names,
    where: Places,
    reason: Because,
    found: Findings,
) -> Impossibility | None:
    before = len(found)
    asked: dict[str, AskedNode] = {}
    for each in node.asked:
        if asked.setdefault(each.column.text, each) is not each:
            first = asked[each.column.text].column
            found.append(twice("column", each.column, first, f"impossible {node.name.text}"))
    meant = [each for each in in_sight if asked.keys() <= each.inputs.keys()]
    if not meant:
        found.extend(_unheld(node, in_sight, names))
        return None
    conditions = []
    for name, each in asked.items():
        columns = [column for table in meant if (column := table.inputs[name]) is not None]
        read = _condition(node, each, columns, where, found)
        if read is not None:
            conditions.append((name, read))
    wrong = any(each.severity is Severity.ERROR for each in found[before:])
    if wrong or len(conditions) < len(asked) or not node.complete:
        return None
    if not any(_can_hold(conditions, table.inputs) for table in meant):
        label = Label(node.name.span, "no table that has these columns lets all of this hold")
        subject = f"impossible {node.name.text}"
        found.append(
            warning("GAP125", f"`{node.name.text}` is said of no table", label, subject=subject)
        )
    title = None if node.title is None else node.title.text
    words = replace(reason.reason, text=reason.reason.text or title or "")
    return Impossibility(node.name.text, title, tuple(conditions), words, node.name.span)


NO_OTHERS = Columns({})
"""What is declared for many tables compares with values only."""


def _condition(
    node: ImpossibleNode,
    asked: AskedNode,
    columns: Sequence[Column],
    where: Places,
    found: Findings,
) -> Condition | None:
    """The cell, read as the widest of the columns would; None where it cannot be."""
    if asked.cell is None or not columns:
        return None
    subject = f"impossible {node.name.text}, column {asked.column.text}"
    first, *others = columns
    for other in others:
        if widest([first.type, other.type]) is None:
            found.append(_differing(asked, first, other, subject))
            return None
    whole = widest([column.type for column in columns])
    assert whole is not None
    site = Site(asked.cell.span, subject)
    shown = next((each for each in columns if each.type == whole), first)
    of = slot(replace(shown, type=whole), where)
    test = condition(asked.cell.content, of, NO_OTHERS, site, found)
    return None if test is None else Condition(test, printed(asked.cell.content), asked.cell.span)


def _differing(asked: AskedNode, first: Column, other: Column, subject: str) -> Diagnostic:
    return error(
        "GAP039",
        f"`{first.name}` is not of one type in the tables of which this is said",
        Label(asked.column.span, "which of them is meant?"),
        *(Label(each.span, f"`{type_words(each.type)}`") for each in (first, other)),
        subject=subject,
        helps=(decision("give both inputs one type, or one of them another name"),),
    )


def _unheld(node: ImpossibleNode, in_sight: Signatures, names: Names) -> Iterator[Diagnostic]:
    """GAP125, unless the tables may be elsewhere, or a mistake hides them."""
    columns = [each.column for each in node.asked]
    hidden = any(not table.sound for table in in_sight) or names.partial or not node.complete
    if not in_sight or hidden:
        return
    known = sorted({name for table in in_sight for name in table.inputs})
    strange = next((each for each in columns if each.text not in known), None)
    label = "no table has all these columns as inputs"
    subject = f"impossible {node.name.text}"
    title = f"`{node.name.text}` is said of no table"
    if strange is None:
        yield warning("GAP125", title, Label(node.name.span, label), subject=subject)
        return
    right = nearest_name(strange.text, known)
    yield warning(
        "GAP125",
        title,
        Label(
            strange.span, "no table has this input" if right is None else f"did you mean `{right}`?"
        ),
        subject=subject,
        notes=(f"inputs are {listed(tuple(known))}",) if known else (),
        helps=()
        if right is None
        else (
            decision(
                f"if `{right}` is meant, write so; it excludes cases", Edit(strange.span, right)
            ),
        ),
    )


# ---------------------------------------------------------------- the rows of a table


def excluded(
    table: Table | None, declared: Sequence[Impossibility], found: Findings
) -> Table | None:
    """The table with a row for each declaration that can hold in it."""
    if table is None:
        return None
    rows = [row for each in declared if (row := _row(each, table)) is not None]
    if not rows:
        return table
    names = {row.name: row for row in rows}
    taken = [rule for rule in table.rules if rule.name in names]
    found.extend(_taken(rule, names[rule.name], table) for rule in taken)
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
    return all(
        column is not None and possible(cell.test, column.type)  # type: ignore[arg-type]  # lists are never inputs
        for column, cell in columns
    )


def _taken(rule: Rule, declared: Rule, table: Table) -> Diagnostic:
    return error(
        "GAP013",
        f"two rules of `{table.name}` are called `{rule.name}`",
        Label(rule.span, "this row"),
        Label(declared.span, "and what is said of all tables"),
        subject=f"table {table.name}, rule {rule.name}",
        helps=(decision("give one of them another name"),),
    )
