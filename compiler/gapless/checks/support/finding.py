"""The builder of findings that checks report, and how their cases, sizes and regions are described."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from gapless.analysis.arithmetic.dependent import Case
from gapless.analysis.arithmetic.solver import Answer as Unsolved
from gapless.analysis.building import Intricate
from gapless.analysis.domain.answers import Fixed, Nothing, Piece, Same, Several
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Axis, Box, meet, volume
from gapless.analysis.domain.subsets import Kind
from gapless.analysis.unit import Unit
from gapless.model import Policy, Rule, SetType, Table, Value
from gapless.semantics import Meaning, evaluate
from gapless.text import words
from gapless_dsl.diagnostic import (
    Diagnostic,
    Edit,
    Help,
    Label,
    Region,
    Severity,
    Size,
    Witness,
    decision,
    mechanical,
)
from gapless_dsl.source import Source

SHOWN = 3
"""How many regions or rules one finding spells out before it says how many more there are."""

PROMISED = "no answer is wrong; but `unique` promises that one row answers each case"

DOUBTFUL = "neither such a case was found nor a proof that there is none"

ASKED = 4 * SHOWN
"""Of so many boxes, the largest, it is asked whether they have a case, where columns follow from others."""


class Compiled(NamedTuple):
    """All that checks of policies read: `intricate` are the tables that have no unit, and why.

    Only where a `day` is given are policies held against the calendar.
    """

    policies: Sequence[Policy]
    units: Mapping[Table, Unit]
    intricate: Mapping[Table, Intricate]
    sources: Mapping[str, Source]
    day: date | None


def _finding(
    severity: Severity,
    about: Unit | str,
    code: str,
    title: str,
    *labels: Label,
    rule: Rule | None = None,
    column: str | None = None,
    notes: Iterable[str] = (),
    helps: Iterable[Help | str] = (),
    cases: int | None = None,
    boxes: Sequence[Box] = (),
    regions: Iterable[Region] = (),
    witness: Witness = None,
) -> Diagnostic:
    """A finding about a table, perhaps one rule or column of it, or about what `about` names.

    The first label is the guilty place. A help in plain words is the author's decision. `cases` is
    how many are concerned; of `boxes` each is a region, and the widest gives the witness.
    """
    size = None
    if not isinstance(about, str):
        if boxes:
            regions = [region(about, box) for box in boxes]
            witness = regions[boxes.index(widest(boxes))].witness
        # Where columns follow from others, not all that is counted happens.
        if cases is not None and about.following is None:
            size = Size(cases, about.cases)
    return Diagnostic(
        code,
        severity,
        title,
        labels,
        about if isinstance(about, str) else _subject(about, rule, column),
        tuple(notes),
        tuple(decision(each) if isinstance(each, str) else each for each in helps),
        size,
        witness,
        tuple(regions),
    )


error = partial(_finding, Severity.ERROR)
warning = partial(_finding, Severity.WARNING)
note = partial(_finding, Severity.NOTE)


def _subject(unit: Unit, rule: Rule | None, column: str | None) -> str:
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


# ---------------------------------------------------------------- regions and cases


def region(unit: Unit, box: Box, cases: int | None = None, rules: tuple[str, ...] = ()) -> Region:
    """A box of inputs, in the author's words.

    A region is as wide as it can be, over cases that called tables exclude too; its witness is a
    case that can happen. Where columns follow from others, nobody counts which cases do.
    """
    found = volume(box) if cases is None else cases
    return Region(
        words.constrained(unit.axes[: unit.inputs], box),
        found if unit.following is None else None,
        witness(unit, unit.happening(box)),
        rules,
    )


def witness(unit: Unit, found: Case | Unsolved) -> Witness:
    """A case as it is asked; none where none was found."""
    if isinstance(found, Unsolved):
        return None
    names = (column.name for column in unit.table.inputs)
    return tuple(zip(names, map(words.literal, found), strict=True))


def meaning(unit: Unit, box: Box) -> Meaning | None:
    """What the table answers to the case that is shown of a box, if one is."""
    case = unit.happening(box)
    if isinstance(case, Unsolved):
        return None
    names = (column.name for column in unit.table.inputs)
    return evaluate(unit.table, dict(zip(names, case, strict=True)))


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


def values(unit: Unit, piece: Piece) -> Iterator[tuple[Value, Box]]:
    """Every single value that is answered somewhere in a piece's box, and where."""
    match piece.answer:
        case Fixed(tuple() | frozenset() as several):
            yield from ((value, piece.box) for value in several)
        case Fixed(value):
            yield value, piece.box
        case Same(number) if isinstance(unit.axes[number].column.type, SetType):
            axis = unit.axes[number]
            for name in sorted(
                frozenset[str]().union(*(may(axis, at) for at in bits(piece.box[number])))
            ):
                inside = sum(1 << at for at in bits(piece.box[number]) if name in may(axis, at))
                yield name, (*piece.box[:number], inside, *piece.box[number + 1 :])
        case Same(number):
            for atom in bits(piece.box[number]):
                where = (*piece.box[:number], 1 << atom, *piece.box[number + 1 :])
                yield unit.axes[number].sample(atom), where
        case Several(items, _):
            for item in items:
                yield from values(unit, Piece(piece.box, item))
        case Nothing():
            pass


def may(axis: Axis, atom: int) -> frozenset[str]:
    """The members that some set of one kind holds."""
    found = axis.atoms[atom]
    return found.may if isinstance(found, Kind) else frozenset()


def atoms(unit: Unit, place: int, box: Box) -> int:
    """The atoms that a column, an input or one that is looked up, has in a box of inputs."""
    if place < unit.inputs:
        return box[place]
    found = 0
    for part, held in unit.held[place - unit.inputs]:
        if meet(part, box) is not None:
            found |= held
    return found


def widest(boxes: Sequence[Box]) -> Box:
    """The box with most cases, the first of equals."""
    return max(boxes, key=volume)


# ---------------------------------------------------------------- words


def count(unit: Unit, cases: int) -> str:
    """`4,608 cases`; "some cases" where not all that would be counted happens."""
    return words.count(cases) if unit.following is None else "some cases"


def where(unit: Unit, box: Box) -> str:
    """A box of inputs, read out."""
    return words.sentence(unit.axes[: unit.inputs], box)


def doubt(witness: Witness) -> tuple[str, ...]:
    """The note that no case was found, where none is shown."""
    return (DOUBTFUL,) if witness is None else ()


def names(unit: Unit, numbers: Sequence[int]) -> str:
    """Rules by name, no more than a few: "`a`, `b` and 7 more"."""
    called = [f"`{unit.table.rules[number].name}`" for number in numbers]
    if len(called) <= SHOWN + 1:
        return words.listed(called)
    return f"{', '.join(called[:SHOWN])} and {len(called) - SHOWN} more"


def and_more(found: Sequence[object], noun: str) -> Iterable[str]:
    """The note that says how many are not shown."""
    more = len(found) - SHOWN
    return (f"and {words.count(more, f'more {noun}')}",) if more > 0 else ()


def deleting(unit: Unit, rule: Rule, what: str, *, is_free: bool) -> Help:
    """What deletes a rule that decides nothing.

    For the author where its reason may be needed, or where other rows name it as what they except.
    """
    text, edit = f"delete {what}; proved to change no answer", Edit(rule.span, "")
    if any(rule.name in other.over for other in unit.table.rules):
        named = f"delete {what}, and `over {rule.name}` wherever a row says so"
        return decision(f"{named}; proved to change no answer")
    if is_free:
        return mechanical(text, edit)
    return decision(f"{text}, but its reason goes with it", edit)
