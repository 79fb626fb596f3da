"""GAP103: a rule never decides anything. GAP105: all that a rule answers is impossible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gapless import words
from gapless.checks import said
from gapless.checks.hiding import Hiding, hiding, neighbors
from gapless.checks.needless import idle
from gapless.checks.takers import hidden, taking
from gapless.claims import disjoint
from gapless.model import HitPolicy, Rule, RuleKind
from gapless.overlaps import overlaps
from gapless.space import Box, cases
from gapless.unit import Unit
from gapless.work import Work
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity, Size


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
    """The rules that come before another where they share a case."""
    order = unit.precedence.order
    return {*order[: order.index(number)]}


def _unreachable(
    unit: Unit,
    number: int,
    own: Sequence[Box],
    earlier: Mapping[int, Sequence[Box]],
    found: Hiding,
    work: Work,
) -> Diagnostic:
    rule, total = unit.table.rules[number], cases(own)
    deleted = said.deleting(rule, f"`{rule.name}`", is_free=not rule.reason.citations)
    verb = "exclude" if rule.kind is RuleKind.IMPOSSIBLE else "decide"
    return Diagnostic(
        "GAP103",
        Severity.WARNING,
        f"rule `{rule.name}` can never {verb} anything",
        (
            Label(rule.span, _why(unit, number, found.rules, total)),
            *taking(unit, own, found.rules, earlier),
        ),
        subject=said.subject(unit, rule),
        notes=tuple(hidden(unit, own, found, earlier, work)),
        helps=(
            *(() if unit.table.is_decision else (deleted,)),  # which has no row that could go
            *_moves(unit, found.rules, total),
        ),
        size=Size(total, unit.cases),
    )


def _why(unit: Unit, number: int, hiders: Sequence[int], total: int) -> str:
    if not hiders:
        return "no case reaches it: the called tables never answer so"
    is_beaten = any(_beats(unit, hider, number) for hider in hiders)
    by = f"`{unit.table.rules[hiders[0]].name}`" if len(hiders) == 1 else "others together"
    how = "taken" if is_beaten else "answered alike"
    what = "its only case is" if total == 1 else "every one of its cases is"
    return f"{what} {how} by {by}"


def _beats(unit: Unit, one: int, other: int) -> bool:
    kinds = {unit.table.rules[number].kind for number in (one, other)}
    return kinds == {RuleKind.RULE} and unit.precedence.beats(one, other)


def _moves(unit: Unit, hiders: Sequence[int], total: int) -> Iterator[Help]:
    if unit.table.policy is HitPolicy.FIRST and hiders:
        first = unit.table.rules[hiders[0]].name
        yield Help(
            Repair.DECISION,
            f"or move it above `{first}`, where it would decide {words.count(total)}",
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
