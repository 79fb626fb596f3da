"""Measure, and write the report and its plots beside this file; `--quick` shows it in small, and writes nothing.

`--seeds 3` measures with so many hash seeds instead of twelve.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.lookups import agreeing, audit, plots, results, weights
from benchmarks.lookups.contenders import BARE, HAND, PEER, contenders
from benchmarks.lookups.generated import Generated, generated, write
from benchmarks.lookups.results import Measured, timed
from benchmarks.lookups.timing import MODES
from benchmarks.lookups.weights import Weight, largest, of_many_rules, weight
from benchmarks.lookups.workloads import NAMES, Workload, workload

HERE = Path(__file__).parent
ENGINES = ("zen-engine", "business-rules", "rule-engine", "SpiffWorkflow")


@dataclass(frozen=True)
class Extent:
    """How much of everything."""

    seeds: int
    names: tuple[str, ...]
    samples: int
    few: int
    """Samples for those who take milliseconds for each."""
    imports: int
    rules: int
    """So many has the large table that is only weighed."""


FULL = Extent(12, NAMES, 400, 40, 15, 20_000)
QUICK = Extent(1, ("w1", "guidance_line"), 20, 4, 1, 200)


@dataclass(frozen=True)
class Looked:
    """What the first look at a workload gave, before the clock runs."""

    groups: dict[str, str]
    faults: dict[str, audit.Found]
    agreed: dict[str, tuple[int, int]]


def look(asked: Workload, made: Generated, extent: Extent) -> Looked:
    samples = agreeing.samples(asked, extent.samples)
    everyone = contenders(asked.grid, made)
    agreed = {}
    for each in everyone:
        some = samples[: extent.few] if each.group == PEER else samples
        agreed[each.name] = (len(some) - len(agreeing.strays(each, some)), len(some))
    return Looked(
        {each.name: each.group for each in everyone},
        {each.name: audit.audit(asked.grid, each) for each in everyone},
        agreed,
    )


def report(
    extent: Extent,
    looked: Mapping[str, Looked],
    found: Sequence[Measured],
    weighed: Mapping[str, Weight],
) -> Iterator[str]:
    yield "# How fast one lookup is"
    yield ""
    yield from _head(extent)
    yield "## Targets"
    yield ""
    for each in found:
        yield from results.verdicts(each)
    yield from weights.verdicts(weighed)
    yield ""
    yield from _speed(found)
    yield from _agreement(looked)
    yield from _faults(looked)
    yield from _weights(weighed)


def _head(extent: Extent) -> Iterator[str]:
    yield "`make bench-lookups` writes this page and its plots in one run."
    yield f"{_processor()}, {os.cpu_count()} CPUs, {platform.system()}, {platform.python_implementation()} {platform.python_version()}; {', '.join(f'{name} {version(name)}' for name in ENGINES)}."
    yield f"Every workload is measured in {extent.seeds} processes, one for each hash seed; in each of them all contenders take turns, stretch by stretch, on the same inputs."
    yield "Nanoseconds are medians, less what the loop takes; ratios are taken within a process, and the median of those is shown."
    yield "They are ratios to the fastest code by hand that refuses every bad input (see the audit below); in brackets, the least and the largest of all hash seeds."
    yield "Python's collector of cycles is off, for everybody."
    yield ""
    for mode, said in MODES.items():
        yield f"- {mode}: {said}"
    yield ""
    yield "Every part of a column is as likely as any other, and its ends as likely as all between; one decimal in five is written without the zeros at its end."
    yield ""


def _processor() -> str:
    """The processor's name, where the system tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _speed(found: Sequence[Measured]) -> Iterator[str]:
    yield "## Side by side"
    yield ""
    yield "`no door` is the same shape without any check of its arguments; the text of `written out by hand` is in [handwritten](handwritten/README.md)."
    yield "Other engines get a dict made beforehand, and are measured with the words of the program itself; zen-engine gets floats for decimals."
    yield "SpiffWorkflow is its DMN engine alone, without a workflow around it; pyDMNrules is left out for its license (GPL)."
    yield ""
    yield "![All shapes and engines](lookups.png)"
    yield ""
    yield "![Hash seeds](seeds.png)"
    yield ""
    for each in found:
        yield f"### {each.name}"
        yield ""
        yield from results.table(each)
        yield ""


