"""How each small thing is written: words, values, arithmetic, cells, types; and the rows of a grid.

Rows are laid out in columns, as wide as a terminal shows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple, TypeAlias, assert_never
from unicodedata import category, east_asian_width

from gapless_dsl import nodes
from gapless_dsl.lexis import DITTO, DITTOS, OTHERWISE, OVER, quoted, spelled

_SEAM = re.compile("[0-9],[0-9]")


def listed(those: Sequence[tuple[str, nodes.At]]) -> str:
    """`a, b`; but `1,000` stays as tight as it was typed, for it may have been meant as one number."""
    said = "".join(text for text, _ in those[:1])
    for (before, (_, end)), (text, (start, _)) in pairwise(those):
        tight = start == end + 1 and _SEAM.fullmatch(f"{before[-1:]},{text[:1]}")
        said += f"{',' if tight else ', '}{text}"
    return said


def titled(name: str, title: nodes.Word | None) -> str:
    return name if title is None else f"{name} {quoted(title.text)}"


def life(node: nodes.LifeNode | None) -> str:
    """What follows a table's name, with the blank before it."""
    if node is None:
        return ""
    by = f" by {node.by.text}" if node.by else ""
    return f" effective {node.low or ''}..{node.high or ''}{by}"


def guard(tests: Sequence[nodes.GuardNode]) -> str:
    """What a step ends with, with the blank before it."""
    said = []
    for each in tests:
        is_comparison = len(each.cell.content.either) == 1 and isinstance(
            each.cell.content.either[0], nodes.Comparison
        )
        sign = "" if is_comparison and not each.cell.content.neither else "= "
        said.append(f"{each.column.text} {sign}{condition(each.cell.content)}")
    return f" when {' and '.join(said)}" if said else ""


# ---------------------------------------------------------------- cells


def condition(content: nodes.ConditionContent) -> str:
    if any(isinstance(part, nodes.Among | nodes.Together) for part in content.either):
        return " or ".join(map(_part, content.either))
    return listed(parts(content)) or "-"


def parts(content: nodes.ConditionContent) -> list[tuple[str, nodes.At]]:
    """The values of a condition as they are written, and where."""
    either = [(_part(part), _at(part)) for part in content.either]
    neither = [(_part(part), _at(part)) for part in content.neither]
    return [*either, *((f"not {text}", at) for text, at in neither[:1]), *neither[1:]]


def _at(part: nodes.Part) -> nodes.At:
    """Where it stands, without brackets: those of `[1..5]` are not printed."""
    low, high = (part.low, part.high) if isinstance(part, nodes.Range) else (None, None)
    return (low.at if low else part.at)[0], (high.at if high else part.at)[1]


def outcome(content: nodes.OutcomeContent) -> str:
    return listed(items(content)) or "[]"


def items(content: nodes.OutcomeContent) -> list[tuple[str, nodes.At]]:
    return [(expression(item), item.at) for item in content.items]


def _part(part: nodes.Part) -> str:
    match part:
        case nodes.Literal() | nodes.Presence():
            return _value(part)
        case nodes.Comparison(operator, operand):
            return f"{operator} {spelled(operand)}"
        case nodes.Beginning(prefix, but):
            left = f" (but not {', '.join(map(_part, but))})" if but else ""
            return f"{spelled(prefix)}*{left}"
        case nodes.Range():
            return _range(part)
        case nodes.Among():
            return _among(part)
        case nodes.Together(those):
            return " and ".join(map(_among, those))
        case _:
            assert_never(part)


def _among(part: nodes.Among) -> str:
    members = listed([(spelled(each), each.at) for each in part.members])
    if part.quantifier is nodes.Quantifier.EXACTLY:
        return f"[{members}]"
    of = " of" if part.number and members else ""
    number = f" {_part(part.number)}" if part.number else ""
    return f"{part.quantifier}{number}{of} {members}".rstrip()


def _range(part: nodes.Range) -> str:
    low, high = (spelled(end) if end else "" for end in (part.low, part.high))
    if part.low_included and part.high_included:
        return f"{low}..{high}"
    if not low or not high:
        return f"> {low}" if low else f"< {high}"
    opening, closing = "[" if part.low_included else "(", "]" if part.high_included else ")"
    return f"{opening}{low}..{high}{closing}"


def _value(value: nodes.Literal | nodes.Presence) -> str:
    return value.state.value if isinstance(value, nodes.Presence) else spelled(value)


def binding(node: nodes.Binding) -> str:
    values = listed([(_value(value), value.at) for value in node.values])
    return f"{node.name.text} = [{values}]" if node.bracketed else f"{node.name.text} = {values}"


# ---------------------------------------------------------------- types


