"""The policies in `tables/` say what their source says, case by case, by the reference meaning."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest

from gapless.model import Column, EnumerationType, OptionalType, Policy, Rule, Table, Value
from gapless.resolve import resolve
from gapless.semantics import (
    Answered,
    Contradicted,
    Draft,
    Impossible,
    Meaning,
    Unanswered,
    Unworkable,
    evaluate,
)
from gapless_dsl.parser import parse
from gapless_dsl.source import Source

ROOT = Path(__file__).parent.parent
READINGS = (ROOT / "docs" / "igrt-interpretation.md").read_text()
FACTS = (ROOT / "tests" / "facts" / "igrt.md").read_text()
IGRT = ("igrt_codes", "igrt", "igrt_claims")

Case: TypeAlias = dict[str, Value]

# ---------------------------------------------------------------- facts


class Fact(NamedTuple):
    """One row of `facts/igrt.md`; `place` is a section of the source, or the number of a reading."""

    place: str
    table: str
    inputs: Mapping[str, str]
    gives: Mapping[str, Value] | None


def facts() -> Iterator[Fact]:
    for row in (line for line in FACTS.splitlines() if line.startswith("|") and "`" in line):
        place, table, inputs, gives = (cell.strip(" `") for cell in row.strip("|").split("|"))
        answer = None if gives == "impossible" else {k: value(v) for k, v in pairs(gives)}
        yield Fact(place, table, dict(pairs(inputs)), answer)


def pairs(text: str) -> Iterator[tuple[str, str]]:
    for each in text.split():
        name, _, written = each.partition("=")
        yield name, written


def value(written: str) -> Value:
    if written.startswith("{"):
        return frozenset(filter(None, written.strip("{}").split(",")))
    return None if written == "missing" else written


# ---------------------------------------------------------------- the tables


@cache
def policies() -> Mapping[str, Policy]:
    texts = [Source(path.name, path.read_text()) for path in sorted(ROOT.glob("tables/*.dtable"))]
    documents = [parse(source)[0] for source in texts]
    found, _ = resolve(documents, {source.path: source for source in texts})
    return {policy.name: policy for policy in found}


@cache
def igrt() -> Mapping[str, Table]:
    return {table.name: table for name in IGRT for table in policies()[name].tables}


def values(column: Column) -> tuple[Value, ...]:
    """Every value of a column whose type is a closed list, or optionally one of a closed list."""
    match column.type:
        case EnumerationType(members=members):
            return tuple(member.name for member in members)
        case OptionalType(of=EnumerationType(members=members)):
            return (*(member.name for member in members), None)
        case _:
            raise AssertionError(f"{column.name} is not a closed list")


def cases(table: Table, given: Mapping[str, str] | None = None) -> Iterator[Case]:
    """Every case of `table` that agrees with `given`, written as in a fact."""
    wanted = given or {}
    assert set(wanted) <= {column.name for column in table.inputs}
    choices = [chosen(column, wanted.get(column.name, "*")) for column in table.inputs]
    for each in product(*choices):
        yield dict(zip((column.name for column in table.inputs), each, strict=True))


def chosen(column: Column, written: str) -> tuple[Value, ...]:
    if written == "*":
        return values(column)
    picked = tuple(value(each) for each in written.split(","))
    assert set(picked) <= set(values(column))
    return picked


def answer(name: str, case: Mapping[str, Value]) -> Mapping[str, Value] | None:
    """What the IGRT table `name` answers, by output; None where the case is impossible."""
    meaning = evaluate(igrt()[name], case)
    match meaning:
        case Answered(table, _, answers):
            return dict(zip((column.name for column in table.outputs), answers, strict=True))
        case Impossible():
            return None
        case Unanswered() | Contradicted() | Draft() | Unworkable():
            raise AssertionError(f"{name} does not decide {case}: {meaning}")


# ---------------------------------------------------------------- what the source says


@pytest.mark.parametrize("fact", list(facts()), ids=lambda fact: f"{fact.place}-{fact.table}")
def test_the_tables_say_what_the_source_says(fact: Fact) -> None:
    for case in cases(igrt()[fact.table], fact.inputs):
        given = answer(fact.table, case)

        if fact.gives is None or given is None:
            assert given == fact.gives, case
        else:
            assert {name: given[name] for name in fact.gives} == fact.gives, case


@pytest.mark.parametrize(
    "fact",
    [fact for fact in facts() if not fact.place.isdigit()],
    ids=lambda fact: f"{fact.place}-{fact.table}",
)
def test_a_rule_cites_the_section_whose_fact_it_answers(fact: Fact) -> None:
    table = igrt()[fact.table]
    deciding = {evaluate(table, case) for case in cases(table, fact.inputs)}
    silent = {
        rule.name
        for meaning in deciding
        if isinstance(meaning, Answered | Impossible) and meaning.table is table
        for rule in meaning.rules
        if fact.place not in {section.name for section in rule.reason.citations}
    }

    assert silent == set()


def test_every_fact_names_its_section_or_its_reading() -> None:
    sections = {each.name for each in policies()["igrt_codes"].sources[0].sections}
    readings = set(re.findall(r"^### (\d+)\.", READINGS, re.MULTILINE))

    assert {fact.place for fact in facts()} - sections - readings == set()


SIZES = {
    "guidance_code": 3 * 4,
    "code_components": 5,
    "delivery_codes": 2 * 4 * 3,
    "delivery_family": 21,
    "reported_component": 2 * 3,
    "code_set": 2 * 4 * 3,
    "guidance_line": 2 * 4 * 3 * 4 * 4,
    "claim_line": 6 * 3,
    "claim_pair": 2 * 4 * 21 * 6 * 3,
}


def test_every_combination_has_exactly_one_answer() -> None:
    met = {
        name: Counter(type(evaluate(table, case)) for case in cases(table))
        for name, table in igrt().items()
    }

    assert {name: kinds.total() for name, kinds in met.items()} == SIZES
    assert {kind for kinds in met.values() for kind in kinds} == {Answered, Impossible}


# ---------------------------------------------------------------- the tables agree with each other


def lines() -> Iterator[tuple[Case, Mapping[str, Value]]]:
    """Every possible case of the fourth question with its answer."""
    for case in cases(igrt()["guidance_line"]):
        given = answer("guidance_line", case)
        if given is not None:
            yield case, given


def deliveries(case: Case) -> Iterable[Value]:
    """The delivery codes that the center or the hospital may report in `case`."""
    biller = "office" if case["setting"] == "freestanding" else "hospital"
    codes = answer("code_set", {**pick(case, "setting", "payer"), "biller": biller})
    assert codes is not None
    found = answer("delivery_codes", {**pick(case, "setting", "technique"), **codes})
    assert found is not None and isinstance(found["delivery"], frozenset)
    return found["delivery"]


def pick(case: Case, *names: str) -> Case:
    return {name: case[name] for name in names}


def verdict(case: Case, delivery: Value, guidance: Value, modifier: Value) -> Value:
    pair = {"delivery": delivery, "guidance": guidance, "modifier": modifier}
    found = answer("claim_pair", {**pick(case, "setting", "payer"), **pair})
    assert found is not None
    return found["verdict"]


def test_what_a_biller_is_told_to_report_is_right_on_the_claim() -> None:
    found = Counter(
        verdict(case, delivery, given["line"], given["modifier"])
        for case, given in lines()
        if given["line"] is not None
        for delivery in deliveries(case)
    )

    assert set(found) == {"allowed", "required"}


def test_a_physician_beside_the_office_is_doubted_exactly_where_the_line_would_be() -> None:
    for case, given in lines():
        beside = case["setting"] == "freestanding" and case["biller"] == "physician"
        if beside and case["technique"] == "conventional" and case["payer"] in KNOWN:
            codes = answer("code_set", pick(case, "setting", "payer", "biller"))
            assert codes is not None
            code = answer("guidance_code", {**codes, **pick(case, "kind")})
            assert code is not None
            found = {verdict(case, each, code["code"], "26") for each in deliveries(case)}

            assert found == {"ask_payer" if given["payment"] == "ask_payer" else "wrong"}


def test_a_claim_without_the_line_that_is_not_to_be_reported_is_right() -> None:
    found = Counter(
        verdict(case, delivery, None, "none")
        for case, given in lines()
        if given["payment"] in ("bundled", "not_reportable") and case["biller"] != "physician"
        for delivery in deliveries(case)
    )

    assert set(found) == {"none_due"}


def test_a_line_is_required_exactly_where_conventional_delivery_is_a_hospital_s() -> None:
    for case, given in lines():
        due = {verdict(case, delivery, None, "none") for delivery in deliveries(case)}

        if case["setting"] == "hospital" and case["technique"] == "conventional":
            assert due == {"required_missing"}
            assert case["biller"] == "physician" or given["modifier"] == "TC"
        else:
            assert "required_missing" not in due


def test_a_technical_code_is_never_reported_as_professional() -> None:
    for _, given in lines():
        if given["line"] is not None and given["modifier"] == "26":
            assert answer("code_components", {"code": given["line"]}) == {"components": "both"}


def test_an_unasked_payer_gets_a_code_only_where_every_payer_would() -> None:
    for case, given in lines():
        if case["payer"] == "unknown" and given["line"] is not None:
            known = [answer("guidance_line", {**case, "payer": payer}) for payer in KNOWN]

            assert [each and each["line"] for each in known] == [given["line"]] * len(KNOWN)
            assert [each and each["modifier"] for each in known] == [given["modifier"]] * len(KNOWN)


KNOWN = ("medicare", "takes_g_codes", "values_77387")

# ---------------------------------------------------------------- what the reader is told


def test_the_caution_stands_on_every_policy_and_its_link_leads_to_the_readings() -> None:
    notes = {name: policies()[name].notes for name in IGRT}
    (said,) = set(notes.values())
    folder = ROOT / "generated" / "markdown"
    addresses = [(folder / note.address).resolve() for note in said if note.address]

    told = " ".join(note.text for note in said)
    assert all(words in told for words in ("ask the payer", "physician", "inferred"))
    assert addresses == [folder / "igrt_by_day.md", ROOT / "docs" / "igrt-interpretation.md"]
    assert all(each.exists() for each in addresses)


def test_the_habits_of_the_readings_are_counted_right() -> None:
    numbers = ("no", "one", "two", "three", "four", "five", "six")
    (said, listed) = re.findall(
        r"^(\w+) habits run through.*?\n\n((?:[- ] .*\n)+)", READINGS, re.MULTILINE
    )[0]

    assert numbers[listed.count("\n- ") + 1] == said.lower()


def test_every_rule_that_is_not_stated_is_explained_and_every_explanation_has_its_rule() -> None:
    rules = {f"{table.name}.{rule.name}": rule for table in igrt().values() for rule in table.rules}
    explained = re.findall(r"`(\w+\.\w+)`(?: \((stated|silent|inferred [\w, ]+)\))?", READINGS)

    assert {name for name, _ in explained} - set(rules) == set()
    told = {(name, basis or "inferred") for name, basis in explained}
    marked = {name: _mark(rule) for name, rule in rules.items()}
    unsure = {(name, mark) for name, mark in marked.items() if mark != "stated"}
    assert unsure - told == set()
    assert all(marked[name] == mark for name, mark in told)


def _mark(rule: Rule) -> str:
    """How a rule rests on the source; of single outputs, as its author wrote it."""
    marks = ", ".join(f"{basis} {output}" for output, basis in rule.reason.marks)
    return marks or rule.reason.basis.value


def test_every_rule_cites_the_source_and_every_section_is_cited() -> None:
    uncited = [
        f"{table.name}.{rule.name}"
        for table in igrt().values()
        for rule in table.rules
        if not rule.reason.citations
    ]
    sections = {("astro", each.name) for each in policies()["igrt_codes"].sources[0].sections}

    assert uncited == []
    assert sections == {
        (each.source, each.name)
        for table in igrt().values()
        for rule in table.rules
        for each in rule.reason.citations
    }


@pytest.mark.parametrize("name", [*IGRT, "igrt_2026", "parcel", "library"])
def test_every_rule_answers_an_example(name: str) -> None:
    for table in policies()[name].tables:
        shown = {rule_of(evaluate(table, dict(each.inputs))) for each in table.examples}

        assert {rule.name for rule in table.rules} - shown == set()


def rule_of(meaning: Meaning) -> str | None:
    return meaning.rule.name if isinstance(meaning, Answered | Impossible) else None
