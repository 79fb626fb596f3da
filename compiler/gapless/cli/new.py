"""`gapless new`: begin a policy from a commented file that passes every check."""

from __future__ import annotations

import argparse
import os
import re

import gapless
from gapless.cli import files
from gapless.cli.arguments import TABLES
from gapless.cli.console import CannotRun, Outcome


def new(arguments: argparse.Namespace) -> Outcome:
    path = arguments.name.removesuffix(files.SUFFIX) + files.SUFFIX
    if path != arguments.name and os.path.basename(path) == path:
        path = f"{TABLES}/{path}"
    name = os.path.basename(path).removesuffix(files.SUFFIX)
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise CannotRun(
            f"`{name}` cannot name a policy: a letter first, then letters, digits and `_`"
        )
    with open(os.path.join(gapless.__path__[0], "cli", "starter.txt"), encoding="utf-8") as file:
        text = file.read().replace("NAME", name)
    files.create(path, text.encode("utf-8"))
    where = "" if path.startswith(f"{TABLES}/") else f" {path}"
    return Outcome(
        f"{path}  written: a small policy that passes; make it yours\nnext: gapless check{where}\n",
        0,
    )
