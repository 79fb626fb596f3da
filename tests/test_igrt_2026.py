"""The edition of 2026, and the choice by the day of service, against what was read of the change.

What was read is said here a second time, in plain Python and from `docs/igrt-2026.md`, not from the
tables; it is asked about every combination of inputs, on the last day of the old codes, on the first
of the new ones, and on days that Hypothesis chooses.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from types import ModuleType
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapless.model import Table, Value
from gapless.semantics import Answered, Impossible, evaluate, trace
from tests import pages
from tests.generated_python import Function, every
from tests.pages import ROOT
from tests.test_policies import _mark, policies

READINGS = (ROOT / "docs" / "igrt-2026.md").read_text()
SIGNATURES = (ROOT / "tests" / "facts" / "igrt_signatures.txt").read_text()

Answer: TypeAlias = tuple[Value, ...] | None
"""What is answered, output by output; None is what cannot happen."""

LAST = date(2025, 12, 31)
FIRST = date(2026, 1, 1)

# ---------------------------------------------------------------- the words

SETTINGS = ("freestanding", "hospital")
PAYERS = ("medicare", "takes_g_codes", "values_77387", "unknown")
BILLERS = ("office", "hospital", "physician")
TECHNIQUES = ("imrt", "conventional", "superficial", "stereotactic")
KINDS = ("ultrasound", "stereoscopic", "ct", "tracking")
MODIFIERS = ("none", "26", "TC")

LEVELS = ("77402", "77407", "77412")
DELETED = ("77385", "77386", *(f"G{number}" for number in range(6003, 6017)))
CONSOLIDATED = ("G6001", "G6002", "G6017", "77014")
UNREAD = ("77401", "unnamed")
DELIVERY_CODES = (*LEVELS, *DELETED, *UNREAD)
GUIDANCE_CODES = (None, "77387", *CONSOLIDATED)

PLANNED = ("planar", "conformal", "imrt", "total_skin")
DELIVERIES = (*PLANNED, "superficial", "stereotactic", "proton")
MOTIONS = ("none", "guidance", "active")

LINES = (SETTINGS, PAYERS, BILLERS, TECHNIQUES, KINDS)
PAIRS = (SETTINGS, PAYERS, DELIVERY_CODES, GUIDANCE_CODES, MODIFIERS)

# ---------------------------------------------------------------- what was read, in plain Python


def level(payer: Value, delivery: Value, motion: Value, isocenters: int, mixed: Value) -> Answer:
    """Facts 1, 7, 8, 9 and 13; superficial delivery, SRS/SBRT and protons were not read."""
    if payer != "medicare" or delivery not in PLANNED:
        return ("ask_payer",)
    if motion == "active" or isocenters > 1 or mixed or delivery == "total_skin":
        return ("77412",)
    return ("77402",) if delivery == "planar" else ("77407",)


def line(
    setting: Value, payer: Value, biller: Value, technique: Value, kind: Value
) -> tuple[Answer, tuple[str, ...]]:
    """Facts 3, 4, 6 and 13: code, modifier and payment, and how each of the three is known."""
    if (setting, biller) in (("freestanding", "hospital"), ("hospital", "office")):
        return None, ()
    ask = (None, "none", "ask_payer")
    if payer != "medicare":
        return ask, ("silent" if payer == "takes_g_codes" else "inferred",) * 3
    if technique not in ("imrt", "conventional"):
        return ask, ("silent",) * 3
    if biller == "hospital":
        known = "inferred" if kind == "tracking" else "stated"
        return (None, "none", "bundled"), (known,) * 3
    if kind == "tracking":
        return ask, ("silent",) * 3
    if setting == "hospital":
        return ("77387", "26", "separate"), ("stated", "inferred", "stated")
    if biller == "office":
        return ("77387", "ask_payer", "separate"), ("stated", "silent", "stated")
    return ask, ("silent",) * 3


def pair(
    setting: Value, payer: Value, delivery: Value, guidance: Value, modifier: Value
) -> tuple[Answer, str]:
    """Facts 2, 4, 5, 6 and 13: the verdict, and how it is known."""
    if guidance is None and modifier != "none":
        return None, ""
    if delivery in DELETED or guidance in CONSOLIDATED:
        if payer != "medicare":
            return ("ended_ask_payer",), "silent"
        return ("ended",), "stated" if delivery in DELETED else "inferred"
    if payer != "medicare":
        return ("ask_payer",), "inferred"
    if delivery in UNREAD:
        return ("ask_payer",), "silent"
    if guidance is None:
        return ("none_due" if setting == "hospital" else "reportable",), "inferred"
    if modifier == "TC":
        return ("wrong",), "stated"
    if (setting, modifier) == ("hospital", "26"):
        return ("allowed",), "inferred"
    return ("ask_payer",), "silent"


def known_edition(day: date) -> tuple[str, str]:
    return ("2026", "stated") if day.year >= 2026 else ("2020", "inferred")


# ---------------------------------------------------------------- what the tables answer


def table(name: str) -> Table:
    (found,) = (
        each for policy in policies().values() for each in policy.tables if each.name == name
    )
    return found


def asked(asked: Table, *values: Value) -> Answer:
    """What the reference meaning answers."""
    case = dict(zip((column.name for column in asked.inputs), values, strict=True))
    match meaning := evaluate(asked, case):
        case Answered(values=answers):
            return answers
        case Impossible():
            return None
        case _:
            raise AssertionError(f"{asked.name} does not decide {case}: {meaning}")


def bases(asked: Table, *values: Value) -> tuple[str, ...]:
    """How each output of an answer rests on what was read."""
    case = dict(zip((column.name for column in asked.inputs), values, strict=True))
    return tuple(each.value for each in trace(asked, case).bases if each is not None)


def run(function: Function, *values: Value) -> Answer:
    """What the generated Python answers."""
    try:
        found = function.answer(*values)
    except function.module.ImpossibleError:
        return None
    return tuple(found) if len(function.table.outputs) > 1 else (found,)


# ---------------------------------------------------------------- the edition of 2026


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 10**6))
def test_delivery_is_complex_where_any_one_condition_holds(several: int) -> None:
    levels = table("delivery_level")
    for isocenters in (1, 2, several):
        for payer, delivery, motion, mixed in product(PAYERS, DELIVERIES, MOTIONS, (False, True)):
            due = level(payer, delivery, motion, isocenters, mixed)

            assert asked(levels, payer, delivery, motion, isocenters, mixed) == due


def test_every_guidance_line_is_what_was_read_and_marked_so() -> None:
    lines = table("guidance_line_2026")
    for case in product(*LINES):
        assert (asked(lines, *case), bases(lines, *case)) == line(*case), case


def test_every_verdict_is_what_was_read_and_marked_so() -> None:
    pairs = table("claim_pair_2026")
    for case in product(*PAIRS):
        answer, basis = pair(*case)

        assert asked(pairs, *case) == answer, case
        assert bases(pairs, *case) == (() if answer is None else (basis,)), case


def test_the_groups_and_standings_are_what_was_read() -> None:
    groups = {"77402": "not_read", "77407": "5622", "77412": "5623", "ask_payer": "not_read"}
    standings = {
        **dict.fromkeys(LEVELS, "current"),
        **dict.fromkeys(DELETED, "ended"),
        **dict.fromkeys(UNREAD, "not_read"),
    }
    ends = {"77387": "current", **dict.fromkeys(CONSOLIDATED, "ended")}
    inferred = {code for code in ends if bases(table("guidance_standing"), code) == ("inferred",)}

    assert {each: asked(table("outpatient_group"), each) for each in groups} == _one(groups)
    assert {each: asked(table("delivery_standing"), each) for each in standings} == _one(standings)
    assert {each: asked(table("guidance_standing"), each) for each in ends} == _one(ends)
    assert inferred == set(CONSOLIDATED)
    assert all(bases(table("delivery_standing"), code) == ("stated",) for code in DELETED)


def _one(answers: dict[str, str]) -> dict[str, Answer]:
    return {asked: (answer,) for asked, answer in answers.items()}


def test_no_answer_of_2026_names_a_code_that_ended() -> None:
    told = {
        answer[0]
        for case in product(*LINES)
        if (answer := asked(table("guidance_line_2026"), *case)) is not None
    }

    assert told == {None, "77387"}


def test_what_a_biller_is_told_to_report_in_2026_is_never_wrong_on_the_claim() -> None:
    found = {
        (setting, asked(table("claim_pair_2026"), setting, payer, delivery, code, modifier))
        for setting, payer, biller, technique, kind in product(*LINES)
        if (told := asked(table("guidance_line_2026"), setting, payer, biller, technique, kind))
        and (code := told[0])
        for modifier in (("none", "26") if told[1] == "ask_payer" else (told[1],))
        for delivery in LEVELS
    }

    assert found == {("hospital", ("allowed",)), ("freestanding", ("ask_payer",))}


# ---------------------------------------------------------------- the day of service

DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))
EITHER_SIDE = (LAST, FIRST)


def due_line(day: date, case: tuple[Value, ...]) -> Answer:
    answer = line(*case)[0] if day >= FIRST else asked(table("guidance_line"), *case)
    return None if answer is None else (known_edition(day)[0], *answer)


def due_verdict(day: date, case: tuple[Value, ...]) -> Answer:
    answer = pair(*case)[0] if day >= FIRST else asked(table("claim_pair"), *case)
    return None if answer is None else (known_edition(day)[0], *answer)


@pytest.mark.parametrize("day", EITHER_SIDE, ids=str)
def test_every_line_is_that_of_the_day_s_edition(day: date) -> None:
    on_day, function = table("guidance_on"), every()["igrt_by_day.guidance_on"]
    for case in product(*LINES):
        due = due_line(day, case)

        assert asked(on_day, day, *case) == due, case
        assert run(function, day, *case) == due, case


@pytest.mark.parametrize("day", EITHER_SIDE, ids=str)
def test_every_verdict_is_that_of_the_day_s_edition(day: date) -> None:
    on_day, function = table("claim_on"), every()["igrt_by_day.claim_on"]
    for case in product(*PAIRS):
        due = due_verdict(day, case)

        assert asked(on_day, day, *case) == due, case
        assert run(function, day, *case) == due, case


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(EITHER_SIDE) | DAYS, st.data())
def test_any_day_is_answered_by_its_edition(day: date, data: st.DataObject) -> None:
    lines = data.draw(st.tuples(*(st.sampled_from(each) for each in LINES)))
    pairs = data.draw(st.tuples(*(st.sampled_from(each) for each in PAIRS)))

    assert asked(table("guidance_on"), day, *lines) == due_line(day, lines)
    assert asked(table("claim_on"), day, *pairs) == due_verdict(day, pairs)
    assert asked(table("edition_on"), day) == (known_edition(day)[0],)
    assert bases(table("edition_on"), day) == (known_edition(day)[1],)


def test_the_day_weakens_the_edition_s_mark_and_no_other() -> None:
    for case in product(*LINES):
        if (marks := line(*case)[1]) != ():
            assert bases(table("guidance_on"), FIRST, *case) == ("stated", *marks), case
            old = bases(table("guidance_line"), *case)
            assert bases(table("guidance_on"), LAST, *case) == ("inferred", *old), case


def test_a_claim_is_told_of_an_ended_code_on_no_day_before() -> None:
    """Of the claims that were right on the last day, those with a code that ended are told so."""
    on_day = table("claim_on")
    right = [
        case
        for case in product(*PAIRS)
        if (found := asked(on_day, LAST, *case)) and found[1] in ("allowed", "required")
    ]
    ended = [case for case in right if case[2] in DELETED or case[3] in CONSOLIDATED]
    told = {asked(on_day, FIRST, *case) for case in ended}

    assert all("ended" not in str(asked(on_day, LAST, *case)) for case in product(*PAIRS))
    assert told == {("2026", "ended"), ("2026", "ended_ask_payer")}
    assert {asked(on_day, FIRST, *case) for case in right if case not in ended} == {
        ("2026", "ask_payer"),
        ("2026", "wrong"),
    }


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2027, 1, 1)], ids=str)
def test_days_that_nobody_has_read_are_refused(day: date) -> None:
    for name in ("guidance_on", "claim_on", "edition_on"):
        function = every()[f"igrt_by_day.{name}"]
        words = {"guidance_on": LINES, "claim_on": PAIRS, "edition_on": ()}[name]

        with pytest.raises(function.module.InputError, match="service"):
            function.answer(day, *(each[0] for each in words))


def test_both_days_of_the_change_stand_in_the_examples() -> None:
    for name in ("guidance_on", "claim_on"):
        shown = {
            dict(each.inputs)["service"]
            for table in policies()["igrt_by_day"].tables
            if table.name.startswith(name)
            for each in table.examples
        }

        assert {LAST, FIRST} <= shown
    assert timedelta(days=1) == FIRST - LAST


# ---------------------------------------------------------------- the edition of 2020 stays


def test_the_functions_of_2020_keep_their_signatures() -> None:
    assert "".join(signatures()) == SIGNATURES


def signatures() -> Iterator[str]:
    """Each public function of the 2020 edition, with the values that it takes and gives."""
    for name, function in every().items():
        if name.partition(".")[0] in ("igrt", "igrt_claims", "igrt_codes"):
            module, answer = function.module, function.answer
            hints = typing.get_type_hints(answer)
            yield f"{name}{inspect.signature(answer)}\n"
            yield from (f"  {each}: {_values(module, hints[each])}\n" for each in hints)


def _values(module: ModuleType, kind: object) -> str:
    if isinstance(kind, type) and issubclass(kind, tuple):
        fields = typing.get_type_hints(kind, vars(module))
        return ", ".join(f"{name} = {_values(module, each)}" for name, each in fields.items())
    parts = typing.get_args(kind)
    if parts:
        return " ".join(_values(module, each) for each in parts)
    return "None" if kind is type(None) else str(kind)


# ---------------------------------------------------------------- what the reader is told


def test_every_rule_that_is_not_stated_is_explained_and_every_explanation_has_its_rule() -> None:
    names = ("igrt_2026", "igrt_by_day")
    marked = {
        f"{table.name}.{rule.name}": _mark(rule)
        for name in names
        for table in policies()[name].tables
        for rule in table.rules
        if rule.declared is None
    }
    explained = re.findall(
        r"`(\w+\.\w+)`(?: \((stated|silent|\w+ modifier)\))?",
        READINGS.partition("## What is made of it")[2],
    )
    told = {name: mark or "inferred" for name, mark in explained}

    assert told.keys() - marked.keys() == set()
    assert {name for name, mark in marked.items() if mark != "stated"} - told.keys() == set()
    assert {name: marked[name] for name in told} == told


def test_every_section_that_was_read_is_cited_and_listed() -> None:
    sections = {
        (each.name if len(source.sections) == 1 else f"{source.name}.{each.name}")
        for source in policies()["igrt_2026"].sources
        for each in source.sections
    }
    listed = re.findall(r"\| `([\w.]+)` \|$", READINGS, re.MULTILINE)

    assert sorted(listed) == sorted(sections)


def test_the_change_between_the_editions_is_told_as_it_is_proved() -> None:
    old, new = ROOT / "tables/igrt.dtable", ROOT / "tables/igrt_2026.dtable"
    sides = f"{old}:guidance_line", f"{new}:guidance_line_2026"
    status, told, _ = pages.run(["diff", *sides, "--output-format", "markdown"])

    assert status == 1
    assert (ROOT / "docs/igrt-2026-changes.md").read_text("utf-8").endswith(told)
