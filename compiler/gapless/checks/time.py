"""Days, as policies, members of closed lists and cases name them.

GAP401, GAP402: what a policy says of its own days, held against a day that somebody names. GAP405 to
GAP408: members of closed lists on days on which they are not in force.
A life changes no meaning: a member outside its days is a value like others. So it is a promise, held
here against what rules answer (405, and 408 on a day that is named), what cells ask for (406) and
what examples show (407).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, reduce
from operator import or_
from typing import NamedTuple

from gapless.analysis.arithmetic.solver import Answer, solve
from gapless.analysis.composition.calls import asked, calls, calls_of, pulled_back, pushed_forward
from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.domain.answers import Fixed
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Axis, Box, axis, cuts, cuts_of, meet, volume
from gapless.analysis.unit import Unit, answered, answered_by
from gapless.checks.support import finding
from gapless.model import (
    AnyOf,
    Between,
    Call,
    ColumnValue,
    Constant,
    DateType,
    EnumerationType,
    Equals,
    HitPolicy,
    Holds,
    Member,
    OutcomeValue,
    Policy,
    Rule,
    RuleKind,
    SetType,
    Table,
    Test,
    Type,
)
from gapless.text import words
from gapless.text.words import count
from gapless_dsl.diagnostic import Diagnostic, Label, Region, Witness
from gapless_dsl.source import Source, Span


def policies(compiled: finding.Compiled) -> Iterator[Diagnostic]:
    """Nothing where no day is named: a check says the same tomorrow as today."""
    today = compiled.day
    for policy in compiled.policies if today else ():
        assert today is not None
        source, about = compiled.sources[policy.path], f"policy {policy.name}"
        if policy.review_by and policy.review_by < today:
            days = count((today - policy.review_by).days, "day")
            yield finding.warning(
                about,
                "GAP401",
                f"policy `{policy.name}` is past its review",
                Label(_line(policy, r"review\s+by", source), f"{today} is {days} later"),
                helps=(
                    "read it against its sources, then name the next day",
                    "or leave `review by` out, if nothing in it can grow old",
                ),
            )
        if policy.as_of and policy.as_of > today:
            days = count((policy.as_of - today).days, "day")
            yield finding.warning(
                about,
                "GAP402",
                f"policy `{policy.name}` takes effect on a future date",
                Label(_line(policy, r"as\s+of", source), f"{today} is {days} earlier"),
                helps=(
                    "fix the date, if it is a typo",
                    "or use the policy only from that day on",
                ),
            )


def _line(policy: Policy, words: str, source: Source) -> Span:
    """Where the policy says it: the first such line below its name, for the parser takes no second one."""
    pattern = re.compile(rf"^[ \t]*({words}[ \t]+[0-9-]+)", re.MULTILINE)
    found = pattern.search(source.text, policy.span.end)
    return Span(policy.path, *found.span(1)) if found else policy.span


# ---------------------------------------------------------------- lives of members


FIX = "or fix the life, where the member is declared"

Told = Mapping[Table, frozenset[str]]
"""For each table the members of which it is told that it, or one that it asks, says them too long."""


def lives(compiled: finding.Compiled) -> Iterator[Diagnostic]:
    """Callees first, so that what one table says is not told again of those that pass it on."""
    as_of = {table: policy.as_of for policy in compiled.policies for table in policy.tables}
    today, told = compiled.day, dict[Table, frozenset[str]]()
    for table, unit in compiled.units.items():
        called = frozenset[str]().union(*(told[call.table] for call in calls(table)))
        found: set[str] = set()
        if not table.by_version:
            calendar = Calendar(unit, as_of.get(table))
            for use in _uses(unit, told):
                each_box = (calendar.outside(use.member, box) for box in use.boxes)
                outside = [each for each in each_box if each is not None]
                if outside:
                    found.add(use.member.name)
                    yield _answered(calendar, use, outside)
                elif today and not calendar.dates and not _is_in_force(use.member, today):
                    yield _ended(unit, use, today)
            yield from _asked_for(calendar)
            yield from _examples(calendar)
        told[table] = called | found


def lived(type: Type) -> Mapping[str, Member]:
    """The members of a closed list, or of lists of them, that are not in force on every day."""
    members = type.scalar.lived if isinstance(type.scalar, EnumerationType) else ()
    return {member.name: member for member in members}


def _in_force(member: Member) -> str:
    return f"`{member.name}` is in force {words.life(member)}"


def _is_in_force(member: Member, day: date) -> bool:
    return (member.since or date.min) <= day <= (member.until or date.max)


# ---------------------------------------------------------------- days outside a life


class Days(NamedTuple):
    """A date's axis, cut besides where a life begins and ends, and some days by that life."""

    axis: Axis
    outside: int
    inside: int
    uncut: int
    """The atoms of the axis as it was in which some day lies outside."""


