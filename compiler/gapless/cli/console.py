"""What leaves the program: one text, one exit code."""

from __future__ import annotations

import os
import sys
from typing import NamedTuple, TextIO


class CannotRun(Exception):
    """The command could not do its work, for a reason the user can mend; exit code 2."""


class Outcome(NamedTuple):
    """What a command says, its exit code, and what it says beside, on standard error."""

    text: str
    code: int
    aside: str = ""


def deliver(outcome: Outcome) -> int:
    """Print an outcome; a reader that has seen enough (`| head`) changes nothing."""
    try:
        _write(sys.stdout, outcome.text)
        _write(sys.stderr, outcome.aside)
    except BrokenPipeError:
        _close()
    except OSError as reason:
        _close()
        raise CannotRun(f"the output could not be written: {reason.strerror}") from reason
    return outcome.code


def _close() -> None:
    """Send what is still held to nowhere: Python writes it once more at exit, and would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def wants_color() -> bool:
    """Whether standard output is a terminal whose user did not refuse colors."""
    return (
        sys.stdout is not None
        and sys.stdout.isatty()
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb"
    )


def read_stdin() -> bytes:
    if sys.stdin is None:
        raise CannotRun("there is no standard input")
    return sys.stdin.buffer.read()


def complain(text: str) -> None:
    """Say why a command could not run, if there is anywhere to say it."""
    if sys.stderr is not None:
        sys.stderr.write(text)


def _write(stream: TextIO | None, text: str) -> None:
    """UTF-8 whatever the locale, so that no finding is lost to a character it does not have."""
    if text and stream is None:
        raise CannotRun("there is no standard output")
    if text and stream is not None:
        stream.flush()
        stream.buffer.write(text.encode("utf-8", "backslashreplace"))
        stream.buffer.flush()
