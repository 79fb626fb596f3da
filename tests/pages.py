"""Markdown pages that run: their fences, the findings they promise and the outputs they quote."""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from pytest import MonkeyPatch

from gapless import cli
from gapless.cli import files
from gapless.driver import Result, compile_sources
from gapless.report import terminal
from gapless_dsl.source import Source

ROOT = Path(__file__).parent.parent
PAGE = "page.dtable"

_MARK = re.compile(
    r"[ \t]+#[ \t]*((?:error|warning|note): GAP\d{3}(?:, (?:(?:error|warning|note): )?GAP\d{3})*)$"
)
_ONE = re.compile(r"(?:(error|warning|note): )?(GAP\d{3})")


class Fence(NamedTuple):
    """One fenced block: `line` is that of its opening, counted from 1, `info` what follows it."""

    line: int
    info: str
    text: str


class Promise(NamedTuple):
    """A finding that a page promises or the compiler made: on which line of which file."""

    path: str
    line: int
    severity: str
    code: str


class Program(NamedTuple):
    """A `gapless` fence with the named fences above it, which it may use, and the outputs below it.

    `data` are the named fences of other kinds, files that commands read.
    """

    fence: Fence
    named: Mapping[str, Fence]
    outputs: tuple[Fence, ...]
    sessions: tuple[Fence, ...]
    """What Python says below it, with the generated modules at hand."""
    data: Mapping[str, Fence]

    @property
    def promised(self) -> list[Promise]:
        """What the marks of the files that take part say, in order."""
        parts = {PAGE: self.fence.text, **{path: each.text for path, each in self.named.items()}}
        return sorted(promise for path in self.sources for promise in _promises(path, parts[path]))

    @property
    def sources(self) -> dict[str, Source]:
        """The page's file and those of the named ones that it uses, near or far, without their marks."""
        chosen = {PAGE: Source(PAGE, _bare(self.fence.text))}
        waiting = [PAGE]
        while waiting:
            path = waiting.pop()
            for used in files.used_by(path, chosen[path].text):
                if used in self.named and used not in chosen:
                    chosen[used] = Source(used, _bare(self.named[used].text))
                    waiting.append(used)
        return chosen

    @property
    def today(self) -> date | None:
        """The day a fence is checked on, if it says ```` ```gapless today=2027-03-01 ````."""
        _, said, day = self.fence.info.partition(" today=")
        return date.fromisoformat(day) if said else None

    def compiled(self) -> Result:
        return _compiled(tuple(self.sources.values()), self.today)


@cache
def _compiled(sources: tuple[Source, ...], today: date | None) -> Result:
    """A page's promises, outputs and sessions are held against one result."""
    return compile_sources(sources, today)


def fences(text: str) -> Iterator[Fence]:
    """The fenced blocks of a page; the closing fence is as long as the opening one."""
    lines = iter(enumerate(text.split("\n"), start=1))
    for number, line in lines:
        opening = re.fullmatch(r"(`{3,})([^`]*)", line)
        if opening is None:
            continue
        held = []
        for _, inner in lines:
            if inner == opening[1]:
                break
            held.append(inner)
        yield Fence(number, opening[2].strip(), "".join(f"{each}\n" for each in held))


def programs(text: str) -> Iterator[Program]:
    """Every `gapless` fence that has no file name of its own."""
    named: dict[str, Fence] = {}
    data: dict[str, Fence] = {}
    current: tuple[Fence, dict[str, Fence], list[Fence], list[Fence]] | None = None
    for fence in fences(text):
        kind, _, name = fence.info.partition(" ")
        if kind == "gapless" and name.startswith("file="):
            named[name.removeprefix("file=")] = fence
        elif name.startswith("file="):
            data[name.removeprefix("file=")] = fence
        elif kind == "gapless":
            if current is not None:
                yield _program(current, data)
            current = (fence, dict(named), [], [])
        elif kind in ("output", "console") and current is not None:
            current[2].append(fence)
        elif kind == "pycon" and current is not None:
            current[3].append(fence)
    if current is not None:
        yield _program(current, data)


