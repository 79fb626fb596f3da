"""What people type by habit: each is answered with what to write, and what is offered can be read."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gapless.driver import compile_sources
from gapless_dsl.diagnostic import Diagnostic, Help, Repair
from gapless_dsl.source import Source
from tests.mechanical import broken, carried_out, compiled, offers

ASK, SURE = Repair.DECISION, Repair.MECHANICAL

TYPES = """\
policy habits

type Zone  = home | near | far
type Side  = "-a" | b
type Grade = ordered low < middle < high
"""


def asking(type: str, cell: str) -> str:
    """A table whose cell is a condition."""
    return f"""{TYPES}
table fee
  in  a : {type}
  in  b : {type}
  out o : int

  | unique | a      | b || o || because |
  |--------|--------|---||---||---------|
  | x      | {cell} | - || 0 ||         |
  | otherwise           || 1 || rest    |
"""


def answering(type: str, cell: str) -> str:
    """A table whose cell is an outcome."""
    return f"""{TYPES}
table fee
  in  a : bool
  in  b : {type}
  out o : {type}

  | unique | a || o      |
  |--------|---||--------|
  | x      | - || {cell} |
"""


def wrong(text: str) -> list[Diagnostic]:
    found = compile_sources([Source("page.dtable", text)]).diagnostics
    return [each for each in found if each.code not in ("GAP032", "GAP113", "GAP127")]


def offered(found: Sequence[Diagnostic]) -> list[Help]:
    return [help_ for each in found for help_ in each.helps if help_.edits]


CONDITIONS = [
    ("decimal(2)", "<= 9,50", ASK, ["9.50", " "]),
    ("decimal(2)", "1..9,5", ASK, ["9.5", " "]),
    ("decimal(2)", "not 0,5", ASK, ["0.5", " "]),
    ("decimal(3) 0..99", "9,125", ASK, ["9.125", " "]),
    ("decimal(2)", "> 5%", ASK, ["> 0.05", "> 5"]),
    ("decimal(2)", "5%..10%", ASK, ["0.05..0.1", "5..10"]),
    ("decimal(2)", "< 500 g", ASK, ["< 500"]),
    ("decimal(2)", "500g", ASK, ["500"]),
    ("decimal(2)", "$1..$5", ASK, ["1..5"]),
    ("decimal(2)", "1 140,00", ASK, ["1140.00"]),
    ("int", "1 - 500", SURE, ["1..500"]),
    ("int", "1 – 500", SURE, ["1..500"]),
    ("int", "18 to 64", SURE, ["18..64"]),
    ("int", "18 TO 64", SURE, ["18..64"]),
    ("int", "between 18 and 64", SURE, ["18..64"]),
    ("int", "BETWEEN 18 AND 64", SURE, ["18..64"]),
    ("int", "from 18 to 64", ASK, ["18..64"]),
    ("int", "18 and 64", ASK, ["18..64", "18, 64"]),
    ("int", "18 until 64", ASK, ["18..64", "[18..64)"]),
    ("int", "[18;64)", ASK, ["[18..64)"]),
    ("int", "18 <= x < 64", ASK, ["[18..64)"]),
    ("int", "18:64", ASK, ["18..64"]),
    ("int", "18 < age", ASK, ["> 18"]),
    ("int", "age >= 18", ASK, [">= 18"]),
    ("int", "at least 18", ASK, ["18.."]),
    ("int", "max 5", ASK, ["..5"]),
    ("int", "5..*", ASK, ["5.."]),
    ("int", "5..inf", ASK, ["5.."]),
    ("int", "<18 OR >65", SURE, ["<18, >65"]),
    ("int", ">18 AND <65", SURE, ["(18..65)"]),
    ("int", ">=18 AND <=65", SURE, ["18..65"]),
    ("int", "NOT 5", SURE, ["not 5"]),
    ("int", "not (5, 6)", SURE, ["not 5, 6"]),
    ("int", "NOT IN (5, 6)", ASK, ["not 5, 6"]),
    ("int", "IN (5, 6)", ASK, ["5, 6"]),
    ("int", "any", ASK, ["-"]),
    ("int", "*", SURE, ["-"]),
    ("Zone", "all", ASK, ["-"]),
    ("Zone", "else", ASK, ["-"]),
    ("Zone", "default", ASK, ["-"]),
    ("text", "any", ASK, ['"any"']),
    ("text", "else", ASK, ['"else"']),
    ("Zone", "[home, near]", ASK, ["home, near"]),
    ("Zone", '["home","near"]', ASK, ['"home", "near"']),
    ("Zone", "(home, near)", ASK, ["home, near"]),
    ("Zone", "{home, near}", ASK, ["home, near"]),
    ("Zone", "home or near", SURE, ["home, near"]),
    ("Zone", "home OR near", SURE, ["home, near"]),
    ("Zone", "home / near", ASK, ["home, near"]),
    ("Zone", "is not home", ASK, ["not home"]),
    ("Zone", "all but home", ASK, ["not home"]),
    ("Zone", "NOT home", ASK, ["not home"]),
    ("Side", '"-A"', SURE, ['"-a"']),
    ("int", "<> b", ASK, ["not b", "!= b"]),
    ("int", "not b", ASK, ["!= b"]),
    ("int", "b", ASK, ["= b"]),
    ("Grade", "b", ASK, ["= b"]),
    ("date", "01/07/2026", ASK, ["2026-07-01", "2026-01-07"]),
    ("date", "1.7.2026", ASK, ["2026-07-01", "2026-01-07"]),
    ("date", "< 1/7/2026", ASK, ["< 2026-07-01", "< 2026-01-07"]),
    ("date", "30.06.2026..", ASK, ["2026-06-30"]),
    ("date", "..30/06/2026", ASK, ["..2026-06-30"]),
    ("date", "2026/06/30", ASK, ["2026-06-30"]),
    ("date", "2026-7-1", ASK, ["2026-07-01"]),
    ("date", "20260701", ASK, ["2026-07-01"]),
    ("date", "1 July 2026", ASK, ["2026-07-01"]),
    ("date", "Jul 1, 2026", ASK, ["2026-07-01"]),
    ("date", 'date("2020-01-01")', ASK, ["2020-01-01"]),
    ("date", "DATE '2020-01-01'", ASK, ["2020-01-01"]),
    ("date", "2029-02-01 - 2029-05-31", SURE, ["2029-02-01..2029-05-31"]),
    ("date", "01/07/2026 - 31/12/2026", ASK, ["2026-07-01..2026-12-31"]),
    ("date", "2026-06", ASK, ["2026-06-01..2026-06-30"]),
    ("date", "2026", ASK, ["2026-01-01..2026-12-31"]),
    ("date", "until 2020-01-01", ASK, ["..2020-01-01", "< 2020-01-01"]),
    ("date", "on or after 2020-01-01", ASK, ["2020-01-01.."]),
    ("date", "2022-01-01..*", ASK, ["2022-01-01.."]),
    ("date", "2022-01-01..inf", ASK, ["2022-01-01.."]),
    ("text", "starts with 77", ASK, ["77*"]),
    ("text", "like '77%'", ASK, ["77*"]),
    ("text", "77%", ASK, ["77*"]),
    ("text", "cash or card", ASK, ["cash, card"]),
    ("Zone", "ne*", ASK, ["near"]),
    ("bool", "TRUE", SURE, ["yes"]),
    ("bool", "false", SURE, ["no"]),
    ("bool", "Y", SURE, ["yes"]),
    ("bool", "N", SURE, ["no"]),
    ("bool", "1", ASK, ["yes"]),
    ("bool", "0", ASK, ["no"]),
    ("bool", "x", ASK, ["yes", "no"]),
    ("optional text", "NULL", ASK, ["missing", '"NULL"']),
    ("optional int", "n/a", ASK, ["missing"]),
]

OUTCOMES = [
    ("decimal(2)", "(4.90)", ASK, ["-4.90", "4.90"]),
    ("int", "2 - 3", ASK, ["-1"]),
    ("optional text", "None", ASK, ["missing", '"None"']),
    ("optional int", "N/A", ASK, ["missing"]),
    ("optional int", "NA", ASK, ["missing"]),
    ("optional int", "none", ASK, ["missing"]),
    ("decimal(2)", "5%", ASK, ["0.05", "5"]),
    ("decimal(2)", "1,140.00", ASK, ["1_140.00"]),
    ("decimal(2)", "1.140,00", ASK, ["1140.00"]),
    ("decimal(2)", "1 140,00", ASK, ["1140.00"]),
    ("decimal(2)", "1'140.00", ASK, ["1140.00"]),
    ("decimal(2)", "$4.90", ASK, ["4.90"]),
    ("decimal(2)", "-$4.90", ASK, ["-4.90"]),
    ("decimal(2)", "4.90 EUR", ASK, ["4.90"]),
    ("decimal(2)", "EUR 4.90", ASK, ["4.90"]),
    ("decimal(2)", "500 g", ASK, ["500"]),
    ("date", "01/07/2026", ASK, ["2026-07-01", "2026-01-07"]),
    ("date", "2026/06/30", ASK, ["2026-06-30"]),
    ("date", "1.7.2026", ASK, ["2026-07-01", "2026-01-07"]),
    ("text", "TBD", ASK, ['"TBD"']),
    ("bool", "TRUE", SURE, ["yes"]),
    ("bool", "0", ASK, ["no"]),
]

CELLS = [(asking, *each) for each in CONDITIONS] + [(answering, *each) for each in OUTCOMES]
IDS = [f"{each[1]}: {each[2]}" for each in CELLS]


@pytest.mark.parametrize(("table", "type", "cell", "repair", "texts"), CELLS, ids=IDS)
def test_a_habit_is_answered_with_what_to_write(
    table: object, type: str, cell: str, repair: Repair, texts: list[str]
) -> None:
    text = (asking if table is asking else answering)(type, cell)
    found = wrong(text)

    assert len(found) == 1, found
    assert [help_.edits[0].text for help_ in offered(found)] == texts
    assert {help_.repair for help_ in offered(found)} == {repair}


@pytest.mark.parametrize(("table", "type", "cell", "repair", "texts"), CELLS, ids=IDS)
def test_whatever_is_offered_answers_the_finding(
    table: object, type: str, cell: str, repair: Repair, texts: list[str]
) -> None:
    text = (asking if table is asking else answering)(type, cell)
    (before,) = wrong(text)

    for help_ in offered([before]):
        after = wrong(carried_out({"page.dtable": text}, help_.edits)["page.dtable"])
        same = [each for each in after if (each.code, each.title) == (before.code, before.title)]
        assert same == [], help_
        if cell not in ("<> b", "9,125", "1..9,5", "not 0,5", "<= 9,50"):  # one of two is read next
            assert [each for each in after if each.code < "GAP100"] == [], help_


SAID = [
    (asking, "date", "today()", "give it an input, `in today : date`"),
    (asking, "date", "> today", "`< today` or `>= today`"),
    (asking, "date", ">= now()", "give it an input, `in today : date`"),
    (answering, "date", "today()", "give it an input, `in today : date`"),
    (answering, "date", "today", "give it an input, `in today : date`"),
    (asking, "date", "01/07/26", "with all digits of its year"),
    (asking, "text", "*77", "how they begin"),
    (asking, "text", "ends with 77", "how they begin"),
    (asking, "int", "else", "`otherwise`, alone in the conditions of the last row"),
    (asking, "text", "any", "if anything may stand here, write `-`"),
    (answering, "int", "?", "write `draft`"),
    (answering, "int", "TBD", "write `draft`"),
    (answering, "Zone", "tbc", "write `draft`"),
    (answering, "text", "TODO", "write `draft`"),
    (answering, "int", "null", "make `o` optional and write `missing`"),
    (answering, "int", "-", "`missing` where the column is optional"),
    (asking, "text", "77*, not 772*", "write `77* (but not 772*)`"),
]


@pytest.mark.parametrize(
    ("table", "type", "cell", "said"), SAID, ids=[f"{each[1]}: {each[2]}" for each in SAID]
)
def test_where_nothing_can_be_put_in_its_place_it_is_said_what_to_do(
    table: object, type: str, cell: str, said: str
) -> None:
    found = wrong((asking if table is asking else answering)(type, cell))

    assert any(said in help_.text for each in found for help_ in each.helps), found


PLAIN = """\
policy habits

