"""The command line: the only rooms that open files, print, and read the clock or the environment.

A verb is the function of its own name in a module of its own name; `arguments` lists the verbs.
Nothing of weight is imported before it is known to be needed, so that a check whose answer is
already known costs little more than starting Python.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from gapless.cli.arguments import parsed
from gapless.cli.console import CannotRun, complain, deliver

CANNOT_RUN = 2
INTERRUPTED = 130

DEEPEST = 5_000
"""Frames of Python: a table that calls a table that calls a table takes three for each to be read."""


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code: 0 no errors, 1 errors were found, 2 could not run."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), DEEPEST))
    try:
        arguments = parsed(words)
        verb = arguments.command
        if verb is None:
            raise CannotRun("say what to do: `gapless --help` lists the commands")
        return deliver(getattr(import_module(f"gapless.cli.{verb}"), verb)(arguments))
    except CannotRun as reason:
        complain(f"gapless: {reason}\n")
        return CANNOT_RUN
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as mistake:
        if os.environ.get("GAPLESS_TRACEBACK"):
            raise
        complain(_ours(mistake))
        return CANNOT_RUN


def _ours(mistake: Exception) -> str:
    """What to say of a fault of our own: enough to report it, nothing that a reader must skip."""
    at = mistake.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    where = "" if at is None else f" at {at.tb_frame.f_code.co_name}:{at.tb_lineno}"
    return (
        f"gapless: this is a fault in gapless, not in your tables: {type(mistake).__name__}"
        f"{where}: {mistake}\nNothing was checked. GAPLESS_TRACEBACK=1 shows where it happened.\n"
    )
