"""What leaves the program: one text, one exit code; and while a run is long, how far it has come."""

from __future__ import annotations

import os
import sys
import time
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


# ---------------------------------------------------------------- long runs

WIDTH = 28
EVERY = 0.1
"""Seconds between two drawings, so that drawing costs nothing."""


class Progress:
    """A bar on standard error that is there only while somebody can watch it."""

    def __init__(self, total: int | None, quiet: bool = False) -> None:
        self.total = total
        self.begun = time.perf_counter()
        self._drawn = 0.0
        self._shown = not quiet and sys.stderr is not None and sys.stderr.isatty()

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.begun

    def at(self, rows: int) -> None:
        """So many rows are done."""
        now = time.perf_counter()
        if self._shown and now - self._drawn >= EVERY:
            self._drawn = now
            self._draw(line(rows, self.total, self.seconds))

    def clear(self) -> None:
        if self._shown and self._drawn:
            self._draw("")

    def _draw(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


def line(rows: int, total: int | None, seconds: float) -> str:
    """Rows, how many a second, and how long it will still take, if the end is known."""
    rate = rows / seconds if seconds else 0.0
    told = f"{rows:,} rows  {pace(rate)}"
    if not total or not rows:
        return told
    share = min(rows / total, 1.0)
    done = round(share * WIDTH)
    minutes, rest = divmod(round(max(total - rows, 0) / rate), 60)
    hours, minutes = divmod(minutes, 60)
    left = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    return f"[{'#' * done}{'.' * (WIDTH - done)}] {share:4.0%}  {told}  {left} left"


def pace(rate: float) -> str:
    """Rows a second, as people say it."""
    if rate >= 1e6:
        return f"{rate / 1e6:.1f} M rows/s"
    return f"{rate / 1e3:.1f} k rows/s" if rate >= 1e3 else f"{rate:.0f} rows/s"


def peak() -> int | None:
    """The most memory that this process ever held, in bytes; None where the system does not tell."""
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as status:
            told = next(line for line in status if line.startswith("VmHWM:"))
        return int(told.split()[1]) * 1024
    except (OSError, StopIteration):
        try:
            import resource
        except ImportError:  # Windows
            return None
        # On Linux a process inherits it from the one that started it.
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