table fee
  in  a : int
  in  b : bool
  out o : int

"""

SHEETS = [
    "  rule,a,b,o\n  x,1,yes,3\n  y,2,no,4\n",
    "  rule;a;b;o\n  x;1;yes;3\n  y;2;no;4\n",
    "rule;a;b;o\nx;1;yes;3\ny;2;no;4\n",
    "  rule\ta\tb\to\n  x\t1\tyes\t3\n  y\t2\tno\t4\n",
]


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_pasted_sheet_is_one_finding(sheet: str) -> None:
    (found,) = wrong(PLAIN + sheet)

    assert found.title.startswith("3 lines of a sheet")
    assert found.helps[0].lines[0] == "| rule | a | b | o |"


def test_bars_that_are_apart_are_one_finding_that_anybody_mends() -> None:
    grid = """\
  | unique | a   | b   | | o | | because |
  |--------|-----|-----| |---| |---------|
  | low    | ..4 | -   | | 1 | | r       |
  | high   | 5.. | yes | | 2 | | r       |
  | rest   | 5.. | no  | | 3 | | r       |
"""
    files = {"page.dtable": PLAIN + grid}
    before = compiled(files)

    (offer,) = offers(before)
    assert [each.code for each in before.diagnostics] == ["GAP004"]
    assert broken(files, before, offer) == []
    assert wrong(carried_out(files, offer.help.edits)["page.dtable"]) == []


def test_a_pasted_table_of_single_bars_is_one_finding_that_anybody_mends() -> None:
    rows = "".join(f"  | {n} | yes | {n} |\n" for n in range(40))
    rest = "  | 40.. | - | 1 |\n  | ..-1 | - | 2 |\n  | 0..39 | no | 7 |\n"
    files = {"page.dtable": f"{PLAIN}  | a | b | o |\n  |---|---|---|\n{rows}{rest}"}
    before = compiled(files)

    (offer,) = offers(before)
    assert [each.code for each in before.diagnostics] == ["GAP004"]
    assert broken(files, before, offer) == []
    assert wrong(carried_out(files, offer.help.edits)["page.dtable"]) == []


@pytest.mark.parametrize("last", ["otherwise | otherwise", "otherwise | -"])
def test_otherwise_in_each_cell_is_said_once(last: str) -> None:
    grid = f"""\
  | unique | a | b || o || because |
  |--------|---|---||---||---------|
  | one    | 1 | - || 1 || r       |
  | rest   | {last} || 2 || r       |
