"""A crosstab on a page is the one that its author drew: each answer in its row and below its head."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapless.backends.markdown import emit, inline
from gapless.driver import Result, compile_sources
from gapless.model import RuleKind
from gapless_dsl.diagnostic import Severity
from gapless_dsl.source import Source
from tests.amounts import so_many
from tests.rendered import READERS, Row, read


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reasons stand beside the rules here, whatever the width of the author's words."""
    monkeypatch.setattr(inline, "PHONE", 10**9)


ODD = (
    *("Home", "a | b", "`x|y`", "`", "<b>b</b>", "&amp;", "*a*", "_a_", "[a](b)", "~~a~~", "# a"),
    *("- a", "1. a", "---", "|", "||", "</td>", "<!-- a", "$a$", ":smile:", "é", "^", "-", "a #b"),
)
ZONES = ("home", "near", "far", "world")
ANSWERS = ("1", "2", "impossible", "draft", "-")
SAID = {"impossible": "cannot happen", "draft": "still to be decided", "-": "–"}


class Drawn(NamedTuple):
    """`labels` are those of the zones and of their column; `heads` cut the zones in stretches."""

    labels: tuple[str, ...]
    heads: tuple[tuple[int, ...], ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        zones = "\n".join(
            f'  {name} "{label}"' for name, label in zip(ZONES, self.labels, strict=False)
        )
        heads = " | ".join(", ".join(ZONES[each] for each in head) for head in self.heads)
        rows = "\n".join(
            f"  | r{number} | {number} || {' | '.join(row)} || why {number} |"
            for number, row in enumerate(self.rows)
        )
        return (
            f"type Zone\n{zones}\n\ntable t\n"
            f'  in  zone   : Zone "{self.labels[4]}"\n  in  weight : int 0..9\n  out price  : int\n\n'
            f"  | unique | weight || price by zone || because |\n  | | || {heads} || |\n"
            f"  |---|---||{'|'.join('---' for _ in self.heads)}||---|\n{rows}\n"
            "  | otherwise || 3 || the rest |\n"
        )

    @property
    def page(self) -> list[Row]:
        """The table as it is to be read."""
        head = ["Row", "weight", *map(self._head, self.heads), "Cases", "Why"]
        return [head, *(self._row(*each) for each in enumerate(self.rows))]

    def _head(self, head: tuple[int, ...]) -> str:
        labels = [self.labels[each] for each in head]
        if any(" " in label for label in labels):
            return f"{self.labels[4]}:\n{' or '.join(labels)}"
        *most, last = labels
        return f"{self.labels[4]}:\n{', '.join(most)}{' or ' if most else ''}{last}"

    def _row(self, number: int, row: tuple[str, ...]) -> Row:
        answered = [
            len(head)
            for head, cell in zip(self.heads, row, strict=True)
            if cell not in ("impossible", "-")
        ]
        cases = f"{sum(answered)}" if answered else ""
        return [f"r{number}", f"{number}", *(SAID.get(c, c) for c in row), cases, f"why {number}"]

    @property
    def shown(self) -> list[Row]:
        """Rows and heads without any rule say nothing, nor does the count where nothing is answered."""
        rows = [at for at, row in enumerate(self.rows) if any(cell != "-" for cell in row)]
        heads = [
            at for at in range(len(self.heads)) if any(self.rows[row][at] != "-" for row in rows)
        ]
        whole = self.page
        counted = [-2] if any(row[-2] for row in whole[1:]) else []
        columns = [0, 1, *(at + 2 for at in heads), *counted, -1]
        return [[whole[row][at] for at in columns] for row in (0, *(at + 1 for at in rows))]


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    labels = draw(st.lists(st.sampled_from(ODD), min_size=5, max_size=5, unique=True))
    cuts = [0, *sorted(draw(st.sets(st.integers(1, 3)))), 4]
    heads = [tuple(range(low, high)) for low, high in pairwise(cuts)]
    row = st.tuples(*(st.sampled_from(ANSWERS) for _ in heads))
    rows = draw(st.lists(row, min_size=1, max_size=5))
    return Drawn(tuple(labels), tuple(heads), tuple(rows))


def page_of(text: str) -> tuple[Result, str]:
    result = compile_sources([Source("page.dtable", text)])
    wrong = [each.title for each in result.diagnostics if each.severity is Severity.ERROR]
    assert all("is a draft" in title or "are drafts" in title for title in wrong), wrong
    return result, next(made.text for made in emit(result) if made.path == "markdown/page.md")


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=so_many(60), deadline=None)
@given(drawn())
def test_each_answer_stands_in_its_row_and_below_its_head(reader: str, table: Drawn) -> None:
    _, page = page_of(table.text)

    seen = read(READERS[reader](page))
    found = [each for each in seen.tables if each[0][0] == "Row"]
    assert found == ([table.shown] if len(table.shown) > 1 else [])
    assert not found or f"→ price by {table.labels[4]}: each crossing" in seen.text


