"""Rules of a crosstab: one of their conditions stands among the heads, above all the rows."""

from __future__ import annotations

from gapless.model import Rule, Table


def is_borrowed(rule: Rule, axis: int) -> bool:
    """Whether a condition of the rule stands above it: among the heads, or in a cell it repeats."""
    return rule.conditions[axis].span.start < rule.span.start


def is_crosstab(table: Table) -> bool:
    """The first row has nothing to repeat, so what it borrows is a head."""
    first = [rule for rule in table.rules if rule.declared is None][:1]
    return any(is_borrowed(rule, axis) for rule in first for axis in range(len(rule.conditions)))
