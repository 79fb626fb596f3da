"""A table means the same however it is laid out: grouped, or written out cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from gapless.driver import compile_sources
from gapless.model import OutcomeValue, Policy, Reason, RuleKind, Test
from gapless_dsl.formatter import format_document
from gapless_dsl.parser import parse
from gapless_dsl.source import Source

HEAD = """\
type Zone = home | near | far | world

source tariff
  first
  second

table fee
  in  zone   : Zone
  in  weight : int 0..9
  in  fast   : optional bool
  out price  : int
  out zones  : set of Zone

"""
ZONES = ("home", "near, far", "not home", "-", "world")
WEIGHTS = ("..3", "4..6", "[6..8)", "> 7", "1, 3", "-")
FAST = ("yes", "missing", "not no, missing", "-")
PRICES = ("1", "2", "weight")
SETS = ("[]", "home", "near, zone", "zone")
REASONS = ("[first]", "inferred: a \\| b [second]", "it is so [first, second]", "")

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """What a rule says, without its places."""

    name: str
    kind: RuleKind
    tests: tuple[Test, ...]
    outcomes: tuple[OutcomeValue, ...]
    texts: tuple[str, ...]
    reason: Reason


def meant(text: str) -> list[Meant]:
    source = Source("a.dtable", text)
    result = compile_sources((source,))
    assert not [each for each in result.diagnostics if each.code.startswith("GAP0")]
    return _rules(result.policies)


def _rules(policies: Sequence[Policy]) -> list[Meant]:
    return [
        Meant(
            rule.name,
            rule.kind,
            tuple(each.test for each in rule.conditions),
            tuple(each.value for each in rule.outcomes),
            (*(each.text for each in rule.conditions), *(each.text for each in rule.outcomes)),
            rule.reason,
        )
        for policy in policies
        for table in policy.tables
        for rule in table.rules
    ]


def laid_out(text: str) -> str:
    source = Source("a.dtable", text)
    document, problems = parse(source)
    assert problems == ()
    printed = format_document(document, source)
    assert printed is not None
    return printed


def row(name: str, cells: Sequence[str]) -> str:
    zone, weight, fast, price, zones, reason = cells
    return f"  | {name} | {zone} | {weight} | {fast} || {price} | {zones} || {reason} |\n"


flat_rows = st.lists(
    st.tuples(*(st.sampled_from(each) for each in (ZONES, WEIGHTS, FAST, PRICES, SETS, REASONS))),
    min_size=1,
    max_size=6,
)
HEADER = "  | unique | zone | weight | fast || price | zones || because |\n"


@settings(deadline=None)
@given(flat_rows, st.data())
def test_a_grouped_table_means_what_it_means_written_out(
    rows: list[Cells], data: st.DataObject
) -> None:
    flat = grouped = HEAD + HEADER
    above: Cells | None = None
    for number, cells in enumerate(rows):
        signs = [
            data.draw(st.sampled_from((cell, "^", "〃"))) if cell == over and cell else cell
            for cell, over in zip(cells, above or [""] * len(cells), strict=True)
        ]
        flat += row(f"r{number}", cells)
        grouped += row(f"r{number}", signs)
        above = cells

    once, wanted = laid_out(grouped), meant(flat)
    assert meant(grouped) == wanted
    assert laid_out(once) == once
    assert meant(once) == wanted


# ---------------------------------------------------------------- crosstabs

HEADS = (("home", "home"), ("near, far", "near_far"), ("not home", "not_home"), ("-", "any"))
CROSSINGS = (*PRICES, "impossible", "-")
ONE = HEAD.replace("  out zones  : set of Zone\n", "")


@settings(deadline=None)
@given(st.lists(st.sampled_from(HEADS), min_size=1, max_size=4, unique=True), st.data())
def test_a_crosstab_means_what_it_means_written_out(
    heads: list[tuple[str, str]], data: st.DataObject
) -> None:
    crossed = ONE + "  | unique | weight | fast || price by zone || because |\n"
    crossed += f"  | | | || {' | '.join(text for text, _ in heads)} || |\n"
    flat = ONE + "  | unique | weight | fast | zone || price || because |\n"
    shown: list[str] = []
    for number in range(data.draw(st.integers(1, 4))):
        weight, fast = (data.draw(st.sampled_from(each)) for each in (WEIGHTS, FAST))
        reason = data.draw(st.sampled_from(REASONS[:-1]))
        answers = [data.draw(st.sampled_from(CROSSINGS)) for _ in heads]
        for answer, (zone, name) in zip(answers, heads, strict=True):
            if answer != "-":
                test = f"| r{number}-{name} | {weight} | {fast} | {zone} "
                flat += f"  {test}|| {answer} || {reason} |\n"
        signs = [
            data.draw(st.sampled_from((answer, "^"))) if answer == above else answer
            for answer, above in zip(answers, shown or [""] * len(heads), strict=True)
        ]
        crossed += f"  | r{number} | {weight} | {fast} || {' | '.join(signs)} || {reason} |\n"
        # What repeats a whole row of one `impossible` repeats nothing that is a cell.
        shown = [] if answers == ["impossible"] else answers

    once, wanted = laid_out(crossed), meant(flat)
    assert meant(crossed) == wanted
    assert laid_out(once) == once
    assert meant(once) == wanted


def test_a_finding_about_a_crossing_empties_it_and_leaves_its_row() -> None:
    crossed = ONE + (
        "  | unique | weight || price by zone || because |\n"
        "  |        |        || home | not home || |\n"
        "  | all    | -      || 1 | 2 || [first] |\n"
        "  | twice  | 3      || 1 | 3 || [second] |\n"
    ).replace(" [second] ", " ")
    found = compile_sources((Source("a.dtable", crossed),)).diagnostics
    edits = [edit for each in found for help_ in each.helps for edit in help_.edits]

    assert [(edit.text, crossed[edit.span.start : edit.span.end]) for edit in edits] == [("-", "1")]
