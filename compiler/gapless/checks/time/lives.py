"""GAP405, GAP406, GAP407, GAP408: members of closed lists on days on which they are not in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from gapless.analysis.composition.calls import calls
from gapless.analysis.unit import Unit
from gapless.checks.support import wording as said
from gapless.checks.support.living import Calendar, Outside, days, is_in_force, lived
from gapless.checks.support.uses import Use, uses
from gapless.model import (
    AnyOf,
    Equals,
    Member,
    Policy,
    Rule,
    RuleKind,
    Table,
    Test,
)
from gapless.text.words import life
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity
from gapless_dsl.source import Span


def check(
    policies: Iterable[Policy], units: Mapping[Table, Unit], today: date | None
) -> Iterator[Diagnostic]:
    """Callees first, so that what one table says is not told again of those that pass it on."""
    as_of = {table: policy.as_of for policy in policies for table in policy.tables}
    told: dict[Table, frozenset[str]] = {}
    for table, unit in units.items():
        called = frozenset[str]().union(*(told[call.table] for call in calls(table)))
        found: set[str] = set()
        if not table.by_version:
            calendar = Calendar(unit, as_of.get(table))
            for use in uses(unit, told):
                outside = _outside(calendar, use)
                if outside:
                    found.add(use.member.name)
                    yield _answering(unit, calendar, use, outside)
                elif today and not calendar.dates and not is_in_force(use.member, today):
                    yield _ended(unit, use, today)
            yield from _tested(unit, calendar)
            yield from _examples(unit, calendar)
        told[table] = called | found


def _outside(calendar: Calendar, use: Use) -> list[Outside]:
    found = (calendar.outside(use.member, box) for box in use.boxes)
    return [each for each in found if each is not None]


# ---------------------------------------------------------------- what a table says


def _answering(unit: Unit, calendar: Calendar, use: Use, outside: Sequence[Outside]) -> Diagnostic:
    who = f"rule `{use.rule.name}`" if use.rule else f"`{use.column}`"
    notes = [f"outside its life: {each}" for each in days(outside)]
    if not calendar.dates:
        notes = [
            f"`{unit.table.name}` asks for no day, and its policy speaks as of {calendar.as_of}"
        ]
    if calendar.unit.following is not None:
        notes = [f"on some of these days: {each}" for each in days(outside)] or notes
    if not any(each.is_known for each in outside):
        notes.append("whether such a case happens was not worked out: columns follow from others")
    if not use.is_certain:
        notes.append("which of the cases that it applies to it decides was not worked out")
    return Diagnostic(
        "GAP405",
        Severity.ERROR,
        f"{who} {use.verb} `{use.member.name}` outside its life",
        (Label(use.span, f"`{use.member.name}` is in force {life(use.member)}"),),
        subject=said.subject(unit, use.rule, use.column),
        notes=tuple(notes),
        helps=tuple(_mending(calendar)),
        witness=next((each.region.witness for each in outside if each.is_known), None),
        regions=tuple(each.region for each in outside),
    )


def _mending(calendar: Calendar) -> Iterator[Help]:
    if calendar.dates:
        yield Help(Repair.DECISION, "let the rule end where the life ends, and say what holds then")
    else:
        yield Help(Repair.DECISION, "let the table ask for the day, and say what holds on which")
    yield Help(Repair.DECISION, "or mend the life, where the member is declared")


def _ended(unit: Unit, use: Use, today: date) -> Diagnostic:
    who = f"rule `{use.rule.name}`" if use.rule else f"`{use.column}`"
    return Diagnostic(
        "GAP408",
        Severity.WARNING,
        f"{who} {use.verb} `{use.member.name}`, which is not in force",
        (Label(use.span, f"on {today}; it is in force {life(use.member)}"),),
        subject=said.subject(unit, use.rule, use.column),
        notes=(f"`{unit.table.name}` asks for no day: it answers this on every one",),
        helps=(
            Help(Repair.DECISION, "say what holds now, or let the table ask for the day"),
            Help(Repair.DECISION, "or mend the life, where the member is declared"),
        ),
    )


# ---------------------------------------------------------------- what it asks for


def _tested(unit: Unit, calendar: Calendar) -> Iterator[Diagnostic]:
    """Cells that name a member in rows that answer on no day of its life."""
    for place, column in enumerate(unit.table.columns):
        members, axis = lived(column.type), unit.place(column.name)
        for number, rule in enumerate(unit.table.rules) if members else ():
            box = unit.boxes[number]
            if rule.kind is not RuleKind.RULE or box is None:
                continue
            for name in _names(rule.conditions[place].test):
                at = unit.axes[axis].locate(name)
                if name not in members or at is None:
                    continue
                cases = unit.inputs_in((*box[:axis], 1 << at, *box[axis + 1 :]))
                if cases and all(calendar.is_wholly_outside(members[name], each) for each in cases):
                    yield _never_lawful(unit, calendar, rule, place, members[name])


def _names(test: Test) -> Iterator[str]:
    """The members that a cell takes in by their names."""
    match test:
        case Equals(str(name)):
            yield name
        case AnyOf(tests):
            for each in tests:
                yield from _names(each)


def _never_lawful(
    unit: Unit, calendar: Calendar, rule: Rule, place: int, member: Member
) -> Diagnostic:
    column, cell = unit.table.columns[place], rule.conditions[place]
    when = "on no day of this row" if calendar.dates else f"not as of {calendar.as_of}"
    return Diagnostic(
        "GAP406",
        Severity.WARNING,
        f"rule `{rule.name}` asks for `{member.name}` only outside its life",
        (Label(cell.span, f"`{member.name}` is in force {life(member)}: {when}"),),
        subject=said.subject(unit, rule, column.name),
        helps=(
            Help(Repair.DECISION, "say that it is `impossible`, and why"),
            Help(Repair.DECISION, "or mend the days of the row, or the life of the member"),
        ),
    )


# ---------------------------------------------------------------- examples


def _examples(unit: Unit, calendar: Calendar) -> Iterator[Diagnostic]:
    """An example whose own inputs do not fit together; one that `gives impossible` says just that."""
    known = [(column.name, lived(column.type)) for column in unit.table.inputs]
    known = [(name, members) for name, members in known if members]
    for example in unit.table.examples if known else ():
        if example.gives is None and not example.is_draft:
            continue
        case = dict(example.inputs)
        dated = [case[unit.table.inputs[number].name] for number in calendar.dates]
        shown = [day for day in dated if isinstance(day, date)]
        shown = shown or [day for day in (calendar.as_of,) if day]
        for name, members in known:
            member = members.get(str(case[name]))
            if member and shown and not any(is_in_force(member, day) for day in shown):
                yield _impossible_example(unit, example.span, name, member)


def _impossible_example(unit: Unit, span: Span, column: str, member: Member) -> Diagnostic:
    return Diagnostic(
        "GAP407",
        Severity.WARNING,
        f"an example of `{unit.table.name}` asks about `{member.name}` outside its life",
        (Label(span, f"`{member.name}` is in force {life(member)}"),),
        subject=said.subject(unit, None, column),
        helps=(Help(Repair.DECISION, "choose a day of its life, or another value"),),
    )