def type_(node: nodes.TypeNode) -> str:
    match node:
        case nodes.EnumerationNode(members, _, False):
            return " | ".join(member(each) for each in members)
        case nodes.EnumerationNode(members):
            return f"ordered {' < '.join(member(each) for each in members)}"
        case nodes.WrappedNode(wrapper, of):
            return f"{wrapper.value} {type_(of)}"
        case nodes.ScalarNode(name, digits, low, high):
            scale = f"({digits.text})" if digits else ""
            bounds = f" {low.text if low else ''}..{high.text if high else ''}"
            return f"{name.text}{scale}{bounds if low or high else ''}"
        case _:
            assert_never(node)


def member(node: nodes.MemberNode) -> str:
    return titled(spelled(node.name), node.label) + lived(node)


def lived(node: nodes.MemberNode) -> str:
    """What follows a member that is in force on some days only, with the blank before it."""
    ends = (("from", node.since), ("until", node.until))
    return "".join(f" {word} {day.text}" for word, day in ends if day)


# ---------------------------------------------------------------- arithmetic

_STRENGTH = {"&": 0, "+": 1, "-": 1, "*": 2, "/": 2}
_NEGATED, _ATOM = 3, 4


def expression(node: nodes.Expression | nodes.Presence, within: int = 0) -> str:
    """As it is written where what stands around it binds as strongly as `within`."""
    match node:
        case nodes.Presence(state):
            return state.value
        case nodes.Literal():
            return spelled(node)
        case nodes.Call():
            return call(node)
        case nodes.Operation(operator, (operand,)):
            return _bracketed(f"{operator}{expression(operand, _ATOM)}", _NEGATED, within)
        case nodes.Operation(operator, operands):
            strength = _STRENGTH[operator]
            first, *others = (
                expression(each, strength + (place > 0)) for place, each in enumerate(operands)
            )
            return _bracketed(f" {operator} ".join([first, *others]), strength, within)
        case nodes.Function(name, operands):
            return f"{name}({listed([(expression(each), each.at) for each in operands])})"
        case nodes.Rounding(of, digits, mode):
            return f"round({expression(of)}, {digits.text}, {mode.text})"
        case nodes.Duration(count, unit, month_end):
            plural = "" if isinstance(count, nodes.Literal) and count.text == "1" else "s"
            return f"{expression(count, _ATOM)} {unit}{plural}{_chosen(month_end)}"
        case nodes.Elapsed(unit, start, end, month_end):
            days = f"{expression(start, _ATOM + 1)} and {expression(end, _ATOM + 1)}"
            return _bracketed(
                f"{unit}s between {days}{_chosen(month_end)}",
                _ATOM,
                within,
            )
    assert_never(node)


def _chosen(month_end: str | None) -> str:
    return f" or {month_end} day" if month_end else ""


def call(node: nodes.Call) -> str:
    arguments = listed([(expression(each), each.at) for each in node.arguments])
    output = f".{node.output.text}" if node.output else ""
    return f"{node.table.text}({arguments}){output}"


def _bracketed(text: str, strength: int, within: int) -> str:
    return f"({text})" if strength < within else text


# ---------------------------------------------------------------- the rows of a grid


_MARK = re.compile(rf"\\*[{re.escape(''.join(DITTOS))}]")

AnyCell: TypeAlias = nodes.ConditionCell | nodes.OutcomeCell | nodes.Crossing | nodes.TextCell

WIDEST_LAST = 80
"""A longer text in the last column sticks out, instead of pushing every other row's end away."""


class GridLines(NamedTuple):
    """`heads` are the lines of the header: two where the table is a crosstab."""

    heads: tuple[str, ...]
    dashes: str
    rows: tuple[str, ...]


class _Section(NamedTuple):
    """The cells of one row between two `||`; where `spans`, the last cell stands for all that are left."""

    cells: tuple[str, ...]
    spans: bool = False


def _section(cells: Iterable[AnyCell | None], *, spans: bool = False) -> _Section:
    return _Section(tuple(map(written, cells)), spans)


def lay_out(grid: nodes.Grid | nodes.Crosstab) -> GridLines:
    tops = [_header(grid.header)] if isinstance(grid, nodes.Grid) else _heads(grid)
    with_notes = bool(grid.header.annotations)
    rows = ([_left(row), _middle(row), _section(row.annotations)] for row in grid.rows)
    lines = [*tops, *(row[: 2 + with_notes] for row in rows)]
    widths = [_widths(part) for part in zip(*lines, strict=True)]
    if with_notes:
        widths[-1][-1] = _width_of_last([line[-1].cells[-1] for line in lines])
    dashes = "||".join("|".join("-" * (width + 2) for width in part) for part in widths)
    printed = [_printed(line, widths) for line in lines]
    many = len(tops)
    return GridLines(tuple(printed[:many]), f"|{dashes}|", tuple(printed[many:]))


