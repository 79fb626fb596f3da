"""The pages that reviewers read: what they promise, on the real policies and on small ones."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from gapless.analysis.coverage import budget as work
from gapless.analysis.verdict import verdict
from gapless.backends.markdown import emit
from gapless.backends.markdown.exclusions import inherited
from gapless.driver import Result, compile_sources
from gapless_dsl.source import Source
from tests.pages import ROOT, Fence, fences, programs
from tests.rendered import READERS, Rendered, Row, read

SPECS = [ROOT / "tests" / "spec" / f"{name}.md" for name in ("40-documents", "47-marks")]


def quoted_parts() -> Iterator[tuple[str, Fence]]:
    """The page of each file on the specification pages, with every part of it that is quoted below."""
    for spec in SPECS:
        text = spec.read_text(encoding="utf-8")
        starts = {program.fence.line: program for program in programs(text)}
        page = ""
        for fence in fences(text):
            if fence.line in starts:
                made = emit(starts[fence.line].compiled())
                page = made[0].text if made else ""
            elif fence.info == "markdown":
                yield page, fence


def pages(result: Result) -> dict[str, str]:
    return {made.path: made.text for made in emit(result)}


@cache
def policies() -> Result:
    """The tables of the repository, compiled together."""
    files = sorted((ROOT / "tables").rglob("*.dtable"))
    return compile_sources(
        [Source(f"tables/{path.name}", path.read_text(encoding="utf-8")) for path in files]
    )


@cache
def site() -> dict[str, str]:
    return pages(policies())


def page(text: str) -> str:
    result = compile_sources([Source("folder/page.dtable", text)])
    assert result.is_sound, [(each.code, each.title) for each in result.diagnostics]
    return pages(result)["markdown/page.md"]


def rendered(text: str) -> Rendered:
    return read(READERS["github"](text))


def rules_in(text: str) -> list[Row]:
    """The rows of the first table of rules, without its head."""
    return next(table[1:] for table in rendered(text).tables if table[0][0] == "Rule")


PATHS = sorted(
    path.relative_to(ROOT / "generated").as_posix()
    for path in ROOT.glob("generated/markdown/**/*.md")
)
"""The pages of the repository, which are those of `site()`."""


def test_every_part_is_quoted_as_it_is() -> None:
    parts = [*quoted_parts()]

    assert parts
    assert [part.text for whole, part in parts if part.text not in whole] == []


@pytest.mark.parametrize("path", PATHS)
def test_both_kinds_of_parser_read_the_same(path: str) -> None:
    github, other = (read(reader(site()[path])) for reader in READERS.values())

    assert github.tables == other.tables
    assert github.headings == other.headings
    assert github.links == other.links


def test_every_page_is_read() -> None:
    assert sorted(site()) == PATHS


def test_every_link_leads_somewhere() -> None:
    """To an anchor of the same page, to another page or an anchor there, or to a document beside them."""
    found = {path.removeprefix("markdown/"): text for path, text in site().items()}
    read_pages = {path: rendered(text) for path, text in found.items()}
    ids = {path: set(page.ids) for path, page in read_pages.items()}

    for path, page in read_pages.items():
        for link in page.links:
            name, _, anchor = link.partition("#")
            if name.startswith("../"):
                assert (ROOT / "generated" / "markdown" / name).is_file(), f"{path}: {link}"
                continue
            assert (name or path) in ids, f"{path}: {link}"
            assert not anchor or anchor in ids[name or path], f"{path}: {link}"


@pytest.mark.parametrize("path", PATHS)
def test_an_anchor_stands_once(path: str) -> None:
    ids = rendered(site()[path]).ids

    assert len(ids) == len(set(ids))


def test_every_rule_has_an_anchor_made_of_its_name() -> None:
    for policy in policies().policies:
        ids = rendered(site()[f"markdown/{policy.name}.md"]).ids
        for table in policy.tables:
            wanted = [f"rule.{table.name}.{rule.name}" for rule in table.rules]
            assert [each for each in ids if each in wanted] == sorted(wanted, key=ids.index)


@pytest.mark.parametrize("path", PATHS)
def test_no_table_is_wider_than_a_reader_can_take(path: str) -> None:
    for table in rendered(site()[path]).tables:
        assert len({len(row) for row in table}) == 1
        assert len(table[0]) <= 8


def test_cases_add_up() -> None:
    """Rules, `otherwise` and exclusions of every table together make its cases."""
    for unit in policies().units.values():
        found = verdict(unit)
        if found.is_derived:
            continue  # what follows from its columns is no case of its own
        assert found.split is not None
        excluded = sum(each.cases or 0 for each in inherited(unit, policies().units))
        assert excluded == found.split.ruled_out
        assert found.split.answered + found.split.impossible + excluded == found.cases


def test_the_index_names_every_policy_and_table() -> None:
    index = site()["markdown/README.md"]

    for policy in policies().policies:
        assert f"]({policy.name}.md)" in index
        for table in policy.tables:
            assert f"]({policy.name}.md#table.{table.name})" in index


def test_a_page_does_not_know_where_its_file_lies() -> None:
    text = page("table t\n  in a : bool\n  out b : bool\n\n  | | a || b |\n  | | - || a |\n")

    assert "`page.dtable`" in text
    assert "folder" not in text


def test_policies_called_nearly_readme_have_a_page_each() -> None:
    text = "policy {}\n\ntable t\n  in a : bool\n  out b : bool\n\n  | | a || b |\n  | | - || a |\n"
    names = ("README", "README_", "Readme__")
    made = pages(compile_sources([Source(f"{name}.dtable", text.format(name)) for name in names]))

    assert sorted(made) == [
        f"markdown/{each}.md" for each in ("README", "README_", "README__", "Readme___")
    ]


def test_a_policy_called_readme_leaves_room_for_the_index() -> None:
    text = 'policy readme "R"\n\ntable t\n  in a : bool\n  out b : bool\n\n  | | a || b |\n  | | - || a |\n'
    made = pages(compile_sources([Source("readme.dtable", text)]))

    assert sorted(made) == ["markdown/README.md", "markdown/readme_.md"]
    assert "](readme_.md)" in made["markdown/README.md"]


def test_nothing_is_written_for_nothing() -> None:
    assert emit(compile_sources([])) == ()


def test_many_rows_are_folded_and_complete() -> None:
    """More rows than anybody reads are there, behind a line that says how many."""
    rows = "".join(f"  | r{number} | {number} || {number * 2} |\n" for number in range(100))
    text = page(
        "table double\n  in a : int 0..99\n  out b : int\n\n"
        f"  | first | a || b |\n  |-------|---||---|\n{rows}"
    )

    for reader in READERS.values():
        found = read(reader(text))
        rules = next(table[1:] for table in found.tables if table[0][0] == "Rule")
        assert [row[1:3] for row in rules] == [[f"{n}", f"{n * 2}"] for n in range(100)]
        assert "Show 100 rows" in found.text
    assert 'id="rule.double.r99"' in text


NESTED = """
type L = a | b | c

