"""GAP122: two rows ask the same and add the same, which is then there twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gapless.analysis.domain.partition import Box, cases
from gapless.analysis.unit import Unit, applicable
from gapless.checks.support import wording as said
from gapless.model import HitPolicy, RuleKind, SetType
from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, Repair, Severity


def check(unit: Unit) -> Iterator[Diagnostic]:
    first: dict[object, int] = {}
    for number in unit.rules(RuleKind.RULE):
        box = unit.boxes[number]
        answers = tuple(outcome.value for outcome in unit.table.rules[number].outcomes)
        earlier = first.setdefault((box, answers), number)
        if box is not None and earlier != number:
            seen, doubtful = said.that_happen(unit, applicable(unit, number))
            if seen or doubtful:
                yield _finding(unit, earlier, number, seen or doubtful)


def _finding(unit: Unit, earlier: int, number: int, found: Sequence[Box]) -> Diagnostic:
    one, other = unit.table.rules[earlier], unit.table.rules[number]
    changes = "it changes the answer" if _counts(unit) else "it changes no answer"
    region = said.region(unit, said.widest(found))
    return Diagnostic(
        "GAP122",
        Severity.WARNING,
        f"rules `{one.name}` and `{other.name}` ask the same and add the same",
        (Label(other.span, f"{changes} that this is said again"), Label(one.span, "said here")),
        subject=said.subject(unit, other),
        notes=(
            f"both apply to {said.count(unit, cases(found))}: {said.where(unit, said.widest(found))}",
            *((said.DOUBTFUL,) if region.witness is None else ()),
        ),
        helps=(
            Help(Repair.DECISION, f"delete `{other.name}`", edits=(Edit(other.span, ""),)),
            Help(Repair.DECISION, "or say in one row what both are meant to add"),
        ),
        size=said.size(unit, cases(found)),
        witness=region.witness,
    )


def _counts(unit: Unit) -> bool:
    """Whether it matters how often the same is added."""
    if unit.table.policy in (HitPolicy.MIN, HitPolicy.MAX):
        return False
    return not all(isinstance(column.type, SetType) for column in unit.table.outputs)
