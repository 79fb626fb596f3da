"""Carries out what findings call mechanical, and says where that does not keep its word."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice, product
from random import Random
from typing import NamedTuple

from gapless.driver import Result, compile_sources
from gapless.model import Constant, Table, Value
from gapless.semantics import Answered, Contradicted, Impossible, Meaning, evaluate
from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Repair
from gapless_dsl.source import Source
from tests.pages import pages, programs
from tests.strategies import probes
from tests.strategies.damage import ALL

Files = Mapping[str, str]

MOST_CASES = 60


class Offer(NamedTuple):
    """A finding, and a help of it that anyone may carry out."""

    finding: Diagnostic
    help: Help


class Place(NamedTuple):
    code: str
    path: str
    start: int


def compiled(files: Files) -> Result:
    return compile_sources([Source(path, text) for path, text in files.items()])


def offers(result: Result) -> Iterator[Offer]:
    for finding in result.diagnostics:
        for each in finding.helps:
            if each.repair is Repair.MECHANICAL and each.edits:
                yield Offer(finding, each)


def carried_out(files: Files, edits: Sequence[Edit]) -> dict[str, str]:
    changed = dict(files)
    for edit in sorted(edits, key=lambda each: each.span, reverse=True):
        path, start, end = edit.span
        changed[path] = changed[path][:start] + edit.text + changed[path][end:]
    return changed


def broken(files: Files, before: Result, offer: Offer) -> list[str]:
    """What the law of mechanical help finds wrong with one offer; nothing, if it holds."""
    finding, edits = offer.finding, offer.help.edits
    after = compiled(carried_out(files, edits))
    was = Counter(_place(each) for each in before.diagnostics)
    now = Counter(_moved_back(_place(each), edits) for each in after.diagnostics)
    stage = _stage(finding.code)
    wrong = []
    if now[_place(finding)] >= was[_place(finding)]:
        wrong.append(f"{finding.code} is still there")
    word = _word(finding, before)
    again = {_moved_back(_place(x), edits) for x in after.diagnostics if _word(x, after) == word}
    led = _LEADS_TO.get(finding.code)
    later = [each for each in now - was if _stage(each.code) <= stage and each.code != led]
    new = [each for each in later if each not in again]
    wrong += [f"{each.code} is new" for each in new]
    wrong += _changed_answers(before, after) if stage >= _PROVED else _changed_rules(before, after)
    return wrong


def _stage(code: str) -> int:
    """When it is found: in reading, binding names, reading values, proving, or after all of these."""
    number = int(code.removeprefix("GAP"))
    if number < 10:
        return 1
    if code in ("GAP010", "GAP012", "GAP013", "GAP014", "GAP015", "GAP301"):
        return 2
    if code in _REMARKS:
        return _REMARKED
    return 3 if number < 100 or 300 <= number < 400 else _PROVED


_PROVED, _REMARKED = 4, 5
_REMARKS = ("GAP032", *(f"GAP{n}" for n in (112, 113, 114, 115, 116, 117, 123, 127, 128)))
"""What is asked only where nothing else was found."""


_LEADS_TO = {"GAP112": "GAP114"}
"""A cell of two rows in one may say nothing, where of each of them it said something."""


def _word(finding: Diagnostic, result: Result) -> tuple[str, str]:
    """What is wrong: the same word, wrong in another place as well, is no new mistake."""
    path, start, end = finding.span
    return finding.code, result.sources[path].text[start:end].rpartition(".")[2]


def _place(finding: Diagnostic) -> Place:
    return Place(finding.code, finding.span.path, finding.span.start)


def _moved_back(place: Place, edits: Sequence[Edit]) -> Place:
    """Where a place of the changed text was; within new text, the start of what that stands for."""
    shift = 0
    for edit in sorted(edits, key=lambda each: each.span):
        if edit.span.path != place.path:
            continue
        start = edit.span.start + shift
        if place.start < start or (place.start == start and not edit.text):
            break
        if place.start < start + len(edit.text):
            return _origin(place._replace(start=place.start - start), edit, edits)
        shift += len(edit.text) - (edit.span.end - edit.span.start)
    return place._replace(start=place.start - shift)


def _origin(place: Place, edit: Edit, edits: Sequence[Edit]) -> Place:
    """Where new text was before, if it is a line that was moved; else what it stands for."""
    deleted = [each.span for each in edits if not each.text]
    if deleted and edit.text.startswith("\n"):
        return place._replace(start=deleted[0].start + place.start - 1)
    return place._replace(start=edit.span.start)


def _changed_rules(before: Result, after: Result) -> Iterator[str]:
    """Rules that were read, and say something else now."""
    was, now = _rules(before), _rules(after)
    for name, said in was.items():
        if name in now and now[name] != said:
            yield f"rule {'.'.join(name)} says something else"


def _rules(result: Result) -> dict[tuple[str, str], object]:
    """What every rule says whose name no other rule of its table has."""
    found: dict[tuple[str, str], object] = {}
    for policy in result.policies:
        for table in policy.tables:
            names = Counter(rule.name for rule in table.rules)
            for rule in table.rules:
                if names[rule.name] == 1 and not rule.name.isdigit():
                    tests = tuple(
                        (column.name, str(each.test))
                        for column, each in zip(table.columns, rule.conditions, strict=True)
                    )
                    constants = tuple(
                        str(each.value)
                        for each in rule.outcomes
                        if isinstance(each.value, Constant)
                    )
                    found[table.name, rule.name] = (rule.kind, tests, constants)
    return found


def _changed_answers(before: Result, after: Result) -> Iterator[str]:
    was = {table.name: table for policy in before.policies for table in policy.tables}
    for policy in after.policies:
        for table in policy.tables:
            if table.name not in was:
                continue
            for case in cases(was[table.name]):
                one, other = evaluate(was[table.name], case), evaluate(table, case)
                if _said(one) != _said(other):
                    yield f"{table.name} answers {case} otherwise"
                    break


def cases(table: Table) -> Iterator[dict[str, Value]]:
    """Cases on both sides of everything that a table names: some of them where they are many."""
    values = [probes(table, column) for column in table.inputs]
    for each in values:
        Random(len(each)).shuffle(each)
    names = [column.name for column in table.inputs]
    for given in islice(product(*values), MOST_CASES):
        yield dict(zip(names, given, strict=True))


def _said(meaning: Meaning) -> object:
    match meaning:
        case Answered(_, _, values):
            return values
        case Impossible() | Contradicted():
            return type(meaning)
    return type(meaning)


@cache
def corpus() -> tuple[tuple[Files, Result], ...]:
    """The programs of all pages, right and wrong ones."""
    found = (
        {path: source.text for path, source in program.sources.items()}
        for page in pages()
        for program in programs(page.read_text(encoding="utf-8"))
    )
    return tuple((files, compiled(files)) for files in found)


def right_ones() -> tuple[Files, ...]:
    """Those of which all can be read, so that whatever cannot be read later is due to one slip."""
    return tuple(
        files
        for files, result in corpus()
        if all(_stage(each.code) >= _PROVED for each in result.diagnostics)
    )


def slips(right: Sequence[Files], volume: int) -> Iterator[Files]:
    """Files with one slip each; the first of them are the same in every run."""
    for number in range(volume):
        random = Random(number)
        files = random.choice(right)
        path = random.choice(sorted(files))
        yield {**files, path: ALL[number % len(ALL)](random, files[path])}


def tried_on(damaged: Iterable[Files], most: int = 3) -> Iterator[str]:
    """The code of every help that was carried out, `most` of them in a file, all as the law has it."""
    for files in damaged:
        before = compiled(files)
        for offer in islice(offers(before), most):
            assert broken(files, before, offer) == [], (files, offer)
            yield offer.finding.code


def main(volume: int) -> None:
    """Tries so many slips, and counts the helps by their codes."""
    for code, count in sorted(Counter(tried_on(slips(right_ones(), volume))).items()):
        sys.stdout.write(f"{code} {count}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