def _program(
    read: tuple[Fence, dict[str, Fence], list[Fence], list[Fence]], data: Mapping[str, Fence]
) -> Program:
    fence, named, outputs, sessions = read
    return Program(fence, named, tuple(outputs), tuple(sessions), dict(data))


def found(result: Result) -> list[Promise]:
    """The findings of a result, in the form in which pages promise them."""
    return sorted(
        Promise(
            each.span.path,
            result.sources[each.span.path].place(each.span.start).line,
            each.severity.value,
            each.code,
        )
        for each in result.diagnostics
    )


def said(program: Program, output: Fence, folder: Path) -> str:
    """What the fence `output` of a program should hold; commands run in `folder`, an empty one."""
    if output.info == "output":
        result = program.compiled()
        return terminal.render(result.diagnostics, result.sources, limit=None)
    for path, source in program.sources.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(source.text, encoding="utf-8", newline="")
    for path, data in program.data.items():
        (folder / path).write_text(data.text, encoding="utf-8", newline="")
    with contextlib.chdir(folder):
        return "".join(_ran(line) for line in _commands(output.text))


def refreshed(text: str, folder: Path) -> str:
    """The page with every quoted output as it is now."""
    lines = text.split("\n")
    changes = [
        (output, said(program, output, folder))
        for program in programs(text)
        for output in program.outputs
    ]
    for output, now in sorted(changes, reverse=True):
        end = output.line + output.text.count("\n")
        lines[output.line : end] = now.removesuffix("\n").split("\n") if now else []
    return "\n".join(lines)


def run(words: Sequence[str]) -> tuple[int, str, str]:
    """Run the command line inside this process: exit code, standard output, standard error."""
    out, aside = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(aside):
        try:
            code = cli.main(words)
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
    return code, _held(out), _held(aside)


def _held(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode("utf-8")


def _commands(text: str) -> Iterator[str]:
    """The commands of a console fence, one that goes on after a backslash on several lines."""
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("$ "):
            while line.endswith("\\"):
                line += "\n" + next(lines)
            yield line


def _ran(line: str) -> str:
    """A command and what it prints; where it names no file, the page's own is meant. `cat` shows a file."""
    words = shlex.split(line.removeprefix("$ "))
    if words[0] == "cat":
        return "\n".join([line, *(Path(path).read_text(encoding="utf-8") for path in words[1:])])
    assert words[0] == "gapless", f"a page runs gapless and cat: {line}"
    if words[1] in ("run", "apply") and "--tables" not in words:
        words += ["--tables", PAGE]
    elif words[1] in ("check", "build", "fmt") and all(word.startswith("-") for word in words[2:]):
        words.append(PAGE)
    _, out, aside = run(words[1:])
    return f"{line}\n{out}{aside}"


def _bare(text: str) -> str:
    return "\n".join(_MARK.sub("", line) for line in text.split("\n"))


def _promises(path: str, text: str) -> Iterator[Promise]:
    for number, line in enumerate(text.split("\n"), start=1):
        mark = _MARK.search(line)
        severity = ""
        for one in _ONE.finditer(mark[1]) if mark else ():
            severity = one[1] or severity
            yield Promise(path, number, severity, one[2])


def pages() -> list[Path]:
    """Every page of the project that runs."""
    folders = (*ROOT.glob("tests/spec/*.md"), *ROOT.glob("docs/errors/*.md"))
    return [ROOT / "README.md", ROOT / "docs" / "wording.md", *sorted(folders)]


def wrong_in_python(program: Program, modules: Mapping[str, ModuleType]) -> str:
    """What Python says otherwise than a program's sessions quote; they go on from one to the next."""
    told: list[str] = []
    text = "\n".join(fence.text for fence in program.sessions)
    test = doctest.DocTestParser().get_doctest(text, {}, "page", PAGE, 0)
    with MonkeyPatch.context() as patch:
        for name, module in modules.items():
            patch.setitem(sys.modules, name, module)
        doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=told.append)
    return "".join(told)


def is_updating() -> bool:
    return bool(os.environ.get("GAPLESS_UPDATE"))