# ---------------------------------------------------------------- what stands in the cells


def _header(header: nodes.Header) -> list[_Section]:
    policy = header.policy.text if header.policy else ""
    sections = [
        _Section((policy, *(word.text for word in header.conditions))),
        _Section(tuple(word.text for word in header.outcomes)),
        _Section(tuple(word.text for word in header.annotations)),
    ]
    return sections if header.annotations else sections[:2]


def _heads(crosstab: nodes.Crosstab) -> list[list[_Section]]:
    """`price by zone` above all the zones, and the zones."""
    header = crosstab.header
    *asked, across = header.conditions
    first, _, *notes = _header(replace(header, conditions=tuple(asked)))
    title = _Section((f"{header.outcomes[0].text} by {across.text}",), spans=True)
    heads = _section(crosstab.heads)
    blank = [_Section(("",) * len(section.cells)) for section in (first, *notes)]
    return [[first, title, *notes], [blank[0], heads, *blank[1:]]]


def _left(row: nodes.Row | nodes.CrossRow) -> _Section:
    name = row.name.text if row.name else ""
    if row.over:
        name += f" {OVER} {', '.join(word.text for word in row.over)}"
    if row.kind is not nodes.RowKind.OTHERWISE:
        return _Section((name, *map(written, row.conditions)))
    return _Section((name,) if name == OTHERWISE else (name, OTHERWISE), spans=True)


def _middle(row: nodes.Row | nodes.CrossRow) -> _Section:
    if row.kind in (nodes.RowKind.IMPOSSIBLE, nodes.RowKind.DRAFT):
        return _Section((row.kind.value,), spans=True)
    first = row.outcomes[0] if row.outcomes else None
    if isinstance(first, nodes.OutcomeCell) and first.spans and not first.ditto:
        return _Section((written(first),), spans=True)
    answers_all = isinstance(row, nodes.CrossRow) and row.kind is nodes.RowKind.OTHERWISE
    return _section(row.outcomes, spans=answers_all)


def written(cell: AnyCell | None) -> str:
    """A cell as it is written; a `^` is kept."""
    if cell is None:
        return ""
    if cell.ditto:
        return DITTO
    if isinstance(cell, nodes.TextCell):
        escape = "\\" if _MARK.fullmatch(cell.text) else ""
        return (escape + cell.text).replace("|", "\\|")
    match cell.content:
        case nodes.ConditionContent() as content:
            return condition(content)
        case nodes.OutcomeContent() as content:
            return outcome(content)
        case nodes.Blocked() as blocked:
            return blocked.value
    assert_never(cell.content)


# ---------------------------------------------------------------- how wide


def _widths(sections: Sequence[_Section]) -> list[int]:
    """The columns' widths in one part of the grid; the last column takes what a spanning cell needs."""
    widths = [1] * max(len(section.cells) for section in sections if not section.spans)
    for section in sections:
        for i, cell in enumerate(section.cells[:-1] if section.spans else section.cells):
            widths[i] = max(widths[i], shown_width(cell))
    for section in sections:
        if section.spans:
            *before, last = section.cells
            room = sum(width + 3 for width in widths[len(before) :]) - 3
            widths[-1] += max(0, shown_width(last) - room)
    return widths


def _width_of_last(cells: Sequence[str]) -> int:
    widths = [shown_width(cell) for cell in cells]
    return max((width for width in widths if width <= WIDEST_LAST), default=widths[0])


def shown_width(text: str) -> int:
    """How many columns of a terminal `text` takes: two for a wide letter, none for an accent on it."""
    if text.isascii():
        return len(text)
    return sum(_letter_width(letter) for letter in text)


def _letter_width(letter: str) -> int:
    if category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(letter) in "WF" else 1


# ---------------------------------------------------------------- printing


def _printed(sections: Sequence[_Section], widths: Sequence[Sequence[int]]) -> str:
    parts = (_padded(section, each) for section, each in zip(sections, widths, strict=True))
    return f"| {' || '.join(parts)} |"


def _padded(section: _Section, widths: Sequence[int]) -> str:
    cells = list(section.cells)
    if len(cells) <= len(widths):  # else `otherwise` stands where no condition has a column
        cells = [pad(cell, width) for cell, width in zip(cells, widths, strict=False)]
    return pad(" | ".join(cells), sum(width + 3 for width in widths) - 3)


def pad(text: str, width: int) -> str:
    return text + " " * (width - shown_width(text))
