"""Rules of a crosstab: one of their conditions stands among the heads, above all the rows."""

from __future__ import annotations

from gapless.model import Rule


def is_borrowed(rule: Rule, axis: int) -> bool:
    """Whether a condition of the rule stands above it: among the heads, or in a cell it repeats."""
    return rule.conditions[axis].span.start < rule.span.start
