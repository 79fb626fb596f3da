"""What could go, be joined or be said more simply: found just where it can be, and proved by doing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations
from random import Random
from typing import NamedTuple

from gapless.driver import Result, compile_sources
from gapless.model import (
    AnyOf,
    Anything,
    Between,
    Condition,
    Equals,
    HitPolicy,
    IsMissing,
    Rule,
    RuleKind,
    Table,
    Test,
    Value,
)
from gapless.semantics import Answered, Contradicted, Impossible, Meaning, evaluate, holds, matches
from gapless_dsl.diagnostic import Diagnostic, Edit, Repair, Severity
from gapless_dsl.source import Source
from tests.amounts import so_many
from tests.random_pages import cases, mended, random_page

PAGES = so_many(360)
NOTES = ("GAP112", "GAP113", "GAP114", "GAP115", "GAP116", "GAP117")


class Page(NamedTuple):
    """A random file, and what its table `t` was found to be."""

    source: Source
    result: Result
    table: Table

    def found(self, *codes: str, subject: str = "table t") -> list[Diagnostic]:
        """The findings with these codes, those about `t` or about any table."""
        return [
            each
            for each in self.result.diagnostics
            if each.code in codes and each.subject.startswith(subject)
        ]

    @property
    def is_consistent(self) -> bool:
        codes = {each.code for each in self.result.diagnostics}
        return codes.isdisjoint({"GAP102", "GAP105", "GAP107"})

    @property
    def is_sound(self) -> bool:
        return all(each.severity is Severity.NOTE for each in self.result.diagnostics)


@cache
def pages() -> tuple[Page, ...]:
    found = (_page(Source("page.dtable", random_page(Random(seed)))) for seed in range(PAGES))
    return tuple(found)


@cache
def _page(source: Source) -> Page:
    result = compile_sources([source])
    return Page(source, result, result.policies[0].tables[-1])


@cache
def sound() -> tuple[Page, ...]:
    """The pages that are sound, or become so when the rows go that could."""
    rest = (_page(mended(page.source, _deletions(page, "table"))) for page in pages())
    return tuple(page for page in rest if page.is_sound)


def titles(found: Sequence[Diagnostic]) -> list[str]:
    return [each.title for each in found]


def test_there_is_something_to_prove() -> None:
    counts = Counter(each.code for page in pages() for each in page.result.diagnostics)
    notes = Counter(each.code for page in sound() for each in page.result.diagnostics)

    assert all(counts[code] >= PAGES / 20 for code in ("GAP103", "GAP111")), counts
    assert all(notes[code] >= 3 for code in NOTES), notes


def test_a_file_that_is_mended_by_the_letter_answers_as_before() -> None:
    for page in pages():
        for finding in page.result.diagnostics:
            for each in finding.helps:
                proved = each.repair is Repair.MECHANICAL or finding.code in ("GAP111", "GAP114")
                if proved and each.edits:
                    _assert_same(page, _page(mended(page.source, each.edits)))


def test_rules_that_could_go_can_all_go_together() -> None:
    for page in pages():
        edits = _deletions(page)
        if edits and page.is_consistent:
            rest = _page(mended(page.source, edits))

            _assert_same(page, rest)
            assert rest.found("GAP103", "GAP111") == []
            assert titles(rest.found("GAP104")) == titles(page.found("GAP104"))


def test_a_rule_that_is_not_said_to_be_needless_is_needed() -> None:
    for page in pages():
        if page.is_consistent and page.table.policy is not HitPolicy.FIRST:
            rest = _page(mended(page.source, _deletions(page))).table
            for number, rule in enumerate(rest.rules):
                decided = [case for case in _full(rest) if _winner(rest, case) == rule.name]
                if rule.kind is RuleKind.RULE and decided:
                    others = [*rest.rules[:number], *rest.rules[number + 1 :]]

                    assert not all(
                        any(
                            other.kind is RuleKind.RULE and matches(rest, other, case)
                            for other in others
                        )
                        for case in _full(rest)
                        if matches(rest, rule, case)
                        and _winner(rest, case) is not None
                        and not isinstance(_meaning(rest, case), Impossible)
                    )


def test_no_fewer_rules_hide_a_rule_than_are_named() -> None:
    for page in pages():
        for finding in page.found("GAP103") if page.is_consistent else ():
            rule = next(r for r in page.table.rules if r.span == finding.span)
            named = [
                r for r in page.table.rules if r.span in {each.span for each in finding.labels[1:]}
            ]
            own = [case for case in _full(page.table) if matches(page.table, rule, case)]
            hides = _hides(page.table, own)
            fewer = combinations(_earlier(page.table, rule), max(len(named) - 1, 0))

            assert bool(named) == bool(own)
            assert len(named) >= 6 or hides(named)
            assert not named or not any(hides(each) for each in fewer)


def test_a_column_is_needless_just_when_every_cell_of_it_could_be_a_dash() -> None:
    for page in sound():
        said = {each.subject.split()[-1] for each in page.found("GAP113")}
        for number, column in enumerate(page.table.columns):
            without = _without(page.table, range(len(page.table.rules)), number)
            tested = without.rules != page.table.rules

            assert (column.name in said) == (tested and _is_same(page.table, without))


def test_a_cell_is_needless_just_when_it_keeps_out_no_case_that_is_left() -> None:
    for page in sound():
        table = page.table
        ordered = table.policy is HitPolicy.FIRST and not page.found("GAP123")
        kept: Callable[[Table, int], Sequence[object]] = _winners if ordered else _matched
        if (table.lets or ordered) and not page.found("GAP113"):
            could = [
                (rule, column)
                for rule in range(len(table.rules))
                for column in range(len(table.columns))
                if _decides(table, rule)
                and not _passes_all(table, rule, column)
                and kept(_without(table, [rule], column), rule) == kept(table, rule)
            ]

            assert bool(page.found("GAP114")) == bool(could)


def test_neighbors_could_be_one_row_just_when_they_differ_in_one_cell() -> None:
    for page in sound():
        table = page.table
        could = any(
            _differing(table, one, other)
            - {each.subject.split()[-1] for each in page.found("GAP113")}
            for one, other in zip(table.rules, table.rules[1:], strict=False)
        )

        assert bool(page.found("GAP112")) == could


def test_a_cell_names_in_vain_just_what_its_rule_never_decides_though_it_happens() -> None:
    for page in sound():
        if page.table.policy is HitPolicy.FIRST:
            could = any(_names_in_vain(page.table, rule) for rule in page.table.rules)

            assert bool(page.found("GAP117")) == could


def test_a_value_is_said_to_be_answered_nowhere_just_when_it_is() -> None:
    for page in sound():
        said = [each for each in page.result.diagnostics if each.subject == "type Answer"]
        meanings = [evaluate(page.table, case) for case in cases(page.table)]
        answers = {each.values[0] for each in meanings if isinstance(each, Answered)}
        lacking = sorted({*"pqrs"} - answers, key=str)

        assert [_quoted(each.title)[:-1] for each in said] == ([lacking[:3]] if lacking else [])


def _quoted(text: str) -> list[str]:
    return text.split("`")[1::2]


# ---------------------------------------------------------------- by the reference meaning


def _meaning(table: Table, full: dict[str, Value]) -> Meaning:
    return evaluate(table, {column.name: full[column.name] for column in table.inputs})


def _said(meaning: Meaning) -> object:
    match meaning:
        case Answered():
            return meaning.values
        case Contradicted():
            return "contradicted"
        case _:
            return type(meaning)


def _assert_same(page: Page, other: Page) -> None:
    before = [_said(evaluate(page.table, case)) for case in cases(page.table)]
    after = [_said(evaluate(other.table, case)) for case in cases(page.table)]

    assert after == before, f"{page.source.text}\n{other.source.text}"


def _is_same(table: Table, other: Table) -> bool:
    return all(
        _said(evaluate(table, case)) == _said(evaluate(other, case)) for case in cases(table)
    )


def _full(table: Table) -> Iterator[dict[str, Value]]:
    """The cases that can happen as far as the called tables know, with their computed columns."""
    for case in cases(table):
        full: dict[str, Value] = dict(case)
        for let in table.lets:
            meaning = evaluate(let.call.table, case)
            if not isinstance(meaning, Answered):
                break
            full[let.column.name] = meaning.values[0]
        else:
            yield full


def _winner(table: Table, full: dict[str, Value]) -> str | None:
    meaning = _meaning(table, full)
    return meaning.rule.name if isinstance(meaning, Answered | Impossible) else None


def _decides(table: Table, number: int) -> bool:
    rule = table.rules[number]
    names = {_winner(table, case) for case in _full(table)}
    return rule.kind is RuleKind.RULE and rule.name in names


def _matched(table: Table, number: int) -> list[bool]:
    return [matches(table, table.rules[number], case) for case in _full(table)]


def _winners(table: Table, number: int) -> list[tuple[str | None, bool]]:
    """Who wins each case; beside a row that says `impossible`, a narrow cell is as it should be."""
    rule = table.rules[number]
    return [
        (
            _winner(table, case),
            isinstance(_meaning(table, case), Impossible) and matches(table, rule, case),
        )
        for case in _full(table)
    ]


def _deletions(page: Page, subject: str = "table t") -> list[Edit]:
    return [
        edit
        for finding in page.found("GAP103", "GAP111", subject=subject)
        for help in finding.helps
        for edit in help.edits
        if edit.text == ""
    ]


def _earlier(table: Table, rule: Rule) -> list[Rule]:
    """The rules that win what they share with `rule`."""
    above = table.rules[: table.rules.index(rule)]
    if rule.kind is RuleKind.IMPOSSIBLE:
        return [other for other in above if other.kind is RuleKind.IMPOSSIBLE]
    return [other for other in table.rules if other in above or other.kind is RuleKind.IMPOSSIBLE]


def _hides(table: Table, own: Sequence[dict[str, Value]]) -> Callable[[Sequence[Rule]], bool]:
    return lambda rules: all(any(matches(table, each, case) for each in rules) for case in own)


def _without(table: Table, rules: Sequence[int], column: int) -> Table:
    """The table with `-` in one column of some rules."""
    changed = [
        replace(
            rule,
            conditions=tuple(
                cell._replace(test=Anything()) if number == column and row in rules else cell
                for number, cell in enumerate(rule.conditions)
            ),
        )
        for row, rule in enumerate(table.rules)
    ]
    return replace(table, rules=tuple(changed))


def _values(table: Table, column: int) -> list[Value]:
    """The values of a column; of a computed one, every letter."""
    name = table.columns[column].name
    if column >= len(table.inputs):
        return ["a", "b", "c"]
    return list(dict.fromkeys(case[name] for case in cases(table)))


def _passing(table: Table, cell: Condition, column: int) -> list[Value]:
    return [value for value in _values(table, column) if holds(cell.test, value)]


def _passes_all(table: Table, rule: int, column: int) -> bool:
    cell = table.rules[rule].conditions[column]
    return len(_passing(table, cell, column)) == len(_values(table, column))


def _differing(table: Table, one: Rule, other: Rule) -> set[str]:
    """The column in which alone two rules differ that otherwise say the same, if there is one."""
    outcomes = [[each.value for each in rule.outcomes] for rule in (one, other)]
    same = (one.kind, one.reason.text, outcomes[0]) == (other.kind, other.reason.text, outcomes[1])
    differing = {
        column.name
        for number, column in enumerate(table.columns)
        if _passing(table, one.conditions[number], number)
        != _passing(table, other.conditions[number], number)
    }
    return differing if same and len(differing) == 1 else set()


def _names_in_vain(table: Table, rule: Rule) -> bool:
    decided = [case for case in _full(table) if _winner(table, case) == rule.name]
    lost = [
        case
        for case in _full(table)
        if matches(table, rule, case)
        and case not in decided
        and not isinstance(_meaning(table, case), Impossible)
    ]
    return rule.kind is RuleKind.RULE and any(
        value not in [case[column.name] for case in decided]
        and value in [case[column.name] for case in lost]
        for number, column in enumerate(table.columns)
        for value in _named(rule.conditions[number].test, _values(table, number))
        if decided
    )


def _named(test: Test, values: Sequence[Value]) -> Iterator[Value]:
    """The values that a cell names: those it lists, and the written ends of its ranges."""
    match test:
        case Equals(value):
            yield value
        case IsMissing():
            yield None
        case Between(low, high):
            inside = [value for value in values if holds(test, value)]
            yield from inside[:1] if low is not None else ()
            yield from inside[-1:] if high is not None else ()
        case AnyOf(tests):
            for each in tests:
                yield from _named(each, values)
        case _:
            pass
