"""What a called table works out, as columns of its caller: so that nothing of how they hang together is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from gapless.analysis.domain.derived import Derived, put
from gapless.model import Call, Column, ColumnValue, Constant, OptionalType


class Borrowed(NamedTuple):
    """What a call derives within the called table, said in the caller's columns.

    `names` are what the caller calls that table's derived and looked-up columns; `arguments` go into
    its inputs and derived columns.
    """

    call: Call
    derived: tuple[Derived, ...]
    names: Mapping[str, str]
    arguments: tuple[Constant | ColumnValue, ...]


def borrowed(
    call: Call,
    derived: Sequence[Derived],
    looked_up: Iterable[str],
    place: int,
    *,
    is_guarded: bool = False,
) -> Borrowed:
    """The `derived` columns of the table that call number `place` calls, and of those it `looked_up`.

    Outside a guard an argument may be missing that is there inside, and so may be what follows from it.
    """
    columns = [each.column for each in derived]
    names = {
        name: f"{name} of {call.table.name} ({place + 1})"
        for name in (*(column.name for column in columns), *looked_up)
    }
    into: dict[str, Constant | ColumnValue] = {
        name: ColumnValue(own) for name, own in names.items()
    }
    for column, argument in zip(call.table.inputs, call.arguments, strict=True):
        into[column.name] = argument
    found = tuple(
        Derived(_named(column, names[column.name], is_guarded), put(definition, into))
        for column, definition in derived
    )
    own = (ColumnValue(each.column.name) for each in found)
    return Borrowed(call, found, names, (*call.arguments, *own))


def _named(column: Column, name: str, is_guarded: bool) -> Column:
    kind = column.type
    if is_guarded and not isinstance(kind, OptionalType):
        kind = OptionalType(kind)  # type: ignore[arg-type]
    return replace(column, name=name, type=kind)