class Outside(NamedTuple):
    """Cases on days of which none is in a member's life: a box of `axes`, the table's inputs."""

    axes: Sequence[Axis]
    box: Box
    region: Region
    is_known: bool
    """Whether one of them is known to happen, where columns are worked out from others."""


@dataclass(frozen=True)
class Calendar:
    """The days of one table: what its dates say, or where it has none, the day its policy speaks of.

    Of several dates the one counts by which versions or rows are `effective`. Where nothing says
    which, a case lies outside a life only if all its dates do.
    """

    unit: Unit
    as_of: date | None
    _known: dict[tuple[int, Member, int], Days] = field(default_factory=dict)

    @cached_property
    def dates(self) -> tuple[int, ...]:
        """The numbers of the inputs that say the day of a case."""
        inputs = self.unit.table.inputs
        found = tuple(n for n, each in enumerate(inputs) if isinstance(each.type, DateType))
        return tuple(n for n in found if inputs[n].name == self.unit.table.day) or found

    def outside(self, member: Member, box: Box) -> Outside | None:
        """The cases of `box` that lie outside the member's life, if there are any."""
        if not self.dates and (self.as_of is None or _is_in_force(member, self.as_of)):
            return None
        axes, masks, uncut = [*self.unit.axes[: self.unit.inputs]], [*box], [*box]
        for number in self.dates:
            axes[number], masks[number], _, uncut[number] = self._days(number, member, box[number])
        if not all(masks[number] for number in self.dates):
            return None
        box = tuple(masks)
        shown: Witness = words.witness(axes[: len(self.unit.table.inputs)], box)
        if self.unit.following is not None:  # columns that are worked out may rule all of it out
            case = solve(self.unit.following, tuple(uncut))
            if case is Answer.NEVER:
                return None
            shown = finding.witness(self.unit, case)
        region = Region(words.constrained(axes, box), volume(box), shown)
        return Outside(axes, box, region, is_known=shown is not None)

    def days(self, found: Sequence[Outside]) -> Sequence[str]:
        """`sent is 2026-01-01 or later`: all the days of these cases, which are of one member."""
        if len(self.dates) == 1:
            (number,) = self.dates
            union = reduce(or_, (each.box[number] for each in found))
            return [_read(found[0].axes[number], union)]
        said = (", ".join(_read(o.axes[n], o.box[n]) for n in self.dates) for o in found)
        return list(dict.fromkeys(said)) if self.dates else []

    def is_wholly_outside(self, member: Member, box: Box) -> bool:
        """Whether no case of `box` lies in the member's life."""
        if not self.dates:
            return self.outside(member, box) is not None
        return not any(self._days(number, member, box[number]).inside for number in self.dates)

    def _days(self, number: int, member: Member, mask: int) -> Days:
        key = (number, member, mask)
        if key not in self._known:
            self._known[key] = _by_life(self.unit.axes[number], member, mask)
        return self._known[key]


def _by_life(days: Axis, member: Member, mask: int) -> Days:
    """The days in `mask` outside a life, and those inside."""
    life = Between(member.since, member.until)
    cut = axis(days.column, cuts_of(days) | cuts(days.column, life))
    inside, asked_for = cut.mask(life), pulled_back(mask, days, cut)
    outside = asked_for & ~inside
    return Days(cut, outside, asked_for & inside, pushed_forward(outside, cut, days))


def _read(axis: Axis, mask: int) -> str:
    """`sent is 2026-01-01 or later`."""
    assert isinstance(axis.kind, DateType)
    first, last = axis.kind.low, axis.kind.high
    if mask != axis.whole:
        said = words.phrase(axis, mask)
    elif (first, last) == (date.min, date.max):
        said = "is any day"
    elif last == date.max:
        said = f"is {first} or later"
    else:
        said = f"is {last} or earlier" if first == date.min else f"is from {first} to {last}"
    return f"{axis.column.name} {said}"


# ---------------------------------------------------------------- what rules answer


