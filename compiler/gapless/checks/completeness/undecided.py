"""GAP109: a question about a table could not be decided within the budget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gapless.analysis.building import Intricate
from gapless.analysis.domain.partition import Box, volume
from gapless.analysis.unit import Unit
from gapless.checks.support import wording as said
from gapless.model import Policy, Table
from gapless.text import words
from gapless.text.words import count
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity, Size

REGIONS = 12
"""Of so many of the undecided regions, the largest, a finding tells where they are."""


def given_up(unit: Unit, questions: Sequence[str], severity: Severity) -> Diagnostic:
    """The finding that questions were given up: never silence, never a guess."""
    gap = unit.claims.gap
    unknown = gap.at_most - gap.at_least
    regions = sorted(gap.undecided, key=volume, reverse=True)[:REGIONS] if unknown else []
    return Diagnostic(
        "GAP109",
        severity,
        f"not every question about `{unit.table.name}` could be decided",
        (Label(unit.table.span),),
        subject=said.subject(unit),
        notes=tuple(_notes(unit, questions, severity)),
        helps=(Help(Repair.DECISION, "split the table, or narrow the cells that are `-`"),),
        size=Size(unknown, unit.cases) if unknown else None,
        regions=tuple(said.region(unit, box) for box in regions),
    )


def not_realized(unit: Unit, boxes: Sequence[Box]) -> Diagnostic:
    """The finding that what no rule answers may not happen at all, for columns follow from others."""
    return Diagnostic(
        "GAP131",
        Severity.ERROR,
        f"whether every case of `{unit.table.name}` is answered was not found out",
        (Label(unit.table.span),),
        subject=said.subject(unit),
        notes=(
            *(f"no rule answers: {said.where(unit, box)}" for box in boxes[: said.SHOWN]),
            "in a fixed number of steps neither such a case was found nor a proof that there is none",
        ),
        helps=(
            Help(Repair.DECISION, "add a row for these cases, as if they happened"),
            Help(Repair.DECISION, "or, if you know that they cannot, a row `impossible` with why"),
        ),
        regions=tuple(said.region(unit, box) for box in boxes[:REGIONS]),
    )


def _notes(unit: Unit, questions: Sequence[str], severity: Severity) -> Iterator[str]:
    yield from _completeness(unit)
    if questions:
        yield f"not decided: {'; '.join(questions)}"
    steps = "questions about a table have a fixed number of steps"
    if severity is Severity.ERROR:
        yield f"{steps}; what was not proved is not built"
    else:
        yield f"{steps}; the answers of this table are proved without it"


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
        where = said.where(unit, max(gap.undecided, key=volume))
        yield f"the search did not come to an end, for example, where {where}"
    if not gap.at_least:
        yield "no unanswered case was found, by trying many, which proves nothing"


def unproved(policy: Policy, intricate: Mapping[Table, Intricate]) -> Iterator[Diagnostic]:
    """The finding that a table could not be analyzed: which of its calls took too many steps, and why."""
    for table in policy.tables:
        if table in intricate:
            why = intricate[table]
            yield Diagnostic(
                "GAP109",
                Severity.ERROR,
                f"what `{table.name}` asks of `{why.call.table.name}` could not be followed",
                (Label(table.span),),
                subject=f"table {table.name}",
                notes=(_followed(why), "questions about a table have a fixed number of steps"),
                helps=(
                    Help(
                        Repair.DECISION,
                        f"let `{why.call.table.name}` tell fewer cases apart: wider stretches, fewer columns",
                    ),
                    Help(
                        Repair.DECISION,
                        "of scores that many tables give, let one table add them up (`let total = a + b`) "
                        "and test the sum alone: that is proved however many values they have",
                    ),
                ),
            )


def _followed(why: Intricate) -> str:
    called = f"`{why.call.table.name}`"
    if why.parts is None:
        return f"which of its cases {called} answers how could not be listed"
    return (
        f"the answers of {called} fall into {count(why.parts, 'part')}, each asked for in many ways"
    )