table inner
  in  x : L
  out y : L

  | unique | x     || y          || because |
  |--------|-------||------------||---------|
  | no     | a     || impossible || never a |
  | yes    | not a || x          ||         |

table middle
  in  x : L
  let y = inner(x)
  out z : L

  | unique | y || z |
  |--------|---||---|
  | same   | - || y |

table outer
  in  x : L
  let z = middle(x)
  out w : L

  | unique | z || w |
  |--------|---||---|
  | same   | - || z |
"""


def test_what_an_inner_table_excludes_is_told_where_it_is_called() -> None:
    """Each page section names the table that it calls; the innermost one is a link further."""
    found = rendered(page(NESTED))

    excluded = [table[1:] for table in found.tables if table[0][0] == "Excluded by"]
    assert excluded == [
        [["inner", "no", "1", "never a"]],
        [["middle", "excluded by a table that this one calls", "1", ""]],
    ]


ALIKE = """
type L
  a "Same"
  b "Same"
  "missing"
  "any"

table t
  in  x : optional L
  out y : int

  | unique | x         || y |
  |--------|-----------||---|
  | r1     | a         || 1 |
  | r2     | b         || 2 |
  | r3     | "missing" || 3 |
  | r4     | "any"     || 4 |
  | r5     | missing   || 5 |
