"""Writes one policy's module: its tables as data, and typed functions that hand them to the runtime."""

from __future__ import annotations

import bz2
from base64 import b85encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gapless.analysis.decision.tables import Classes
from gapless.analysis.domain import ordinals
from gapless.analysis.domain.answers import Same
from gapless.analysis.domain.derived import Ordering
from gapless.analysis.domain.partition import Axis, Point, Run
from gapless.analysis.unit import Unit
from gapless.backends.code.layout import (
    FORMATTED,
    Expression,
    Group,
    Quote,
    docstring,
    function_head,
    import_lines,
    items,
    lay,
    pieces,
    prose,
    remark,
    sentence,
    string,
    told,
    wrapped,
)
from gapless.backends.code.naming import (
    Names,
    annotation,
    camel,
    expression,
    identifier,
    kind_of_name,
    number,
    upper,
)
from gapless.backends.code.scope import Scope, scope
from gapless.backends.columns.offered import Offer, digits, offered
from gapless.backends.columns.shaping import Answer
from gapless.driver import Result
from gapless.model import (
    BoolType,
    Column,
    ColumnValue,
    Constant,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    Note,
    OptionalType,
    Policy,
    ScalarType,
    Table,
    TextType,
)
from gapless.text.types import MEMBERS, allowed

PUBLIC = ("Answered", "ColumnError", "Passed", "Refusal", "Refused", "RefusedError", "units")
"""What each module hands on of the runtime, for whoever calls its functions."""

FRAME = frozenset(
    {*PUBLIC, "Any", "Decimal", "Final", "Literal", "NamedTuple", "TypeAlias", "get_args"}
)
"""What modules import, so that nothing of a table's is called so; other names begin with `_`."""

KINDS = {
    EnumerationType: "members",
    BoolType: "flags",
    TextType: "texts",
    IntType: "whole",
    DecimalType: "exact",
    DateType: "days",
}
"""How the runtime reads a column, by what is in it."""

EPOCH = date(1970, 1, 1).toordinal()

MOST_COMPARED = 2**62 + 1
"""A constant beyond what columns are compared to, in steps of 64 bits, stands for all that are."""

READABLE = 600
"""Up to so many cells are written as numbers; more are packed."""

ROOM = 84
"""How long a piece of a text is that stands alone on its line."""


@dataclass(frozen=True, slots=True)
class TableNames:
    """`result` is empty where there is one output; `arguments` and `fields` are by column."""

    columns: str
    frame: str
    result: str
    data: str
    arguments: Mapping[str, str]
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Spelt:
    """The names of one module: of closed lists and their members, and of the tables that it offers."""

    aliases: Mapping[EnumerationType, str]
    tables: Mapping[Table, TableNames]
    members: Mapping[EnumerationType, str]


def spelt(known: Scope, offered: Sequence[Table]) -> Spelt:
    """Names as in the scalar module, where nothing of this one's own is called so."""
    names = Names({*FRAME})
    aliases = {kind: names.take(name, f"{name}Type") for kind, name in known.aliases.items()}
    tables = {table: _named(table, known, names) for table in offered}
    taken = dict.fromkeys(column.type.scalar for table in offered for column in table.inputs)
    members = {
        kind: names.take(upper(aliases[kind]), upper(aliases[kind], "members"))
        for kind in taken
        if isinstance(kind, EnumerationType)
    }
    return Spelt(aliases, tables, members)


def _named(table: Table, known: Scope, names: Names) -> TableNames:
    scalar = known.tables[table]
    word = identifier(table.name).rstrip("_")
    own = Names({"refused"})
    return TableNames(
        columns=names.take(f"{word}_columns"),
        frame=names.take(f"{word}_frame"),
        result=scalar.result and names.take(scalar.result, f"{camel(table.name)}Answer"),
        data=names.take(upper(table.name)),
        arguments={
            each.name: own.take(scalar.arguments[each.name], f"{scalar.arguments[each.name]}_")
            for each in table.inputs
        },
        fields=scalar.fields,
    )


# ---------------------------------------------------------------- the module


