"""GAP103: a rule never decides anything. GAP105: all that a rule answers is impossible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gapless import words
from gapless.checks import said
from gapless.cover import first_open
from gapless.decision import NEVER, tally
from gapless.model import HitPolicy, Rule, RuleKind
from gapless.overlaps import overlaps
from gapless.reach import boxes_of, is_reached, reached
from gapless.space import meet
from gapless.unit import Unit
from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, Repair, Severity, Size


def check(unit: Unit) -> Iterator[Diagnostic]:
    if unit.by_inputs is None:
        yield from _without_decision(unit)
        return
    idle = [n for n in range(len(unit.table.rules)) if _is_idle(unit, n)]
    disputed = _disputed(unit) if idle else frozenset[int]()
    for number in idle:
        if number in disputed:
            continue
        yield _finding(unit, number, _takers(unit, number))


def _without_decision(unit: Unit) -> Iterator[Diagnostic]:
    """Each rule asked for by itself: is its box within what wins over it?"""
    excluding = boxes_of(unit, RuleKind.IMPOSSIBLE)
    before = [*unit.never, *excluding.values()]
    for number, box in boxes_of(unit, RuleKind.RULE).items():
        if first_open(box, [*unit.never, *excluding.values()]) is None and is_reached(unit, box):
            meeting = [n for n, other in excluding.items() if meet(box, other)]
            yield _contradiction(unit, number, dict.fromkeys(meeting, 1))
        elif first_open(box, before) is None:
            yield _unreachable(unit, number, {})
        if unit.table.policy is HitPolicy.FIRST:
            before.append(box)


def _is_idle(unit: Unit, number: int) -> bool:
    rule = unit.table.rules[number]
    decides = unit.tally.get(number, 0) > 0
    return not decides and rule.kind is not RuleKind.OTHERWISE and unit.boxes[number] is not None


def _disputed(unit: Unit) -> frozenset[int]:
    """Rules in a conflict: that is their finding."""
    if unit.table.policy is HitPolicy.FIRST:
        return frozenset()
    pairs = [each for each in overlaps(unit) if each.outputs]
    return frozenset(number for pair in pairs for number in (pair.earlier, pair.later))


def _takers(unit: Unit, number: int) -> Mapping[int, int]:
    """For each rule that decides in this one's stead, how many of its cases; none if it has none."""
    box, decision = unit.boxes[number], unit.by_inputs
    assert box is not None and decision is not None
    taken: dict[int, int] = {}
    for part in reached(unit, box):
        for rule, cases in tally(decision, part).items():
            taken[rule] = taken.get(rule, 0) + cases
    taken.pop(NEVER, None)
    return taken


def _finding(unit: Unit, number: int, taken: Mapping[int, int]) -> Diagnostic:
    rules = unit.table.rules
    kinds = {rules[taker].kind for taker in taken}
    if kinds == {RuleKind.IMPOSSIBLE} and rules[number].kind is RuleKind.RULE:
        return _contradiction(unit, number, taken)
    return _unreachable(unit, number, taken)


def _unreachable(unit: Unit, number: int, taken: Mapping[int, int]) -> Diagnostic:
    rule, total = unit.table.rules[number], sum(taken.values())
    verb = "exclude" if rule.kind is RuleKind.IMPOSSIBLE else "decide"
    return Diagnostic(
        "GAP103",
        Severity.WARNING,
        f"rule `{rule.name}` can never {verb} anything",
        (Label(rule.span, _why(unit, taken)), *_labels(unit, taken)),
        subject=said.subject(unit, rule),
        notes=tuple(_notes(taken)),
        helps=(
            Help(
                Repair.MECHANICAL,
                f"delete `{rule.name}`; proved to change no answer",
                edits=(Edit(rule.span, ""),),
            ),
            *_moves(unit, taken),
        ),
        size=Size(total, unit.cases),
    )


def _why(unit: Unit, taken: Mapping[int, int]) -> str:
    if not taken and unit.by_inputs is None:
        return "every one of its cases is taken by rules above"
    if not taken:
        return "no case reaches it: the called tables never answer so"
    alike = unit.table.policy is not HitPolicy.FIRST
    by = f"`{unit.table.rules[next(iter(taken))].name}`" if len(taken) == 1 else "others together"
    how = "answered alike" if alike else "taken"
    what = "its only case is" if sum(taken.values()) == 1 else "every one of its cases is"
    return f"{what} {how} by {by}"


def _labels(unit: Unit, taken: Mapping[int, int]) -> Iterator[Label]:
    first = True
    for taker in sorted(taken)[: 2 * said.SHOWN]:
        more = "" if first else " more"
        yield Label(unit.table.rules[taker].span, f"takes {taken[taker]:,}{more}")
        first = False


def _notes(taken: Mapping[int, int]) -> Iterator[str]:
    hidden = len(taken) - 2 * said.SHOWN
    if hidden > 0:
        yield f"and {hidden} more rules take the rest"
    if len(taken) > 1:
        yield "no single rule hides it"


def _moves(unit: Unit, taken: Mapping[int, int]) -> Iterator[Help]:
    if unit.table.policy is HitPolicy.FIRST and taken:
        first = unit.table.rules[min(taken)].name
        yield Help(
            Repair.DECISION,
            f"or move it above `{first}`, where it would decide {words.count(sum(taken.values()))}",
        )


def _contradiction(unit: Unit, number: int, taken: Mapping[int, int]) -> Diagnostic:
    rule, total = unit.table.rules[number], sum(taken.values())
    size = None if unit.by_inputs is None else Size(total, unit.cases)
    excluding = [unit.table.rules[taker] for taker in sorted(taken)]
    return Diagnostic(
        "GAP105",
        Severity.ERROR,
        f"rule `{rule.name}` answers only what is said to be impossible",
        (Label(rule.span, "this answers"), *_excluded(excluding)),
        subject=said.subject(unit, rule),
        notes=(
            "what is impossible is refused whatever other rows say, so this rule never answers",
        ),
        helps=(
            Help(Repair.DECISION, f"delete `{rule.name}`, if it cannot happen"),
            Help(
                Repair.DECISION,
                f"or narrow {said.names(unit, sorted(taken))}, if it can",
            ),
        ),
        size=size,
        witness=said.region(unit, reached(unit, _box(unit, number))[0]).witness,
    )


def _excluded(excluding: list[Rule]) -> Iterator[Label]:
    for rule in excluding[: said.SHOWN]:
        yield Label(rule.span, "says that this cannot happen")


def _box(unit: Unit, number: int) -> tuple[int, ...]:
    box = unit.boxes[number]
    assert box is not None
    return box
