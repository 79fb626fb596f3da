"""A table as the runtime reads it: what columns take, grids, answers, and the rows that these rest on."""

from __future__ import annotations

import bz2
from base64 import b85encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from gapless.analysis.decision.tables import Classes
from gapless.analysis.domain import ordinals
from gapless.analysis.domain.answers import Same
from gapless.analysis.domain.derived import Ordering
from gapless.analysis.domain.partition import Axis, Point, Run
from gapless.analysis.unit import Unit
from gapless.backends.code.layout import (
    Expression,
    Group,
    Quote,
    items,
    lay,
    pieces,
    prose,
    string,
    wrapped,
)
from gapless.backends.code.naming import (
    annotation,
    expression,
    number,
)
from gapless.backends.columns.shaping import Answer, Offer, Values, digits
from gapless.model import (
    Basis,
    BoolType,
    ColumnValue,
    Constant,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    OptionalType,
    Table,
    TextType,
    TimeType,
    counted,
)
from gapless.text.types import MEMBERS, allowed

KINDS = {
    EnumerationType: "members",
    BoolType: "flags",
    TextType: "texts",
    IntType: "whole",
    DecimalType: "exact",
    DateType: "days",
    TimeType: "times",
    DatetimeType: "moments",
}
"""How the runtime reads a column, by what is in it."""

STARTS: Mapping[type, int] = {
    DateType: counted(date(1970, 1, 1)),
    DatetimeType: counted(datetime(1970, 1, 1)),
}
"""From where steps are counted, in ranks."""

MOST_COMPARED = 2**62 + 1
"""A constant beyond what columns are compared to, in steps of 64 bits, stands for all that are."""

READABLE = 600
"""Up to so many cells are written as numbers; more are packed."""

LEGIBLE = 6_000
"""Names of rows in up to so many letters are written as they are; more are packed."""

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


def answer_class(table: Table, offer: Offer, names: Spelt) -> Iterator[list[str]]:
    """The class of a table's answers, where there are several outputs."""
    known = names.tables[table]
    if known.result:
        yield [
            f"class {known.result}(NamedTuple):",
            f'    """What `{prose(table.name)}` answers."""',
            "",
            *(
                f"    {known.fields[column.name]}: {typed(place, table, offer, names)}"
                for place, column in enumerate(table.outputs)
            ),
        ]


def typed(output: int, table: Table, offer: Offer, names: Spelt) -> str:
    """The type of an output in the dictionary of answers."""
    told = annotation(table.outputs[output].type, names.aliases)
    passes = any(isinstance(each.values[output], Same) for each in offer.coded.answers)
    return f"{told} | Passed" if passes else told


def data(unit: Unit, offer: Offer, names: Spelt) -> Iterator[list[str]]:
    """The grids, what columns take, and the answers."""
    table, known = unit.table, names.tables[unit.table]
    first, orders = len(table.inputs), [*offer.orders]
    said = wrapped(offer.shape.reason, "# ", "# ") if len(offer.shape.stages) > 1 else ()
    stages: list[Expression] = []
    for place, stage in enumerate(offer.shape.stages, 1):
        # Inputs as they are numbered, then the comparisons.
        axes = (axis if axis < first else first + orders.index(axis) for axis in stage.axes)
        many = f"_{place}" if len(offer.shape.stages) > 1 else ""
        written = _written(_cells(stage.cells))
        name = f"{known.data}_CELLS{many}"
        yield from _named_text(name, written)
        stages.append(items(items(*map(str, axes)), name if len(written) > 1 else written[0]))
    orderings: list[Expression] = []
    for place, each in offer.orders.items():  # two columns compared, or one with a constant
        ends = (each.left, each.right)
        shared = max(0, *(digits(end, table) for end in ends))
        sides = (_end(end, each, table, shared) for end in ends)
        orderings.append(Group("_runtime.Order(", (*sides, str(offer.groups[place].count))))
    answers: list[Expression] = []
    different: dict[Values, int] = {}
    for coded in offer.coded.answers:
        different.setdefault(coded.values, len(different))
    for given in different:
        values = tuple(
            f"Passed({string(table.inputs[value.input].name)})"
            if isinstance(value, Same)
            else expression(value.value)
            for value in given
        )
        answers.append(Group(f"{known.result}(", values) if known.result else values[0])
    parts: dict[str, Sequence[Expression]] = {
        "columns": [
            _column(unit.axes[place], offer.groups.get(place), names) for place in range(first)
        ],
        "orders": orderings,
        "stages": stages,
        "outputs": [
            items(string(known.fields[each.name]), string(each.name)) for each in table.outputs
        ],
        "answers": answers,
        "reasons": [Quote("", each) for each in offer.coded.reasons],
    }
    named: list[Expression] = [
        items(*each, head=f"{word}=") for word, each in parts.items() if each
    ]
    numbers = [different[coded.values] for coded in offer.coded.answers]
    texts = {
        "numbers": _cells(numbers) if len(different) < len(numbers) else "",
        "rests": _rests(offer.coded.answers),
    }
    for word, text in texts.items():
        written = _written(text) if text else []
        name = f"{known.data}_{word.upper()}"
        yield from _named_text(name, written)
        named += [f"{word}={name if len(written) > 1 else part}" for part in written[:1]]
    head = f"_runtime.Table[{known.result or typed(0, table, offer, names)}]("
    spec = Group(head, (string(table.name), *named))
    yield [*said, *lay(spec, first=f"{known.data}: Final = ")]