"""
    (found,) = wrong(PLAIN + grid)

    (help_,) = found.helps
    assert help_.repair is (SURE if "-" not in last else ASK)
    assert wrong(carried_out({"page.dtable": PLAIN + grid}, help_.edits)["page.dtable"]) == []


def test_a_name_that_is_taken_becomes_the_next_that_is_free() -> None:
    grid = """\
  | unique | a   | b || o |
  |--------|-----|---||---|
  | r09    | 1   | - || 1 |
  | r09    | 2   | - || 2 |
  | r10    | 3   | - || 3 |
  | same   | 4   | - || 4 |
  | same   | 5   | - || 5 |
  | same   | 6.. | - || 6 |
  | rest   | ..0 | - || 7 |
"""
    files = {"page.dtable": PLAIN + grid}
    before = compiled(files)

    found = list(offers(before))
    assert [each.help.edits[0].text for each in found] == ["r11", "same_2", "same_3"]
    edits = [edit for each in found for edit in each.help.edits]
    assert wrong(carried_out(files, edits)["page.dtable"]) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("| x | yes | 2026-01-01.. || 1 | no |", "the cell of `a` is missing before this one"),
        ("| x | 5   | 2026-01-01.. || 1 | no |", "the cell of `b` is missing before this one"),
        ("| x | 5   | yes          || 1 | no |", "the cell of `c` is missing behind this one"),
        ("| x | 5   | 6 | yes | -  || 1 | no |", "no column is left for this cell"),
        ("| x | 5   | yes | no | 2026-01-01 || 1 | no |", "no column is left for this cell"),
        (
            "| x | 2026-01-01 | 5 | yes | -  || 1 | no |",
            "by its neighbors, this cell has no column",
        ),
        ("| x | 5   | yes | - || no |", "the cell of `o` is missing before this one"),
    ],
)
def test_a_cell_that_is_lost_or_one_too_many_is_known_by_its_neighbors(row: str, said: str) -> None:
    text = f"""\
