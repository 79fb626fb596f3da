"""Reports say everything, steer no terminal, and underline exactly what is guilty."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gapless.report import machine, terminal
from gapless.report.finding import fingerprints, foremost
from gapless.report.terminal import colored, visible, width
from gapless_dsl.diagnostic import (
    Diagnostic,
    Edit,
    Help,
    Label,
    Region,
    Repair,
    Severity,
    Size,
)
from gapless_dsl.source import Source, Span

ROOT = Path(__file__).parent.parent

PARCEL = Source(
    "tables/parcel.dtable",
    """\
use "zones.dtable"

table fee "The fee"
  in  weight : int 0..
  in  zone   : Zone
  out price  : decimal(2)

  | unique | weight | zone  || price |
  |--------|--------|-------||-------|
  | light  | ..500  | hoome || 2.50  |
  | 手紙   | > 500  | home  || 4.90  |
""",
)
ZONES = Source("tables/zones.dtable", "type Zone = home | world\n")
SOURCES = {PARCEL.path: PARCEL, ZONES.path: ZONES}


def at(source: Source, text: str) -> Span:
    start = source.text.index(text)
    return Span(source.path, start, start + len(text))


MISSPELT = Diagnostic(
    code="GAP011",
    severity=Severity.ERROR,
    title="`hoome` is not a value of `Zone`",
    labels=(
        Label(at(PARCEL, "hoome"), "did you mean `home`?"),
        Label(at(ZONES, "Zone"), "its two values are here"),
    ),
    subject="table fee, rule light, column zone",
    notes=("`Zone` knows `home` and `world`",),
    helps=(
        Help(
            Repair.MECHANICAL,
            "replace `hoome` with `home`",
            edits=(Edit(at(PARCEL, "hoome"), "home"),),
        ),
    ),
)
GAP = Diagnostic(
    code="GAP101",
    severity=Severity.ERROR,
    title="no rule answers 4 of 96 cases (4.1%)",
    labels=(
        Label(at(PARCEL, "fee")),
        Label(at(PARCEL, "> 500"), "no row like this one says `..500` here"),
    ),
    subject="table fee",
    notes=("uncovered: weight = ..500, zone = world",),
    helps=(
        Help(
            Repair.DECISION,
            "add this row and fill its outcome",
            lines=("| new | ..500 | world || ? |",),
        ),
    ),
    size=Size(4, 96),
    witness=(("weight", "0"), ("zone", '"far away"')),
    regions=(Region((("weight", "..500"),), 4, (("weight", "0"), ("zone", '"far away"'))),),
)


def test_a_finding_is_told_case_first_with_the_guilty_cell_underlined() -> None:
    assert (
        terminal.render([MISSPELT], SOURCES)
        == """\
error[GAP011]: `hoome` is not a value of `Zone`
  ┌─ tables/parcel.dtable:10:23  table fee, rule light, column zone
  │
 8│   | unique | weight | zone  || price |
10│   | light  | ..500  | hoome || 2.50  |
  │                       ^^^^^ did you mean `home`?
  │
  ┌─ tables/zones.dtable:1:6
  │
 1│ type Zone = home | world
  │      ---- its two values are here
  │
  = `Zone` knows `home` and `world`
help (mechanical): replace `hoome` with `home`
more: gapless explain GAP011
"""
    )


def test_a_witness_becomes_a_command_that_a_shell_understands() -> None:
    told = terminal.render([GAP], SOURCES, suffix=("--tables", "my tables"))

    assert (
        """\
  = try it: gapless run fee weight=0 'zone="far away"' --tables 'my tables'
help (your decision): add this row and fill its outcome
  + | new | ..500 | world || ? |
"""
        in told
    )


def test_wide_letters_before_a_cell_move_its_underline() -> None:
    told = terminal.render([replace(GAP, labels=(Label(at(PARCEL, "4.90"), "here"),))], SOURCES)

    assert (
        """\
11│   | 手紙   | > 500  | home  || 4.90  |
  │                                ^^^^ here
"""
        in told
    )


def test_labels_on_one_line_each_keep_their_words() -> None:
    labels = (
        Label(at(PARCEL, "..500"), "this"),
        Label(at(PARCEL, "hoome"), "and this"),
        Label(at(PARCEL, "2.50"), "give that"),
    )

    assert """\
10│   | light  | ..500  | hoome || 2.50  |
  │              ^^^^^    -----    ---- give that
  │                       and this
  │              this
""" in terminal.render([replace(MISSPELT, labels=labels)], SOURCES)


def test_of_a_whole_row_only_the_rule_s_name_is_underlined() -> None:
    row = Label(at(PARCEL, "| light  | ..500  | hoome || 2.50  |"), "never decides anything")

    assert """\
10│   | light  | ..500  | hoome || 2.50  |
  │     ^^^^^ never decides anything
