"""GAP103: a rule never decides anything. GAP105: all that a rule answers is impossible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gapless.analysis.coverage.budget import Work
from gapless.analysis.decision.claims import disjoint
from gapless.analysis.domain.partition import Box, cases
from gapless.analysis.overlaps import differ, overlaps
from gapless.analysis.unit import Unit
from gapless.checks.support import wording as said
from gapless.checks.support.hiding import Hiding, hiding, neighbors
from gapless.checks.support.needless import idle, shared
from gapless.checks.support.takers import hidden, taking
from gapless.model import HitPolicy, Rule, RuleKind
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity


def check(unit: Unit) -> Iterator[Diagnostic]:
    work = Work.on(len(unit.claims.claims))
    if unit.table.by_version:
        return  # a version may say of all its days that they cannot happen
    for number in idle(unit, overlaps(unit)):
        if unit.table.rules[number].declared is not None:
            continue  # what is said of all tables is judged once, by what it does in all of them
        excluding = _excluding(unit, number)
        if excluding:
            yield _contradiction(unit, number, excluding)
        else:
            own = disjoint(unit.parts[number], unit.excluded)
            earlier = neighbors(unit, number, _before(unit, number))
            found = hiding(own, earlier, work)
            yield _unreachable(unit, number, own, earlier, found, work)


def _excluding(unit: Unit, number: int) -> Mapping[int, int]:
    """Where all that a rule says is impossible: the rules that say so, and of how many cases each."""
    taken: dict[int, int] = {}
    if number not in unit.rows:
        return taken
    left = disjoint(unit.parts[number], unit.excluded)
    for other, boxes in neighbors(unit, number, {*unit.rules(RuleKind.IMPOSSIBLE)}).items():
        rest = disjoint(left, boxes)
        if cases(rest) < cases(left):
            taken[other] = cases(left) - cases(rest)
        left = rest
    return {} if left else taken


def _before(unit: Unit, number: int) -> set[int]:
    """The rules that come before another where they share a case, and beat it or answer alike."""
    order = unit.precedence.order
    before = {*order[: order.index(number)]}
    if not unit.precedence.over or number not in unit.rules(RuleKind.RULE):
        return before
    return {other for other in before if not _differs(unit, other, number)}


def _differs(unit: Unit, one: int, other: int) -> bool:
    """Whether rules differ somewhere, and none of them wins: where both apply a third one does."""
    if one not in unit.rules(RuleKind.RULE) or unit.precedence.beats(one, other):
        return False
    return any(differ(unit, one, other, box) for box in shared(unit, one, other))


def _unreachable(
    unit: Unit,
    number: int,
    own: Sequence[Box],
    earlier: Mapping[int, Sequence[Box]],
    found: Hiding,
    work: Work,
) -> Diagnostic:
    rule, total = unit.table.rules[number], cases(own)
    deleted = said.deleting(unit, rule, f"`{rule.name}`", is_free=not rule.reason.citations)
    verb = "exclude" if rule.kind is RuleKind.IMPOSSIBLE else "decide"
    title, helps = f"rule `{rule.name}` can never {verb} anything", (deleted,)
    if unit.table.is_decision:  # whose rule nobody wrote
        title = f"decision `{rule.name}` never has an answer"
        helps = (
            Help(Repair.DECISION, "ask its steps only what they answer, or let them answer it"),
        )
    return Diagnostic(
        "GAP103",
        Severity.WARNING,
        title,
        (
            Label(rule.span, _why(unit, number, found.rules, total)),
            *taking(unit, own, found.rules, earlier),
        ),
        subject=said.subject(unit, rule),
        notes=tuple(hidden(unit, own, found, earlier, work)),
        helps=(
            *helps,
            *_moves(unit, own, earlier),
        ),
        size=said.size(unit, total),
    )


def _why(unit: Unit, number: int, hiders: Sequence[int], total: int) -> str:
    if not hiders and unit.following is not None:
        return "no case reaches it: columns that follow from others are never so together"
    if not hiders:
        return "no case reaches it: the called tables never answer so"
    is_beaten = any(_beats(unit, hider, number) for hider in hiders)
    by = f"`{unit.table.rules[hiders[0]].name}`" if len(hiders) == 1 else "others together"
    how = "taken" if is_beaten else "answered alike"
    only = total == 1 and unit.following is None
    what = "its only case is" if only else "every one of its cases is"
    return f"{what} {how} by {by}"


def _beats(unit: Unit, one: int, other: int) -> bool:
    kinds = {unit.table.rules[number].kind for number in (one, other)}
    return kinds == {RuleKind.RULE} and unit.precedence.beats(one, other)


def _moves(unit: Unit, own: Sequence[Box], earlier: Mapping[int, Sequence[Box]]) -> Iterator[Help]:
    """Above the first row that takes any of its cases, nothing takes them but what is impossible."""
    takers = [number for number in earlier if number in unit.rows]
    if unit.table.policy is HitPolicy.FIRST and takers:
        impossible = unit.rules(RuleKind.IMPOSSIBLE)
        never = [box for number in impossible for box in earlier.get(number, ())]
        left = cases(disjoint(own, never))
        first = unit.table.rules[min(takers)].name
        would = "would" if unit.following is None else "may"
        yield Help(
            Repair.DECISION,
            f"or move it above `{first}`, where it {would} decide {said.count(unit, left)}",
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
        size=said.size(unit, total),
        witness=said.region(unit, unit.parts[number][0]).witness,
    )


def _excluded(excluding: list[Rule]) -> Iterator[Label]:
    for rule in excluding[: said.SHOWN]:
        yield Label(rule.span, "says that this cannot happen")
