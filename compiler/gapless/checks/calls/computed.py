"""GAP130: a computed outcome that its output cannot hold. GAP131: whether it can hold it, was not proved."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.analysis.arithmetic.dependent import Case, Exactly
from gapless.analysis.arithmetic.solver import Answer as Unsolved
from gapless.analysis.domain.derived import at, fits
from gapless.analysis.domain.partition import Box, meet
from gapless.analysis.unit import Unit
from gapless.checks.support import finding
from gapless.model import Computed, Rule
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Label


def check(unit: Unit) -> Iterator[Diagnostic]:
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
