"""Boxes over inputs, and over what follows from them, as one SQL expression: which of them a row is in."""

from __future__ import annotations

from collections.abc import Sequence

from gapless.analysis.arithmetic.dependent import Following
from gapless.analysis.decision.diagram import branches
from gapless.analysis.decision.first_match import Claim, smallest
from gapless.analysis.domain.partition import Axis, Box
from gapless.backends.sql.decision import operands
from gapless.backends.sql.dialects import Flavor
from gapless.backends.sql.expressions import MOST
from gapless.backends.sql.literals import Unheld
from gapless.backends.sql.tree import arms, lay, tree


def box_number(
    boxes: Sequence[Box], axes: Sequence[Axis], inputs: int, following: Following | None
) -> str:
    """The number of the box that a row is in, or how many there are, where it is in none.

    The boxes share no case; columns are called like the axes, the first of which are so many `inputs`.
    Rows must have values of these: with others, what is calculated could run over. Raises Unheld.
    """
    wholes = tuple(each.whole for each in axes)
    claims = [Claim(box, number) for number, box in enumerate((*boxes, wholes))]
    decision = smallest(claims, wholes, range(len(axes)))
    if decision is None:
        raise Unheld(f"its {len(boxes):,} regions are too many to be told apart in SQL")
    definitions = () if following is None else following.definitions
    derived = {
        axis.column.name: each for axis, each in zip(axes[inputs:], definitions, strict=True)
    }
    asked = {each.axis for each in branches(decision.root)}
    written = tree(
        decision.root, axes, operands(axes, inputs, derived, asked, Flavor.STANDARD), str
    )
    if arms(written) > MOST:
        raise Unheld(f"its {len(boxes):,} regions take more than {MOST:,} questions in SQL")
    return lay(written)