"""


def test_values_that_read_alike_are_told_apart() -> None:
    """Two members of one label keep their names beside it, and a member may be called `missing`."""
    said = [row[1] for row in rules_in(page(ALIKE))]

    assert said == ["Same (a)", "Same (b)", '"missing"', '"any"', "missing"]


def with_condition(type: str, cell: str) -> str:
    return page(
        f"table t\n  in x : {type}\n  out y : bool\n\n"
        f"  | first | x || y || because |\n  | r | {cell} || yes || |\n"
        "  | otherwise || no || the rest |\n"
    )


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("5", "5"),
        ("< 5", "under 5"),
        ("<= 5", "at most 5"),
        ("> 5", "over 5"),
        (">= 5", "at least 5"),
        ("1..5", "1 to 5"),
        ("[1..5)", "at least 1, under 5"),
        ("(1..5]", "over 1, at most 5"),
        ("18..", "at least 18"),
        ("..17, 65..", "at most 17\nor at least 65"),
        ("1, 2, 3", "1, 2 or 3"),
        ("not 1, 2, missing", "present, but neither 1 nor 2"),
        ("missing", "missing"),
        ("present", "present"),
        ("missing, not 5", "missing\nor not 5"),
        ("12_000..", "at least 12,000"),
    ],
)
def test_a_condition_is_said_in_words(cell: str, said: str) -> None:
    assert rules_in(with_condition("optional int", cell))[0][1] == said


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("< 2026-01-01", "before 2026-01-01"),
        ("<= 2026-01-01", "up to 2026-01-01"),
        ("> 2026-01-01", "after 2026-01-01"),
        (">= 2026-01-01", "from 2026-01-01"),
        ("2026-01-01..2026-12-31", "2026-01-01 to 2026-12-31"),
        ("[2026-01-01..2027-01-01)", "from 2026-01-01, before 2027-01-01"),
    ],
)
def test_a_stretch_of_days_is_said_in_words(cell: str, said: str) -> None:
    assert rules_in(with_condition("date", cell))[0][1] == said


@pytest.mark.parametrize(
    ("type", "cell", "rest"),
    [
        ("int 0..9", "3..5", "at most 2\nor at least 6"),
        ("optional int 0..9", "3..", "at most 2\nor missing"),
        ("optional int 0..9", "missing", "present"),
        ("optional int 0..9", "present", "missing"),
        ("optional bool", "yes", "no or missing"),
        ("text", "abc, de", 'neither "abc" nor "de"'),
        ("optional text", "abc, missing", 'present, but not "abc"'),
        ("optional text", "abc", 'missing\nor not "abc"'),
        ("decimal(1) 0..1", "< 0.5", "at least 0.5"),
        ("date", "< 2026-01-01", "from 2026-01-01"),
    ],
)
def test_what_otherwise_stands_for_is_said_in_words(type: str, cell: str, rest: str) -> None:
    """The region of `otherwise` is what the one rule above it leaves."""
    found = rendered(with_condition(type, cell)).tables
    region = next(table for table in found if table[0] == ["x", "Cases"])

    assert [row[0] for row in region[1:]] == [rest]


def test_a_page_that_may_not_search_still_says_what_is_proved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Wide regions are a convenience: without them the disjoint parts are shown, and add up."""
    program = list(programs(SPECS[0].read_text(encoding="utf-8")))[1]
    result = program.compiled()
    [unit] = result.units.values()
    monkeypatch.setattr(work, "STEPS", 0)
    monkeypatch.setattr(work, "STEPS_PER_BOX", 0)

    found = rendered(emit(result)[0].text)

    [region] = (table for table in found.tables if table[0] == ["days", "reader", "item", "Cases"])
    assert sum(int(row[-1]) for row in region[1:]) == unit.tally[4] == 3
    assert "more than one of these rows" not in found.text


def test_a_cell_names_the_other_column_by_its_label() -> None:
    text = page(
        "table t\n"
        '  in  sent : date 2024-01-01.. "Day of dispatch"\n'
        '  in  due  : date 2024-01-01.. "Last day"\n'
        "  in  paid : int 0..9\n"
        '  in  owed : int 0..9 "What is owed"\n'
        "  out late : bool\n"
        "  out open : bool\n\n"
        "  | | sent | paid || late | open |\n  |--|--|--||--|--|\n"
        "  | a | <= due | >= owed || no  | no  |\n"
        "  | b | <= due | < owed  || no  | yes |\n"
        "  | c | > due  | >= owed || yes | no  |\n"
        "  | d | > due  | < owed  || yes | yes |\n"
    )

    assert "| up to *Last day* | at least *What is owed* |" in text
    assert "| after *Last day* | less than *What is owed* |" in text


def test_a_cell_that_no_case_has_is_not_called_excluded() -> None:
    text = page(
        "table band\n  in age : int 0..9\n  in other : optional int 0..9\n"
        "  let elder = max(age, other)\n  out big : bool\n\n"
        "  | | other | elder || big |\n  |--|--|--||--|\n"
        "  | a | missing | - || no |\n  | b | present | ..5 || no |\n  | c | present | 6.. || yes |\n\n"
        "decision asked\n  in age : int 0..9\n  in other : optional int 0..9\n"
        "  let big = band(age, other)\n  out big\n"
    )

    assert "What cannot happen" not in text
