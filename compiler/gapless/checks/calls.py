"""Tables that call tables, and rules that calculate: what has no answer, is never asked or always true.

GAP107: a rule calls a table for cases that this declares impossible. GAP127: rules that no decision
reaches. GAP128: a table that no decision asks. GAP129: a guard that never holds, or always does.
GAP130: a computed outcome that its output cannot hold. GAP131: whether it can, was not proved.
What a call answers is asked of `analysis.composition`, never worked out here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from gapless.analysis.arithmetic.dependent import Case, Exactly
from gapless.analysis.arithmetic.solver import Answer as Unsolved
from gapless.analysis.composition.calls import asked, calls
from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.coverage.cover import first_open
from gapless.analysis.domain.answers import Nothing, split
from gapless.analysis.domain.derived import at, fits
from gapless.analysis.domain.partition import Box, cases, meet
from gapless.analysis.reachability import entries, reached
from gapless.analysis.unit import Unit, answered_by
from gapless.checks.support import finding
from gapless.model import Call, Computed, Rule, RuleKind, Table
from gapless.semantics import Unanswered
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Label
from gapless_dsl.source import Span

# ---------------------------------------------------------------- calls without an answer


def unanswered(unit: Unit) -> Iterator[Diagnostic]:
    """Where the rule decides, and the called table says that this cannot happen.

    A case that is a gap of a table further down is a finding of that table.
    """
    for number, rule in enumerate(unit.table.rules):
        for outcome in rule.outcomes:
            for call in outcome.parts:
                if not isinstance(call, Call):
                    continue
                silent = [
                    piece.box
                    for part in unit.claims.won.get(number, ())
                    for piece in split(unit.called[id(call)], part)
                    if piece.answer == Nothing(impossible=True)
                ]
                seen, doubtful = finding.that_happen(unit, silent)
                seen = [
                    box for box in seen if not isinstance(finding.meaning(unit, box), Unanswered)
                ]
                boxes = seen or doubtful
                if not boxes:
                    continue
                widest, called = finding.widest(boxes), call.table.name
                yield finding.error(
                    unit,
                    "GAP107",
                    f"rule `{rule.name}` calls `{called}` for cases that `{called}` declares impossible",
                    Label(outcome.span, "no answer comes back"),
                    rule=rule,
                    notes=(
                        f"that is so for: {finding.where(unit, widest)}",
                        *finding.doubt(finding.region(unit, widest).witness),
                    ),
                    helps=(
                        f"narrow `{rule.name}` to what `{called}` answers",
                        "or mark these cases `impossible` here too",
                    ),
                    cases=cases(boxes),
                    boxes=boxes,
                )


# ---------------------------------------------------------------- guards


NEVER = (
    "is never asked",
    "no case that can happen passes this",
    "widen the guard, if there are cases that it should let in",
    "or delete the step, if nothing needs it",
)
ALWAYS = (
    "is always asked",
    "every case that can happen passes this",
    "leave out what follows `when`, if it is not needed",
    "or narrow it, if some cases should pass the step by",
)


def guards(unit: Unit) -> Iterator[Diagnostic]:
    """Several lets of one step have one guard, which is told of once."""
    seen: set[Span] = set()
    for let in unit.table.lets:
        if not let.guard or let.guard[0].condition.span in seen:
            continue
        first, last = let.guard[0].condition.span, let.guard[-1].condition.span
        seen.add(first)
        inside, outside = asked(let.guard, unit.caller, unit.axes)
        for boxes, (title, label, *helps) in ((inside, NEVER), (outside, ALWAYS)):
            if not _happens(unit, boxes):
                name = let.column.name.partition(".")[0]
                yield finding.warning(
                    unit,
                    "GAP129",
                    f"step `{name}` {title}",
                    Label(Span(first.path, first.start, last.end), label),
                    column=name,
                    helps=helps,
                )
                break


def _happens(unit: Unit, boxes: Sequence[Box]) -> bool:
    """Whether some case in the boxes is not excluded."""
    return any(first_open(box, unit.excluded) is not None for box in boxes)


# ---------------------------------------------------------------- computed outcomes


def computed(unit: Unit) -> Iterator[Diagnostic]:
    """One finding for an outcome: a case that goes wrong, or else that it is not known."""
    for number, rule in enumerate(unit.table.rules):
        for output, outcome in enumerate(rule.outcomes):
            if not isinstance(outcome.value, Computed):
                continue
            place = unit.place(unit.lowered.outcomes[id(outcome.value)])
            outside = unit.axes[place].whole & ~fits(unit.axes[place], outcome.value)
            if not outside:
                continue
            beyond = at(unit.caller.whole, place, outside)
            open_box: Box | None = None
            for box in unit.claims.won.get(number, ()):
                shared = meet(box, beyond)
                case = Unsolved.NEVER if shared is None else unit.case(shared)
                if not isinstance(case, Unsolved):
                    yield _unfit(unit, rule, output, place, case)
                    break
                if case is Unsolved.UNKNOWN and open_box is None:
                    open_box = shared
            else:
                if open_box is not None:
                    yield _unknown(unit, rule, output, open_box)


def _unfit(unit: Unit, rule: Rule, output: int, place: int, case: Case) -> Diagnostic:
    assert unit.following is not None
    column = unit.table.outputs[output]
    value = Exactly(unit.following, case).value(unit.axes[place].column.name)
    witness = finding.witness(unit, case) or ()
    asked = ", ".join(f"{name} = {text}" for name, text in witness)
    narrower = "or narrow the inputs, or the rows that lead here"
    if value is None:
        comes = "has no value for some case, and is not optional"
        helps: tuple[str, ...] = (
            "let another row answer where a value is missing or a divisor is 0",
            narrower,
        )
    else:
        comes = f"comes to `{words.literal(value)}`, outside its bounds"
        helps = (
            "limit it with `max(…, 0)` or `min(…, 100)`",
            "or declare wider bounds for the output",
            narrower,
        )
    return finding.error(
        unit,
        "GAP130",
        f"`{column.name}` {comes}",
        Label(rule.outcomes[output].span, f"where {asked}"),
        Label(column.span, f"`{column.name}` is declared here"),
        rule=rule,
        column=column.name,
        helps=helps,
        witness=witness,
    )


def _unknown(unit: Unit, rule: Rule, output: int, box: Box) -> Diagnostic:
    column = unit.table.outputs[output]
    return finding.warning(
        unit,
        "GAP131",
        f"could not prove that `{column.name}` stays within its bounds",
        Label(rule.outcomes[output].span, "computed here"),
        Label(column.span, f"`{column.name}` is declared here"),
        rule=rule,
        column=column.name,
        notes=(
            f"not decided where {finding.where(unit, box)}",
            "a search of a fixed number of steps found neither a case nor a proof",
            "generated code raises an error rather than answer out of bounds",
        ),
        helps=("limit it with `min` and `max`",),
    )


# ---------------------------------------------------------------- what no decision asks


def unasked(compiled: finding.Compiled) -> Iterator[Diagnostic]:
    """Only where some file has decisions, which say what a program asks."""
    units = compiled.units
    if not any(table.is_decision for table in units):
        return
    first = entries(compiled.policies)
    found = reached(first, units)
    callers: dict[Table, list[tuple[Table, Call]]] = {}
    for table in units:
        for call in calls(table):
            callers.setdefault(call.table, []).append((table, call))
    for policy in compiled.policies:
        for table in policy.tables:
            if table in first or table not in units:
                continue
            if table not in callers:
                yield finding.note(
                    units[table],
                    "GAP128",
                    f"no decision asks table `{table.name}`",
                    Label(table.span, "nor does any other table"),
                    helps=(
                        "ask it in a step, if it is to count",
                        "or delete it, if nothing needs it",
                    ),
                )
            boxes = found.get(table)
            if boxes and not table.by_version:  # whose rows nobody wrote
                asking = [(by, call) for by, call in callers[table] if found.get(by)]
                with suppress(OverBudget):
                    yield from _idle(units[table], boxes, asking)


def _idle(
    unit: Unit, boxes: Sequence[Box], callers: Sequence[tuple[Table, Call]]
) -> Iterator[Diagnostic]:
    """The rules that decide something, but nothing that anybody asks: told once for a table."""
    work = Work.aside(len(boxes))
    idle: list[int] = []
    for number, won in sorted(answered_by(unit).items()):
        if number < 0 or unit.table.rules[number].kind not in (RuleKind.RULE, RuleKind.OTHERWISE):
            continue
        work.spend(len(won) * len(boxes))
        if not any(meet(each, box) is not None for each in won for box in boxes):
            idle.append(number)
    if not idle:
        return
    rules, one = [unit.table.rules[number] for number in idle], len(idle) == 1
    names = finding.names(unit, idle)
    which = f"rule {names}" if one else words.count(len(idle), "rule")
    places = dict.fromkeys(
        Label(call.span, f"`{caller.name}` calls it here, but never for these cases")
        for caller, call in callers
    )
    yield finding.note(
        unit,
        "GAP127",
        f"no decision reaches {which} of `{unit.table.name}`{'' if one else f': {names}'}",
        Label(rules[0].span, "no call asks for these cases"),
        *(Label(rule.span, "nor this") for rule in rules[1 : finding.SHOWN]),
        *[*places][: finding.SHOWN],
        rule=rules[0] if one else None,
        helps=(
            "ask it there, if a step's guard or arguments say too little",
            f"or write `impossible` in {'it' if one else 'them'}, if it should never be asked so",
        ),
    )
