"""More rules than anybody reads: what they come to, answer by answer, and those that decide most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from heapq import nlargest

from gapless.analysis.unit import Unit
from gapless.analysis.verdict import shares
from gapless.backends.markdown.addresses import Page
from gapless.backends.markdown.grid import Grid, grid
from gapless.backends.markdown.grouping import Group
from gapless.backends.markdown.inline import Code, Emphasis, Line, Text, markdown, text
from gapless.backends.markdown.outcomes import answers
from gapless.backends.markdown.rules import Rules, listed
from gapless.backends.markdown.sides import WIDTH, Side, fitted
from gapless.backends.markdown.values import answer_name
from gapless.text.words import count, share

ANSWERS = 40
"""So many different answers have a row each; the others share one."""

SHOWN = 20
"""So many rules stand for all."""


def overview(page: Page, unit: Unit) -> tuple[Rules, ...]:
    """What the rules answer, then those that decide most cases."""
    numbers = tuple(unit.rows)
    by_answer = Rules("", _note(page, unit, len(numbers)), _by_answer(page, unit, numbers), ())
    chosen = Group(None, tuple(largest(unit, numbers)))
    which = "that decide most cases" if shares(unit) is not None else "that come first"
    heading = f"The {len(chosen.rules)} rules {which}"
    return by_answer, *(replace(each, heading=heading) for each in listed(page, unit, (chosen,)))


def largest(unit: Unit, rules: Iterable[int]) -> list[int]:
    """The rules that most cases lead to, in the author's order; the first where they are not counted."""
    counts = shares(unit) or {}
    return sorted(nlargest(SHOWN, rules, key=lambda number: (counts.get(number, 0), -number)))


def _note(page: Page, unit: Unit, rules: int) -> str:
    """Where each rule can be read."""
    return markdown(
        (
            Text(f"{count(rules, 'rule')} are too many to read one by one: they stand in "),
            Code(page.policy.path.rpartition("/")[2]),
            Text(", and "),
            Code(f"gapless run {unit.table.name}"),
            Text(" tells which of them decides a case."),
        )
    )


def _by_answer(page: Page, unit: Unit, numbers: Iterable[int]) -> Grid:
    """A row for each answer: how many rules give it, and in how many cases, where that is known."""
    table, counts = unit.table, shares(unit)
    found: dict[tuple[Line, ...], tuple[int, int]] = {}
    for number in numbers:
        answer = answers(page, table, table.rules[number])
        rules, cases = found.get(answer, (0, 0))
        found[answer] = rules + 1, cases + (counts or {}).get(number, 0)
    ordered = sorted(found, key=lambda answer: -found[answer][counts is not None])
    side = Side("→\u00a0Answer", tuple(map(answer_name, table.outputs)), tuple(ordered[:ANSWERS]))
    head, cells = fitted([side], WIDTH - 3)

    def sizes(rules: int, cases: int) -> tuple[Line, ...]:
        counted = (text(f"{cases:,}"), text(share(cases, unit.cases)))
        return (text(f"{rules:,}"), *(counted if counts is not None else ()))

    rows = [(*cell, *sizes(*found[answer])) for cell, answer in zip(cells, ordered, strict=False)]
    others = [found[answer] for answer in ordered[ANSWERS:]]
    if others:
        rules, cases = (sum(each) for each in zip(*others, strict=True))
        other: Line = (Emphasis(count(len(others), "further answer")),)
        rows.append((other, *[()] * (len(head) - 1), *sizes(rules, cases)))
    counted = ["Cases", "Share"] if counts is not None else []
    return grid([*head, "Rules", *counted], rows)
