"""business-rules: conditions over a class of variables; the first rule that holds sets the answer."""

from __future__ import annotations

from typing import Any

from business_rules import run_all
from business_rules.actions import BaseActions, rule_action
from business_rules.fields import FIELD_NUMERIC
from business_rules.variables import (
    BaseVariables,
    boolean_rule_variable,
    numeric_rule_variable,
    string_rule_variable,
)

from benchmarks.lookups.grids import Answer, Column, Grid
from benchmarks.lookups.peers.cases import Ask, Case
from benchmarks.lookups.rules import rules


class Actions(BaseActions):  # type: ignore[misc]
    """Remember which answer was given."""

    number = -1

    @rule_action(params={"number": FIELD_NUMERIC})  # type: ignore[untyped-decorator]
    def give(self, number: int) -> None:
        self.number = number


def asked(grid: Grid) -> Ask:
    variables = _variables(grid)
    answers = [answer for _, answer in rules(grid)]
    written = [
        {
            "conditions": {"all": _conditions(grid, box)},
            "actions": [{"name": "give", "params": {"number": number}}],
        }
        for number, (box, _) in enumerate(rules(grid))
    ]

    def ask(case: Case) -> Answer:
        actions = Actions()
        run_all(written, variables(case), actions, stop_on_first_trigger=True)
        if actions.number < 0:
            raise LookupError("no rule holds")
        return answers[actions.number]

    return ask


def _variables(grid: Grid) -> Any:
    kinds = {
        "enum": string_rule_variable,
        "bool": boolean_rule_variable,
        "int": numeric_rule_variable,
        "dec": numeric_rule_variable,
    }

    def reader(name: str) -> Any:
        def read(self: Any) -> Any:
            return self.case[name]

        read.__name__ = name
        return read

    def begin(self: Any, case: Case) -> None:
        self.case = case

    body = {column.name: kinds[column.kind](reader(column.name)) for column in grid.columns}
    return type("Variables", (BaseVariables,), {**body, "__init__": begin})


def _conditions(grid: Grid, box: tuple[frozenset[int], ...]) -> list[dict[str, Any]]:
    found = []
    for column, parts in zip(grid.columns, box, strict=True):
        if len(parts) < len(column.values):
            found += _condition(column, parts)
    return found or [_always(grid)]


def _always(grid: Grid) -> dict[str, Any]:
    """A rule must have a condition."""
    column = grid.columns[0]
    if column.is_listed:
        return _any_word(column, frozenset(range(len(column.values))))
    return _compared(column, "greater_than_or_equal_to", column.values[0])


def _condition(column: Column, parts: frozenset[int]) -> list[dict[str, Any]]:
    if column.kind == "bool":
        operator = "is_true" if column.values[min(parts)] else "is_false"
        return [{"name": column.name, "operator": operator, "value": ""}]
    if column.is_listed:
        return [_any_word(column, parts)]
    low, high = min(parts), max(parts) + 1
    found = []
    if low:
        found.append(_compared(column, "greater_than_or_equal_to", column.values[low]))
    if high < len(column.values):
        found.append(_compared(column, "less_than", column.values[high]))
    return found


def _any_word(column: Column, parts: frozenset[int]) -> dict[str, Any]:
    """The missing value is the empty text here."""
    words = [
        {"name": column.name, "operator": "equal_to", "value": column.values[part] or ""}
        for part in sorted(parts)
    ]
    return words[0] if len(words) == 1 else {"any": words}


def _compared(column: Column, operator: str, value: int) -> dict[str, Any]:
    return {"name": column.name, "operator": operator, "value": column.exact(value)}
