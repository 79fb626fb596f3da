"""A large table as text: what its author wrote."""

from __future__ import annotations

from benchmarks.analysis.generator import loans
from gapless.model import Column as ModelColumn
from gapless.model import EnumerationType, IntType, Table

COLUMNS = 7


def large(rows: int) -> Table:
    return loans(1, rows, COLUMNS, whole_numbers=True).table


def written(table: Table) -> str:
    """A table of constants as an author writes it."""
    named = {
        column.type.name: column.type
        for column in (*table.inputs, *table.outputs)
        if isinstance(column.type, EnumerationType)
    }
    lines = [
        f"type {name} = {' | '.join(member.name for member in type.members)}"
        for name, type in named.items()
    ]
    lines += ["", f"table {table.name}"]
    lines += [f"  in  {column.name} : {_type(column)}" for column in table.inputs]
    lines += [f"  out {column.name} : {_type(column)}" for column in table.outputs]
    heads = " | ".join(column.name for column in table.inputs)
    lines += ["", f"  | {table.policy} | {heads} || {table.outputs[0].name} |"]
    lines.append("  |" + "---|" * (len(table.inputs) + 1) + "|---|")
    for rule in table.rules:
        cells = " | ".join(condition.text for condition in rule.conditions)
        lines.append(f"  | {rule.name} | {cells} || {rule.outcomes[0].text} |")
    return "\n".join(lines) + "\n"


def _type(column: ModelColumn) -> str:
    type = column.type
    if isinstance(type, EnumerationType):
        return type.name
    if isinstance(type, IntType):
        return f"int {type.low}..{type.high}"
    raise AssertionError("only whole numbers and lists are written")
