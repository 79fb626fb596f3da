"""What several checks say alike: where a finding is, and how its cases are described."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gapless import words
from gapless.cover import first_open
from gapless.model import Rule, RuleKind
from gapless.solving import Answer as Unsolved
from gapless.space import Box, meet, volume
from gapless.unit import Unit
from gapless_dsl.diagnostic import Edit, Help, Label, Region, Repair

SHOWN = 3
"""How many regions or rules one finding spells out before it says how many more there are."""

PROMISED = "no answer is wrong; but `unique` promises that one row answers each case"


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
    case that can happen.
    """
    inputs = unit.axes[: unit.inputs]
    happens = first_open(box, [each for each in unit.excluded if meet(each, box)])
    case = unit.case(box if happens is None else happens)
    names = (column.name for column in unit.table.inputs)
    return Region(
        words.constrained(inputs, box),
        volume(box) if cases is None else cases,
        ()
        if isinstance(case, Unsolved)
        else tuple(zip(names, map(words.literal, case), strict=True)),
    )


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


def deleting(rule: Rule, what: str, *, is_free: bool) -> Help:
    """What deletes a rule that decides nothing; for the author where its reason may be needed."""
    text = f"delete {what}; proved to change no answer"
    edits = (Edit(rule.span, ""),)
    if is_free:
        return Help(Repair.MECHANICAL, text, edits)
    return Help(Repair.DECISION, f"{text}, but its reason goes with it", edits)
