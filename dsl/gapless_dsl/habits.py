"""How numbers and dates are written elsewhere, `65+` or `12/31/2024`, respelled for a cell."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from gapless_dsl.diagnostic import Diagnostic, Help, Repair
from gapless_dsl.nodes import ColumnNode, ScalarNode, TypeNode, WrappedNode

_NUMBER = r"[$€£]?\s*(-?[0-9][0-9_]*(?:\.[0-9]+)?)"
_MONTH, _LATE_DAY = r"0?([1-9]|1[0-2])", r"(1[3-9]|2[0-9]|3[01])"
_BOTH = (
    (rf"[$€£]\s*{_NUMBER}", r"\1"),
    (rf"{_MONTH}/{_LATE_DAY}/([0-9]{{4}})", r"\3-\1-\2"),
    (rf"{_LATE_DAY}/{_MONTH}/([0-9]{{4}})", r"\3-\2-\1"),
    (r"[Nn]/[Aa]", "missing"),
)
_HABITS = {
    "condition": (
        (rf"{_NUMBER}\s*(?:\+|(?:or|and)\s+(?:more|over|above|older|up))", r"\1.."),
        (rf"(?:at least|from)\s+{_NUMBER}", r"\1.."),
        (rf"(?:at most|up to)\s+{_NUMBER}", r"..\1"),
        (rf"(?:under|below|less than)\s+{_NUMBER}", r"< \1"),
        (rf"(?:over|above|more than)\s+{_NUMBER}", r"> \1"),
        *_BOTH,
    ),
    "outcome": _BOTH,
}
_SHORT_MONTH = re.compile(r"(?<=-)([1-9])(?=-)")
_WITHOUT_TEXTS = ("int", "decimal", "date", "bool")
_QUOTES_OFFERED = re.compile(r"write `.*\".*` if that is meant")


def respelled(start: str, text: str) -> str | None:
    """What a habit is here; a day no later than the twelfth might be a month, and is left alone."""
    for pattern, instead in _HABITS[start]:
        found = re.fullmatch(pattern, text)
        if found:
            return _SHORT_MONTH.sub(r"0\1", found.expand(instead))
    return None


def without_quotes(found: Diagnostic, columns: Iterable[ColumnNode]) -> Diagnostic:
    """A complaint that offers no quotes where the column is known to hold no texts."""
    name = found.subject.rpartition(", column ")[2]
    if not any(column.name.text == name and _has_no_texts(column.type) for column in columns):
        return found
    return replace(found, helps=_unquoted(found.helps))


def of_columns(found: Diagnostic, names: Collection[str]) -> Diagnostic:
    """A complaint about `!= limit` or `== limit` where that is a column, and may be a value as well."""
    helps = [each for help_ in found.helps for each in _of_columns(help_, names)]
    return replace(found, helps=tuple(helps))


def _of_columns(help_: Help, names: Collection[str]) -> Iterator[Help]:
    new = help_.edits[0].text if len(help_.edits) == 1 else ""
    values = re.split(r"\s*,\s*", new.removeprefix("not "))
    column = next((value for value in values if value in names), None)
    if help_.repair is not Repair.MECHANICAL or column is None:
        yield help_
        return
    text = f"write `{new}`, if the value `{column}` is meant"
    yield replace(help_, repair=Repair.DECISION, text=text)
    if new.startswith("not "):
        rows = f"where its values have an order, it takes two rows, `< {column}` and `> {column}`"
        yield Help(Repair.DECISION, f"no cell says other than the column `{column}`: {rows}")
    elif len(values) == 1:
        edit = replace(help_.edits[0], text=f"= {column}")
        yield Help(Repair.DECISION, f"or `= {column}` for the column", (edit,))


def _has_no_texts(type: TypeNode) -> bool:
    while isinstance(type, WrappedNode):
        type = type.of
    return isinstance(type, ScalarNode) and type.name.text in _WITHOUT_TEXTS


def _unquoted(helps: Sequence[Help]) -> tuple[Help, ...]:
    return tuple(each for each in helps if not _QUOTES_OFFERED.fullmatch(each.text))
