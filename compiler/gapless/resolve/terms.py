"""One word in arithmetic: a column, a number, a day or a quoted text."""

from __future__ import annotations

import re
from typing import NamedTuple

from gapless.model import (
    Column,
    ColumnValue,
    Constant,
    DateType,
    DecimalType,
    Expression,
    IntType,
    Scalar,
)
from gapless.model.intervals import reach_of_value
from gapless.resolve import writing
from gapless.resolve.findings import Findings, Site
from gapless.resolve.operands import Columns
from gapless.resolve.quantities import Kind, Quantity, quantity_of
from gapless.resolve.values import Fault, read
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, decision, error, replacing
from gapless_dsl.nodes import Literal
from gapless_dsl.suggest import nearest_name

_NUMBER = re.compile(r"-?[0-9][0-9_]*(?:\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HYPHENED = re.compile(r"([A-Za-z0-9_]+)-([A-Za-z0-9_.]+)")


class Meant(NamedTuple):
    """An expression, and what it is about."""

    expression: Expression
    quantity: Quantity


def term(node: Literal, columns: Columns, site: Site, found: Findings) -> Meant | None:
    """What a word means; None where it means nothing, which was complained about."""
    if node.quoted:
        return constant(node.text, Kind.TEXT)
    if node.text in columns.known:
        return _column(node, columns.known[node.text], site, found)
    value: Scalar | Fault
    if _NUMBER.fullmatch(node.text):
        digits = len(node.text.partition(".")[2])
        value = read(node.text, DecimalType(digits) if digits else IntType())
        kind = Kind.NUMBER
    elif _DAY.fullmatch(node.text):
        value, kind, digits = read(node.text, DateType()), Kind.DAY, 0
    else:
        found.append(_unknown(node, columns, site))
        return None
    if not isinstance(value, Fault):
        return constant(value, kind, digits)
    label = Label(site.at(node.at), value.label)
    found.append(error(value.code, value.title, label, subject=site.subject))
    return None


def constant(value: Scalar, kind: Kind, digits: int = 0) -> Meant:
    return Meant(Constant(value), Quantity(kind, reach_of_value(value), digits))


def _column(node: Literal, column: Column | None, site: Site, found: Findings) -> Meant | None:
    if column is None:
        return None
    quantity = quantity_of(column.type)
    if quantity.kind is not Kind.OTHER:
        return Meant(ColumnValue(column.name), quantity)
    found.append(
        error(
            "GAP045",
            f"`{column.name}` cannot be calculated with",
            Label(site.at(node.at), f"it is {quantity.kind.value}"),
            Label(column.span, f"`{column.name}` is `{writing.type_words(column.type)}`"),
            subject=site.subject,
        )
    )
    return None


def _unknown(node: Literal, columns: Columns, site: Site) -> Diagnostic:
    span, subject = site.at(node.at), site.subject
    if node.text in columns.barred:
        title = f"`{node.text}` cannot be named here"
        return error("GAP012", title, Label(span, columns.barred[node.text]), subject=subject)
    hyphened = _HYPHENED.fullmatch(node.text)
    if hyphened and all(_is_known(part, columns) for part in hyphened.groups()):
        apart = " - ".join(hyphened.groups())
        return error(
            "GAP012",
            f"`{node.text}` is one word, and no column is called so",
            Label(span, "a minus has blanks around it"),
            subject=subject,
            helps=(decision(f"to subtract, write `{apart}`", Edit(span, apart)),),
        )
    near = nearest_name(node.text, columns.known)
    label = "no such column" if near is None else f"did you mean `{near}`?"
    title = f"`{node.text}` is neither a column nor a number"
    helps = replacing(span, node.text, near)
    return error("GAP012", title, Label(span, label), subject=subject, helps=helps)


def _is_known(word: str, columns: Columns) -> bool:
    return word in columns.known or _NUMBER.fullmatch(word) is not None