def module(policy: Policy, result: Result) -> str:
    """The text of a policy's module."""
    known = scope(policy, result.policies)
    asked = {table: offered(result.units[table]) for table in known.own}
    offers = {table: each for table, each in asked.items() if isinstance(each, Offer)}
    left_out = {table.name: why for table, why in asked.items() if isinstance(why, str)}
    head = docstring(_said(policy, bool(offers), left_out), 0)
    if not offers:
        return "\n".join([*head, "", "__all__: list[str] = []", ""])
    names = spelt(known, [*offers])
    used = {column.type.scalar for table in offers for column in table.outputs}
    types = {kind: name for kind, name in names.aliases.items() if kind in used}
    public = [*PUBLIC, *types.values()]
    for each in names.tables.values():
        public += [each.columns, each.frame, *([each.result] if each.result else [])]
    listed = tuple(map(string, sorted(public, key=kind_of_name)))
    blocks = [
        *([*_alias(kind, name, known)] for kind, name in types.items()),
        [line for kind in names.members for line in _members(kind, names, types)],
    ]
    for table, offer in offers.items():
        blocks += _answer_class(table, offer, names)
        blocks += _data(result.units[table], offer, names)
        blocks += _doors(table, offer, names, policy.notes)
    lines = [
        *head,
        "",
        "from __future__ import annotations",
        "",
        *_imports(used, names),
        "",
        FORMATTED,
        "",
        *lay(Group("__all__ = [", listed, "]")),
        *_apart([block for block in blocks if block]),
    ]
    return "\n".join([*lines, ""])


def _apart(blocks: list[list[str]]) -> Iterator[str]:
    """Two empty lines around classes and functions, one between values."""
    before = ""
    for block in blocks:
        around = any(each.startswith(("class ", "def ")) for each in (before, block[0]))
        yield from ("", "") if around else ("",)
        yield from block
        before = block[0]


def _said(policy: Policy, any_is: bool, left_out: Mapping[str, str]) -> Iterator[list[str]]:
    """The module's docstring."""
    title = prose(policy.title or "") or f"Policy {prose(policy.name)}"
    yield [f"{title.rstrip('.!?')}: for whole columns."]
    yield ["Generated by gapless; do not edit."]
    yield from told(*policy.notes)
    yield [
        f"From: {prose(policy.path.rpartition('/')[2])}",
        *([f"As of: {policy.as_of}"] if policy.as_of else []),
        f"Digest: sha256 {policy.digest[:16]}",
    ]
    if any_is:
        yield [_READING]
    if left_out:
        lines = (f"    {prose(name)}: {prose(sentence(why))}" for name, why in left_out.items())
        yield ["Left out, so that one row at a time has to be asked:", *lines]


_READING = (
    "`…_columns` takes arrays and answers with codes and what they stand for; `…_frame` adds"
    " columns to a data frame. What is missing or not allowed is refused, never answered: rows by"
    " RefusedError, unless `refused` says otherwise, and columns of a wrong kind by ColumnError."
)


def _imports(used: set[ScalarType], names: Spelt) -> Iterator[str]:
    """What the tables need, sorted as the usual tools sort it."""
    kinds = {type(each) for each in used}
    results = any(each.result for each in names.tables.values())
    yield from ["import datetime"] * (DateType in kinds)
    yield from ["from decimal import Decimal"] * (DecimalType in kinds)
    listed = ["Any", "Final", *["Literal"] * (EnumerationType in kinds)]
    listed += [*["NamedTuple"] * results, *["TypeAlias"] * (EnumerationType in kinds)]
    listed += ["get_args"] * (not used.isdisjoint(names.members))
    yield f"from typing import {', '.join(listed)}"
    yield ""
    yield "from . import runtime as _runtime"
    yield from import_lines(".runtime", PUBLIC)


def _alias(kind: EnumerationType, name: str, known: Scope) -> Iterator[str]:
    members = tuple(string(member.name) for member in kind.members)
    notes = tuple(remark(member.label or "") for member in kind.members)
    yield from lay(Group("Literal[", members, "]", notes), first=f"{name}: TypeAlias = ")
    title = prose(known.titles.get(kind, ""))
    yield from docstring([[sentence(title)]], 0) if title else []


def _members(
    kind: EnumerationType, names: Spelt, types: Mapping[EnumerationType, str]
) -> list[str]:
    """The members of a closed list that goes in, taken from its type where it also comes out."""
    members = items(*(Quote("", each.name) for each in kind.members))
    value = f"get_args({types[kind]})" if kind in types else members
    return lay(value, first=f"{names.members[kind]}: Final = ")


