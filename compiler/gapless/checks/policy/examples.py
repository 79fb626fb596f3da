"""GAP201: an example does not hold. GAP202: rules without an example."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gapless.analysis.unit import Unit
from gapless.checks.support import finding
from gapless.checks.support.masking import decides
from gapless.model import Example, Rule, RuleKind
from gapless.semantics import (
    Answered,
    Contradicted,
    Draft,
    Impossible,
    Meaning,
    Unanswered,
    Unworkable,
    evaluate,
)
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Label


def check(unit: Unit) -> Iterator[Diagnostic]:
    shown: set[str] = set()
    for example in unit.table.examples:
        meaning = evaluate(unit.table, dict(example.inputs))
        by: Sequence[Rule] = ()
        if isinstance(meaning, Answered | Impossible | Draft):
            by = meaning.rules
            if meaning.table is unit.table:
                shown.update(rule.name for rule in by)
        wrong = _wrong(unit, example, meaning)
        if wrong:
            called = f"example “{example.title}”" if example.title else "an example"
            says = "this rule answers" if len(by) == 1 else "this rule takes part"
            yield finding.error(
                unit,
                "GAP201",
                f"{called} of `{unit.table.name}` does not hold",
                Label(example.span, words.listed(wrong)),
                *(Label(rule.span, says) for rule in by),
                helps=(
                    "fix the rule, if the example is what the source says",
                    "or fix the example, if the rule is",
                ),
                witness=tuple((name, words.literal(value)) for name, value in example.inputs),
            )
    yield from _unshown(unit, shown)


def _wrong(unit: Unit, example: Example, meaning: Meaning) -> list[str]:
    """What comes out otherwise, in words; nothing where that is another finding's cause."""
    match meaning:
        case Answered():
            if example.gives is None:
                rules = words.listed([f"`{rule.name}`" for rule in meaning.rules])
                return [f"it is answered, by rule {rules}"]
            names = [column.name for column in unit.table.outputs]
            came = dict(zip(names, meaning.values, strict=True))
            return [
                f"`{name}` comes out as `{words.literal(came[name])}`"
                for name, value in example.gives
                if came[name] != value
            ]
        case Impossible():
            by = f"`{meaning.rule.name}` of `{meaning.table.name}`"
            wrong = example.gives is not None or example.is_draft
            return [f"rule {by} declares it impossible"] if wrong else []
        case Draft():
            by = f"`{meaning.rule.name}` of `{meaning.table.name}`"
            return [] if example.is_draft else [f"rule {by} leaves it still to be decided"]
        case Unanswered() | Contradicted() | Unworkable():
            return []


def _unshown(unit: Unit, shown: set[str]) -> Iterator[Diagnostic]:
    """Only tables that have examples, and are otherwise whole, are told which rules lack one."""
    if not unit.table.examples or unit.table.is_decision or unit.claims.gap.at_most:
        return
    lacking = [
        number
        for number, rule in enumerate(unit.table.rules)
        if rule.name not in shown
        and rule.kind not in (RuleKind.IMPOSSIBLE, RuleKind.DRAFT)
        and decides(unit, number)
    ]
    if lacking:
        yield finding.note(
            unit,
            "GAP202",
            f"{words.count(len(lacking), 'rule')} of `{unit.table.name}` "
            f"{'has' if len(lacking) == 1 else 'have'} no example",
            Label(unit.table.span),
            notes=(f"without one: {finding.names(unit, lacking)}",),
        )
