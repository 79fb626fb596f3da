"""One table in a columnar module: its data, and the functions that answer for columns and frames."""

from __future__ import annotations

import bz2
from base64 import b85encode
from collections.abc import Iterator, Sequence

from gapless.analysis.domain.answers import Same
from gapless.analysis.unit import Unit
from gapless.backends.code.layout import Expression, Group, Quote, items, lay
from gapless.backends.code.statements import docstring, function_head
from gapless.backends.code.text import (
    WIDTH,
    pieces,
    prose,
    sentence,
    string,
    told,
    width,
    wrapped,
)
from gapless.backends.code.values import annotation, expression
from gapless.backends.columns.columns import column, order
from gapless.backends.columns.naming import Spelt
from gapless.backends.columns.offered import Offer
from gapless.backends.columns.shaping import Answer
from gapless.model import Column, Note, Table
from gapless.text.types import allowed

READABLE = 600
"""Up to so many cells are written as numbers; more are packed."""

ROOM = 84
"""How long a piece of a text is that stands alone on its line."""


def answer(table: Table, offer: Offer, names: Spelt) -> list[str]:
    """The class of a table's answers, where there are several outputs."""
    known = names.tables[table]
    if not known.result:
        return []
    fields = (
        f"    {known.fields[column.name]}: {_typed(place, table, offer, names)}"
        for place, column in enumerate(table.outputs)
    )
    return [
        f"class {known.result}(NamedTuple):",
        f'    """What `{prose(table.name)}` answers."""',
        "",
        *fields,
    ]


def _typed(output: int, table: Table, offer: Offer, names: Spelt) -> str:
    """The type of an output in the dictionary of answers."""
    told = annotation(table.outputs[output].type, names.aliases)
    passes = any(isinstance(each[output], Same) for each in offer.coded.answers)
    return f"{told} | Passed" if passes else told


def data(unit: Unit, offer: Offer, names: Spelt) -> Iterator[list[str]]:
    """The answers, the grids and what columns take."""
    table, known = unit.table, names.tables[unit.table]
    result = known.result or _typed(0, table, offer, names)
    last = len(offer.shape.stages) - 1
    stages: list[Expression] = []
    for number, stage in enumerate(offer.shape.stages):
        name = f"{known.data}_CELLS{f'_{number + 1}' if last else ''}"
        said = wrapped(offer.shape.reason, "# ", "# ") if not number else ()
        yield [*said, *_cells(name, stage.cells)]
        stages.append(items(items(*map(str, _places(unit, offer, stage.axes))), name))
    spec = Group(
        f"_Table[{result}](",
        (
            string(table.name),
            items(*(column(unit.axes[n], offer.groups.get(n)) for n in range(len(table.inputs)))),
            items(*(order(each, table, offer.groups[n].count) for n, each in offer.orders.items())),
            items(*stages),
            items(*(_output(each, known.fields[each.name]) for each in table.outputs)),
            items(*(_answer(each, table, known.result) for each in offer.coded.answers)),
            items(*(Quote("", each) for each in offer.coded.reasons)),
        ),
    )
    yield lay(spec, first=f"{known.data}: Final = ")


def _output(column: Column, field: str) -> Expression:
    return items(string(field), string(column.name))


def _places(unit: Unit, offer: Offer, axes: Sequence[int]) -> Iterator[int]:
    """The numbers of columns: inputs as they are, then the comparisons."""
    first, orders = len(unit.table.inputs), [*offer.orders]
    yield from (axis if axis < first else first + orders.index(axis) for axis in axes)


def _answer(given: Answer, table: Table, result: str) -> Expression:
    values = [
        f"Passed({string(table.inputs[each.input].name)})"
        if isinstance(each, Same)
        else expression(each.value)
        for each in given
    ]
    return Group(f"{result}(", tuple(values)) if result else values[0]


def _cells(name: str, cells: Sequence[int]) -> list[str]:
    """The cells of a grid as a text."""
    if len(cells) <= READABLE:
        parts = pieces(" ".join(map(str, cells)), ROOM)
    else:
        size = next(each for each in (1, 2, 4) if max(cells) < 256**each)
        raw = b"".join(cell.to_bytes(size, "little") for cell in cells)
        text = f"{size}:{b85encode(bz2.compress(raw)).decode()}"
        parts = [string(text[n : n + ROOM - 2]) for n in range(0, len(text), ROOM - 2)]
    line = f"{name}: Final = {parts[0]}"
    if len(parts) == 1 and width(line) <= WIDTH:
        return [line]
    return [f"{name}: Final = (", *(f"    {part}" for part in parts), ")"]


def doors(table: Table, offer: Offer, names: Spelt, notes: tuple[Note, ...]) -> Iterator[list[str]]:
    """The two functions that a caller may call."""
    known = names.tables[table]
    given = [known.arguments[column.name] for column in table.inputs]
    title = sentence(prose(table.title or "") or f"What table {table.name} answers")
    outputs = [
        f"    {known.fields[column.name]}: {sentence(prose(column.label or '') or prose(column.name))}"
        for column in table.outputs
    ]
    result = known.result or _typed(0, table, offer, names)
    yield [
        *function_head(
            known.columns,
            [*(f"{each}: object" for each in given), "*", 'refused: Refused = "raise"'],
            f"Answered[{result}]",
        ),
        *docstring(
            [
                [title],
                *told(*notes, *table.notes),
                [
                    "Args:",
                    *(_taken(column, known.arguments[column.name]) for column in table.inputs),
                ],
                ["Outputs:", *outputs],
                ["Raises:", *_RAISES],
            ],
            1,
        ),
        *lay(Group("_decided(", (known.data, items(*given), "refused")), first="return ", depth=1),
    ]
    yield [
        *function_head(known.frame, ["frame: object", "*", 'refused: Refused = "report"'], "Any"),
        *docstring([[f"A data frame with what `{known.columns}` answers beside its columns."]], 1),
        f"    return _framed({known.data}, frame, refused)",
    ]


_RAISES = (
    "    RefusedError: some row gets no answer, unless `refused` says otherwise.",
    "    ColumnError: a whole column is not of the kind that its input takes.",
)


def _taken(column: Column, argument: str) -> str:
    label = prose(column.label or "")
    limits = prose(allowed(column.type))
    return f"    {argument}: {sentence(f'{label}, {limits}' if label else limits)}"