class Use(NamedTuple):
    """Where a table says a member, and in which cases: in a rule, or in a column that it computes."""

    member: Member
    verb: str
    span: Span
    boxes: Sequence[Box]
    rule: Rule | None
    column: str
    is_certain: bool = True
    """Whether the rule decides all of these cases, as far as that could be worked out."""

    @property
    def says(self) -> str:
        who = f"rule `{self.rule.name}`" if self.rule else f"`{self.column}`"
        return f"{who} {self.verb} `{self.member.name}`"


def _uses(unit: Unit, told: Told) -> Iterator[Use]:
    for let in unit.table.lets:
        where: Sequence[Box] = [unit.caller.whole]
        if let.guard:
            with suppress(OverBudget):
                where, _ = asked(let.guard, unit.caller, unit.axes)
        yield from _arguments(let.call, where, None, let.column.name, let.column.span)
    if not _speaks_of_lives(unit.table):
        return
    won: Mapping[int, Sequence[Box]] | None = None
    with suppress(OverBudget):
        won = answered_by(unit)
    for number, rule in enumerate(unit.table.rules):
        boxes = unit.parts[number] if won is None else won.get(number, ())
        for place, outcome in enumerate(rule.outcomes):
            column = unit.table.outputs[place]
            members = lived(column.type)
            for value in outcome.parts:
                names = members.keys() - _passed_on(unit, value, told)
                for name, where in _said(unit, value, boxes, names).items():
                    chosen = _chosen(unit, place, name, where)
                    known = won is not None and chosen is not None
                    cases = where if chosen is None else chosen
                    span = outcome.span
                    yield Use(members[name], "answers", span, cases, rule, column.name, known)
                if isinstance(value, Call):
                    for use in _arguments(value, boxes, rule, column.name, outcome.span):
                        yield use._replace(is_certain=won is not None)


def _speaks_of_lives(table: Table) -> bool:
    """Whether any rule can: most tables know nothing of days, and are not searched."""
    called = (call for rule in table.rules for call in calls_of(rule))
    inputs = (column for call in called for column in call.table.inputs)
    return any(lived(column.type) for column in (*table.outputs, *inputs))


def _arguments(
    call: Call, boxes: Sequence[Box], rule: Rule | None, column: str, span: Span
) -> Iterator[Use]:
    """The members that another table is asked about by name."""
    for wanted, argument in zip(call.table.inputs, call.arguments, strict=True):
        members = lived(wanted.type)
        if isinstance(argument, Constant) and argument.value in members:
            member = members[str(argument.value)]
            yield Use(member, f"asks `{call.table.name}` about", span, boxes, rule, column)


def _passed_on(unit: Unit, value: OutcomeValue, told: Told) -> frozenset[str]:
    """The members of which it is told where the table says them that is asked here."""
    lets = {let.column.name: let.call for let in unit.table.lets}
    if isinstance(value, ColumnValue):
        value = lets.get(value.column, value)
    return told[value.table] if isinstance(value, Call) else frozenset()


def _chosen(unit: Unit, output: int, name: str, boxes: Sequence[Box]) -> Sequence[Box] | None:
    """Of the cases to which a rule adds a member, those in which that is what the table answers.

    Where the least or the greatest counts, it may be what another rule adds; None where that cannot
    be worked out.
    """
    if unit.table.policy not in (HitPolicy.MIN, HitPolicy.MAX):
        return boxes
    with suppress(OverBudget):
        pieces = [*unit.collected[output].pieces(unit.undecided)]
        so = [piece.box for piece in pieces if piece.answer == Fixed(name)]
        return [both for one in boxes for other in so if (both := meet(one, other)) is not None]
    return None


def _said(
    unit: Unit, value: OutcomeValue, boxes: Sequence[Box], names: frozenset[str] | set[str]
) -> Mapping[str, Sequence[Box]]:
    """Where an outcome is which of these members."""
    found: dict[str, list[Box]] = {}
    for box in boxes if names else ():
        for piece in answered(unit, value, box):
            for each, where in finding.values(unit, piece):
                if each in names:
                    found.setdefault(str(each), []).append(where)
    return found


