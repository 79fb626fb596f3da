"""Every target, written out: one name for the folder, the flag and the place under `generated/`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gapless.backends import markdown, python, sql
from gapless.backends.artefact import Artefact
from gapless.driver import Result

Backend = Callable[[Result], tuple[Artefact, ...]]

ALL: Mapping[str, Backend] = {
    "markdown": markdown.emit,
    "python": python.emit,
    "sql": sql.emit,
}
