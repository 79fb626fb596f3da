"""Which file uses which, what else needs what in order, and the digest that stands for a file and all it uses."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Hashable, Iterable, Iterator
from hashlib import sha256
from itertools import pairwise
from typing import TypeVar

from gapless.resolve.context import Context, Program, Use
from gapless_dsl.diagnostic import Edit, Help, Label, mechanical, replacing
from gapless_dsl.lexis import quoted
from gapless_dsl.nodes.declarations import Document, UseNode
from gapless_dsl.source import Source, Span
from gapless_dsl.suggest import nearest

Key = TypeVar("Key", bound=Hashable)


def resolve_uses(program: Program) -> frozenset[str]:
    """What uses what; returns the paths of the documents that use a file which is not there."""
    known = {posixpath.normpath(document.path): document for document in program.documents}
    partial: set[str] = set()
    for document in program.documents:
        context = program.context(document.path)
        kept: dict[str, Use] = {}
        for node in (each for each in document.declarations if isinstance(each, UseNode)):
            target = known.get(beside(document.path, node.path.text))
            if target is None:
                _not_found(node, tuple(known), context)
                partial.add(document.path)
            elif target is document:
                title, label = "a file uses itself", "this is the file it stands in"
                helps = (_deleting(node, context),)
                context.error("GAP014", title, Label(node.path.span, label), helps=helps)
            elif target.path in kept:
                context.error(
                    "GAP013",
                    f"`{node.path.text}` is used twice",
                    Label(node.path.span, "used again"),
                    Label(kept[target.path].node.path.span, "used here already"),
                    helps=(_deleting(node, context),),
                )
            else:
                kept[target.path] = Use(node, target)
        program.uses[document.path] = tuple(kept.values())
    _refuse_cycles(program)
    return frozenset(partial)


def _not_found(node: UseNode, known: tuple[str, ...], context: Context) -> None:
    others = (path for path in known if path != posixpath.normpath(context.path))
    near = nearest(node.path.text, (seen_from(context.path, path) for path in others))
    label = "no such file" if near is None else f"did you mean `{near}`?"
    looked = f"looked for `{beside(context.path, node.path.text)}`: a path begins at this file"
    right = None if near is None else quoted(near)
    context.error(
        "GAP014",
        f"there is no file `{node.path.text}`",
        Label(node.path.span, label),
        notes=(looked,),
        helps=replacing(node.path.span, node.path.text, right),
    )


def _deleting(node: UseNode, context: Context) -> Help:
    return mechanical("delete the line", Edit(whole_line(node.span, context.source), ""))


def _refuse_cycles(program: Program) -> None:
    uses = program.uses
    _, cycles = in_order(sorted(uses), lambda path: (use.document.path for use in uses[path]))
    for cycle in cycles:
        circle = (*cycle, cycle[0])
        steps = [
            next(use.node for use in uses[one] if use.document.path == other)
            for one, other in pairwise(circle)
        ]
        closing, *others = reversed(steps)
        program.context(closing.span.path).error(
            "GAP014",
            f"files use each other in a circle: {' → '.join(f'`{each}`' for each in circle)}",
            Label(closing.path.span, "this closes the circle"),
            *(Label(step.path.span, "by way of this") for step in reversed(others)),
            notes=("move what they share into a file that uses none of them",),
        )


def beside(path: str, used: str) -> str:
    """The path that `used` is when the file at `path` says it."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), used))


def seen_from(path: str, other: str) -> str:
    """How the file at `path` says `other`."""
    here = posixpath.normpath(path).split("/")[:-1]
    there = posixpath.normpath(other).split("/")
    shared = len(posixpath.commonprefix([here, there[:-1]]))
    return "/".join([".."] * (len(here) - shared) + there[shared:])


def whole_line(span: Span, source: Source) -> Span:
    """The line that `span` stands on, or lines, newline included: what an edit takes to delete it."""
    start = source.text.rfind("\n", 0, span.start) + 1
    end = source.text.find("\n", span.end)
    return Span(span.path, start, len(source.text) if end < 0 else end + 1)


def digest(document: Document, program: Program) -> str:
    """SHA-256 over the file and all it uses, by the paths they have seen from it.

    So the digest is the same on every machine and from whatever folder the compiler is started.
    """
    root = posixpath.basename(posixpath.normpath(document.path))
    names = {document.path: root}
    waiting = [document]
    while waiting:
        user = waiting.pop(0)
        for use in program.uses[user.path]:
            if use.document.path not in names:
                names[use.document.path] = beside(names[user.path], use.node.path.text)
                waiting.append(use.document)
    result = sha256()
    for path, name in sorted(names.items(), key=lambda each: each[1]):
        text = program.sources[path].text.replace("\r\n", "\n").replace("\r", "\n")
        for part in (name.encode("utf-8", "surrogatepass"), text.encode("utf-8", "surrogatepass")):
            result.update(f"{len(part)}\n".encode())
            result.update(part)
    return result.hexdigest()


def in_order(
    keys: Iterable[Key], needs: Callable[[Key], Iterable[Key]]
) -> tuple[tuple[Key, ...], tuple[tuple[Key, ...], ...]]:
    """The keys, needed ones first, and the cycles.

    Each member of a cycle needs the next one, and the last needs the first. Where keys need each
    other in a cycle, that last need is the one left unserved. Depth first, without recursion: a
    chain of tables may be longer than Python's stack.
    """
    done: dict[Key, None] = {}
    cycles: list[tuple[Key, ...]] = []
    for key in keys:
        path: dict[Key, Iterator[Key]] = {}
        if key not in done:
            path[key] = iter(needs(key))
        while path:
            last = next(reversed(path))
            needed = next((each for each in path[last] if each not in done), None)
            if needed is None:
                done[last] = None
                del path[last]
            elif needed in path:
                members = tuple(path)
                cycles.append(members[members.index(needed) :])
            else:
                path[needed] = iter(needs(needed))
    return tuple(done), tuple(cycles)
