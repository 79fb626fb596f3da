"""A row means the same on one line and on several."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from gapless.driver import Result, compile_sources
from gapless.model import Rule
from gapless_dsl.formatter import format_document
from gapless_dsl.parser import parse
from gapless_dsl.source import Source
from tests.pages import ROOT

FILES = sorted(path for path in (ROOT / "tables").rglob("*.dtable"))
HEADERS = ("unique", "any", "first", "priority", "collect", "rule", "output", "otherwise")
_CELL = re.compile(r'(?:"(?:[^"\\]|\\.)*"|\\\||[^|])*')


def broken(text: str, random: Random) -> str:
    """The text, its rows broken at commas and between words; tables of crossed heads are left alone."""
    lines = []
    for line in text.split("\n"):
        cells = _CELL.findall(line.strip()[1:-1]) if line.strip().startswith("|") else []
        lines.extend(_broken(line, random) if _is_row(line, cells) else [line])
    return "\n".join(lines)


def _is_row(line: str, cells: list[str]) -> bool:
    name = cells[0].strip() if cells else ""
    if name.partition(" ")[0] in HEADERS or "--" in line or "^" in line:
        return False
    return bool(re.fullmatch(r"[A-Za-z][\w-]*", name))


def _broken(line: str, random: Random) -> list[str]:
    sections = line.strip()[1:-1].split("||")
    if len(sections) < 2 or '"' in line or "\\" in line:
        return [line]
    upper, lower = [], []
    for number, section in enumerate(sections):
        above, below = [], []
        for place, cell in enumerate(section.split("|")):
            one, other = _halves(cell.strip(), number, random)
            above.append(one or " ")
            below.append("+" if number == place == 0 else other or " ")
        upper.append(" | ".join(above))
        lower.append(" | ".join(below))
    return [f"  | {' || '.join(upper)} |", f"  | {' || '.join(lower)} |"]


def _halves(cell: str, section: int, random: Random) -> tuple[str, str]:
    """A list in two, or a sentence in two; nothing that is one word."""
    sign = ", " if section < 2 else " "
    places = [found.end() for found in re.finditer(sign, cell)]
    if not places or "(" in cell or ("[" in cell and section < 2) or random.random() < 0.2:
        return cell, ""
    at = random.choice(places)
    return cell[:at].rstrip(), cell[at:].lstrip()


def rules(result: Result) -> list[tuple[object, ...]]:
    """What the rules of all tables mean, wherever they stand."""
    return [
        _meant(rule)
        for policy in result.policies
        for table in policy.tables
        for rule in table.rules
    ]


def _meant(rule: Rule) -> tuple[object, ...]:
    outcomes = tuple(outcome.text for outcome in rule.outcomes)
    tests = tuple(condition.test for condition in rule.conditions)
    words = tuple(rule.reason.text.split())
    cited = tuple(each.name for each in rule.reason.citations)
    return rule.name, rule.kind, tests, outcomes, words, cited, rule.annotations, rule.over


def compiled(texts: dict[str, str]) -> Result:
    return compile_sources([Source(path, text) for path, text in texts.items()])


def family(path: Path) -> dict[str, str]:
    """A file and, where it uses any, those beside it."""
    text = path.read_text(encoding="utf-8")
    files = path.parent.glob("*.dtable") if '\nuse "' in text else [path]
    return {str(each): each.read_text(encoding="utf-8") for each in files}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", range(1))
def test_a_row_may_be_broken_anywhere_between_values_and_words(path: Path, seed: int) -> None:
    texts = family(path)
    whole = compiled(texts)
    text = broken(texts[str(path)], Random(seed))
    parts = compiled({**texts, str(path): text})
    assert rules(parts) == rules(whole)
    codes = [sorted(each.code for each in result.diagnostics) for result in (whole, parts)]
    assert codes[0] == codes[1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_broken_rows_are_laid_out_once_and_for_all(path: Path) -> None:
    text = broken(path.read_text(encoding="utf-8"), Random(7))
    source = Source(str(path), text)
    once = format_document(parse(source)[0], source)
    assert once is not None
    again = Source(str(path), once)
    assert format_document(parse(again)[0], again) == once
    assert once.count("| +") == text.count("| +") > 0
