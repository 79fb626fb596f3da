"""GAP109: a question about a table could not be decided within the budget. GAP131: so of calculations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gapless.analysis.domain.partition import Box, volume
from gapless.analysis.unit import Unit
from gapless.checks.support import finding
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Label, Size

REGIONS = 12
"""Of so many of the undecided regions, the largest, a finding tells where they are."""

SUM = (
    "of scores that many tables give, let one table add them up (`let total = a + b`) "
    "and test the sum alone: that is proved however many values they have"
)

STEPS = "questions about a table have a fixed number of steps"


def given_up(unit: Unit, questions: Sequence[str], *, doubtful: bool) -> Diagnostic:
    """The finding that questions were given up: never silence, never a guess.

    Where the answers are `doubtful` without them, the table is not built.
    """
    gap = unit.claims.gap
    unknown = gap.at_most - gap.at_least
    regions = sorted(gap.undecided, key=volume, reverse=True)[:REGIONS] if unknown else []
    notes = [*_completeness(unit)]
    if questions:
        notes.append(f"not decided: {'; '.join(questions)}")
    if doubtful:
        notes.append(f"{STEPS}; what was not proved is not built")
    else:
        notes.append(f"{STEPS}; the answers of this table are proved without it")
    found = (finding.error if doubtful else finding.warning)(
        unit,
        "GAP109",
        f"not every question about `{unit.table.name}` could be decided",
        Label(unit.table.span),
        notes=notes,
        helps=("split the table, or narrow the cells that are `-`",),
        regions=(finding.region(unit, box) for box in regions),
    )
    return replace(found, size=Size(unknown, unit.cases)) if unknown else found


def not_realized(unit: Unit, boxes: Sequence[Box]) -> Diagnostic:
    """The finding that what no rule answers may not happen at all, for columns follow from others."""
    return finding.error(
        unit,
        "GAP131",
        f"could not prove that every case of `{unit.table.name}` is answered",
        Label(unit.table.span),
        notes=(
            *(f"no rule answers: {finding.where(unit, box)}" for box in boxes[: finding.SHOWN]),
            "in a fixed number of steps neither such a case was found nor a proof that there is none",
        ),
        helps=(
            "add a row for these cases, as if they happened",
            "or, if you know that they cannot, a row `impossible` with why",
        ),
        regions=(finding.region(unit, box) for box in boxes[:REGIONS]),
    )


def _completeness(unit: Unit) -> Iterator[str]:
    """How far it is known whether every case is answered."""
    gap, total = unit.claims.gap, unit.cases
    if gap.is_counted:
        return
    answered, unknown = total - gap.at_most, gap.at_most - gap.at_least
    yield (
        f"proved: {words.share(answered, total)} of the cases are answered"
        f"{f', {words.share(gap.at_least, total)} are not' if gap.at_least else ''}; "
        f"not decided: {words.share(unknown, total)}"
    )
    if gap.undecided:
        where = finding.where(unit, max(gap.undecided, key=volume))
        yield f"the search did not come to an end, for example, where {where}"
    if not gap.at_least:
        yield "no unanswered case was found, by trying many, which proves nothing"


def check(compiled: finding.Compiled) -> Iterator[Diagnostic]:
    """Tables that could not be analyzed: which of their calls took too many steps, and why."""
    tables = (table for policy in compiled.policies for table in policy.tables)
    for table in tables:
        why = compiled.intricate.get(table)
        if why is None:
            continue
        called = f"`{why.call.table.name}`"
        if why.parts is None:
            followed = f"which of its cases {called} answers how could not be listed"
        else:
            parts = words.count(why.parts, "part")
            followed = f"the answers of {called} fall into {parts}, each asked for in many ways"
        yield finding.error(
            f"table {table.name}",
            "GAP109",
            f"what `{table.name}` asks of {called} could not be followed",
            Label(table.span),
            notes=(followed, STEPS),
            helps=(
                f"let {called} tell fewer cases apart: wider stretches, fewer columns",
                SUM,
            ),
        )
