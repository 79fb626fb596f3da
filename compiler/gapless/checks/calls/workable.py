"""GAP130: what a rule works out is not what its output allows. GAP131: whether it is, was not found out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gapless.analysis.arithmetic.dependent import Case, Exactly
from gapless.analysis.arithmetic.solver import Answer as Unsolved
from gapless.analysis.domain.derived import at, fits
from gapless.analysis.domain.partition import Box, meet
from gapless.analysis.unit import Unit
from gapless.checks.support import wording as said
from gapless.model import Computed
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity


class Outcome(NamedTuple):
    """The outcome of rule number `rule` in output number `output`, worked out on axis `place`."""

    rule: int
    output: int
    place: int
    computed: Computed


def check(unit: Unit) -> Iterator[Diagnostic]:
    for outcome in _outcomes(unit):
        axis = unit.axes[outcome.place]
        outside = axis.whole & ~fits(axis, outcome.computed)
        if outside:
            yield from _asked(unit, outcome, outside)


def _outcomes(unit: Unit) -> Iterator[Outcome]:
    for number, rule in enumerate(unit.table.rules):
        for output, outcome in enumerate(rule.outcomes):
            if isinstance(outcome.value, Computed):
                place = unit.place(unit.lowered.outcomes[id(outcome.value)])
                yield Outcome(number, output, place, outcome.value)


def _asked(unit: Unit, outcome: Outcome, outside: int) -> Iterator[Diagnostic]:
    """One finding for an outcome: a case that goes wrong, or else that it is not known."""
    beyond = at(unit.caller.whole, outcome.place, outside)
    open_box: Box | None = None
    for box in unit.claims.won.get(outcome.rule, ()):
        shared = meet(box, beyond)
        case = Unsolved.NEVER if shared is None else unit.case(shared)
        if not isinstance(case, Unsolved):
            yield _unfit(unit, outcome, case)
            return
        if case is Unsolved.UNKNOWN:
            open_box = shared if open_box is None else open_box
    if open_box is not None:
        yield _unknown(unit, outcome, open_box)


def _unfit(unit: Unit, outcome: Outcome, case: Case) -> Diagnostic:
    assert unit.following is not None
    rule, column = unit.table.rules[outcome.rule], unit.table.outputs[outcome.output]
    value = Exactly(unit.following, case).value(unit.axes[outcome.place].column.name)
    names = [each.name for each in unit.table.inputs]
    witness = tuple(zip(names, map(words.literal, case), strict=True))
    asked = ", ".join(f"{name} = {text}" for name, text in witness)
    comes = "has no value" if value is None else f"comes to {words.code(words.literal(value))}"
    return Diagnostic(
        "GAP130",
        Severity.ERROR,
        f"`{column.name}` {comes}, which it cannot be",
        (
            Label(rule.outcomes[outcome.output].span, f"where {asked}"),
            Label(column.span, f"`{column.name}` is declared here"),
        ),
        subject=said.subject(unit, rule, column.name),
        helps=tuple(_helps(value is None)),
        witness=witness,
    )


def _helps(nothing: bool) -> Iterator[Help]:
    if nothing:
        yield Help(
            Repair.DECISION, "let another row answer where a value is missing or a divisor is 0"
        )
    else:
        yield Help(Repair.DECISION, "say how far it may go: `max(…, 0)`, `min(…, 100)`")
        yield Help(Repair.DECISION, "or declare wider bounds for the output")
    yield Help(Repair.DECISION, "or narrow the inputs, or the rows that lead here")


def _unknown(unit: Unit, outcome: Outcome, box: Box) -> Diagnostic:
    rule, column = unit.table.rules[outcome.rule], unit.table.outputs[outcome.output]
    return Diagnostic(
        "GAP131",
        Severity.WARNING,
        f"whether `{column.name}` stays within its bounds was not found out",
        (
            Label(rule.outcomes[outcome.output].span, "worked out here"),
            Label(column.span, f"`{column.name}` is declared here"),
        ),
        subject=said.subject(unit, rule, column.name),
        notes=(
            f"not decided where {said.where(unit, box)}",
            "a search of a fixed number of steps found neither a case nor a proof",
            "generated code raises an error rather than answer out of bounds",
        ),
        helps=(Help(Repair.DECISION, "say how far it may go with `min` and `max`"),),
    )