def _answered(calendar: Calendar, use: Use, outside: Sequence[Outside]) -> Diagnostic:
    unit, days = calendar.unit, calendar.days(outside)
    notes = [f"outside its life: {each}" for each in days]
    end = "let the rule end where the life ends, and say what holds then"
    if not calendar.dates:
        end = "let the table ask for the day, and say what holds on which"
        notes = [
            f"`{unit.table.name}` asks for no day, and its policy speaks as of {calendar.as_of}"
        ]
    if unit.following is not None:
        notes = [f"on some of these days: {each}" for each in days] or notes
    if not any(each.is_known for each in outside):
        notes.append("whether such a case happens was not worked out: columns follow from others")
    if not use.is_certain:
        notes.append("which of the cases that it applies to it decides was not worked out")
    return finding.error(
        unit,
        "GAP405",
        f"{use.says} outside its life",
        Label(use.span, _in_force(use.member)),
        rule=use.rule,
        column=use.column,
        notes=notes,
        helps=(end, FIX),
        witness=next((each.region.witness for each in outside if each.is_known), None),
        regions=(each.region for each in outside),
    )


def _ended(unit: Unit, use: Use, today: date) -> Diagnostic:
    return finding.warning(
        unit,
        "GAP408",
        f"{use.says}, which is not in force",
        Label(use.span, f"on {today}; it is in force {words.life(use.member)}"),
        rule=use.rule,
        column=use.column,
        notes=(f"`{unit.table.name}` asks for no day: it answers this on every one",),
        helps=("say what holds now, or let the table ask for the day", FIX),
    )


# ---------------------------------------------------------------- what cells ask for


def _asked_for(calendar: Calendar) -> Iterator[Diagnostic]:
    """Cells that name a member in rows that answer on no day of its life."""
    unit = calendar.unit
    when = "on no day of this row" if calendar.dates else f"not as of {calendar.as_of}"
    for place, column in enumerate(unit.table.columns):
        members, axis = lived(column.type), unit.place(column.name)
        for rule, box in zip(unit.table.rules, unit.boxes, strict=True) if members else ():
            if rule.kind is not RuleKind.RULE or box is None:
                continue
            cell = rule.conditions[place]
            for name in _names(cell.test):
                named = _holding(unit.axes[axis], box[axis], name)
                if name not in members or not named:
                    continue
                member, cases = (
                    members[name],
                    unit.inputs_in((*box[:axis], named, *box[axis + 1 :])),
                )
                if cases and all(calendar.is_wholly_outside(member, each) for each in cases):
                    yield finding.warning(
                        unit,
                        "GAP406",
                        f"rule `{rule.name}` asks for `{name}` only outside its life",
                        Label(cell.span, f"{_in_force(member)}: {when}"),
                        rule=rule,
                        column=column.name,
                        helps=(
                            "say that it is `impossible`, and why",
                            "or fix the days of the row, or the life of the member",
                        ),
                    )


def _names(test: Test) -> Iterator[str]:
    """The members that a cell takes in by their names."""
    match test:
        case Equals(str(name)):
            yield name
        case AnyOf(tests):
            for each in tests:
                yield from _names(each)
        case Holds(ways):
            numbers = (number for way in ways for number in way if number.low)
            yield from dict.fromkeys(name for number in numbers for name in number.members)


def _holding(axis: Axis, mask: int, name: str) -> int:
    """The atoms that are this member; in a column of sets, those of which some set holds it."""
    if isinstance(axis.column.type, SetType):
        return sum(1 << at for at in bits(mask) if name in finding.may(axis, at))
    return axis.atom_of(name)


# ---------------------------------------------------------------- what examples show


def _examples(calendar: Calendar) -> Iterator[Diagnostic]:
    """An example whose own inputs do not fit together; one that `gives impossible` says just that."""
    inputs = calendar.unit.table.inputs
    known = [(column.name, members) for column in inputs if (members := lived(column.type))]
    for example in calendar.unit.table.examples if known else ():
        if example.gives is None and not example.is_draft:
            continue
        case = dict(example.inputs)
        dated = [case[inputs[number].name] for number in calendar.dates]
        days = [day for day in (dated or [calendar.as_of]) if isinstance(day, date)]
        for column, members in known:
            value = case[column]
            held = sorted(map(str, value)) if isinstance(value, frozenset) else [str(value)]
            for member in (members[each] for each in held if each in members):
                if not days or any(_is_in_force(member, day) for day in days):
                    continue
                yield finding.warning(
                    calendar.unit,
                    "GAP407",
                    f"an example of `{calendar.unit.table.name}` asks about `{member.name}` "
                    "outside its life",
                    Label(example.span, _in_force(member)),
                    column=column,
                    helps=("choose a day of its life, or another value",),
                )