# ---------------------------------------------------------------- a table's data


def _answer_class(table: Table, offer: Offer, names: Spelt) -> Iterator[list[str]]:
    """The class of a table's answers, where there are several outputs."""
    known = names.tables[table]
    if known.result:
        yield [
            f"class {known.result}(NamedTuple):",
            f'    """What `{prose(table.name)}` answers."""',
            "",
            *(
                f"    {known.fields[column.name]}: {_typed(place, table, offer, names)}"
                for place, column in enumerate(table.outputs)
            ),
        ]


def _typed(output: int, table: Table, offer: Offer, names: Spelt) -> str:
    """The type of an output in the dictionary of answers."""
    told = annotation(table.outputs[output].type, names.aliases)
    passes = any(isinstance(each[output], Same) for each in offer.coded.answers)
    return f"{told} | Passed" if passes else told


def _data(unit: Unit, offer: Offer, names: Spelt) -> Iterator[list[str]]:
    """The grids, what columns take, and the answers."""
    table, known = unit.table, names.tables[unit.table]
    first, orders = len(table.inputs), [*offer.orders]
    said = wrapped(offer.shape.reason, "# ", "# ") if len(offer.shape.stages) > 1 else ()
    stages: list[Expression] = []
    for place, stage in enumerate(offer.shape.stages, 1):
        # Inputs as they are numbered, then the comparisons.
        axes = (axis if axis < first else first + orders.index(axis) for axis in stage.axes)
        cells = _cells(stage.cells)
        if len(cells) > 1:
            name = f"{known.data}_CELLS{f'_{place}' if len(offer.shape.stages) > 1 else ''}"
            yield [f"{name}: Final = (", *(f"    {part}" for part in cells), ")"]
            cells = [name]
        stages.append(items(items(*map(str, axes)), *cells))
    parts: dict[str, Sequence[Expression]] = {
        "columns": [
            _column(unit.axes[place], offer.groups.get(place), names) for place in range(first)
        ],
        "orders": [
            _order(each, table, offer.groups[place].count) for place, each in offer.orders.items()
        ],
        "stages": stages,
        "outputs": [
            items(string(known.fields[each.name]), string(each.name)) for each in table.outputs
        ],
        "answers": [_answer(each, table, known.result) for each in offer.coded.answers],
        "reasons": [Quote("", each) for each in offer.coded.reasons],
    }
    given = (items(*each, head=f"{word}=") for word, each in parts.items() if each)
    head = f"_runtime.Table[{known.result or _typed(0, table, offer, names)}]("
    spec = Group(head, (string(table.name), *given))
    yield [*said, *lay(spec, first=f"{known.data}: Final = ")]


def _cells(cells: Sequence[int]) -> list[str]:
    """The cells of a grid as a text, in pieces."""
    if len(cells) <= READABLE:
        return pieces(" ".join(map(str, cells)), ROOM)
    size = next(each for each in (1, 2, 4) if max(cells) < 256**each)
    raw = b"".join(cell.to_bytes(size, "little") for cell in cells)
    text = f"{size}:{b85encode(bz2.compress(raw)).decode()}"
    return [string(text[n : n + ROOM - 2]) for n in range(0, len(text), ROOM - 2)]


def _answer(given: Answer, table: Table, result: str) -> Expression:
    values = [
        f"Passed({string(table.inputs[each.input].name)})"
        if isinstance(each, Same)
        else expression(each.value)
        for each in given
    ]
    return Group(f"{result}(", tuple(values)) if result else values[0]


