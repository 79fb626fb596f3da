"""A page says what the model says: every cell of every table, whatever the author's words hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gapless.analysis.building import build_units
from gapless.analysis.decision.diagram import GAP, NEVER
from gapless.backends.markdown import emit, inline
from gapless.backends.markdown.exclusions import inherited
from gapless.backends.markdown.inline import visible
from gapless.driver import Result
from gapless.model import (
    Anything,
    Column,
    Condition,
    Constant,
    EnumerationType,
    Equals,
    Example,
    HitPolicy,
    Member,
    Note,
    Outcome,
    Policy,
    Reason,
    Rule,
    RuleKind,
    Section,
    SourceDocument,
    Table,
    Test,
    TextType,
)
from gapless.text.words import literal
from gapless_dsl.lexis import quoted
from gapless_dsl.nodes.cells import Basis
from gapless_dsl.source import Span
from tests.amounts import so_many
from tests.laws.test_markdown import texts
from tests.laws.test_regions import callers
from tests.rendered import READERS, Row, read

NOWHERE = Span("folder/odd.dtable", 0, 0)
PLACES = (
    *("policy", "source", "document", "section", "heading", "type", "table", "title", "note"),
    *("x", "asked", "t", "odd", "y", "answer", "special", "example", "column", "remark"),
    *(f"{each} {i}" for each in ("member", "label", "rule", "because") for i in range(3)),
)

Words = Mapping[str, str]
"""What the author wrote in each place, no two alike."""

words = st.lists(texts, min_size=len(PLACES), max_size=len(PLACES)).map(
    lambda drawn: {
        place: f"{word}{i}" for i, (place, word) in enumerate(zip(PLACES, drawn, strict=True))
    }
)


def policy_of(w: Words) -> Policy:
    """Two rules and `otherwise`, with the author's words wherever there may be some."""
    section = Section(w["source"], w["section"], w["heading"], NOWHERE)
    members = tuple(Member(w[f"member {i}"], w[f"label {i}"]) for i in range(2))
    kind = EnumerationType(w["type"], members)

    def rule(i: int, kind: RuleKind, tests: list[Test], answer: int, basis: Basis) -> Rule:
        conditions = tuple(Condition(test, "", NOWHERE) for test in tests)
        outcomes = (Outcome(Constant(w[f"member {answer}"]), "", NOWHERE),)
        reason = Reason(w[f"because {i}"], (section,), basis)
        remarks = ((w["column"], w["remark"]),)
        return Rule(w[f"rule {i}"], kind, conditions, outcomes, reason, remarks, NOWHERE)

    first, second, special = Equals(w["member 0"]), Equals(w["member 1"]), Equals(w["special"])
    rules = (
        rule(0, RuleKind.RULE, [first, Anything()], 0, Basis.STATED),
        rule(1, RuleKind.RULE, [second, special], 1, Basis.SILENT),
        rule(2, RuleKind.OTHERWISE, [Anything(), Anything()], 0, Basis.INFERRED),
    )
    x = Column(w["x"], kind, w["asked"], kind.name, NOWHERE)
    t = Column(w["t"], TextType(), w["odd"], None, NOWHERE)
    y = Column(w["y"], kind, w["answer"], kind.name, NOWHERE)
    inputs = ((x.name, w["member 1"]), (t.name, w["special"]))
    example = Example(w["example"], inputs, ((y.name, w["member 1"]),), NOWHERE)
    table = Table(
        *(w["table"], w["title"], (Note(w["note"]),), (x, t), (), (y,), (x.name, t.name)),
        *(HitPolicy.FIRST, rules, (example,), NOWHERE),
    )
    source = SourceDocument(w["source"], w["document"], (section,), NOWHERE)
    path, digest = NOWHERE.path, "0123456789abcdef"
    return Policy(
        *("odd", w["policy"], None, None, path, digest, (), (source,), (), (table,), NOWHERE)
    )


