"""What is offered for cells that say too little or too much does what it says, told by asking case by case."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from random import Random

import pytest

from gapless.model import Table
from gapless.semantics import Answered, evaluate
from gapless_dsl.diagnostic import Diagnostic, Help
from tests.amounts import so_many
from tests.mechanical import carried_out, compiled

SEEDS = so_many(60)
MOST = 400
"""The column's values are these, in its last digit."""


def slabs(random: Random) -> str:
    """Rows from one end to the next, as they are printed: some begin one above the last."""
    digits = random.choice([0, 1, 1, 2])
    step, shown = 10**digits, f"decimal({digits})" if digits else "int"
    ends = sorted(random.sample(range(1, MOST // step - 1), 3)) if digits < 2 else [1, 2]
    inner = random.choice(["", "r"])
    lines, low = [], 0
    for number, end in enumerate([*ends, MOST // step]):
        if low > end:
            continue
        more = " | yes" if inner and number == 1 else " | -" if inner else ""
        lines.append(f"  | r{number} | {low}..{end}{more} || {number} |")
        if inner and number == 1:
            lines.append(f"  | n{number} | {low}..{end} | no || 9 |")
        low = end + random.choice([1, 1, 1, 2])
        if low > MOST // step:
            break
    head = f"policy p\n\ntable slab\n  in  a : {shown} 0..{MOST // step}\n"
    second = "  in  r : bool\n" if inner else ""
    columns = "| a | r |" if inner else "| a |"
    return f"{head}{second}  out o : int\n\n  | unique {columns}| o |\n" + "\n".join(lines) + "\n"


def cases(table: Table) -> Iterator[dict[str, object]]:
    (first, *others) = table.inputs
    digits = getattr(first.type, "digits", 0)
    for number in range(MOST + 1):
        value = Decimal(number).scaleb(-digits) if digits else number
        for other in (True, False) if others else (None,):
            yield {first.name: value} | ({others[0].name: other} if others else {})


def table_of(text: str) -> Table:
    (policy,) = compiled({"page.dtable": text}).policies
    (table,) = policy.tables
    return table


def answers(text: str) -> list[object]:
    """What each case is answered; None where nothing is."""
    table = table_of(text)
    said = (evaluate(table, case) for case in cases(table))  # type: ignore[arg-type]
    return [each.values if isinstance(each, Answered) else None for each in said]


def of(text: str, code: str) -> tuple[list[Diagnostic], list[Help]]:
    found = [each for each in compiled({"page.dtable": text}).diagnostics if each.code == code]
    return found, [help_ for each in found for help_ in each.helps if help_.edits]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_widened_neighbor_answers_the_gap_and_nothing_else(seed: int) -> None:
    text = slabs(Random(seed))
    found, helps = of(text, "GAP101")
    before = answers(text)

    assert bool(found) == (None in before)
    for help_ in helps:
        after = answers(carried_out({"page.dtable": text}, help_.edits)["page.dtable"])
        assert None not in after
        assert [new for new, old in zip(after, before, strict=True) if old is not None] == [
            old for old in before if old is not None
        ]
    for each in (
        help_.text for one in found for help_ in one.helps if "declare `a :" in help_.text
    ):
        coarser = each.partition("declare `")[2].partition("`")[0]
        again = text.replace(text[text.index("a : ") :].partition("\n")[0], coarser)
        assert of(again, "GAP101")[0] == []


def ordered(random: Random) -> str:
    def cell() -> str:
        low, high = sorted((random.randint(0, 6), random.randint(0, 6)))
        return random.choice(["-", f"{low}..{high}", f"{low}..", f"..{high}", f"> {low}", f"{low}"])

    rows = [f"  | r{n} | {cell()} | {cell()} || {random.randint(0, 2)} |" for n in range(4)]
    rows.append(f"  | last | {random.choice(['-', '0..'])} | - || 7 |")
    head = "policy p\n\ntable t\n  in  a : int 0..6\n  in  b : int 0..6\n  out o : int\n\n"
    return f"{head}  | first | a | b || o |\n" + "\n".join(rows) + "\n"


def told(text: str) -> list[object]:
    table = table_of(text)
    said = [evaluate(table, {"a": a, "b": b}) for a in range(7) for b in range(7)]
    assert all(isinstance(each, Answered) for each in said)
    return [getattr(each, "values", None) for each in said]


def test_cells_that_the_rows_above_made_idle_change_nothing_as_dashes() -> None:
    tried = 0
    for seed in range(4 * SEEDS):
        text = ordered(Random(seed))
        for help_ in of(text, "GAP114")[1]:
            tried += 1
            assert told(carried_out({"page.dtable": text}, help_.edits)["page.dtable"]) == told(
                text
            )
    assert tried > SEEDS / 6


def listed(random: Random) -> str:
    """A cell of several parts, some of which others take in."""

    def part() -> str:
        low, high = sorted((random.randint(0, 9), random.randint(0, 9)))
        return random.choice(
            [f"{low}", f"{low}..{high}", f"<= {low}", f"> {high}", f"[{low}..{high + 1})"]
        )

    cell = ", ".join(part() for _ in range(random.randint(2, 3)))
    head = "policy p\n\ntable t\n  in  a : int 0..9\n  out o : int\n\n  | first | a || o |\n"
    negated = random.choice(["", "not "])
    return f"{head}  | x | {negated}{cell} || 1 |\n  | y | - || 2 |\n"


def test_what_a_cell_says_in_vain_can_go() -> None:
    tried = 0
    for seed in range(4 * SEEDS):
        text = listed(Random(seed))
        for help_ in of(text, "GAP031")[1]:
            tried += 1
            was, now = (
                [getattr(evaluate(table_of(each), {"a": a}), "values", None) for a in range(10)]
                for each in (text, carried_out({"page.dtable": text}, help_.edits)["page.dtable"])
            )
            assert was == now
    assert tried > SEEDS
