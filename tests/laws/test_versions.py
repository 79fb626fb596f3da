"""Versions of a table mean what their lives say: on each day the one in force, and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from random import Random
from types import ModuleType

import pytest

from gapless.backends import ALL
from gapless.driver import Result, compile_sources
from gapless.model import Table, Value
from gapless.proof.audit import audited
from gapless.semantics import Answered, Impossible, Meaning, evaluate
from gapless_dsl.formatter import format_document
from gapless_dsl.parser import parse
from gapless_dsl.source import Source
from tests.generated_python import loaded

FIRST = date(2024, 2, 25)
DAYS = [FIRST + timedelta(number) for number in range(12)]
WEIGHTS = range(4)
COLUMNS = f"""  in  day    : date {DAYS[0]}..{DAYS[-1]}
  in  weight : int 0..3
  out price  : int
  out next   : date
"""


def grid(random: Random) -> str:
    """What follows the columns, and answers every case, or calls it impossible.

    Some rows ask for the day too, and some answer with a column that only this version works out.
    """
    double = random.choice(("", "", "  let double = weight * 2\n"))
    rows = [
        double,
        "  | first | day | weight || price | next || because |",
        "  |--|--|--||--|--||--|",
    ]
    answers = ["impossible", *(["double | day"] if double else [])]
    for number in range(random.randrange(3)):
        day = random.choice(("-", "-", f"..{random.choice(DAYS)}", f"{random.choice(DAYS)}"))
        weight = random.choice(("-", "0", "1..2", "3"))
        answer = random.choice((f"{number} | day", f"9 | {DAYS[0]}", *answers))
        rows.append(f"  | r{number} | {day} | {weight} || {answer} || why |")
    rows.append(f"  | otherwise || {random.randrange(10, 99)} | day || why |")
    return "\n".join(rows)


def tiles(random: Random) -> list[tuple[date | None, date | None]]:
    """Lives that follow each other; the outermost ends are open or said."""
    starts = sorted(random.sample(DAYS[1:], random.randrange(4)))
    lows = [random.choice((None, DAYS[0])), *starts]
    highs = [*(day - timedelta(1) for day in starts), random.choice((None, DAYS[-1]))]
    if len(lows) == 1 and lows[0] is None:
        highs = [DAYS[-1]]
    return list(zip(lows, highs, strict=True))


def compiled(text: str) -> Result:
    return compile_sources([Source("fees.dtable", text)])


def table(result: Result, name: str = "fee") -> Table:
    (found,) = (each for each in result.policies[0].tables if each.name == name)
    return found


def told(meaning: Meaning) -> object:
    match meaning:
        case Answered(values=values):
            return values
        case Impossible(rule=rule):
            return f"impossible: {rule.name}"
    raise AssertionError(meaning)


def called(module: ModuleType, day: date, weight: int) -> object:
    try:
        answer = module.fee(day, weight)
    except module.ImpossibleError:
        return "impossible"
    return (answer.price, answer.next)


@pytest.mark.parametrize("seed", range(40))
def test_on_each_day_the_version_in_force_answers(seed: int) -> None:
    random = Random(seed)
    lives = tiles(random)
    grids = [grid(random) for _ in lives]
    alone = [table(compiled(f"table fee\n{COLUMNS}\n{each}\n")) for each in grids]
    text = "\n".join(
        f"table fee effective {low or ''}..{high or ''}\n{COLUMNS}\n{rows}\n"
        for (low, high), rows in zip(lives, grids, strict=True)
    )

    result = compiled(text)
    versions = table(result)
    (code,) = ALL["python"](result)
    module = loaded(code.text, code.path)

    judged = [each for each in result.diagnostics if each.code != "GAP404"]
    about = {each.subject.partition(",")[0] for each in judged}
    assert about <= {f"table {each.name}" for each in result.policies[0].tables if each != versions}
    if result.is_sound:
        assert not audited(result).findings
    for day in DAYS:
        (own,) = (
            each
            for each, (low, high) in zip(alone, lives, strict=True)
            if (low is None or low <= day) and (high is None or day <= high)
        )
        for weight in WEIGHTS:
            case: dict[str, Value] = {"day": day, "weight": weight}
            expected = told(evaluate(own, case))
            assert told(evaluate(versions, case)) == expected
            here = called(module, day, weight)
            assert here == (expected if isinstance(expected, tuple) else "impossible")
    node = parse(Source("fees.dtable", text))[0]
    laid_out = format_document(node, Source("fees.dtable", text))
    assert laid_out is not None and compiled(laid_out).policies[0].tables[-1].rules[0].name == (
        versions.rules[0].name
    )


@pytest.mark.parametrize("seed", range(60))
def test_the_days_without_a_version_and_with_two_are_named(seed: int) -> None:
    random = Random(seed)
    lives = [sorted(random.sample(DAYS, 2)) for _ in range(random.randrange(1, 4))]
    rows = "  | unique || price | next |\n  |--------||-------|------|\n  | a || 1 | day |"
    text = "\n".join(
        f"table fee effective {low}..{high}\n{COLUMNS}\n{rows}\n" for low, high in lives
    )
    in_force = Counter(day for low, high in lives for day in DAYS if low <= day <= high)

    found = [each.title for each in compiled(text).diagnostics if each.code == "GAP404"]

    assert days(each for each in found if each.startswith("no version")) == {
        day for day in DAYS if not in_force[day]
    }
    assert days(each for each in found if each.startswith("two versions")) == {
        day for day in DAYS if in_force[day] > 1
    }


def days(titles: Iterable[str]) -> set[date]:
    found: set[date] = set()
    for title in titles:
        said = [date.fromisoformat(word) for word in re.findall(r"\d{4}-\d{2}-\d{2}", title)]
        found.update(day for day in DAYS if said[0] <= day <= said[-1])
    return found


STEPPED = (
    "Few",
    "Many",
    "optional Few",
    "list of Few",
    "int 0..5",
    "int 0..9",
    "optional int 0..5",
    "decimal(1)",
    "decimal(2)",
    "bool",
    "date",
    "text",
)
"""Types that a step of one table may have, none of them another."""

VALUE = {"Few": "a", "Many": "a", "int": "3", "decimal": "3", "bool": "yes", "date": "2024-02-25"}


def stepped(outputs: tuple[str, str]) -> str:
    """Two versions of a decision; their one output has the type that a table has said, each its own."""
    lines = ["type Few  = a | b", "type Many = a | b | c"]
    for number, kind in enumerate(outputs):
        bare = re.sub(r"^optional |^list of ", "", kind).split("(")[0].split()[0]
        lines += [
            f"table t{number}",
            "  in weight : int 0..3",
            f"  out price : {kind}",
            "  | unique | weight || price |",
            "  |--|--||--|",
            f"  | all | - || {VALUE.get(bare, 'word')} |",
        ]
    for number, life in enumerate((f"..{DAYS[4]}", f"{DAYS[5]}..")):
        lines += [
            f"decision fee effective {life}",
            f"  in day : date {DAYS[0]}..{DAYS[-1]}",
            "  in weight : int 0..3",
            f"  out price = t{number}(weight)",
        ]
    return "\n".join(lines) + "\n"


def test_versions_of_a_decision_answer_with_one_type_or_are_refused() -> None:
    """What no version says of its output is compared all the same: by the type that its step has."""
    for one in STEPPED:
        for other in STEPPED:
            result = compiled(stepped((one, other)))
            wrong = [each.code for each in result.diagnostics if each.code == "GAP403"]

            assert (not wrong) == (one == other), (one, other)
            assert result.is_sound == (one == other), (one, other)
