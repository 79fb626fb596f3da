"""Rules that could go: they decide nothing, contradict what is impossible, or say again what others say.

GAP103: a rule never decides anything. GAP105: it answers only impossible cases. GAP106: an idle
`otherwise`. GAP111: everything that a rule answers others answer alike. GAP118: an exception that
changes nothing. GAP122: a row adds what another adds too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gapless.analysis.coverage.budget import Work
from gapless.analysis.coverage.cover import disjoint
from gapless.analysis.domain.partition import Box, cases
from gapless.analysis.overlaps import differ, overlaps
from gapless.analysis.unit import Unit, applicable
from gapless.checks.support import finding, masking
from gapless.checks.support.masking import idle, neighbors, sets_free, shared
from gapless.model import HitPolicy, Reason, Rule, RuleKind, SetType, Table
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, decision


def unreachable(unit: Unit) -> Iterator[Diagnostic]:
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
            yield _unreachable(unit, number, work)


def otherwise(unit: Unit) -> Iterator[Diagnostic]:
    for number in unit.rules(RuleKind.OTHERWISE):
        if number not in unit.claims.deciding:
            rule = unit.table.rules[number]
            yield finding.warning(
                unit,
                "GAP106",
                "`otherwise` covers no case",
                Label(rule.span, "the rows above answer everything"),
                rule=rule,
                notes=("left in, it would silently answer whatever a later change forgets",),
                helps=(finding.deleting(unit, rule, "the row", is_free=not rule.reason.citations),),
            )


# ---------------------------------------------------------------- never decides


def _unreachable(unit: Unit, number: int, work: Work) -> Diagnostic:
    own = disjoint(unit.parts[number], unit.excluded)
    earlier = neighbors(unit, number, _before(unit, number))
    found = masking.masking(own, earlier, work)
    rule = unit.table.rules[number]
    verb = "exclude" if rule.kind is RuleKind.IMPOSSIBLE else "decide"
    title = f"rule `{rule.name}` can never {verb} anything"
    help_ = finding.deleting(unit, rule, f"`{rule.name}`", is_free=not rule.reason.citations)
    if unit.table.is_decision:  # whose rule nobody wrote
        title = f"decision `{rule.name}` never has an answer"
        help_ = decision("ask its steps only what they answer, or let them answer it")
    return finding.warning(
        unit,
        "GAP103",
        title,
        Label(rule.span, _why(unit, number, found.rules, cases(own))),
        *masking.labels(unit, own, found.rules, earlier),
        rule=rule,
        notes=masking.notes(unit, own, found, earlier, work),
        helps=(help_, *_moves(unit, own, earlier)),
        cases=cases(own),
    )


def _before(unit: Unit, number: int) -> set[int]:
    """The rules that come before another where they share a case, and beat it or answer alike."""
    order = unit.precedence.order
    before = {*order[: order.index(number)]}
    if not unit.precedence.over or number not in unit.rules(RuleKind.RULE):
        return before

    def differs(other: int) -> bool:
        """Whether the rules differ somewhere, and none wins: where both apply a third one does."""
        if other not in unit.rules(RuleKind.RULE) or unit.precedence.beats(other, number):
            return False
        return any(differ(unit, other, number, box) for box in shared(unit, other, number))

    return {other for other in before if not differs(other)}


def _why(unit: Unit, number: int, maskers: Sequence[int], total: int) -> str:
    if not maskers and unit.following is not None:
        return "no case reaches it: columns that follow from others are never so together"
    if not maskers:
        return "no case reaches it: the called tables never answer so"
    by = f"`{unit.table.rules[maskers[0]].name}`" if len(maskers) == 1 else "others together"
    how = "taken" if any(_beats(unit, each, number) for each in maskers) else "answered alike"
    only = total == 1 and unit.following is None
    what = "its only case is" if only else "every one of its cases is"
    return f"{what} {how} by {by}"


def _beats(unit: Unit, one: int, other: int) -> bool:
    kinds = {unit.table.rules[number].kind for number in (one, other)}
    return kinds == {RuleKind.RULE} and unit.precedence.beats(one, other)


def _moves(unit: Unit, own: Sequence[Box], earlier: Mapping[int, Sequence[Box]]) -> Iterator[str]:
    """Above the first row that takes any of its cases, nothing takes them but what is impossible."""
    takers = [number for number in earlier if number in unit.rows]
    if unit.table.policy is HitPolicy.FIRST and takers:
        impossible = unit.rules(RuleKind.IMPOSSIBLE)
        never = [box for number in impossible for box in earlier.get(number, ())]
        left = cases(disjoint(own, never))
        first = unit.table.rules[min(takers)].name
        would = "would" if unit.following is None else "may"
        yield f"or move it above `{first}`, where it {would} decide {finding.count(unit, left)}"


# ---------------------------------------------------------------- answers the impossible


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


def _contradiction(unit: Unit, number: int, taken: Mapping[int, int]) -> Diagnostic:
    rule, takers = unit.table.rules[number], sorted(taken)
    spans = [unit.table.rules[taker].span for taker in takers[: finding.SHOWN]]
    return finding.error(
        unit,
        "GAP105",
        f"rule `{rule.name}` answers only cases declared impossible",
        Label(rule.span, "this answers"),
        *(Label(span, "declares these cases impossible") for span in spans),
        rule=rule,
        notes=("impossible cases are refused whatever other rows say, so this rule never answers",),
        helps=(
            f"delete `{rule.name}`, if these cases cannot happen",
            f"or narrow {finding.names(unit, takers)}, if they can",
        ),
        cases=sum(taken.values()),
        witness=finding.region(unit, unit.parts[number][0]).witness,
    )


# ---------------------------------------------------------------- answered alike by others


def redundant(unit: Unit) -> Iterator[Diagnostic]:
    if not unit.table.policy.is_ordered:
        work = Work.on(len(unit.claims.claims))
        gone = masking.idle(unit, overlaps(unit))
        for found in masking.redundant(unit, gone, overlaps(unit)):
            yield _redundant(unit, found, work)


def repeated(unit: Unit) -> Iterator[Diagnostic]:
    """Of tables in which rules answer together: what is added again is then there twice."""
    first: dict[object, int] = {}
    for number in unit.rules(RuleKind.RULE) if unit.table.policy.is_collecting else ():
        box = unit.boxes[number]
        answers = tuple(outcome.value for outcome in unit.table.rules[number].outcomes)
        earlier = first.setdefault((box, answers), number)
        if box is not None and earlier != number:
            seen, doubtful = finding.that_happen(unit, applicable(unit, number))
            if seen or doubtful:
                yield _repeated(unit, earlier, number, seen or doubtful)


def _redundant(unit: Unit, found: masking.Redundant, work: Work) -> Diagnostic:
    rule, total = unit.table.rules[found.rule], cases(found.cases)
    by = masking.masking(found.cases, found.others, work)
    counted = "" if unit.following is not None else f"{total:,} "
    what = "its only case is" if counted == "1 " else f"its {counted}cases are"
    notes = []
    if not by.fewest:
        notes.append("fewer rules may do; the search for them was given up")
    elif len(by.rules) == 2:
        notes.append("neither of them does so alone")
    elif len(by.rules) > 2:
        notes.append(f"no fewer than {len(by.rules)} rules do so together")
    if unit.table.policy is HitPolicy.UNIQUE:
        notes.append(finding.PROMISED)
    return finding.warning(
        unit,
        "GAP111",
        f"rule `{rule.name}` adds nothing to {finding.names(unit, by.rules)}",
        Label(rule.span, f"{what} answered alike without it"),
        *masking.labels(unit, found.cases, by.rules, found.others, "answers"),
        rule=rule,
        notes=notes,
        helps=(
            finding.deleting(unit, rule, f"`{rule.name}`", is_free=rule.reason == Reason()),
            "or, if it is the better row, narrow the others to leave it its cases",
        ),
        cases=total,
        boxes=found.cases,
    )


def _repeated(unit: Unit, earlier: int, number: int, found: Sequence[Box]) -> Diagnostic:
    one, other = unit.table.rules[earlier], unit.table.rules[number]
    # Of sets, and of the least and the greatest, it does not matter how often the same is added.
    harmless = unit.table.policy in (HitPolicy.MIN, HitPolicy.MAX) or all(
        isinstance(column.type, SetType) for column in unit.table.outputs
    )
    changes = "repeating it changes no answer" if harmless else "repeating it changes the answer"
    region, where = (
        finding.region(unit, finding.widest(found)),
        finding.where(unit, finding.widest(found)),
    )
    return finding.warning(
        unit,
        "GAP122",
        f"rules `{one.name}` and `{other.name}` have the same conditions and add the same",
        Label(other.span, changes),
        Label(one.span, "first stated here"),
        rule=other,
        notes=(
            f"both apply to {finding.count(unit, cases(found))}: {where}",
            *finding.doubt(region.witness),
        ),
        helps=(
            decision(f"delete `{other.name}`", Edit(other.span, "")),
            "or say in one row what both are meant to add",
        ),
        cases=cases(found),
        witness=region.witness,
    )


# ---------------------------------------------------------------- exceptions


def exceptions(unit: Unit) -> Iterator[Diagnostic]:
    """Only of what a row names itself, and where nothing that follows from that would change either."""
    numbers = {rule.name: number for number, rule in enumerate(unit.table.rules)}
    for number, rule in enumerate(unit.table.rules):
        for name in rule.over:
            general = numbers[name]
            both = shared(unit, number, general)
            if both and {number, general} & {*unit.rules(RuleKind.DRAFT)}:
                continue  # what it will answer there is not known
            matters = any(differ(unit, number, general, box) for box in both)
            if matters or sets_free(unit, _no_exception(unit.table, rule, name)):
                continue
            why = "they never apply to the same case"
            if both:
                why = "they give the same answer wherever both apply"
            yield finding.warning(
                unit,
                "GAP118",
                f"`{rule.name}` is no exception to `{name}`",
                Label(rule.span, why),
                Label(unit.table.rules[general].span, "this row"),
                rule=rule,
                helps=(
                    f"leave out `over {name}`",
                    "or fix the cells, if one of the rows covers too little",
                ),
            )


def _no_exception(table: Table, rule: Rule, name: str) -> Table:
    over = tuple(other for other in rule.over if other != name)
    rules = (replace(each, over=over) if each is rule else each for each in table.rules)
    return replace(table, rules=tuple(rules))
