"""Why a word is no value of a type: what every reader of words answers in its place."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """Why a word is no value of a type, and `right`, the word that was surely meant, if one was.

    `offers` are words of which one may have been meant, `advice` is what else to do.
    """

    code: str
    title: str
    label: str
    right: str | None = None
    offers: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
