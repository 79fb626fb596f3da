"""Digests of what tables of whole policies decide: calls, guards, versions, lists, sums and sets together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

import pytest

from gapless.analysis.meaning import KnownBy, Meaning, meaning
from gapless.driver import Result, compile_sources
from gapless.model import Table, Value
from gapless_dsl.formatter import format_document
from gapless_dsl.parser import parse
from gapless_dsl.source import Source
from tests.amounts import so_many
from tests.mutants import meant
from tests.random_policies import random_policy
from tests.strategies import probes

SEEDS = range(so_many(600, 6))
CASES = 300


def meanings(result: Result) -> Mapping[tuple[str, str], tuple[Table, Meaning]]:
    """What every table decides, by policy and name; nothing of what is not sound."""
    if not result.is_sound:
        return {}
    return {
        (policy.name, table.name): (table, meaning(result.units[table]))
        for policy in result.policies
        for table in policy.tables
    }


def laid_out(source: Source) -> Source:
    """By the formatter, with another title for everything and no reasons."""
    document, _ = parse(source)
    text = format_document(document, source)
    assert text is not None
    text = re.sub(
        r'^(table \w+|policy \w+)( ".*")?$', r'\1 "Another title"', text, flags=re.MULTILINE
    )
    return Source(source.path, text)


def turned(source: Source) -> Source:
    """With the rows of each table of which one may apply in the other order."""
    lines = source.text.split("\n")
    found: list[str] = []
    rows: list[str] = []
    is_unique = False
    for line in lines:
        is_row = is_unique and re.match(r"  \| (?!otherwise|unique)[^-|]", line)
        if is_row:
            rows.append(line)
            continue
        found += reversed(rows)
        rows = []
        is_unique = line.startswith("  | unique ") or (is_unique and line.startswith("  |"))
        found.append(line)
    return replace(source, text="\n".join([*found, *reversed(rows)]))


@pytest.mark.parametrize("batch", range(4))
def test_layout_titles_and_the_order_of_rows_are_no_change(batch: int) -> None:
    tried = decided = formulas = 0
    for seed in SEEDS[batch::4]:
        sources = random_policy(seed)
        before = meanings(compile_sources(sources))
        if not before:
            continue
        after = meanings(compile_sources([laid_out(each) for each in sources]))
        assert {name: each for name, (_, each) in after.items()} == {
            name: each for name, (_, each) in before.items()
        }
        again = meanings(compile_sources([turned(each) for each in sources]))
        for name, (_, each) in again.items():
            for one, other in zip(before[name][1].outputs, each.outputs, strict=True):
                tried += 1
                if one.known_by is not KnownBy.RULES:
                    assert one == other, (seed, name)
                    decided += 1
                    formulas += one.known_by is KnownBy.FORMULAS
    assert decided > tried // 2 > 0
    assert formulas > 0


def mutated(sources: Sequence[Source], chance: Random) -> list[Source]:
    """One cell of an outcome or a condition as in another row of the same table."""
    places = [
        (number, line)
        for number, source in enumerate(sources)
        for line, text in enumerate(source.text.split("\n"))
        if re.match(r"  \| (?!otherwise)[^-|]", text)
    ]
    if not places:
        return [*sources]
    number, line = chance.choice(places)
    lines = sources[number].text.split("\n")
    near = [n for n in (line - 2, line - 1, line + 1, line + 2) if 0 <= n < len(lines)]
    other = lines[chance.choice(near)]
    mine, theirs = (re.split(r"( \|+ )", each) for each in (lines[line], other))
    if len(mine) == len(theirs):
        outcomes = [n for n, each in enumerate(mine) if each == " || "]
        first = outcomes[0] + 1 if outcomes and chance.random() < 0.8 else 2
        place = chance.randrange(first, len(mine), 2)
        mine[place] = theirs[place]
    lines[line] = "".join(mine)
    found = [*sources]
    found[number] = replace(sources[number], text="\n".join(lines))
    return found


def cases(one: Table, other: Table, chance: Random) -> Iterator[dict[str, Value]]:
    values = [
        [*dict.fromkeys([*probes(one, column), *probes(other, column)])] for column in one.inputs
    ]
    for _ in range(CASES):
        yield {c.name: chance.choice(of) for c, of in zip(one.inputs, values, strict=True)}


@pytest.mark.parametrize("batch", range(4))
def test_an_output_that_is_answered_otherwise_has_another_digest(batch: int) -> None:
    differing = 0
    for seed in SEEDS[batch::4]:
        chance = Random(f"mutants {seed}")
        sources = random_policy(seed)
        before = meanings(compile_sources(sources))
        for _ in range(5 if before else 0):
            after = meanings(compile_sources(mutated(sources, chance)))
            for name, (table, now) in after.items():
                of, then = before[name]
                if then.inputs != now.inputs:
                    continue
                unlike = set[str]()
                for case in cases(of, table, chance):
                    one, other = meant(of, case), meant(table, case)
                    if isinstance(one, str) or isinstance(other, str):
                        unlike |= {c.name for c in of.outputs} if one != other else set()
                    else:
                        columns = zip(of.outputs, one, other, strict=True)
                        unlike |= {c.name for c, a, b in columns if a != b}
                told = dict(zip(then.outputs, now.outputs, strict=True))
                assert unlike <= {a.name for a, b in told.items() if a.digest != b.digest}, (
                    seed,
                    name,
                )
                differing += len(unlike)
    assert differing > len(SEEDS) // 20