def _agreement(looked: Mapping[str, Looked]) -> Iterator[str]:
    yield "## Do all give the table's answer?"
    yield ""
    yield "Valid inputs, both ends of each part among them; right is what the reference meaning of the table says."
    yield "zen-engine refuses a Decimal, so it gets the nearest float here; all other engines get the Decimal itself."
    yield ""
    yield from agreeing.table({name: each.agreed for name, each in looked.items()})
    yield ""


def _faults(looked: Mapping[str, Looked]) -> Iterator[str]:
    yield "## Bad inputs"
    yield ""
    yield "One argument of a valid row is spoilt at a time, in several rows and ways for each kind; shown is the worst that happens, with the columns where it is not in all."
    yield "`names it`: it raises, and the message names the argument; `raises`: it raises something; `nothing`: no answer and no error; `answers`: as if nothing were wrong."
    yield ""
    for name, each in looked.items():
        safe = [who for who, found in each.faults.items() if audit.is_safe(found)]
        yield f"### {name}: what it lets pass"
        yield ""
        yield f"Name every kind in every column: {', '.join(f'`{who}`' for who in safe)}."
        yield ""
        for group in (HAND, BARE, PEER):
            some = {
                who: each.faults[who]
                for who, kind in each.groups.items()
                if kind == group and who not in safe
            }
            if some:
                yield from audit.table(workload(name).grid, some)
                yield ""


def _weights(weighed: Mapping[str, Weight]) -> Iterator[str]:
    yield "## What a module weighs"
    yield ""
    yield "Imports are medians of fresh processes, from compiled bytes, with the standard modules that the text imports already there, and with nothing loaded."
    yield "Memory is what is held after the import."
    yield ""
    yield from weights.table(weighed)
    yield ""


def run(extent: Extent, folder: Path, *, is_quick: bool) -> str:
    """Everything, and the page that says it."""
    made = {name: generated(workload(name)) for name in extent.names}
    write(folder / "generated.json", made)
    looked = {name: look(workload(name), made[name], extent) for name in extent.names}
    found = [
        Measured(
            name,
            timed(folder / "generated.json", name, range(1, extent.seeds + 1), is_quick=is_quick),
            looked[name].groups,
            frozenset(w for w, faults in looked[name].faults.items() if audit.is_safe(faults)),
        )
        for name in extent.names
    ]
    weighed = _weighed(extent, made)
    plots.lookups(folder / "lookups.png", found)
    plots.seeds(folder / "seeds.png", found)
    return "\n".join(report(extent, looked, found, weighed)).rstrip() + "\n"


def _weighed(extent: Extent, made: Mapping[str, Generated]) -> dict[str, Weight]:
    modules = {weights.EMPTY: "", **{name: each.text for name, each in made.items()}}
    name, text = largest()
    modules[f"{name}, the largest of `tables/`"] = text
    modules[f"{extent.rules:,} rules x 7"] = of_many_rules(extent.rules)
    return {name: weight(text, extent.imports) for name, text in modules.items()}


def main(arguments: Sequence[str]) -> None:
    is_quick = "--quick" in arguments
    extent = QUICK if is_quick else FULL
    if "--seeds" in arguments:
        extent = replace(extent, seeds=int(arguments[arguments.index("--seeds") + 1]))
    with TemporaryDirectory() as name:
        folder = Path(name)
        page = run(extent, folder, is_quick=is_quick)
        if is_quick:
            sys.stdout.write(page)
            return
        for picture in ("lookups.png", "seeds.png"):
            (HERE / picture).write_bytes((folder / picture).read_bytes())
        (HERE / "report.md").write_text(page, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
