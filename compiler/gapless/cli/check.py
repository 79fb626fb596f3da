"""`gapless check`: prove, and say what was proved."""

from __future__ import annotations

import argparse

from gapless.cli import cache, files
from gapless.cli.arguments import TABLES
from gapless.cli.console import Outcome, wants_color


def check(arguments: argparse.Namespace) -> Outcome:
    """What was said of the same files before, or else the whole work."""
    paths = arguments.paths or [TABLES]
    found = files.discover(paths)
    color = arguments.output_format == "text" and wants_color()
    if arguments.certify is not None:
        from gapless.cli.certify import certify

        return certify(arguments, found, color)
    if arguments.no_cache or files.STDIN in paths:
        return _worked_out(arguments, found, color)[0]
    day = str(arguments.today)
    asked = (arguments.output_format, color, arguments.deny_warnings, arguments.all, day, *paths)
    name = cache.request(found, asked)
    known = cache.recall(name)
    if known is not None:
        return known
    outcome, loaded = _worked_out(arguments, found, color)
    cache.remember(name, loaded, outcome)
    return outcome


def _worked_out(
    arguments: argparse.Namespace, found: tuple[str, ...], color: bool
) -> tuple[Outcome, dict[str, bytes | None]]:
    from gapless.cli.compiling import compiled, reported
    from gapless_dsl.undisturbed import undisturbed

    loaded = files.load(found)
    with undisturbed():
        return reported(arguments, compiled(loaded, arguments.today), found, color), loaded.raw
