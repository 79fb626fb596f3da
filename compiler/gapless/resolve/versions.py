"""Several versions of one table, each with its days: they become one table that asks the right one.

    table fee effective ..2024-12-31          fee_until_2024_12_31
    table fee effective 2025-01-01..    ──▶   fee_from_2025_01_01
                                              fee   | until_2024-12-31 | ..2024-12-31 || the first  |
                                                    | from_2025-01-01  | 2025-01-01.. || the second |

A version is a table of its own, whose day can only be one of its life. So everything that is known
of tables that call tables holds of versions too, and nothing else has to know of time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
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
from gapless.resolve.findings import Findings
from gapless.resolve.lives import Life, beyond, chosen_by, fitting, tiling
from gapless.resolve.names import Names, twice
from gapless.resolve.signatures import Signature
from gapless_dsl.nodes.declarations import LifeNode


class Together(NamedTuple):
    table: Table | None
    versions: tuple[Table, ...]


def put_together(
    group: Sequence[Signature], meant: Sequence[Table | None], names: Names, found: Findings
) -> Together:
    """The one table that `group` is, and its versions, none where it has none."""
    read = [each for each in meant if each is not None]
    if group[0].node.life is None:
        return Together(meant[0], ())
    if len(read) < len(group) or not all(each.sound and each.node.complete for each in group):
        return Together(None, ())
    before = len(found)
    column = chosen_by(group, found)
    if column is None or not fitting(group, found):
        return Together(None, ())
    lives = tiling(group, column, found)
    if len(found) > before:
        return Together(None, ())
    for table, life in zip(read, lives, strict=True):
        beyond(table, life, column, found)
    title = next((each.title for each in read if each.title), None)
    shown = [example for each in read for example in each.examples]
    versions = [
        _version(replace(table, title=table.title or title, examples=tuple(shown)), life, column)
        for table, life in zip(read, lives, strict=True)
    ]
    _notice_taken(group, versions, names, found)
    return Together(_whole(group, versions, lives, read, column), tuple(versions))


def _version(table: Table, life: Life, column: Column) -> Table:
    narrowed = replace(column, type=DateType(life.low, life.high), type_name=None)
    return replace(
        table,
        title=None if table.title is None else f"{table.title}, {_in_words(life.node)}",
        name=f"{table.name}_{_called(life.node).replace('-', '_')}",
        inputs=tuple(narrowed if each == column else each for each in _inputs(table, column)),
        examples=tuple(each for each in table.examples if _is_in(each, life, column)),
        span=life.node.span,
        day=column.name,
    )


def _inputs(table: Table, column: Column) -> Iterator[Column]:
    """A version's own inputs, the one that chooses put so that it can be told."""
    for each in table.inputs:
        yield column if each.name == column.name else each


def _called(life: LifeNode) -> str:
    return f"from_{life.low}" if life.low else f"until_{life.high}"


def _in_words(life: LifeNode) -> str:
    if life.low is None:
        return f"until {life.high}"
    return f"from {life.low}" if life.high is None else f"{life.low} to {life.high}"


def _is_in(example: Example, life: Life, column: Column) -> bool:
    day = dict(example.inputs).get(column.name)
    return isinstance(day, date) and life.low <= day <= life.high


def _notice_taken(
    group: Sequence[Signature], versions: Sequence[Table], names: Names, found: Findings
) -> None:
    for signature, version in zip(group, versions, strict=True):
        if version.name in names.tables:
            again = signature.node.name._replace(text=version.name)
            found.append(twice("table", again, names.tables[version.name].name))


# ---------------------------------------------------------------- the table that asks them


def _whole(
    group: Sequence[Signature],
    versions: Sequence[Table],
    lives: Sequence[Life],
    read: Sequence[Table],
    column: Column,
) -> Table:
    first = read[0]
    rules = [_rule(*each, first, column) for each in zip(versions, lives, strict=True)]
    return replace(
        first,
        title=next((each.title for each in read if each.title), None),
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


def _rule(version: Table, life: Life, first: Table, column: Column) -> Rule:
    node = life.node
    in_force = Condition(
        Between(node.low, node.high), f"{node.low or ''}..{node.high or ''}", node.span
    )
    always = Condition(Anything(), "-", node.span)
    inputs = tuple(each.name for each in first.inputs)
    return Rule(
        _called(node),
        RuleKind.RULE,
        tuple(in_force if name == column.name else always for name in inputs),
        tuple(_asked(version, number, inputs) for number in range(len(first.outputs))),
        Reason(),
        (),
        node.span,
    )


def _asked(version: Table, output: int, inputs: tuple[str, ...]) -> Outcome:
    arguments = tuple(map(ColumnValue, inputs))
    picked = f".{version.outputs[output].name}" if len(version.outputs) > 1 else ""
    text = f"{version.name}({', '.join(inputs)}){picked}"
    return Outcome(Call(version, output, arguments, version.span), text, version.span)
