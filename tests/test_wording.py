"""The page on wording shows the same faults twice, and what it calls the bare form is what the search has."""

from __future__ import annotations

from tests.bare_analyzer import listing
from tests.pages import ROOT, fences, is_updating, programs

PAGE = ROOT / "docs" / "wording.md"


def test_the_bare_form_is_what_the_search_found() -> None:
    text = PAGE.read_text(encoding="utf-8")
    (program,) = programs(text)
    (unit,) = program.compiled().units.values()
    (before,) = (fence for fence in fences(text) if fence.info == "text")
    now = listing(unit)
    if is_updating():
        PAGE.write_text(
            text.replace(f"```text\n{before.text}", f"```text\n{now}"), encoding="utf-8"
        )
    else:
        assert before.text == now


def test_both_forms_tell_two_gaps_and_one_conflict() -> None:
    text = PAGE.read_text(encoding="utf-8")
    (program,) = programs(text)
    (unit,) = program.compiled().units.values()
    gap, conflict = program.compiled().diagnostics

    assert "2 missing" in listing(unit) and "1 pair" in listing(unit)
    assert len(gap.regions) == 2
    assert sum(each.cases or 0 for each in gap.regions) == unit.claims.gap.at_least
    assert {name for region in conflict.regions for name in region.rules} == {
        "xray-old",
        "xray-new",
    }
