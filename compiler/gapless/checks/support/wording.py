"""What several checks say alike: where a finding is, and how its cases are described."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gapless.analysis.arithmetic.dependent import Case
from gapless.analysis.arithmetic.solver import Answer as Unsolved
from gapless.analysis.domain.partition import Box, volume
from gapless.analysis.unit import Unit
from gapless.model import Rule, RuleKind
from gapless.text import words
from gapless_dsl.diagnostic import Edit, Help, Label, Region, Repair, Size, Witness

SHOWN = 3
"""How many regions or rules one finding spells out before it says how many more there are."""

PROMISED = "no answer is wrong; but `unique` promises that one row answers each case"


DOUBTFUL = "a case in which that is so was not found, nor a proof that there is none"

ASKED = 4 * SHOWN
"""Of so many boxes, the largest, it is asked whether they have a case, where columns follow from others."""


def subject(unit: Unit, rule: Rule | None = None, column: str | None = None) -> str:
    """`table fee, rule heavy, column weight`."""
    kind = "decision" if unit.table.is_decision else "table"
    parts = [f"{kind} {unit.table.name}"]
    if rule is not None and rule.declared is not None:
        parts = [f"impossible {rule.name}"]
    elif rule is not None:
        parts.append(f"rule {rule.name}")
    if column is not None:
        parts.append(f"column {column}")
    return ", ".join(parts)


def region(unit: Unit, box: Box, cases: int | None = None) -> Region:
    """A box of inputs, in the author's words.

    A region is as wide as it can be, over cases that called tables exclude too; its witness is a
    case that can happen. Where columns follow from others, nobody counts which cases do.
    """
    found = volume(box) if cases is None else cases
    return Region(
        words.constrained(unit.axes[: unit.inputs], box),
        found if unit.following is None else None,
        case(unit, unit.happening(box)),
    )


def case(unit: Unit, found: Case | Unsolved) -> Witness:
    """A case as it is asked."""
    names = (column.name for column in unit.table.inputs)
    if isinstance(found, Unsolved):
        return None
    return tuple(zip(names, map(words.literal, found), strict=True))


def that_happen(unit: Unit, boxes: Sequence[Box]) -> tuple[list[Box], list[Box]]:
    """The boxes that have a case, and those of which that was not found out; not those that have none."""
    if unit.following is None:
        return [*boxes], []
    seen: list[Box] = []
    doubtful: list[Box] = []
    for number, box in enumerate(sorted(boxes, key=volume, reverse=True)):
        found = unit.happening(box) if number < ASKED else Unsolved.UNKNOWN
        if not isinstance(found, Unsolved):
            seen.append(box)
        elif found is Unsolved.UNKNOWN:
            doubtful.append(box)
    return seen, doubtful


def size(unit: Unit, cases: int) -> Size | None:
    """How big a finding is; None where columns follow from others, and not all that is counted happens."""
    return Size(cases, unit.cases) if unit.following is None else None


def count(unit: Unit, cases: int) -> str:
    """`4,608 cases`; "some cases" where not all that would be counted happens."""
    return words.count(cases) if unit.following is None else "some cases"


def where(unit: Unit, box: Box) -> str:
    """A box of inputs, read out."""
    return words.sentence(unit.axes[: unit.inputs], box)


def answer(rule: Rule, output: int) -> Label:
    """What a rule says in one output; a draft says in none."""
    if rule.kind is RuleKind.DRAFT:
        return Label(rule.span, "a draft: no answer")
    outcome = rule.outcomes[output]
    return Label(outcome.span, f"{words.code(outcome.text)} here")


def widest(boxes: Sequence[Box]) -> Box:
    """The box with most cases, the first of equals."""
    return max(boxes, key=volume)


def names(unit: Unit, numbers: Sequence[int]) -> str:
    """Rules by name, no more than a few: "`a`, `b` and 7 more"."""
    called = [f"`{unit.table.rules[number].name}`" for number in numbers]
    if len(called) <= SHOWN + 1:
        return words.listed(called)
    return f"{', '.join(called[:SHOWN])} and {len(called) - SHOWN} more"


def agreeing(unit: Unit, differing: Sequence[int]) -> Iterator[str]:
    """In which outputs rules agree that differ in some; nothing where they differ in all."""
    names = [f"`{column.name}`" for column in unit.table.outputs]
    same = [name for number, name in enumerate(names) if number not in differing]
    if same:
        differ = words.listed([names[number] for number in differing])
        yield f"they agree on {words.listed(same)}; they differ on {differ}"


def deleting(unit: Unit, rule: Rule, what: str, *, is_free: bool) -> Help:
    """What deletes a rule that decides nothing.

    For the author where its reason may be needed, or where other rows name it as what they except.
    """
    text, edits = f"delete {what}; proved to change no answer", (Edit(rule.span, ""),)
    if any(rule.name in other.over for other in unit.table.rules):
        named = f"delete {what}, and `over {rule.name}` wherever a row says so"
        return Help(Repair.DECISION, f"{named}; proved to change no answer")
    if is_free:
        return Help(Repair.MECHANICAL, text, edits)
    return Help(Repair.DECISION, f"{text}, but its reason goes with it", edits)
