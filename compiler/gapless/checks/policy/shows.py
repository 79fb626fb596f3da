"""GAP133: a grid of answers for readers that cannot be worked out."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.analysis.shown import shown
from gapless.analysis.unit import Unit
from gapless.checks.support import finding
from gapless_dsl.diagnostic import Diagnostic, Label


def check(unit: Unit) -> Iterator[Diagnostic]:
    """What pages could not show."""
    for show in unit.table.shows:
        why = shown(unit, show)
        if isinstance(why, str):
            yield finding.error(
                f"table {unit.table.name}, a grid",
                "GAP133",
                "this grid cannot be worked out",
                Label(show.span),
                notes=(why,),
                helps=("name fewer columns, fix more of them after `when`, or take it away",),
            )
