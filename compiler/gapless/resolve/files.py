"""Which file uses which, and the digest that stands for a file and all it rests on."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from gapless.resolve.findings import Findings
from gapless.resolve.order import in_order
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, error, mechanical, replacing
from gapless_dsl.lexis import quoted
from gapless_dsl.nodes import Document, UseNode
from gapless_dsl.source import Source, Span
from gapless_dsl.suggest import nearest


class Use(NamedTuple):
    """One `use` line and the file it means."""

    node: UseNode
    document: Document


Uses: TypeAlias = Mapping[str, tuple[Use, ...]]
"""By a document's path: what it uses, each file once, itself never."""


def resolve_uses(
    documents: Sequence[Document], sources: Mapping[str, Source], found: Findings
) -> tuple[Uses, frozenset[str]]:
    """What uses what, and the paths of the documents that use a file which is not there."""
    known = {posixpath.normpath(document.path): document for document in documents}
    uses: dict[str, tuple[Use, ...]] = {}
    partial: set[str] = set()
    for document in documents:
        kept: dict[str, Use] = {}
        for node in (each for each in document.declarations if isinstance(each, UseNode)):
            target = known.get(beside(document.path, node.path.text))
            if target is None:
                found.append(_not_found(node, document, tuple(known)))
                partial.add(document.path)
            elif target is document:
                found.append(_itself(node, sources[document.path]))
            elif target.path in kept:
                found.append(_twice(node, kept[target.path].node, sources[document.path]))
            else:
                kept[target.path] = Use(node, target)
        uses[document.path] = tuple(kept.values())
    _refuse_cycles(uses, found)
    return uses, frozenset(partial)


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


def _not_found(node: UseNode, document: Document, known: tuple[str, ...]) -> Diagnostic:
    others = (path for path in known if path != posixpath.normpath(document.path))
    near = nearest(node.path.text, (seen_from(document.path, path) for path in others))
    label = "no such file" if near is None else f"did you mean `{near}`?"
    looked = f"looked for `{beside(document.path, node.path.text)}`: a path begins at this file"
    right = None if near is None else quoted(near)
    return error(
        "GAP014",
        f"there is no file `{node.path.text}`",
        Label(node.path.span, label),
        notes=(looked,),
        helps=replacing(node.path.span, node.path.text, right),
    )


def _itself(node: UseNode, source: Source) -> Diagnostic:
    return error(
        "GAP014",
        "a file uses itself",
        Label(node.path.span, "this is the file it stands in"),
        helps=(mechanical("delete the line", Edit(whole_line(node.span, source), "")),),
    )


def _twice(node: UseNode, first: UseNode, source: Source) -> Diagnostic:
    return error(
        "GAP013",
        f"`{node.path.text}` is used twice",
        Label(node.path.span, "used again"),
        Label(first.path.span, "used here already"),
        helps=(mechanical("delete the line", Edit(whole_line(node.span, source), "")),),
    )


def _refuse_cycles(uses: Uses, found: Findings) -> None:
    def needs(path: str) -> list[str]:
        return [use.document.path for use in uses[path]]

    for cycle in in_order(sorted(uses), needs)[1]:
        circle = (*cycle, cycle[0])
        steps = [
            next(use.node for use in uses[one] if use.document.path == other)
            for one, other in pairwise(circle)
        ]
        closing, *others = reversed(steps)
        found.append(
            error(
                "GAP014",
                f"files use each other in a circle: {' → '.join(f'`{each}`' for each in circle)}",
                Label(closing.path.span, "this closes the circle"),
                *(Label(step.path.span, "by way of this") for step in reversed(others)),
                notes=("move what they share into a file that uses none of them",),
            )
        )


def digest(document: Document, uses: Uses, sources: Mapping[str, Source]) -> str:
    """SHA-256 over the file and all it uses, by the paths they have seen from it.

    So the digest is the same on every machine and from whatever folder the compiler is started.
    """
    root = posixpath.basename(posixpath.normpath(document.path))
    names = {document.path: root}
    waiting = [document]
    while waiting:
        user = waiting.pop(0)
        for use in uses[user.path]:
            if use.document.path not in names:
                names[use.document.path] = beside(names[user.path], use.node.path.text)
                waiting.append(use.document)
    result = sha256()
    for path, name in sorted(names.items(), key=lambda each: each[1]):
        text = sources[path].text.replace("\r\n", "\n").replace("\r", "\n")
        for part in (name.encode("utf-8", "surrogatepass"), text.encode("utf-8", "surrogatepass")):
            result.update(f"{len(part)}\n".encode())
            result.update(part)
    return result.hexdigest()
