"""`gapless explain`: the page of a finding, the same one that stands in `docs/errors/`."""

from __future__ import annotations

import argparse
import os
import re

import gapless
from gapless.cli.console import CannotRun, Outcome
from gapless_dsl.suggest import nearest

FAMILIES: dict[str | tuple[str, ...], str] = {
    "GAP00": "How files are written",
    ("GAP01", "GAP02", "GAP03", "GAP04"): "Names, types, values and rows",
    "GAP1": "What is proved of tables, over every case",
    "GAP2": "Examples",
    "GAP3": "Sources and citations",
    "GAP4": "Days, versions and lives",
}
"""What the codes are about that begin so."""

RETIRED = {
    "041": (
        "rows no longer go on below with `+` in their first cell; a `+` row is GAP002 today, "
        "which says what to write instead"
    ),
}
"""What became of codes that no finding has any more, by their digits; none is used again."""


def explain(arguments: argparse.Namespace) -> Outcome:
    pages = _pages()
    if arguments.code is None:
        listed = []
        for begins, family in FAMILIES.items():
            codes = [code for code in pages if code.startswith(begins)]
            lines = [f"{family}\n"]
            for code in codes:  # and what its page's first line says after it
                first = _text(pages[code]).partition("\n")[0]
                lines.append(f"  {code}  {first.partition(':')[2].strip()}\n")
            listed.append("".join(lines))
        return Outcome("\n".join(listed), 0)
    code = arguments.code.upper()
    if code not in pages:
        digits = re.search(r"[0-9]{3}", code)
        if digits and code == f"GAP{digits[0]}" and digits[0] in RETIRED:
            return Outcome(f"{code} is retired: {RETIRED[digits[0]]}\n", 0)
        near = f"GAP{digits[0]}" if digits and f"GAP{digits[0]}" in pages else nearest(code, pages)
        meant = f"did you mean {near}? " if near else ""
        raise CannotRun(f"there is no finding {arguments.code}; {meant}`gapless explain` lists all")
    return Outcome(_text(pages[code]), 0)


def _pages() -> dict[str, str]:
    """Where the page of each code is: in the installed package, or beside it in a clone."""
    package = gapless.__path__[0]
    clone = os.path.join(os.path.dirname(os.path.dirname(package)), "docs", "errors")
    for folder in (os.path.join(package, "pages"), clone):
        if os.path.isdir(folder):
            return {
                name.removesuffix(".md"): os.path.join(folder, name)
                for name in sorted(os.listdir(folder))
                if name.startswith("GAP") and name.endswith(".md")
            }
    raise CannotRun("the pages that explain findings are not installed")


def _text(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()
