"""The built-in types with their digits and bounds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeVar

from gapless.model import (
    BoolType,
    DateType,
    DecimalType,
    IntType,
    Scalar,
    ScalarType,
    TextType,
)
from gapless.resolve.findings import Findings
from gapless.resolve.values import Fault, read
from gapless_dsl.diagnostic import Edit, Help, Label, decision, error, replacing
from gapless_dsl.nodes.cells import Word
from gapless_dsl.nodes.declarations import ScalarNode
from gapless_dsl.source import Span

MOST_DIGITS = 20
"""Digits after the point: more than money or measurement ever needs."""

Bound = TypeVar("Bound", int, Decimal, date)


def scalar(node: ScalarNode, found: Findings, subject: str) -> ScalarType | None:
    """The type that a built-in name with digits and bounds means; None where they make no sense."""
    name = node.name.text
    if name != "decimal" and node.digits is not None:
        _refuse(found, subject, node.digits.span, f"`{name}` takes no digits")
        return None
    if name in ("bool", "text"):
        for bound in (node.low, node.high):
            if bound is not None:
                _refuse(found, subject, bound.span, f"`{name}` takes no bounds")
                return None
        return BoolType() if name == "bool" else TextType()
    if name == "decimal":
        return _decimal(node, found, subject)
    return _int(node, found, subject) if name == "int" else _date(node, found, subject)


def _refuse(
    found: Findings,
    subject: str,
    span: Span,
    title: str,
    label: str = "leave this out",
    helps: tuple[Help, ...] = (),
) -> None:
    found.append(error("GAP020", title, Label(span, label), subject=subject, helps=helps))


def _int(node: ScalarNode, found: Findings, subject: str) -> IntType | None:
    bounds = _bounds(node, IntType(), int, found, subject)
    return None if bounds is None else IntType(*bounds)


def _date(node: ScalarNode, found: Findings, subject: str) -> DateType | None:
    bounds = _bounds(node, DateType(), date, found, subject)
    if bounds is None:
        return None
    return DateType(bounds[0] or date.min, bounds[1] or date.max)


def _decimal(node: ScalarNode, found: Findings, subject: str) -> DecimalType | None:
    digits = _digits(node, found, subject)
    if digits is None:
        return None
    bounds = _bounds(node, DecimalType(digits), Decimal, found, subject)
    return None if bounds is None else DecimalType(digits, *bounds)


def _digits(node: ScalarNode, found: Findings, subject: str) -> int | None:
    if node.digits is None:
        end = Span(node.name.span.path, node.name.span.end, node.name.span.end)
        say = decision("say how many digits stand after the point", Edit(end, "(2)"))
        title = "`decimal` does not say how many digits it keeps"
        _refuse(found, subject, node.name.span, title, "such as `decimal(2)`", (say,))
        return None
    text = node.digits.text
    if text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= MOST_DIGITS:
        return int(text)
    title = f"`{text}` is no number of digits"
    _refuse(found, subject, node.digits.span, title, f"a whole number from 0 to {MOST_DIGITS}")
    return None


def _bounds(
    node: ScalarNode, of: ScalarType, kind: type[Bound], found: Findings, subject: str
) -> tuple[Bound | None, Bound | None] | None:
    ends: list[Bound | None] = []
    for word in (node.low, node.high):
        end = None if word is None else _bound(word, of, found, subject)
        if word is not None and end is None:
            return None
        assert end is None or isinstance(end, kind)
        ends.append(end)
    low, high = ends
    if low is not None and high is not None and low > high:
        assert node.low is not None and node.high is not None
        turned = (Edit(node.low.span, node.high.text), Edit(node.high.span, node.low.text))
        whole = Span(node.low.span.path, node.low.span.start, node.high.span.end)
        title = f"`{node.low.text}..{node.high.text}` ends before it begins"
        swap = decision(f"swap the ends: `{node.high.text}..{node.low.text}`", *turned)
        _refuse(found, subject, whole, title, "no value lies between these", (swap,))
        return None
    return low, high


def _bound(word: Word, of: ScalarType, found: Findings, subject: str) -> Scalar | None:
    value = read(word.text, of)
    if not isinstance(value, Fault):
        return value
    helps = replacing(word.span, word.text, value.right)
    _refuse(found, subject, word.span, value.title, value.label, helps)
    return None