policy habits

table fee
  in  a : int
  in  b : bool
  in  c : date
  out o : int
  out p : bool

  | unique | a | b | c || o | p |
  |--------|---|---|---||---|---|
  {row}
"""
    found = wrong(text)

    assert [each.code for each in found] == ["GAP003"]
    assert said in found[0].labels[0].text


def test_a_merge_that_was_not_finished_is_one_finding_and_nothing_is_analyzed() -> None:
    grid = """\
  | unique | a   | b || o |
  |--------|-----|---||---|
<<<<<<< ours
  | low    | ..4 | - || 1 |
||||||| before
  | low    | ..4 | - || 3 |
=======
  | low    | ..4 | - || 2 |
>>>>>>> theirs
  | other  | 7.. | - || 9 |
"""
    (found,) = wrong(PLAIN + grid)

    assert found.title == "a merge that was not finished"
    assert not compiled({"page.dtable": PLAIN + grid}).units


def test_letters_that_look_alike_are_told_apart() -> None:
    head = 'policy p\n\ntype City = "Z\u00fcrich" | Bern\n\ntable fee\n  in  city : City\n  out o : int\n\n'
    grid = '  | unique | city || o |\n  | z | "Zu\u0308rich" || 1 |\n  | b | {} || 2 |\n'

    first, second = wrong(head + grid.format('"\u0412ern"'))
    assert "its accents are letters of their own" in first.labels[0].text
    assert first.helps[0].edits[0].text == '"Z\u00fcrich"'
    assert "U+0412, cyrillic capital letter ve" in second.labels[0].text


def test_many_groups_of_rows_that_could_be_one_are_one_finding() -> None:
    rows = "".join(f"  | r{n} | {n} || {n // 2} |\n" for n in range(40))
    head = "policy p\n\ntable class\n  in  a : int 0..39\n  out o : int\n\n"
    text = f"{head}  | unique | a || o |\n  |---|---||---|\n{rows}"

    (found,) = wrong(text)

    assert found.code == "GAP112"
    assert found.title == "40 rules of `class` could be 20 rows"
    assert len(found.labels) == 3
    assert wrong(carried_out({"page.dtable": text}, found.helps[0].edits)["page.dtable"]) == []