def _rests(answers: Sequence[Answer]) -> str:
    """The rows that each code rests on, with their basis where that is another than stated."""
    text = " | ".join(
        each.rules if each.basis == Basis.STATED else f"{each.rules} ({each.basis or '?'})"
        for each in answers
    )
    return text if len(text) <= LEGIBLE else _packed("0", text.encode())


def _written(text: str) -> list[str]:
    """A text as string literals, each short enough for a line."""
    if " " in text:
        return pieces(text, ROOM)
    return [string(text[n : n + ROOM - 2]) for n in range(0, len(text), ROOM - 2)]


def _named_text(name: str, written: Sequence[str]) -> Iterator[list[str]]:
    """A constant for a text that takes several lines."""
    if len(written) > 1:
        yield [f"{name}: Final = (", *(f"    {part}" for part in written), ")"]


def _cells(cells: Sequence[int]) -> str:
    """The cells of a grid as a text."""
    if len(cells) <= READABLE:
        return " ".join(map(str, cells))
    size = next(each for each in (1, 2, 4) if max(cells) < 256**each)
    return _packed(str(size), b"".join(cell.to_bytes(size, "little") for cell in cells))


def _packed(kind: str, raw: bytes) -> str:
    return f"{kind}:{b85encode(bz2.compress(raw)).decode()}"


def _column(axis: Axis, groups: Classes | None, names: Spelt) -> Expression:
    """What an input takes; `groups` is None where no answer depends on it."""
    column, kind = axis.column, axis.column.type.scalar
    parts: list[Expression] = [string(column.name)]
    ordered = ordinals.ordered(column.type)
    if ordered is not None:
        parts.append(Quote("", allowed(column.type)))
        parts += [str(ordered.digits)] if isinstance(ordered, DecimalType) else []
        shift = STARTS.get(type(ordered), 0)
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
            if axis.tree is not None:
                prefixes = (Quote("", each) for each in axis.tree.prefixes)
                parts.append(items(*prefixes, head="prefixes="))
        if isinstance(kind, TextType) or of_atoms != tuple(range(count)):
            parts.append(items(*map(str, of_atoms), head="groups="))
    parts += ["optional=True"] if isinstance(column.type, OptionalType) else []
    return Group(f"_runtime.{KINDS[type(kind)]}(", tuple(parts))


def _end(end: Constant | ColumnValue, ordering: Ordering, table: Table, shared: int) -> Expression:
    """One side of a comparison, in steps of the last digit of the side that has more."""
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
        case datetime():
            step = counted(end.value) - STARTS[DatetimeType]
        case date():
            step = counted(end.value) - STARTS[DateType]
        case time():
            step = counted(end.value)
        case Decimal() | int():
            step = ordinals.first_at(DecimalType(shared), end.value)
        case _:
            raise AssertionError("only what has an order is compared")
    step = max(-MOST_COMPARED, min(step, MOST_COMPARED))
    return Group("_runtime.End(", (f"constant={number(step)}", f"digits={shared}"))
