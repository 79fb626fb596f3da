"""The law of findings: nothing that a finding claims is refuted by the reference meaning, case by case.

Random files in which all kinds of columns, rows and calls meet are checked, and each finding is held
against all cases of its table: a case that it shows is such a case, what it says never happens does not,
what it counts is counted. `GAPLESS_FILES=5000` tries as many files.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import product
from math import prod
from random import Random
from typing import assert_never

import pytest

from gapless.analysis.composition.calls import calls_of, with_called
from gapless.analysis.unit import Unit
from gapless.analysis.verdict import verdict
from gapless.driver import Result, compile_sources
from gapless.model import (
    Anything,
    Call,
    Column,
    ColumnValue,
    Computation,
    IntType,
    Let,
    Rule,
    RuleKind,
    Table,
    Value,
)
from gapless.report.finding import command, table_of
from gapless.resolve import resolve
from gapless.run import find_table, full_names, read_words
from gapless.semantics import (
    Answered,
    Contradicted,
    Draft,
    Impossible,
    Meaning,
    Unanswered,
    Unworkable,
    evaluate,
    holds,
    matches,
    worked_out,
)
from gapless_dsl.diagnostic import Diagnostic, Edit, Region, Witness
from gapless_dsl.parser import parse
from gapless_dsl.source import Source, Span
from tests.random_files import random_file
from tests.random_pages import mended
from tests.random_tables import values

FILES = int(os.environ.get("GAPLESS_FILES", "120"))
BATCHES = 2
PATH = "p.dtable"
MOST_CASES = 400
"""Files with larger tables are passed over: every case is asked about many times."""

Case = Mapping[str, Value]


# ---------------------------------------------------------------- a table and all its cases


@dataclass(frozen=True)
class Asked:
    """A case, what the table means by it, and all columns of it; None where a call has no answer."""

    case: Case
    meaning: Meaning
    full: Case | None

    @property
    def is_possible(self) -> bool:
        return self.full is not None and not isinstance(self.meaning, Impossible)


@dataclass(frozen=True, eq=False)
class Whole:
    """A table, what is known of it, and every case of it."""

    text: str
    result: Result
    table: Table

    @property
    def unit(self) -> Unit:
        return self.result.units[self.table]

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        return tuple(asked(self.table, case) for case in cases(self.table))

    @property
    def is_sampled(self) -> bool:
        """Whether some column has more values than are tried: at least one of each stretch."""
        return any(column.type == IntType(None, None) for column in self.table.inputs)

    def rule(self, span: Span) -> Rule:
        return next(rule for rule in self.table.rules if rule.span == span)

    def applying(self, *rules: Rule) -> list[Asked]:
        """The cases, but impossible ones, to which all these rules apply."""
        return [
            each
            for each in self.asked
            if each.is_possible
            and each.full is not None
            and all(matches(self.table, rule, each.full) for rule in rules)
        ]

    def cells(self, some: Sequence[Asked]) -> int:
        """How many cases in the sense of a finding: those that no cell tells apart are one."""
        axes = self.unit.axes[: self.unit.inputs]
        assert self.unit.following is None
        return len({tuple(a.locate(each.case[a.column.name]) for a in axes) for each in some})

    def held_by(self, regions: Sequence[Region]) -> Callable[[Case], tuple[int, ...]]:
        """Which of the regions hold a case, told by rows that say their cells."""
        names = list(dict.fromkeys(name for each in regions for name, _ in each.cells))
        rows = [
            f"  | r{n} | {' | '.join(dict(each.cells).get(name, '-') for name in names)} || {n} |"
            for n, each in enumerate(regions)
        ]
        head = self.text[self.table.span.end :].split("\n  out ")[0]
        probe = f"{self.text}\ntable probe{head}\n  out o : list of int\n\n" + "\n".join(
            [f"  | rule order | {' | '.join(names)} || o |", *rows, "  | otherwise || [] |"]
        )
        if not names:
            return lambda case: tuple(range(len(regions)))
        source = Source(PATH, probe)
        policies, wrong = resolve([parse(source)[0]], {PATH: source})
        found = find_table(policies, "probe")
        assert isinstance(found, Table) and found.complete, (wrong, probe)
        return lambda case: _answer(found, case)


def _answer(table: Table, case: Case) -> tuple[int, ...]:
    """Nothing where a call in the table has no answer."""
    meaning = evaluate(table, case)
    return meaning.values[0] if isinstance(meaning, Answered) else ()  # type: ignore[return-value]


def cases(table: Table) -> Iterator[Case]:
    names = [column.name for column in table.inputs]
    for each in product(*(values_of(column) for column in table.inputs)):
        yield dict(zip(names, each, strict=True))


def size(table: Table) -> int:
    return prod(len(values_of(column)) for column in table.inputs)


def values_of(column: Column) -> Sequence[Value]:
    """All of them; of a column without bounds, those that cells name and their neighbors."""
    return range(-1, 5) if column.type == IntType(None, None) else values(column.type)


def asked(table: Table, case: Case) -> Asked:
    return Asked(case, evaluate(table, case), full(table, case))


def full(table: Table, case: Case) -> Case | None:
    found = dict(case)
    for step in table.steps:
        match step:
            case Computation():
                found[step.column.name] = worked_out(step, found)
            case Let(column, call, guard):
                value = None
                if all(holds(each.condition.test, found[each.column], found) for each in guard):
                    meaning = called(call, found)
                    if not isinstance(meaning, Answered):
                        return None
                    value = meaning.values[call.output]
                found[column.name] = value
            case _:
                assert_never(step)
    return found


def called(call: Call, case: Case) -> Meaning:
    return evaluate(call.table, given(call, case))


def given(call: Call, case: Case) -> Case:
    return {
        column.name: case[each.column] if isinstance(each, ColumnValue) else each.value
        for column, each in zip(call.table.inputs, call.arguments, strict=True)
    }


def told(meaning: Meaning) -> object:
    """What a program hears: the answer, or why there is none."""
    match meaning:
        case Answered():
            return meaning.values
        case _:
            return type(meaning).__name__, meaning.table.name


def leads(table: Table, case: Case, found: dict[Table, list[Case]]) -> None:
    """Every case that any table is asked about on the way to the answer of one."""
    found.setdefault(table, []).append(case)
    meaning, whole = evaluate(table, case), full(table, case)
    assert isinstance(meaning, Answered) and whole is not None
    for let in table.lets:
        if all(holds(each.condition.test, whole[each.column], whole) for each in let.guard):
            leads(let.call.table, given(let.call, whole), found)
    for rule in meaning.rules:
        for call in calls_of(rule):
            leads(call.table, given(call, whole), found)


# ---------------------------------------------------------------- what each finding claims


def gap(it: Whole, found: Diagnostic) -> None:
    """GAP101: its regions hold the cases without an answer, none twice; each of them has one."""
    open_ = [each for each in it.asked if is_open(it.table, each.meaning)]
    assert open_ or it.is_sampled
    holding = it.held_by(found.regions) if is_sayable(it, found.regions) else None
    is_all = not any("and more" in note for note in found.notes)
    seen: Counter[int] = Counter()
    for each in it.asked if holding else ():
        assert holding is not None
        numbers = holding(each.case)
        never = each.full is None
        assert len(numbers) <= 1 or never, each.case
        assert not numbers or never or is_open(it.table, each.meaning), each.case
        assert numbers or not is_all or not is_open(it.table, each.meaning), each.case
        seen.update(numbers if not never else ())
    for number, region in enumerate(found.regions):
        if region.witness is not None:
            assert is_open(it.table, evaluate(it.table, read(it.table, region.witness)))
            assert seen[number] or holding is None or it.is_sampled
    if it.unit.following is None:
        assert found.size is not None
        assert found.size.total == it.cells(it.asked)
        assert found.size.cases == it.cells(open_)
        assert all(region.witness is not None and region.cases for region in found.regions)
        if is_all:
            assert sum(region.cases or 0 for region in found.regions) == found.size.cases
    else:
        assert found.size is None and found.witness is not None
        assert not any(region.cases for region in found.regions)


def is_open(table: Table, meaning: Meaning) -> bool:
    return isinstance(meaning, Unanswered) and meaning.table is table


def is_sayable(it: Whole, regions: Sequence[Region]) -> bool:
    """Whether the regions speak only of columns that a row can name."""
    names = {column.name for column in it.table.columns}
    return all(name in names for region in regions for name, _ in region.cells)


def conflict(it: Whole, found: Diagnostic) -> None:
    """GAP102: in each case shown two of its rules answer differently, and there is one such case."""
    for region in found.regions:
        if region.witness is not None:
            meaning = evaluate(it.table, read(it.table, region.witness))
            assert not isinstance(meaning, Answered | Unanswered), (region, meaning)
            if isinstance(meaning, Contradicted):
                assert {*region.rules} <= {rule.name for rule in meaning.rules}
            elif it.unit.following is None:
                assert any("has no answer" in note for note in found.notes)
    if it.unit.following is None:
        assert found.witness is not None and found.size is not None
        pairs = {region.rules for region in found.regions}
        apart = [each for each in it.asked if any(differ(it, a, b, each) for a, b in pairs)]
        assert found.size.cases >= it.cells(apart) or "at least" in found.title
        if not any(calls_of(rule) for rule in it.table.rules):
            assert found.size.cases <= it.cells(apart)


def differ(it: Whole, one: str, other: str, each: Asked) -> bool:
    """Whether two rules of which none is beaten contradict each other in a case."""
    if not isinstance(each.meaning, Contradicted) or each.meaning.table is not it.table:
        return False
    rules = tuple(rule for rule in each.meaning.rules if rule.name in (one, other))
    pair = replace(it.table, rules=tuple(replace(rule, over=()) for rule in rules))
    return len(rules) == 2 and isinstance(evaluate(pair, each.case), Contradicted)


def alike(it: Whole, found: Diagnostic) -> None:
    """GAP104: in each case shown two rules apply, and the table answers; so many cases they share."""
    rules = {rule.name: rule for rule in it.table.rules}
    pairs = {region.rules for region in found.regions}
    for region in found.regions:
        if region.witness is not None:
            case = asked(it.table, read(it.table, region.witness))
            assert case.full is not None
            assert all(matches(it.table, rules[name], case.full) for name in region.rules)
    if it.unit.following is None:
        assert found.size is not None and found.witness is not None
        shared = [each for a, b in pairs for each in it.applying(rules[a], rules[b])]
        assert found.size.cases <= it.cells(shared)
        if not any(rule.over for rule in it.table.rules) and it.table.policy == "unique":
            assert found.size.cases == it.cells(shared)


def unreachable(it: Whole, found: Diagnostic) -> None:
    """GAP103, GAP106, GAP111: without the rule, each case gets what it gets with it."""
    rule = it.rule(found.span)
    for each in it.asked:
        assert told(evaluate(without(it.table, rule), each.case)) == told(each.meaning), each.case
        if found.code != "GAP111":
            assert deciding(it.table, each) is not rule, each.case
    for help in found.helps:
        moved = re.search(r"above `(\S+)`, where it would decide ([\d,]+) case", help.text)
        if moved and not calls_of(rule):  # else what it calls may have no answer
            decided = [
                each for each in it.asked if rule.name == decided_above(it, rule, moved[1], each)
            ]
            assert it.cells(decided) == int(moved[2].replace(",", "")), help.text
    if found.code == "GAP103" and found.size is not None:
        assert found.size.cases == it.cells(bearing(it, rule))
    if found.code == "GAP111" and found.witness:
        case = asked(it.table, read(it.table, found.witness))
        assert case.is_possible and case.full is not None
        assert sum(matches(it.table, other, case.full) for other in it.table.rules) > 1


def decided_above(it: Whole, rule: Rule, other: str, each: Asked) -> str | None:
    """Which rule decides a case where `rule` stands above another."""
    rules = [one for one in it.table.rules if one is not rule]
    rules.insert(next(n for n, one in enumerate(rules) if one.name == other), rule)
    meaning = evaluate(replace(it.table, rules=tuple(rules)), each.case)
    own = isinstance(meaning, Answered | Impossible | Draft) and meaning.table.name == it.table.name
    return meaning.rules[0].name if own else None  # type: ignore[union-attr]


def bearing(it: Whole, rule: Rule) -> list[Asked]:
    """The cases in which every call has an answer and the conditions of a rule hold."""
    return [
        each for each in it.asked if each.full is not None and matches(it.table, rule, each.full)
    ]


def deciding(table: Table, each: Asked) -> Rule | None:
    """The rule that a reader is told to have answered; of a table that collects, any of them will do."""
    if isinstance(each.meaning, Answered | Impossible) and each.meaning.table is table:
        return each.meaning.rule
    return None


def without(table: Table, rule: Rule) -> Table:
    left = (
        replace(each, over=tuple(name for name in each.over if name != rule.name))
        for each in table.rules
        if each is not rule
    )
    return replace(table, rules=tuple(left))


def contradiction(it: Whole, found: Diagnostic) -> None:
    """GAP105: the rule holds only where it is said that this cannot happen."""
    assert all(isinstance(each.meaning, Impossible) for each in bearing(it, it.rule(found.span)))
    if found.size is not None:
        assert found.size.cases == it.cells(bearing(it, it.rule(found.span)))
    if found.witness is not None:
        assert isinstance(evaluate(it.table, read(it.table, found.witness)), Impossible)


def silent(it: Whole, found: Diagnostic) -> None:
    """GAP107: a table that a rule calls says of the case shown that it cannot happen."""
    meaning = evaluate(it.table, read(it.table, found.witness))
    assert isinstance(meaning, Impossible) and meaning.table is not it.table


def everything(it: Whole, found: Diagnostic) -> None:
    """GAP108: the cell holds for every value of its column."""
    for rule in it.table.rules:
        for column, cell in zip(it.table.columns, rule.conditions, strict=True):
            if cell.span == found.span:
                assert all(
                    holds(cell.test, each.full[column.name], each.full)
                    for each in it.asked
                    if each.full is not None
                )
                return
    raise AssertionError("it points at no cell")


def indifferent(it: Whole, found: Diagnostic) -> None:
    """GAP113: were every cell of the column `-`, each case would get the answer that it gets now."""
    place = next(n for n, each in enumerate(it.table.columns) if each.span == found.span)
    rules = []
    for rule in it.table.rules:
        cells = list(rule.conditions)
        cells[place] = cells[place]._replace(test=Anything())
        rules.append(replace(rule, conditions=tuple(cells)))
    table = replace(it.table, rules=tuple(rules))
    assert all(told(evaluate(table, each.case)) == told(each.meaning) for each in it.asked)


def exception(it: Whole, found: Diagnostic) -> None:
    """GAP118: were the rule no exception to the other, each case would get what it gets now."""
    rule, general = it.rule(found.span), it.rule(found.labels[1].span)
    over = tuple(name for name in rule.over if name != general.name)
    rules = (replace(each, over=over) if each is rule else each for each in it.table.rules)
    table = replace(it.table, rules=tuple(rules))
    assert all(told(evaluate(table, each.case)) == told(each.meaning) for each in it.asked)


def draft(it: Whole, found: Diagnostic) -> None:
    """GAP120: so many cases are left to the draft, and the one shown is."""
    rule = it.rule(found.span)
    left = [
        each
        for each in it.asked
        if isinstance(each.meaning, Draft)
        and each.meaning.table is it.table
        and deciding_draft(it.table, each) is rule
    ]
    for witness in (found.witness, *(each.witness for each in found.regions)):
        if witness is not None:
            assert isinstance(evaluate(it.table, read(it.table, witness)), Draft | Contradicted)
    if found.size is not None and it.table.policy == "first":
        assert found.size.cases == it.cells(left)


def deciding_draft(table: Table, each: Asked) -> Rule | None:
    return each.meaning.rule if isinstance(each.meaning, Draft) else None


def outside(it: Whole, found: Diagnostic) -> None:
    """GAP121: what rows come to in the case shown lies outside the bounds."""
    meaning = evaluate(it.table, read(it.table, found.witness))
    assert isinstance(meaning, Answered)
    (column,) = it.table.outputs
    low, high = column.type.low, column.type.high  # type: ignore[union-attr]
    assert not low <= meaning.values[0] <= high  # type: ignore[operator]


def repeated(it: Whole, found: Diagnostic) -> None:
    """GAP122: both rows apply to so many cases, and to the one shown."""
    one, other = it.rule(found.labels[0].span), it.rule(found.labels[1].span)
    if found.size is not None:
        assert found.size.cases == it.cells(it.applying(one, other))
    if found.witness is not None:
        case = asked(it.table, read(it.table, found.witness))
        assert case.is_possible and case.full is not None
        assert all(matches(it.table, rule, case.full) for rule in (one, other))


def apart(it: Whole, found: Diagnostic) -> None:
    """GAP123: no two rows ever apply together."""
    rows = [r for r in it.table.rules if r.kind in (RuleKind.RULE, RuleKind.DRAFT)]
    for each in it.asked:
        if each.is_possible and each.full is not None:
            assert sum(matches(it.table, rule, each.full) for rule in rows) < 2, each.case


def idle(it: Whole, found: Diagnostic) -> None:
    """GAP127: nothing that anybody asks a decision is answered by these rules."""
    idle = [
        rule for rule in it.table.rules if any(rule.span == label.span for label in found.labels)
    ]
    assert idle
    for case in reached(frozenset(it.result.units)).get(it.table, ()):
        meaning = evaluate(it.table, case)
        assert isinstance(meaning, Answered)
        assert not any(rule in meaning.rules[:1] for rule in idle), case


@cache
def reached(units: frozenset[Table]) -> Mapping[Table, list[Case]]:
    found: dict[Table, list[Case]] = {}
    for table in units:
        if table.is_decision:
            for case in cases(table):
                if isinstance(evaluate(table, case), Answered):
                    leads(table, case, found)
    return found


def unasked(it: Whole, found: Diagnostic) -> None:
    """GAP128: no table calls it."""
    for table in it.result.units:
        asking = [let.call for let in table.lets]
        asking += [call for rule in table.rules for call in calls_of(rule)]
        assert all(call.table is not it.table for call in asking)


def guard(it: Whole, found: Diagnostic) -> None:
    """GAP129: the guard holds in every case in which all calls have an answer, or in none."""
    names = found.subject.rpartition("column ")[2]
    (let,) = (each for each in it.table.lets if each.column.name.partition(".")[0] == names)
    seen = {
        all(holds(each.condition.test, case.full[each.column], case.full) for each in let.guard)
        for case in it.asked
        if case.full is not None
    }
    assert seen <= {"always" in found.title}


def unfit(it: Whole, found: Diagnostic) -> None:
    """GAP130: what the rule works out in the case shown is no value of the output."""
    assert isinstance(evaluate(it.table, read(it.table, found.witness)), Unworkable)


def unspecific(it: Whole, found: Diagnostic) -> None:
    """What claims nothing of cases, or what is proved by carrying it out, as every help is below."""


JUDGES: Mapping[str, Callable[[Whole, Diagnostic], None]] = {
    "GAP101": gap,
    "GAP102": conflict,
    "GAP103": unreachable,
    "GAP104": alike,
    "GAP105": contradiction,
    "GAP106": unreachable,
    "GAP107": silent,
    "GAP108": everything,
    "GAP109": unspecific,
    "GAP111": unreachable,
    "GAP112": unspecific,
    "GAP113": indifferent,
    "GAP114": unspecific,
    "GAP117": unspecific,
    "GAP118": exception,
    "GAP120": draft,
    "GAP121": outside,
    "GAP122": repeated,
    "GAP123": apart,
    "GAP127": idle,
    "GAP128": unasked,
    "GAP129": guard,
    "GAP130": unfit,
    "GAP131": unspecific,
}


# ---------------------------------------------------------------- findings about no table


def unproduced(result: Result, found: Diagnostic) -> None:
    """GAP115: no table ever answers the values named."""
    named = set(found.title.split("`")[1::2])
    for table in result.units:
        for case in cases(table):
            meaning = evaluate(table, case)
            for value in meaning.values if isinstance(meaning, Answered) else ():
                assert value not in named, (table.name, case)


def needless(result: Result, found: Diagnostic) -> None:
    """GAP125: without the declaration, every table says of each case what it says with it."""
    for table in result.units:
        rules = tuple(
            rule
            for rule in table.rules
            if rule.declared is None or rule.declared.span != found.span
        )
        other = replace(table, rules=rules)
        for case in cases(table):
            assert told(evaluate(other, case)) == told(evaluate(table, case)), (table.name, case)


def emptied(result: Result, found: Diagnostic) -> None:
    """GAP126: no case of the tables named can happen."""
    spans = [label.span for label in found.labels]
    tables = [table for table in result.units if table.span in spans]
    assert tables
    for table in tables:
        assert all(isinstance(evaluate(table, case), Impossible) for case in cases(table))


OF_ALL: Mapping[str, Callable[[Result, Diagnostic], None]] = {
    "GAP115": unproduced,
    "GAP116": lambda result, found: None,
    "GAP125": needless,
    "GAP126": emptied,
}


# ---------------------------------------------------------------- the law


def read(table: Table, witness: Witness) -> Case:
    """The case that a witness writes down, read as the command line reads it."""
    assert witness is not None
    case, wrong = read_words(table, [f"{name}={value}" for name, value in witness])
    assert not wrong, wrong
    return case


def retried(result: Result, found: Diagnostic) -> None:
    """What is to be tried asks the table of the finding about the case of the finding."""
    words = command(found, names=full_names(result.policies))
    if words:
        table = find_table(result.policies, words[2])
        assert isinstance(table, Table) and table.name == table_of(found)
        assert read_words(table, words[3:]) == (read(table, found.witness), ())


def unchanged(text: str, tables: Iterable[Whole], edits: Sequence[Edit]) -> None:
    """With the edits carried out, each table answers each case as it did."""
    source = mended(Source(PATH, text), edits)
    policies, wrong = resolve([parse(source)[0]], {PATH: source})
    for it in tables:
        other = find_table(policies, it.table.name)
        assert isinstance(other, Table) and other.complete, wrong
        for each in it.asked:
            assert told(evaluate(other, each.case)) == told(each.meaning), each.case


def judged(text: str) -> Counter[str]:
    """The codes of the findings of one file, each of which was held against all cases."""
    result = compile_sources([Source(PATH, text)])
    codes: Counter[str] = Counter()
    if any(size(table) > MOST_CASES for table in result.units):
        return codes
    tables = {
        table.name: Whole(text, result, table)
        for table in result.units
        if is_founded(table, result)
    }
    for found in result.diagnostics:
        name = table_of(found)
        if found.code < "GAP101" or found.code >= "GAP200" or (name and name not in tables):
            continue
        codes[found.code] += 1
        if name and found.code not in OF_ALL:
            JUDGES[found.code](tables[name], found)
            retried(result, found)
        elif found.code in OF_ALL and len(tables) == len(result.units):
            OF_ALL[found.code](result, found)
        for help in found.helps:
            if "change no answer" in help.text and help.edits:
                unchanged(text, tables.values(), help.edits)
    for whole in tables.values():
        silences(whole, result.diagnostics)
        if result.is_sound:
            counted(whole)
    return codes


def counted(it: Whole) -> None:
    """What the line about a sound table counts: the cases answered, those that cannot happen, and by whom."""
    split = verdict(it.unit).split
    if split is None or it.table.by_version:
        return
    answered = [each for each in it.asked if isinstance(each.meaning, Answered)]
    rest = [each for each in answered if _kind(deciding(it.table, each)) is RuleKind.OTHERWISE]
    impossible = [each for each in it.asked if isinstance(each.meaning, Impossible)]
    own = [each for each in impossible if each.meaning.table is it.table]
    assert split.answered == it.cells(answered)
    assert split.by_otherwise == it.cells(rest)
    assert split.impossible == it.cells(own)
    if not split.undecided:
        assert split.ruled_out == it.cells([each for each in it.asked if each.full is None])


def _kind(rule: Rule | None) -> RuleKind | None:
    return None if rule is None else rule.kind


def is_founded(table: Table, result: Result) -> bool:
    """Whether no table beneath contradicts itself, or answers what it must not.

    What is said of a table takes those beneath at their word.
    """
    beneath = [each for each in with_called(table) if each is not table]
    exceeding = {table_of(found) for found in result.diagnostics if found.code == "GAP121"}
    return exceeding.isdisjoint(each.name for each in beneath) and not any(
        isinstance(evaluate(each, case), Contradicted | Unworkable)
        for each in beneath
        for case in cases(each)
    )


def silences(it: Whole, found: Sequence[Diagnostic]) -> None:
    """What is wrong is not passed over in silence."""
    codes = {each.code for each in found if table_of(each) == it.table.name}
    codes |= {each.code for each in found} & {"GAP126"}
    if codes & {"GAP108", "GAP109", "GAP126", "GAP131"}:
        return
    own = [each.meaning for each in it.asked if each.meaning.table is it.table]
    assert "GAP101" in codes or not any(isinstance(each, Unanswered) for each in own)
    assert "GAP102" in codes or not any(isinstance(each, Contradicted) for each in own)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_finding_is_refuted_by_what_the_table_means(batch: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(batch, FILES, BATCHES):
        text = random_file(Random(seed))
        try:
            seen += judged(text)
        except AssertionError as broken:
            raise AssertionError(f"file {seed}:\n{text}") from broken
    assert {"GAP101", "GAP102", "GAP103", "GAP111", "GAP113", "GAP118", "GAP125"} <= seen.keys()


def test_what_is_to_be_tried_asks_one_of_two_tables_of_one_name() -> None:
    table = "table fee\n  in a : bool\n  out o : bool\n  | unique | a || o |\n  | r | {} || yes |\n"
    sources = [
        Source(f"{name}.dtable", f"policy {name}\n{table.format(cell)}")
        for name, cell in (("one", "yes"), ("two", "no"))
    ]
    result = compile_sources(sources)
    for found, open_ in zip(result.diagnostics, ("no", "yes"), strict=True):
        words = command(found, names=full_names(result.policies))
        asked = find_table(result.policies, words[2])

        assert isinstance(asked, Table) and words[3:] == (f"a={open_}",)
        assert isinstance(evaluate(asked, read_words(asked, words[3:])[0]), Unanswered)
