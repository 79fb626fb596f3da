"""An ordered list is to its author what whole numbers are: the same cells hold, or are refused, alike."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from gapless.analysis.domain import partition
from gapless.analysis.domain.partition import Cuts, axis
from gapless.backends.markdown import emit
from gapless.backends.markdown.inline import plain
from gapless.backends.markdown.wording import condition as as_read
from gapless.driver import Result, compile_sources
from gapless.model import Column, EnumerationType, Member, OptionalType
from gapless.semantics import Answered, evaluate
from gapless.text import words
from gapless_dsl.diagnostic import Severity
from gapless_dsl.source import Source, Span

NOWHERE = Span("", 0, 0)
NAMES = ("m0", '"m 1"', "m2", "m3", "m4")


def part(random: Random, members: int) -> str:
    """A part of a cell, `@1` standing for the second value."""
    low, high = (f"@{random.randrange(members)}" for _ in range(2))
    comparison = f"{random.choice(('<', '<=', '>', '>='))} {low}"
    whole = f"{random.choice('[(')}{low}..{high}{random.choice('])')}"
    return random.choice((low, comparison, f"{low}..", f"..{low}", f"{low}..{high}", whole))


def cell(random: Random, members: int, *, is_optional: bool) -> str:
    either = [part(random, members) for _ in range(random.choice((0, 1, 1, 2)))]
    neither = [part(random, members) for _ in range(random.choice((0, 0, 1, 2)))]
    if is_optional and random.random() < 0.4:
        random.choice((either, neither)).append(random.choice(("missing", "present")))
    negated = f"not {', '.join(neither)}" if neither else ""
    return ", ".join(filter(None, (*either, negated))) or "-"


def compiled(type: str, cells: list[str], *, is_optional: bool) -> Result:
    rows = "\n".join(f"  | r{i} | {cell} || {i} |" for i, cell in enumerate(cells))
    optional = "optional " if is_optional else ""
    text = f"""type Kind = {type}

table asked
  in  a : {optional}Kind
  out b : int

  | first | a || b |
  |-------|---||---|
{rows}
"""
    return compile_sources([Source("a.dtable", text)])


def errors(result: Result) -> list[tuple[str, int]]:
    return [
        (each.code, result.sources["a.dtable"].place(each.span.start).line)
        for each in result.diagnostics
        if each.severity is Severity.ERROR
    ]


@pytest.mark.parametrize("seed", range(300))
def test_an_ordered_list_is_compared_as_whole_numbers_are(seed: int) -> None:
    random = Random(seed)
    members, is_optional = random.randint(2, 5), random.random() < 0.4
    cells = [cell(random, members, is_optional=is_optional) for _ in range(random.randint(1, 3))]
    named, counted = list(cells), list(cells)
    for number, word in enumerate(NAMES):
        named = [each.replace(f"@{number}", word) for each in named]
        counted = [each.replace(f"@{number}", str(number)) for each in counted]

    listed = compiled(f"ordered {' < '.join(NAMES[:members])}", named, is_optional=is_optional)
    numbers = compiled(f"int 0..{members - 1}", counted, is_optional=is_optional)

    # `<= m1` and `m0..m1` name the same members: said twice, where numbers are only compared twice;
    # and of numbers alone `0..1` says nothing beside `0..`.
    said_twice = [*listed.diagnostics, *numbers.diagnostics]
    is_said_once = not any(each.code == "GAP031" for each in said_twice)
    assert errors(listed) == errors(numbers) or not is_said_once
    one, other = listed.policies[0].tables[0], numbers.policies[0].tables[0]
    if one.complete:
        for number in [*range(members), *([None] if is_optional else [])]:
            name = None if number is None else NAMES[number].strip('"')
            said, meant = evaluate(one, {"a": name}), evaluate(other, {"a": number})
            assert type(said) is type(meant)
            assert not isinstance(said, Answered) or said.values == meant.values  # type: ignore[union-attr]
    if listed.is_sound:
        assert emit(listed)


@pytest.mark.parametrize(("members", "is_optional"), [*product(range(2, 6), (False, True))])
def test_whatever_is_said_of_an_ordered_column_is_read_back(
    members: int, is_optional: bool
) -> None:
    """By authors as a cell, by reviewers as a condition; and no two sets are said alike."""
    of = EnumerationType("Kind", tuple(Member(f"m{i}") for i in range(members)), True)
    column = Column("a", OptionalType(of) if is_optional else of, None, "Kind", NOWHERE)
    atoms = axis(column, Cuts())
    masks = range(1, atoms.whole + 1)
    cells = [words.cell(atoms, mask) for mask in masks]

    result = compiled(
        f"ordered {' < '.join(member.name for member in of.members)}",
        cells,
        is_optional=is_optional,
    )

    rules = result.policies[0].tables[0].rules
    assert [atoms.mask(rule.conditions[0].test) for rule in rules] == [*masks]
    assert [atoms.mask(partition.test_of(atoms, mask)) for mask in masks] == [*masks]
    assert len({words.phrase(atoms, mask) for mask in masks}) == len(masks)
    assert len({plain(as_read(column, partition.test_of(atoms, mask))) for mask in masks}) == len(
        masks
    )


@pytest.mark.parametrize(
    ("mask", "cell", "phrase", "read"),
    [
        (0b11110, "low..", "is low or more", "at least low"),
        (0b00011, "..low", "is low or less", "at most low"),
        (0b01110, "low..high", "is from low to high", "low to high"),
        (0b00110, "low, mid", "= low or mid", "low or mid"),
        (0b11011, "not mid", "is not mid", "not mid"),
        (0b00100, "mid", "= mid", "mid"),
    ],
)
def test_a_stretch_is_said_as_one_where_that_is_shorter(
    mask: int, cell: str, phrase: str, read: str
) -> None:
    levels = tuple(map(Member, ("none", "low", "mid", "high", "worst")))
    column = Column("a", EnumerationType("Kind", levels, True), None, "Kind", NOWHERE)
    atoms = axis(column, Cuts())

    assert words.cell(atoms, mask) == cell
    assert words.phrase(atoms, mask) == phrase
    assert plain(as_read(column, partition.test_of(atoms, mask))) == read