def tables_of(w: Words) -> list[list[Row]]:
    """Every table of the page, said once more by hand."""
    asked, odd, answer, low, high = w["asked"], w["odd"], w["answer"], w["label 0"], w["label 1"]
    special, cited = quoted(w["special"]), f"§ {w['section']}"
    silent, inferred = f"{w['rule 1']}\nsource silent", f"{w['rule 2']}\ninferred"
    remark = f"\n{w['column']}: {w['remark']}"
    why = [f"{w[f'because {i}']} ({cited})" for i in range(3)]
    members = "\n".join(f"{literal(w[f'member {i}'])} {w[f'label {i}']}" for i in range(2))
    lines = [
        f"{asked}: {high}; {odd}: {special}\n→ {answer}: {high}",
        f"everything else\n→ {answer}: {low}",
    ]
    resting = f"stated: {w['rule 0']}\ninferred: {w['rule 2']}\nsource silent: {w['rule 1']}"
    return [
        [["Table", "Asked", "→ Answered", "Cases"], [w["title"], f"{asked}, {odd}", answer, "4"]],
        [["Rule", "What it says", "Why"], [silent, lines[0], why[1]], [inferred, lines[1], why[2]]],
        [
            ["Role", "Column", "In the file", "Values"],
            ["asked", asked, w["x"], members],
            ["asked", odd, w["t"], "any text"],
            ["→ answered", answer, w["y"], f"{low} · {high}"],
        ],
        [
            ["Rule", asked, odd, f"→ {answer}", "Cases", "Why"],
            [f"1. {w['rule 0']}", low, "any", low, "2", f"{why[0]}{remark}"],
            [f"2. {silent}", high, special, high, "1", f"{why[1]}{remark}"],
        ],
        [["Rule", f"→ {answer}", "Why"], [inferred, low, f"{why[2]}{remark}"]],
        [[asked, odd, "Cases"], [high, f"not {special}", "1"]],
        [
            ["Example", asked, odd, f"→ {answer}", "By rule"],
            [f"1: {w['example']}", high, special, high, w["rule 1"]],
        ],
        [
            ["Section", "Its heading in the document", "Rules that rest on it"],
            [cited, w["heading"], resting],
        ],
    ]


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reasons stand beside the rules here, whatever the width of the author's words."""
    monkeypatch.setattr(inline, "PHONE", 10**9)


def page_of(policy: Policy) -> str:
    result = Result({}, (policy,), build_units(policy.tables).units, ())
    pages = {made.path: made.text for made in emit(result)}
    return pages["markdown/odd.md"]


def shown(text: str) -> str:
    return visible(text).replace("\u00a0", " ")


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=so_many(40))
@given(words)
def test_every_cell_says_what_the_model_says(reader: str, w: Words) -> None:
    page = read(READERS[reader](page_of(policy_of(w))))

    assert page.tables == [[[shown(c) for c in row] for row in table] for table in tables_of(w)]


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=so_many(40))
@given(words)
def test_titles_and_notes_are_themselves(reader: str, w: Words) -> None:
    page = read(READERS[reader](page_of(policy_of(w))))

    assert page.headings[0] == shown(w["policy"])
    assert shown(w["title"]) in page.headings
    assert shown(w["document"]) in page.headings
    assert shown(w["note"]).strip() in page.text


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=so_many(40))
@given(words, texts)
def test_a_note_leads_where_its_author_says(reader: str, w: Words, odd: str) -> None:
    """On top of the page and on each table; the address is kept to the letter, whatever it holds."""
    address = f"https://a.org/{odd}x"
    policy = replace(policy_of(w), notes=(Note(w["rule 0"], address),))

    page = read(READERS[reader](page_of(policy)))

    outside = [link for link in page.links if not link.startswith("#")]
    assert [spelled(link) for link in outside] == [spelled(address)] * 2
    assert page.text.count(shown(w["rule 0"]).strip()) >= 2


def spelled(address: str) -> str:
    """Without escapes, its own among them; half a letter is none."""
    return unquote(address.encode("utf-8", "replace").decode())


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " JAVASCRIPT:x", "data:text/html,x", ""]
)
def test_no_note_leads_to_a_program(address: str) -> None:
    w = {place: f"{place}." for place in PLACES}
    policy = replace(policy_of(w), notes=(Note("odd", address),))

    page = read(READERS["github"](page_of(policy)))

    assert all(link.startswith("#") for link in page.links)
    assert address.strip() in page.text


@settings(max_examples=so_many(40))
@given(words)
def test_every_link_leads_somewhere(w: Words) -> None:
    page = read(READERS["github"](page_of(policy_of(w))))

    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


@given(callers)
def test_what_called_tables_exclude_adds_up(table: Table) -> None:
    """Every case that cannot happen is counted once, under the table and rule that say so."""
    units = build_units([table]).units
    [called] = (let.call.table for let in table.lets)
    assume(GAP not in units[called].tally)

    found = list(inherited(units[table], units))

    assert sum(each.cases or 0 for each in found) == units[table].tally.get(NEVER, 0)
    assert all(each.cases for each in found)
    assert {each.table for each in found} <= {called}


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=so_many(40))
@given(words)
def test_no_reason_is_lost_on_a_phone(reader: str, w: Words) -> None:
    """Where tables are too wide for one, each reason stands below, with the name of its rule."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inline, "PHONE", 0)
        page = read(READERS[reader](page_of(policy_of(w))))

    assert all(table[0][-1] != "Why" for table in page.tables)
    for place in range(3):
        assert f"{shown(w[f'because {place}'])} (§ " in page.text
    assert page.tags.count("li") == 5
