"""GAP107: a rule answers with a table that does not answer there."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.analysis.arithmetic.solver import Answer as Unsolved
from gapless.analysis.domain.answers import Nothing, split
from gapless.analysis.domain.partition import Box, cases
from gapless.analysis.unit import Unit
from gapless.checks.support import wording as said
from gapless.model import Call, Items, Outcome
from gapless.semantics import Unanswered, evaluate
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity


def check(unit: Unit) -> Iterator[Diagnostic]:
    for number, rule in enumerate(unit.table.rules):
        for outcome in rule.outcomes:
            for call in _calls(outcome):
                seen, doubtful = said.that_happen(unit, _silent(unit, number, call))
                seen = [box for box in seen if not _is_open(unit, box)]
                if seen or doubtful:
                    yield _finding(unit, number, outcome, call, seen or doubtful)


def _calls(outcome: Outcome) -> tuple[Call, ...]:
    value = outcome.value
    parts = value.items if isinstance(value, Items) else (value,)
    return tuple(part for part in parts if isinstance(part, Call))


def _silent(unit: Unit, number: int, call: Call) -> list[Box]:
    """The cases that the rule decides and the called table says cannot happen."""
    return [
        piece.box
        for part in unit.claims.won.get(number, ())
        for piece in split(unit.called[id(call)], part)
        if piece.answer == Nothing(impossible=True)
    ]


def _is_open(unit: Unit, box: Box) -> bool:
    """Whether the case shown is a gap of a table further down, which is a finding of that table."""
    case = unit.happening(box)
    names = [column.name for column in unit.table.inputs]
    return not isinstance(case, Unsolved) and isinstance(
        evaluate(unit.table, dict(zip(names, case, strict=True))), Unanswered
    )


def _finding(
    unit: Unit, number: int, outcome: Outcome, call: Call, silent: list[Box]
) -> Diagnostic:
    rule = unit.table.rules[number]
    region = said.region(unit, said.widest(silent))
    doubt = () if region.witness is not None else (said.DOUBTFUL,)
    return Diagnostic(
        "GAP107",
        Severity.ERROR,
        f"rule `{rule.name}` answers with `{call.table.name}`, which says that it cannot happen",
        (Label(outcome.span, "no answer comes back"),),
        subject=said.subject(unit, rule),
        notes=(f"that is so for: {said.where(unit, said.widest(silent))}", *doubt),
        helps=(
            Help(Repair.DECISION, f"narrow `{rule.name}` to what `{call.table.name}` answers"),
            Help(Repair.DECISION, "or mark these cases `impossible` here too"),
        ),
        size=said.size(unit, cases(silent)),
        witness=region.witness,
        regions=tuple(said.region(unit, box) for box in silent),
    )
