"""Random policies put to the command that builds: `python -m tests.building 20000 [first seed]`.

What `check` accepts has to be built, with all targets. Not part of the default run, which takes the
first few of the same policies; whatever fails is named by its seed.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pytest import MonkeyPatch

from gapless.backends.columns.shaping import offered
from gapless.backends.sql import Unsupported, expressions
from gapless.backends.verify import cases
from gapless.cli.arguments import parsed
from gapless.cli.build import build
from gapless.driver import Result, compile_sources
from gapless_dsl.diagnostic import Severity
from gapless_dsl.source import Source
from tests.pages import ROOT
from tests.random_policies import random_policy

READINGS = 3_000
"""So many rules are read in a trial here, of the 40,000 that the command reads."""

FEATURES = {
    "step that calculates": r"(?m)^  let \S+ = (?!\w+\()|^  let \S+ = (min|max|abs|round)\(",
    "step that asks": r"(?m)^  let \S+ = (?!min|max|abs|round)\w+\(",
    "constant as an argument": r"(?m)^  let \S+ = (?!min|max|abs|round)\w+\([^)]*[\"0-9]",
    "guard": r"(?m)^  let .* when ",
    "comparison": r"\| [<>=]=? [A-Za-z_]",
    "unequal to a column": r"\| != [A-Za-z_]",
    "end right outside its column": r"\| \(\S+\.\.",
    "arithmetic": r"\|\| [^|]* [-+*/] |round\(",
    "version": r"(?m)^table \S+ effective",
    "decision": r"(?m)^decision ",
    "crosstab": r"(?m)^  \| unique .* by ",
    "rules that answer together": r"(?m)^  \| (collect|rule order|output order)",
    "first": r"(?m)^  \| first ",
    "any": r"(?m)^  \| any ",
    "priority": r"(?m)^  \| priority ",
    "exception": r"(?m)^  \| r\d+ over ",
    "otherwise": r"(?m)^  \| otherwise",
    "impossible": r"\|\| impossible \|\|",
    "what never happens": r"(?m)^impossible ",
    "draft": r"\|\| draft \|\|",
    "member with a life": r"(?m) (until 20|from 20)",
    "ordered list": r"(?m)^type \S+ (= )?ordered",
    "optional": r": optional ",
    "list or set": r": (list|set) of ",
    "set that is asked about": r"\| (any|all|none) of |\| count ",
    "text": r": (optional )?text",
    "day": r": (optional )?date",
    "decimal": r": (optional )?decimal",
    "beginning of texts": r"77\*|, x\*",
    "file that is used": r"(?m)^use ",
    "citation": r"\[prices\]|\[rules\]",
    "wide table": r"(?m)(^  in .*\n){13}",
    "many rules": r"(?m)^  \| r2\d ",
}


@dataclass
class Tally:
    """What became of policies. `failed` names the seeds of those that were not built, with the reason."""

    asked: int = 0
    accepted: int = 0
    tables: int = 0
    features: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[int, str]] = field(default_factory=list)


def put(seeds: Sequence[int]) -> Iterator[Tally]:
    """The tally after each policy."""
    tally = Tally()
    with MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(cases, "READINGS", READINGS)
        for seed in seeds:
            _put(seed, tally, Path(folder))
            yield tally


def _put(seed: int, tally: Tally, folder: Path) -> None:
    sources = random_policy(seed)
    tally.asked += 1
    try:
        result = compile_sources(sources)
    except Exception as error:  # noqa: BLE001, whatever it is, it is counted
        tally.failed.append((seed, f"check: {type(error).__name__}: {error}"))
        return
    errors = {each.code for each in result.diagnostics if each.severity is Severity.ERROR}
    if errors - {"GAP120"}:
        tally.findings.update(errors)
        return
    tally.accepted += 1
    text = "\n".join(each.text for each in sources)
    tally.features.update(name for name, sign in FEATURES.items() if re.search(sign, text))
    try:
        for why in _not_built(sources, result, folder, tally):
            tally.failed.append((seed, why))
    except Exception as error:  # noqa: BLE001, whatever it is, it is counted
        tally.failed.append((seed, f"build: {type(error).__name__}: {error}"))


def _not_built(
    sources: Sequence[Source], result: Result, folder: Path, tally: Tally
) -> Iterator[str]:
    """Why the command did not build the policies whole."""
    given, out = folder / "tables", folder / "out"
    for kept in (*given.glob("*"), *out.glob("*/*")):
        kept.unlink()
    given.mkdir(exist_ok=True)
    for each in sources:
        (given / each.path).write_text(each.text, "utf-8")
    words = ["build", str(given), "--out", str(out), "--allow-drafts"]
    outcome = build(parsed(words))
    if outcome.code != 0:
        yield f"build: {outcome.text}"
        return
    texts = {path: path.read_text("utf-8") for path in sorted(out.glob("*/*"))}
    said = " ".join(
        " ".join(text.split()) for path, text in texts.items() if path.parent.name != "markdown"
    )
    for table, unit in result.units.items():
        tally.tables += 1
        reasons = []
        if isinstance(why := offered(unit), str):
            reasons.append(("columns", why))
        if isinstance(found := expressions(unit), Unsupported):
            reasons.append(("sql", found.reason))
        for target, reason in reasons:
            named = next(
                (each for each in documented(target) if re.fullmatch(_pattern(each), reason)), None
            )
            if named is None or "\n" in reason or reason not in said:
                yield f"{target} leaves {table.name} out, as no page says: {reason}"
            else:
                tally.refused[f"{target}: {named}"] += 1


@cache
def documented(target: str) -> tuple[str, ...]:
    """The reasons for which a target leaves tables out, as its page lists them; `…` stands for names."""
    page = (ROOT / "docs" / f"{target}.md").read_text("utf-8")
    part = page.partition("## Which tables are left out")[2].partition("\n## ")[0]
    return tuple(re.findall(r"(?m)^\| `(.+?)` \|", part))


def _pattern(reason: str) -> str:
    return ".+".join(map(re.escape, reason.split("…")))


def told(tally: Tally, seconds: float) -> str:
    """The tally, a line for each count."""
    head = (
        f"{tally.asked:,} policies, {tally.accepted:,} accepted by check, {tally.tables:,} tables,"
        f" {len(tally.failed)} not built, {seconds:,.0f} s of CPU"
    )
    lines = [head]
    for title, counts in (
        ("accepted policies with", tally.features),
        ("tables left out", tally.refused),
        ("policies not accepted", tally.findings),
    ):
        lines.append(f"{title}:")
        lines += [f"  {count:>7,} {name}" for name, count in sorted(counts.items())]
    return "\n".join([*lines, *(f"seed {seed}: {why}" for seed, why in tally.failed), ""])


def main(count: int, first: int = 0) -> int:
    """Asks so many policies, and says what became of them."""
    tally, failed = Tally(), 0
    for tally in put(range(first, first + count)):
        for seed, why in tally.failed[failed:]:
            sys.stderr.write(f"seed {seed}: {why[:500]}\n")
        failed = len(tally.failed)
        if tally.asked % 100 == 0:
            sys.stderr.write(f"\r{tally.asked:,} policies, {len(tally.failed)} not built ")
    sys.stdout.write(told(tally, time.process_time()))
    return bool(tally.failed)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