""" in terminal.render([replace(MISSPELT, labels=(row,))], SOURCES)


def test_each_code_is_pointed_to_its_page_once() -> None:
    told = terminal.render([MISSPELT, MISSPELT, GAP], SOURCES)

    assert re.findall("more: .*", told) == [
        "more: gapless explain GAP011",
        "more: gapless explain GAP101",
    ]


def test_beyond_the_limit_findings_are_counted_not_shown() -> None:
    minor = replace(GAP, severity=Severity.WARNING, size=None)
    told = terminal.render([minor, minor, MISSPELT, GAP], SOURCES, limit=2)

    assert told.count("error[") == 2
    assert told.endswith("\nand 2 warnings more: `--all` shows every finding\n")


def test_of_one_kind_in_one_table_the_largest_few_are_shown_in_the_order_of_the_file() -> None:
    alike = [replace(GAP, title=f"gap {n}", size=Size(n, 96)) for n in (*range(12), 90)]
    elsewhere = replace(GAP, subject="table other", title="of another table")
    told = terminal.render([*alike, MISSPELT, elsewhere], SOURCES)
    shown = re.findall(r"error\[GAP101\]: (.*)", told)

    assert shown == [*(f"gap {n}" for n in range(3, 12)), "gap 90", "of another table"]
    assert "error[GAP011]" in told
    assert told.endswith("\nand 3 more GAP101 in `fee`: `--all` shows every finding\n")
    assert "more GAP101" not in terminal.render(alike, SOURCES, limit=None)
    assert len(json.loads(machine.render(alike, SOURCES, (), 1))["findings"]) == len(alike)
    assert len(json.loads(machine.sarif(alike, SOURCES))["runs"][0]["results"]) == len(alike)


def test_every_finding_that_is_not_shown_is_counted_once() -> None:
    large = [replace(GAP, size=Size(50, 96)) for _ in range(15)]
    others = [replace(GAP, subject=f"table t{n}", size=Size(5, 96)) for n in range(13)]
    told = terminal.render([*large, *others, replace(MISSPELT, severity=Severity.NOTE)], SOURCES)

    assert told.count("error[") == terminal.LIMIT
    assert told.endswith(
        "\nand 5 more GAP101 in `fee`\nand 3 errors, 1 note more: `--all` shows every finding\n"
    )


def test_the_foremost_findings_are_errors_then_the_large_ones_in_their_own_order() -> None:
    small = replace(GAP, size=Size(1, 96))
    minor = replace(GAP, severity=Severity.WARNING, size=Size(90, 96))

    assert foremost([minor, small, GAP], 2) == (small, GAP)
    assert foremost([small, minor, GAP], 1) == (GAP,)


def test_colors_change_nothing_but_colors() -> None:
    told = terminal.render([MISSPELT, GAP], SOURCES, paint=colored)

    assert told != terminal.render([MISSPELT, GAP], SOURCES)
    assert re.sub(r"\x1b\[[0-9;]*m", "", told) == terminal.render([MISSPELT, GAP], SOURCES)


def test_a_place_at_the_very_end_of_a_file_is_shown() -> None:
    end = Span(ZONES.path, len(ZONES.text), len(ZONES.text))
    told = terminal.render([replace(MISSPELT, labels=(Label(end, "more expected"),))], SOURCES)

    assert " ┌─ tables/zones.dtable:2:1" in told
    assert " │ ^ more expected" in told


LETTERS = st.one_of(
    st.sampled_from("ab|…é\t\ufb00手紙＃\u0301\u200d\u202e\x1b\x00\x7f\x85\u3000ａ"),
    st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]),
)


@given(st.lists(LETTERS, max_size=60), st.data())
def test_the_underline_starts_under_the_guilty_letter(
    letters: list[str], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(letters)))
    end = data.draw(st.integers(start, len(letters)))
    source = Source("a.dtable", "x" + "".join(letters))
    guilty = replace(MISSPELT, labels=(Label(Span(source.path, start + 1, end + 1)),))

    told = terminal.render([guilty], {source.path: source}).split("\n")
    quoted, under = (line[3:] for line in told[3:5])
    before = glyph_columns("x" + "".join(letters[:start]))

    assert under == " " * before + "^" * max(
        1, glyph_columns("x" + "".join(letters[:end])) - before
    )
    assert width(quoted) <= glyph_columns(source.text)


def glyph_columns(text: str) -> int:
    """An independent count: tabs reach the next multiple of four, wide letters take two columns."""
    column = 0
    for letter in text:
        if letter == "\t":
            column += 4 - column % 4
        elif unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp"):
            column += len(letter.encode("unicode_escape"))
        elif unicodedata.category(letter) not in ("Mn", "Me"):
            column += 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1
    return column


@given(st.text(), st.text(), st.text(), st.text())
def test_nothing_an_author_writes_steers_the_terminal(
    line: str, title: str, note: str, label: str
) -> None:
    source = Source("a.dtable", f"{line}!")
    guilty = Diagnostic(
        "GAP999",
        Severity.ERROR,
        title,
        (Label(Span(source.path, 0, 1), label),),
        subject=f"table t, rule {title}",
        notes=(note,),
        helps=(Help(Repair.DECISION, note, lines=(title,)),),
        witness=(("a", title),),
    )

    told = terminal.render([guilty], {source.path: source})

    steering = {
        each for each in told if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    }
    assert steering <= {"\n"}


@given(st.integers(0, 300), st.integers(1, 300), st.integers(0, 300))
def test_a_long_line_is_shown_around_what_is_underlined(before: int, size: int, after: int) -> None:
    source = Source("a.dtable", "a" * before + "B" * size + "c" * after)
    guilty = replace(MISSPELT, labels=(Label(Span(source.path, before, before + size)),))

    told = terminal.render([guilty], {source.path: source}).split("\n")
    quoted, under = (line[3:] for line in told[3:5])

    assert len(quoted) <= 102
    assert "B" in quoted
    shown = {letter for letter, mark in zip(quoted, under, strict=False) if mark == "^"}
    assert shown <= {"B", "…"}
    assert under.index("^") == quoted.index("B")


def test_json_says_everything_and_its_page_knows_every_field() -> None:
    files = [{"path": "generated/python/parcel.py", "state": "written"}]
    document = json.loads(machine.render([MISSPELT, GAP], SOURCES, (), 1, files))
    page = (ROOT / "docs" / "machine-output.md").read_text(encoding="utf-8")

    first, second = document["findings"]
    assert (first["path"], first["start"]["line"], first["start"]["column"]) == (
        "tables/parcel.dtable",
        10,
        23,
    )
    assert first["helps"][0]["edits"][0]["text"] == "home"
    assert second["size"] == {"cases": 4, "total": 96}
    assert second["try"] == ["gapless", "run", "fee", "weight=0", 'zone="far away"']
    assert {name for name in keys(document) if f"`{name}`" not in page} == set()


def keys(document: object) -> set[str]:
    """Every field name in a JSON document; what stands under `witness` and `cells` are columns."""
    match document:
        case dict():
            inner = (
                keys(each) for name, each in document.items() if name not in ("witness", "cells")
            )
            return set(document).union(*inner)
        case list():
            return set[str]().union(*map(keys, document))
        case _:
            return set()


def test_sarif_places_findings_and_their_repairs() -> None:
    (run,) = json.loads(machine.sarif([MISSPELT, GAP], SOURCES))["runs"]
    first, second = run["results"]

    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["GAP011", "GAP101"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("GAP011", 0, "error")
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "tables/parcel.dtable"},
        "region": {"startLine": 10, "startColumn": 23, "endLine": 10, "endColumn": 28},
    }
    assert first["relatedLocations"][0]["message"] == {"text": "its two values are here"}
    assert first["fixes"][0]["artifactChanges"][0]["replacements"] == [
        {
            "deletedRegion": {"startLine": 10, "startColumn": 23, "endLine": 10, "endColumn": 28},
            "insertedContent": {"text": "home"},
        }
    ]
    assert "fixes" not in second


def test_a_fingerprint_survives_the_moving_of_lines_and_tells_alike_findings_apart() -> None:
    moved = Source(PARCEL.path, f"\n{PARCEL.text}")
    elsewhere = replace(MISSPELT, labels=(Label(at(moved, "hoome"), "did you mean `home`?"),))

    assert fingerprints([MISSPELT]) == fingerprints([elsewhere])
    assert len({*fingerprints([MISSPELT, MISSPELT, GAP])}) == 3


def test_github_marks_one_line_for_each_finding() -> None:
    told = machine.github([MISSPELT, GAP], SOURCES).splitlines()

    assert len(told) == 2
    assert told[0].startswith(
        "::error file=tables/parcel.dtable,line=10,endLine=10,col=23,endColumn=28,"
        "title=GAP011%3A `hoome` is not a value of `Zone`::table fee, rule light, column zone%0A"
    )


@given(st.text())
def test_github_never_lets_a_message_begin_a_command(text: str) -> None:
    told = machine.github([replace(MISSPELT, title=text, notes=(text,))], SOURCES)

    assert re.split(r"[\r\n]", told)[1:] == [""]


def test_every_form_tells_of_a_file_that_is_not_at_hand() -> None:
    """Such a finding has no lines to quote, and is not lost."""
    lost = replace(MISSPELT, labels=(Label(Span("gone.dtable", 3, 5), "here"),))

    assert "`hoome` is not a value" in terminal.render([lost], SOURCES)
    assert "gone.dtable" in machine.render([lost], SOURCES, (), 1)
    assert "gone.dtable" in machine.sarif([lost], SOURCES)
    assert "gone.dtable" in machine.github([lost], SOURCES)


@given(st.text())
def test_visible_text_is_one_printable_line(text: str) -> None:
    assert len(visible(text).splitlines()) <= 1