@settings(max_examples=so_many(60), deadline=None)
@given(drawn())
def test_every_rule_has_its_anchor_once_and_where_it_stands(table: Drawn) -> None:
    result, page = page_of(table.text)
    [found] = [table for policy in result.policies for table in policy.tables]
    ids = read(READERS["github"](page)).ids

    assert sorted(ids) == sorted(set(ids))
    assert {f"rule.t.{rule.name}" for rule in found.rules} <= set(ids)
    crossed = [line.split(" | ") for line in page.splitlines() if line.startswith("| `r")]
    for rule in found.rules:
        if rule.kind in (RuleKind.RULE, RuleKind.DRAFT):
            [cell] = [cell for row in crossed for cell in row if f'id="rule.t.{rule.name}"' in cell]
            [row] = [row for row in crossed if cell in row]
            assert row[0] == f"| `{rule.name.partition('-')[0]}`"


# ---------------------------------------------------------------- one by one

ZONE = "type Zone = home | near | world\n\n"


def crossed(
    policy: str,
    rows: Sequence[str],
    *,
    heads: str = "home | near | world",
    kind: str = "Zone",
    inputs: Sequence[str] = ("weight : int 0..9",),
) -> str:
    """A table of one output, whose rows are given."""
    names = [each.partition(" ")[0] for each in inputs]
    asked = "".join(f"  in {each}\n" for each in inputs)
    bars = " |" * len(names)
    return (
        f"{ZONE}table t\n{asked}  in zone : {kind}\n  out price : int 0..999\n\n"
        f"  | {policy} |{''.join(f' {name} |' for name in names)}| price by zone || because |\n"
        f"  | |{bars}| {heads} || |\n" + "".join(f"  {row}\n" for row in rows)
    )


def tables(text: str) -> list[list[Row]]:
    return read(READERS["github"](page_of(text)[1])).tables


def crosstabs(text: str) -> list[list[Row]]:
    return [table for table in tables(text) if table[0][0] == "Row"]


def test_an_exception_is_told_row_by_row() -> None:
    text = crossed(
        "unique",
        [
            "| light | ..5 || 4 | 6 | 9 || |",
            "| heavy | 6.. || 4 | 6 | 9 || |",
            "| letter over light | ..1 || 1 | 2 | - || flat |",
            "| gift over light-home | 4 || 0 | - | - || free |",
        ],
    )
    [found] = crosstabs(text)

    assert [row[0] for row in found[1:]] == [
        "light\nexcept letter, gift",
        "heavy",
        "letter\nexception to light",
        "gift\nexception to light",
    ]
    assert [row[-2] for row in found[1:]] == ["9", "3", "2", "1"]


def test_where_order_matters_rows_have_places() -> None:
    text = crossed(
        "first",
        [
            "| a | 3 || 1 | 2 | - || |",
            "| no | 4 || impossible || no |",
            "| b | - || 4 | 5 | 6 || |",
        ],
    )
    _, page = page_of(text)
    [found] = crosstabs(text)

    assert [row[0] for row in found[1:]] == ["1. a", "no", "2. b"]
    assert "Every row is read from the left." in page


def test_rows_of_a_sum_are_not_counted() -> None:
    text = crossed(
        "collect sum",
        ["| a | 3 || 1 | 2 | - || |", "| otherwise || 0 || nothing |"],
        heads="home | home, near | world",
    )
    [found] = crosstabs(text)

    assert found == [
        ["Row", "weight", "zone:\nhome", "zone:\nhome or near"],
        ["a", "3", "1", "2"],
    ]


def test_a_crosstab_may_ask_nothing_else() -> None:
    text = crossed("unique", ["| all || 1 | 2 | 3 || |"], inputs=())

    assert crosstabs(text) == [
        [
            ["Row", "zone:\nhome", "zone:\nnear", "zone:\nworld", "Cases"],
            ["all", "1", "2", "3", "3"],
        ]
    ]


