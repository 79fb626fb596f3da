"""Arithmetic put where it belongs: into an output, or into a column of its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gapless.model import (
    Column,
    Computation,
    Computed,
    DateType,
    DecimalType,
    IntType,
    OptionalType,
    TextType,
)
from gapless.model.arithmetic import fitted, value_of
from gapless.model.expressions import columns_of
from gapless.resolve import writing
from gapless.resolve.arithmetic import Arithmetic
from gapless.resolve.findings import Findings, Site
from gapless.resolve.operands import Columns
from gapless.resolve.quantities import Kind, type_of
from gapless.resolve.slots import Slot
from gapless.resolve.terms import Meant
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, decision, error, warning


def calculated(
    node: nodes.Expression, into: Slot, columns: Columns, site: Site, found: Findings
) -> Computed | None:
    """An outcome worked out; None where it cannot be, which was complained about.

    Whether it stays within the output's bounds depends on the cases in which its rule answers: that
    is the analysis' to say.
    """
    meant = Arithmetic(columns, site, found).read(node)
    if meant is None:
        return None
    wrong = _misfit(meant, into)
    if wrong is not None:
        found.append(_unfit(node, meant, into, wrong, site))
        return None
    target = into.scalar
    of = OptionalType(target) if into.is_optional else target
    natural = type_of(meant.quantity)
    assert natural is not None, "what fits has an end of digits"
    if not columns_of(meant.expression):
        found.append(_constant(node, meant, into, site))
    return Computed(meant.expression, of, natural)


def _constant(node: nodes.Expression, meant: Meant, into: Slot, site: Site) -> Diagnostic:
    """GAP049: of `2 - 3` nobody knows whether it was to be worked out."""
    span = site.at(node.at)
    worth = fitted(value_of(meant.expression, lambda name: None), into.scalar)
    helps = []
    if isinstance(worth, int | Decimal | date | str):
        written = writing.value(worth)
        helps.append(decision(f"write what it comes to: `{written}`", Edit(span, written)))
    match node:
        case nodes.Operation("-", (nodes.Literal(low), nodes.Literal(high))):
            helps.append(decision(f"a range, `{low}..{high}`, stands in conditions only"))
    return warning(
        "GAP049",
        "no column stands in what is worked out here, so each case gets the same",
        Label(span, "is this meant to be worked out?"),
        subject=site.subject,
        helps=tuple(helps),
    )


def computation(
    node: nodes.LetNode, after: int, columns: Columns, site: Site, found: Findings
) -> Computation | None:
    """A computed column, of just the type that its arithmetic needs."""
    meant = Arithmetic(columns, site, found).read(node.value)
    if meant is None:
        return None
    type = type_of(meant.quantity)
    if type is None:
        found.append(_endless(node.value, 2, site))
        return None
    label = None if node.label is None else node.label.text
    column = Column(node.name.text, type, label, None, node.name.span)
    return Computation(column, meant.expression, after)


def _misfit(meant: Meant, into: Slot) -> str | None:
    match into.scalar, meant.quantity.kind:
        case (IntType(), Kind.NUMBER):
            return _digits(meant, 0)
        case (DecimalType(digits), Kind.NUMBER):
            return _digits(meant, digits)
        case (DateType(), Kind.DAY) | (TextType(), Kind.TEXT):
            return None
    return f"this is {meant.quantity.kind.value}"


def _digits(meant: Meant, kept: int) -> str | None:
    digits = meant.quantity.digits
    if digits is None:
        return "a quotient may have digits without end"
    if digits > kept:
        return f"it may have {digits} digits after the point, not {kept}"
    return None


def _unfit(node: nodes.Expression, meant: Meant, into: Slot, wrong: str, site: Site) -> Diagnostic:
    is_number = meant.quantity.kind is Kind.NUMBER and isinstance(
        into.scalar, IntType | DecimalType
    )
    kept = into.scalar.digits if isinstance(into.scalar, DecimalType) else 0
    return error(
        "GAP046" if is_number else "GAP045",
        f"what is worked out here does not fit into {into.title}",
        Label(site.at(node.at), wrong),
        into.declared,
        subject=site.subject,
        helps=(_round(kept),) if is_number else (),
    )


def _endless(node: nodes.Expression, kept: int, site: Site) -> Diagnostic:
    return error(
        "GAP046",
        "a quotient must be rounded",
        Label(site.at(node.at), "this may have digits without end"),
        subject=site.subject,
        helps=(_round(kept),),
    )


def _round(digits: int) -> Help:
    return decision(
        f"say how it is rounded: `round(…, {digits}, half up)`; "
        "other ways are `half even`, `half down`, `up`, `down`, `floor` and `ceiling`"
    )