def _column(axis: Axis, groups: Classes | None, names: Spelt) -> Expression:
    """What an input takes; `groups` is None where no answer depends on it."""
    column, kind = axis.column, axis.column.type.scalar
    parts: list[Expression] = [string(column.name)]
    ordered = ordinals.ordered(column.type)
    if ordered is not None:
        parts.append(Quote("", allowed(column.type)))
        parts += [str(ordered.digits)] if isinstance(ordered, DecimalType) else []
        shift = EPOCH if isinstance(ordered, DateType) else 0
        ends = ordinals.bounds(ordered)
        parts += ["None" if end is None else number(end - shift) for end in ends]
        starts = [
            number(atom.low - shift)
            for place, atom in enumerate(axis.atoms)
            if groups and place and isinstance(atom, Run) and atom.low is not None
            if groups.of[place] != groups.of[place - 1]
        ]
        parts += [items(*starts, head="starts=")] if starts else []
    else:
        count = len(axis.atoms) - isinstance(column.type, OptionalType)
        of_atoms = groups.of[:count] if groups else (0,) * count
        if isinstance(kind, EnumerationType):
            parts.append(names.members[kind])
            parts += [Quote("", allowed(kind))] if len(kind.members) > MEMBERS else []
        if isinstance(kind, TextType):
            values = (each.value for each in axis.atoms if isinstance(each, Point))
            parts.append(items(*(Quote("", each) for each in values if isinstance(each, str))))
        if isinstance(kind, TextType) or of_atoms != tuple(range(count)):
            parts.append(items(*map(str, of_atoms), head="groups="))
    parts += ["optional=True"] if isinstance(column.type, OptionalType) else []
    return Group(f"_runtime.{KINDS[type(kind)]}(", tuple(parts))


def _order(ordering: Ordering, table: Table, size: int) -> Expression:
    """A comparison of two columns, or of one with a constant."""
    ends = (ordering.left, ordering.right)
    shared = max(0, *(digits(end, table) for end in ends))
    return Group(
        "_runtime.Order(", (*(_end(end, ordering, table, shared) for end in ends), str(size))
    )


def _end(end: Constant | ColumnValue, ordering: Ordering, table: Table, shared: int) -> Expression:
    """One side, in steps of the last digit of the side that has more."""
    if isinstance(end, ColumnValue):
        column = next(each for each in table.inputs if each.name == end.column)
        kind, factor = column.type.scalar, 10 ** (shared - digits(end, table))
        parts: list[Expression] = [f"column={table.inputs.index(column)}"]
        if isinstance(kind, EnumerationType):
            places = (str(ordering.members.index(each.name)) for each in kind.members)
            parts.append(items(*places, head="places="))
        elif factor != 1:
            parts.append(f"factor={number(factor)}")
        return Group("_runtime.End(", tuple(parts))
    match end.value:
        case str():
            step = ordering.members.index(end.value)
        case date():
            step = end.value.toordinal() - EPOCH
        case Decimal() | int():
            step = ordinals.first_at(DecimalType(shared), end.value)
        case _:
            raise AssertionError("only what has an order is compared")
    step = max(-MOST_COMPARED, min(step, MOST_COMPARED))
    return Group("_runtime.End(", (f"constant={number(step)}", f"digits={shared}"))


# ---------------------------------------------------------------- a table's functions


def _doors(
    table: Table, offer: Offer, names: Spelt, notes: tuple[Note, ...]
) -> Iterator[list[str]]:
    """The two functions that a caller may call."""
    known = names.tables[table]
    given = [known.arguments[column.name] for column in table.inputs]
    title = sentence(prose(table.title or "") or f"What table {table.name} answers")
    outputs = (
        f"    {known.fields[column.name]}: {sentence(prose(column.label or '') or prose(column.name))}"
        for column in table.outputs
    )
    inputs = (_taken(column, known.arguments[column.name]) for column in table.inputs)
    said = [
        [title],
        *told(*notes, *table.notes),
        ["Args:", *inputs],
        ["Outputs:", *outputs],
    ]
    yield [
        *function_head(
            known.columns,
            [*(f"{each}: object" for each in given), "*", 'refused: Refused = "raise"'],
            f"Answered[{known.result or _typed(0, table, offer, names)}]",
        ),
        *docstring(said, 1),
        *lay(
            Group("_runtime.decided(", (known.data, items(*given), "refused")),
            first="return ",
            depth=1,
        ),
    ]
    yield [
        *function_head(known.frame, ["frame: object", "*", 'refused: Refused = "report"'], "Any"),
        *docstring([[f"A data frame with what `{known.columns}` answers beside its columns."]], 1),
        f"    return _runtime.framed({known.data}, frame, refused)",
    ]


def _taken(column: Column, argument: str) -> str:
    label = prose(column.label or "")
    limits = prose(allowed(column.type))
    return f"    {argument}: {sentence(f'{label}, {limits}' if label else limits)}"