@pytest.mark.parametrize(
    ("heads", "asked", "head"),
    [
        (2, "ab", ["Row", "a", "b", "Cases", "Why"]),
        (3, "abc", ["Row", "a", "b", "c", "Why"]),
        (6, "ab", ["Row", "a", "b"]),
        (6, "abc", ["Row", "When"]),
        (12, "a", ["Row", "a"]),
    ],
)
def test_what_the_page_has_no_room_for_is_put_below_or_together(
    heads: int, asked: str, head: list[str]
) -> None:
    """The heads come first; reasons go below the table, and then what the rows ask into one column."""
    rows = [f"| r |{' yes |' * len(asked)}| {' | '.join('1' * heads)} || as agreed |"]
    text = crossed(
        "unique",
        [*rows, "| otherwise || 0 || all the rest |"],
        heads=" | ".join(map(str, range(heads))),
        kind=f"int 0..{heads - 1}",
        inputs=[f"{name} : bool" for name in asked],
    )
    page = read(READERS["github"](page_of(text)[1]))
    [found] = [table for table in page.tables if table[0][0] == "Row"]

    assert [each for each in found[0] if not each.startswith("zone:")] == head
    assert sum(each.startswith("zone:") for each in found[0]) == heads
    assert ("as agreed" in found[1]) == ("Why" in head)
    assert ("r: as agreed" in page.text) == ("Why" not in head)
    assert page.ids.count("why.t.r-0") == ("Why" not in head)
    assert ("When" not in head) or found[1][1] == "\n".join(f"{name}: yes" for name in asked)


@pytest.mark.parametrize(("heads", "is_drawn"), [(12, True), (13, False)])
def test_too_many_heads_are_listed_rule_by_rule(heads: int, is_drawn: bool) -> None:
    text = crossed(
        "unique",
        [f"| {name} | {asked} || {' | '.join('1' * heads)} || |" for name, asked in ROWS],
        heads=" | ".join(map(str, range(heads))),
        kind=f"int 0..{heads - 1}",
    )
    result, page = page_of(text)
    ids = read(READERS["github"](page)).ids

    assert bool(crosstabs(text)) == is_drawn
    assert {f"rule.t.{name}-{head}" for name, _ in ROWS for head in range(heads)} <= set(ids)
    assert result.is_sound


ROWS = (("light", "..5"), ("heavy", "6.."))


def test_words_that_are_too_long_are_listed_rule_by_rule() -> None:
    long = "Donaudampfschifffahrtsgesellschaft"
    text = crossed("unique", ["| r | - || 1 | 2 | 3 || |"])
    labels = f'home "{long}" | near "{long}n" | world "{long}s"'

    assert crosstabs(text)
    assert not crosstabs(text.replace("home | near | world", labels, 1))


def test_a_head_may_be_another_column_called_by_its_label() -> None:
    text = crossed(
        "unique",
        ["| all | - || 1 | 2 | impossible || never |"],
        heads="< weight | = weight | > weight",
        kind="int 0..9",
        inputs=('weight : int 0..9 "The weight"',),
    )
    [found] = crosstabs(text)

    assert found[0][1:4] == [
        f"zone:\n{each} The weight" for each in ("less than", "the same as", "more than")
    ]
    assert found[1][1:4] == ["1", "2", "cannot happen"]


@pytest.mark.parametrize("day", ["sent", "effective"])
def test_days_may_stand_across_the_top(day: str) -> None:
    text = (
        "table t\n  in sent : date\n  in heavy : bool\n  out price : int\n\n"
        f"  | unique | heavy || price by {day} |\n"
        "  | | || ..2024-12-31 | 2025-01-01.. |\n"
        "  | light | no || 1 | 2 |\n  | heavy | yes || 3 | - |\n  | late | yes || - | 4 |\n"
    )

    assert crosstabs(text) == [
        [
            ["Row", "heavy", "sent:\nup to 2024-12-31", "sent:\nfrom 2025-01-01", "Cases"],
            ["light", "no", "1", "2", "2"],
            ["heavy", "yes", "3", "–", "1"],
            ["late", "yes", "–", "4", "1"],
        ]
    ]


def test_many_rows_are_folded() -> None:
    rows = [f"| r{number} | {number} || 1 | 2 | {number} || |" for number in range(100)]
    text = crossed("unique", rows, inputs=("weight : int 0..99",))
    for reader in READERS.values():
        page = read(reader(page_of(text)[1]))
        [found] = [table for table in page.tables if table[0][0] == "Row"]
        assert [row[4] for row in found[1:]] == [f"{number}" for number in range(100)]
        assert "Show 100 rows" in page.text
        assert "rule.t.r99-world" in page.ids


def test_versions_are_drawn_and_the_table_that_asks_them_is_not() -> None:
    grid = (
        "  in sent : date\n  in zone : Zone\n  out price : int\n\n"
        "  | unique || price by zone |\n  | || home | near | world |\n  | all || {} | 2 | 3 |\n\n"
    )
    text = f"{ZONE}table t effective ..2024-12-31\n{grid.format(1)}"
    text += f"table t effective 2025-01-01..\n{grid.format(7)}"

    assert [table[1][1] for table in crosstabs(text)] == ["1", "7"]
