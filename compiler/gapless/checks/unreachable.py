"""GAP103: a rule never decides anything. GAP105: all that a rule answers is impossible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gapless import words
from gapless.checks import said
from gapless.decision import NEVER
from gapless.model import HitPolicy, Rule, RuleKind
from gapless.overlaps import overlaps
from gapless.space import cases, meet
from gapless.unit import Unit
from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, Repair, Severity, Size


def check(unit: Unit) -> Iterator[Diagnostic]:
    idle = [number for number in range(len(unit.table.rules)) if _is_idle(unit, number)]
    disputed = _disputed(unit) if idle else frozenset[int]()
    for number in idle:
        if number not in disputed:
            yield _finding(unit, number, _takers(unit, number))


def _is_idle(unit: Unit, number: int) -> bool:
    rule = unit.table.rules[number]
    decides = number in unit.claims.won
    return not decides and rule.kind is not RuleKind.OTHERWISE and unit.boxes[number] is not None


def _disputed(unit: Unit) -> frozenset[int]:
    """Rules in a conflict: that is their finding."""
    if unit.table.policy is HitPolicy.FIRST:
        return frozenset()
    pairs = [each for each in overlaps(unit) if each.outputs]
    return frozenset(number for pair in pairs for number in (pair.earlier, pair.later))


def _takers(unit: Unit, number: int) -> Mapping[int, int]:
    """For each rule that decides in this one's stead, how many of its cases; none if it has none."""
    taken: dict[int, int] = {}
    for part in unit.parts[number]:
        for rule, boxes in unit.claims.won.items():
            shared = cases(both for box in boxes if (both := meet(box, part)) is not None)
            if shared and rule != NEVER:
                taken[rule] = taken.get(rule, 0) + shared
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
        size=Size(total, unit.cases),
        witness=said.region(unit, unit.parts[number][0]).witness,
    )


def _excluded(excluding: list[Rule]) -> Iterator[Label]:
    for rule in excluding[: said.SHOWN]:
        yield Label(rule.span, "says that this cannot happen")
