"""The first cell of a row: the rule's name, and the rules that it is an exception to."""

from __future__ import annotations

import re
from typing import NamedTuple

from gapless_dsl.complaint import complaint, decide, mend, propose
from gapless_dsl.diagnostic import Diagnostic, Help
from gapless_dsl.lexis import ALONE, BARE, OVER, RESERVED
from gapless_dsl.nodes import At
from gapless_dsl.suggest import distance

_OVER = re.compile(rf"(\S*)\s+{OVER}(?:\s+(.*))?")


class Naming(NamedTuple):
    """What a first cell says, each name with where it stands in it; `wrong` where it cannot be read."""

    name: tuple[str, At] | None
    over: tuple[tuple[str, At], ...] = ()
    wrong: Diagnostic | None = None


def naming(text: str) -> Naming:
    """`weekend`, or `weekend over general, evening`."""
    if BARE.fullmatch(text) and text not in ALONE:
        return Naming((text, (0, len(text))))
    found = _OVER.fullmatch(text)
    if found is None or not BARE.fullmatch(found[1]):
        return Naming(None, (), _no_name(text))
    start = found.start(2) if found[2] else len(text)
    names = [(each[0], each.span()) for each in re.finditer(r"[^\s,][^,]*(?<!\s)", text[start:])]
    over = tuple((name, (start + low, start + high)) for name, (low, high) in names)
    stray = next((at for name, at in over if not BARE.fullmatch(name)), None)
    if not over or stray is not None:
        title = f"`{text}` does not say which rule it is an exception to"
        label = "expected the names of other rules, divided by commas"
        return Naming(None, (), complaint("GAP002", title, stray or (0, len(text)), label))
    return Naming((found[1], found.span(1)), over)


def _no_name(text: str) -> Diagnostic:
    title, at = f"`{text}` cannot name a rule", (0, len(text))
    if text in ALONE:
        return complaint("GAP002", title, at, "it stands alone in the outcomes")
    words = text.split()
    if len(words) > 2 and distance(words[1].casefold(), OVER) < 3:
        meant = " ".join((words[0], OVER, *words[2:]))
        exception = propose(f"write `{meant}`, if it is an exception", (at, meant))
        return complaint("GAP002", title, at, f"did you mean `{OVER}`?", helps=(exception,))
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")
    if not plain or plain in RESERVED:
        return complaint("GAP002", title, at, "expected one bare word")
    if len(words) == 1:
        helps: tuple[Help, ...] = (mend(f"write `{plain}`", (at, plain)),)
    else:  # which may well say more than a name
        helps = (
            propose(f"write `{plain}`, if it is just a name", (at, plain)),
            decide(f"or `NAME {OVER} NAME`, if it is an exception to another rule"),
        )
    return complaint("GAP002", title, at, "expected one bare word", helps=helps)
