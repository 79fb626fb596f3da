"""Two tables compared: where they end differently, told as few exact boxes, each shown by one case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias

from gapless.analysis.arithmetic.dependent import Case, Following
from gapless.analysis.arithmetic.solver import Answer as Unsolved
from gapless.analysis.arithmetic.solver import solve
from gapless.analysis.building import apart as never_together
from gapless.analysis.by_inputs import Ending, Given
from gapless.analysis.coverage.budget import STEPS, OverBudget, Work, spending
from gapless.analysis.coverage.cover import open_parts
from gapless.analysis.domain.answers import Fixed, Same, Several
from gapless.analysis.domain.derived import at
from gapless.analysis.domain.partition import Box, covers, volume
from gapless.analysis.domain.subsets import ManyKinds
from gapless.analysis.regions import Asked, apart
from gapless.diff.alike import alike, needs_of
from gapless.diff.change import Difference, Region, Silence, Undecided, Verdict, Where
from gapless.diff.pairing import Pairing, paired
from gapless.diff.shared import Needs, Seen, Shared, shared
from gapless.diff.sides import Layer, Side
from gapless.diff.telling import Cases, told
from gapless.diff.walking import Won, in_common, parted
from gapless.model import Value
from gapless.text.words import constrained

MOST_ASKED = 600
"""So many parts and regions are asked whether a case happens in them."""

FEW = 3
"""More regions than that are summed up: where anything differs."""

MOST_WIDENED = 200
"""What falls into more parts than that is told in these parts, and not summed up."""

ASKED_WHOLE = 20
"""Of so many regions the reference meaning reads all rows; of others those whose cells the inputs pass."""

End: TypeAlias = tuple[Given, ...] | Silence
"""What a case gets: an answer for each shared output, in shared columns, or nothing."""


class Kind(NamedTuple):
    """One way to differ: in which of the shared outputs, and how."""

    outputs: tuple[int, ...]
    before: End
    after: End


def compared(name: str, old: Side, new: Side) -> Difference:
    """All that differs between two tables without errors."""
    pairing = paired(old.unit.table, new.unit.table, (old.pinned_name, new.pinned_name))
    found = Difference(
        name, old.unit.table, new.unit.table, pairing.shapes, days=(old.day, new.day)
    )
    if pairing.apart:
        why = f"no value of {', '.join(f'`{each}`' for each in pairing.apart)} is known to both"
        return replace(found, undecided=Undecided(why))
    for side, which in ((old, "old"), (new, "new")):
        if side.pinned is not None and not side.unit.axes[side.pinned].atom_of(side.day):
            why = f"the {which} table is not asked on {side.day}"
            return replace(found, undecided=Undecided(why))
    rows = len(old.unit.table.rules) + len(new.unit.table.rules)
    with spending(Work.for_all(rows)):
        return _within_budget(found, pairing, (old, new), Work.on(rows).own)


def _within_budget(
    found: Difference, pairing: Pairing, sides: tuple[Side, Side], steps: int
) -> Difference:
    """What is found out in the steps that questions about a table may take."""
    try:
        search = _Search(pairing, shared(pairing, sides, Needs()))
        search.sort()
        if search.needed:
            search = _Search(pairing, shared(pairing, sides, search.needs))
            search.sort()
        ground = search.ground
        found = replace(
            found,
            axes=ground.axes,
            inputs=ground.inputs,
            following=ground.following,
            total=volume(ground.wholes),
        )
        return _told(found, search)
    except OverBudget:
        return replace(found, undecided=Undecided(f"not decided in {steps:,} steps"))
    except ManyKinds as many:
        why = f"not decided: `{many.column.name}` has too many kinds of sets"
        return replace(found, undecided=Undecided(why))


def _told(found: Difference, search: _Search) -> Difference:
    regions, unknown = search.regions()
    told_of = sorted(regions, key=lambda each: (-each.cases, each.box))
    undecided = Undecided(unknown) if unknown else None
    where = search.where([each.box for each in told_of]) if len(told_of) > FEW else ()
    names = [name for name, _, _ in search.pairing.outputs]
    outputs = {
        name: verdict_on([each for each in told_of if name in each.outputs], undecided)
        for name in names
    }
    return replace(found, regions=tuple(told_of), where=where, outputs=outputs, undecided=undecided)


def verdict_on(regions: Sequence[Region], undecided: Undecided | None) -> Verdict:
    """The verdict on an output that differs in some regions."""
    ways = {(isinstance(each.before, Silence), isinstance(each.after, Silence)) for each in regions}
    if not ways:
        return Verdict.SAME if undecided is None else Verdict.UNDECIDED
    if ways == {(True, False)}:
        return Verdict.WIDENED
    return Verdict.NARROWED if ways == {(False, True)} else Verdict.CHANGED


@dataclass
class _Search:
    pairing: Pairing
    ground: Shared
    kinds: dict[Kind, list[Box]] = field(default_factory=dict)
    same: list[Box] = field(default_factory=list)
    never: list[Box] = field(default_factory=list)
    cases: dict[Box, Case] = field(default_factory=dict)
    asked: int = 0
    unknown: str = ""
    is_crowded: bool = False
    solving: Work = field(default_factory=lambda: Work(STEPS // 4))
    ends: dict[End, int] = field(default_factory=dict)
    needed: set[tuple[int, Value] | tuple[int, int, None]] = field(default_factory=set)

    @property
    def needs(self) -> Needs:
        """What has to be told apart, so that it can be said where answers are the same."""
        values: dict[int, set[Value]] = {}
        orders = set()
        for each in self.needed:
            if len(each) == 2:
                values.setdefault(each[0], set()).add(each[1])
            else:
                orders.add(each[:2])
        cut = {place: frozenset(those) for place, those in values.items()}
        return Needs(cut, frozenset(orders))

    # ------------------------------------------------------------ where the sides differ

    def sort(self) -> None:
        """Every part of the cases: alike, different in one way, or no case at all. Raises OverBudget."""
        old, new = (self._won(number) for number in (0, 1))
        sides = self.ground.sides
        is_free = all(each.side.is_free for each in sides)
        differing = in_common(old, new, is_free=is_free)
        if self.ground.orders and self.ground.following is not None:
            barred = [Won(Layer.NEVER, box, -1) for box in never_together(self.ground.following)]
            old = [*barred, *old]
            differing = ({each + len(barred) for each in differing[0]}, differing[1])
        never = len(self.ends)
        old, new = ([self._numbered(each, never) for each in some] for some in (old, new))
        parts, self.same, self.never = parted(old, new, differing, never, self.ground.wholes)
        ends: list[End] = [*self.ends]
        work = Work.on(len(old) + len(new))
        for box, before, after in parts:
            self._differ(
                box,
                Silence.GAP if before is None else ends[before],
                Silence.GAP if after is None else ends[after],
                work,
            )

    def _won(self, number: int) -> list[Won]:
        seen = self.ground.sides[number]
        found = []
        for layer, box, ending in seen.side.claims:
            there = seen.box(box)
            if there is not None:
                end = None if ending is None else self._end(number, seen, ending)
                place = -1 if end is None else self.ends.setdefault(end, len(self.ends))
                found.append(Won(layer, there, place))
        return found

    @staticmethod
    def _numbered(won: Won, never: int) -> Won:
        return won._replace(ending=never) if won.ending < 0 else won

    def _end(self, number: int, seen: Seen, ending: Ending) -> End:
        if ending.answers is None:
            return Silence.DRAFT if ending.is_draft else Silence.REFUSED
        given = []
        for _, *outputs in self.pairing.outputs:
            answer = seen.answer(ending.answers[outputs[number]])
            assert isinstance(answer, Fixed | Same | Several)
            given.append(answer)
        return tuple(given)

    def _differ(self, box: Box, before: End, after: End, work: Work) -> None:
        """A part in which the sides end in different ways, which may be the same values all the same."""
        if isinstance(before, Silence) or isinstance(after, Silence):
            kind = Kind((*range(len(self.pairing.outputs)),), before, after)
            self.kinds.setdefault(kind, []).append(box)
            return
        parts: list[tuple[Box, tuple[int, ...]]] = [(box, ())]
        for place, (one, other) in enumerate(zip(before, after, strict=True)):
            boxes = alike(self.ground, one, other)
            if boxes is None:
                self.needed.update(needs_of(self.ground, one, other))
                name = self.pairing.outputs[place][0]
                self.unknown = self.unknown or (
                    f"not decided: whether `{name}` is the same where columns are passed on"
                )
                continue
            divided = []
            for part, differing in parts:
                work.spend(1 + len(boxes))
                for each in boxes:
                    if (inside := _meet(part, each)) is not None:
                        divided.append((inside, differing))
                divided += ((rest, (*differing, place)) for rest in open_parts(part, boxes))
            parts = divided
        for part, differing in parts:
            if not differing:
                self.same.append(part)
                continue
            kind = Kind(
                differing,
                tuple(before[each] for each in differing),
                tuple(after[each] for each in differing),
            )
            self.kinds.setdefault(kind, []).append(part)

    # ------------------------------------------------------------ as few boxes

    def regions(self) -> tuple[list[Region], str]:
        """Regions, each shown by a case; and what was not decided. Raises OverBudget."""
        following = self.ground.following
        if following is not None:
            for kind, parts in self.kinds.items():
                self.kinds[kind] = [part for part in parts if self._may_happen(following, part)]
        found: list[Region] = []
        self.is_crowded = sum(map(len, self.kinds.values())) > MOST_WIDENED
        for kind, parts in self.kinds.items():
            elsewhere = [] if self.is_crowded else self._elsewhere(kind)
            for box, cases in self._boxes(parts, elsewhere):
                case = self._case(box)
                if isinstance(case, Unsolved):
                    if case is Unsolved.UNKNOWN:
                        self.unknown = (
                            self.unknown or "not decided: whether cases that differ happen"
                        )
                    continue
                box = box if following is None else self._loosened(following, box)
                names = tuple(self.pairing.outputs[each][0] for each in kind.outputs)
                found.append(
                    told(
                        self.ground,
                        self.pairing,
                        Cases(box, cases, case),
                        names,
                        (kind.before, kind.after),
                        is_whole=len(found) < ASKED_WHOLE,
                    )
                )
        return found, self.unknown

    def _elsewhere(self, kind: Kind) -> list[Box]:
        """All parts that do not differ in this way."""
        others = (boxes for other, boxes in self.kinds.items() if other != kind)
        return [*self.same, *(box for boxes in others for box in boxes)]

    def where(self, boxes: Sequence[Box]) -> tuple[Where, ...]:
        """Where anything differs, in few boxes or half as many; nothing where that takes more.

        Raises OverBudget.
        """
        if self.is_crowded:
            return ()
        found = tuple(
            Where(constrained(self.ground.axes, box), cases)
            for box, cases in self._boxes(boxes, self.same)
        )
        return found if len(found) <= max(FEW, len(boxes) // 2) else ()

    def _boxes(self, parts: Sequence[Box], elsewhere: Sequence[Box]) -> Iterator[tuple[Box, int]]:
        if not self.is_crowded:
            try:
                asked = Asked(parts, 0, elsewhere, self.never)
                yield from apart(self.ground.axes, asked).boxes
                return
            except OverBudget:
                pass
        yield from ((box, volume(box)) for box in joined(parts))

    def _may_happen(self, following: Following, part: Box) -> bool:
        """Whether a case may happen in a part; one that is found is kept."""
        if self.asked >= MOST_ASKED // 2:  # the other half is for regions
            return True
        self.asked += 1
        case = self._solve(following, part)
        if case is Unsolved.NEVER:
            self.never.append(part)
            return False
        if not isinstance(case, Unsolved):
            self.cases[part] = case
        return True

    def _solve(self, following: Following, box: Box) -> Case | Unsolved:
        """A case in a box, or why none is shown; all that is so asked takes the steps of one question."""
        with spending(self.solving):
            return solve(following, box)

    def _loosened(self, following: Following, box: Box) -> Box:
        """The box without what it says of columns that follow from others, where that excludes no case."""
        for place in following.derived:
            rest = following.wholes[place] & ~box[place]
            self.asked += bool(rest)
            if (
                rest
                and self.asked <= MOST_ASKED
                and self._solve(following, at(box, place, rest)) is Unsolved.NEVER
            ):
                box = at(box, place, following.wholes[place])
        return box

    def _case(self, box: Box) -> Case | Unsolved:
        """A case in a box, or why none is shown."""
        following = self.ground.following
        if following is None:
            return tuple(
                axis.example(mask) for axis, mask in zip(self.ground.axes, box, strict=True)
            )
        inside = (case for part, case in self.cases.items() if covers(box, part))
        known = next(inside, None)
        if known is not None:
            return known
        self.asked += 1
        return self._solve(following, box) if self.asked <= MOST_ASKED else Unsolved.UNKNOWN


def _meet(one: Box, other: Box) -> Box | None:
    shared_box = tuple(a & b for a, b in zip(one, other, strict=True))
    return None if 0 in shared_box else shared_box


def joined(boxes: Sequence[Box]) -> list[Box]:
    """Disjoint boxes, those that differ on one axis alone as one."""
    found = [*boxes]
    for place in range(len(boxes[0]) if boxes else 0):
        alike: dict[Box, int] = {}
        for box in found:
            rest = at(box, place, 0)
            alike[rest] = alike.get(rest, 0) | box[place]
        found = [at(rest, place, mask) for rest, mask in alike.items()]
    return found
