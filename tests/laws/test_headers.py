"""A header whose `||` stand elsewhere than its columns are declared earns one finding, which mends it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gapless_dsl.parser import parse
from gapless_dsl.source import Source
from tests.mechanical import carried_out

HEADER = re.compile(r"^  \|[^|\n]*\|[^\n]*\|$\n(?=  \|-)", re.MULTILINE)


def sound() -> Iterator[Source]:
    for path in sorted(Path("tables").rglob("*.dtable")):
        source = Source(path.name, path.read_text(encoding="utf-8"))
        if not parse(source)[1]:
            yield source


def slips(text: str) -> Iterator[tuple[str, bool]]:
    """The file with one bar of a header, or of a crosstab's heads, made double or single.

    Each with whether it is a header's: what was meant is not always known of heads.
    """
    for header in HEADER.finditer(text):
        is_header = " by " not in text[: header.start()].split("\n")[-2]
        for bar in [*re.finditer(r"\|+", header[0])][1:-1]:
            start, end = header.start() + bar.start(), header.start() + bar.end()
            yield text[:start] + ("|" if bar[0] == "||" else "||") + text[end:], is_header


@pytest.mark.parametrize("source", [*sound()], ids=lambda source: source.path)
def test_a_slip_in_a_header_is_told_once_and_mended(source: Source) -> None:
    for slipped, is_header in slips(source.text):
        (found,) = parse(Source(source.path, slipped))[1]

        if is_header:
            mended = carried_out({source.path: slipped}, found.helps[0].edits)[source.path]
            assert found.code == "GAP004"
            assert parse(Source(source.path, mended)) == parse(source)
