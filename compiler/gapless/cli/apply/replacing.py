"""Results beside their place until they are whole: refused rows get there first, answers last."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gapless.cli.console import CannotRun


@dataclass(frozen=True, slots=True)
class Beside:
    """A file or folder under work, and the place it is meant for."""

    work: str
    place: str

    def settle(self) -> None:
        """Whoever looks finds the old result or the new one, never a half."""
        if os.path.isdir(self.place) and not os.path.islink(self.place):
            old = f"{self.work}.old"
            os.rename(self.place, old)
            os.rename(self.work, self.place)
            shutil.rmtree(old)
            return
        if os.path.exists(self.place):
            os.chmod(self.work, stat.S_IMODE(os.stat(self.place).st_mode))
        os.replace(self.work, self.place)

    def forget(self) -> None:
        if os.path.isdir(self.work):
            shutil.rmtree(self.work, ignore_errors=True)
        elif os.path.lexists(self.work):
            os.unlink(self.work)


@contextmanager
def beside(*places: str | None) -> Iterator[tuple[str, ...]]:
    """Where to write what is meant for `places`; put there, in this order, if nothing goes wrong.

    What a killed process leaves ends in `.tmp`, so that no pattern for results finds it.
    """
    made = [
        Beside(f"{os.path.realpath(place)}.{os.getpid()}.tmp", os.path.realpath(place))
        for place in places
        if place is not None
    ]
    try:
        for each in made:
            os.makedirs(os.path.dirname(each.place), exist_ok=True)
        yield tuple(each.work for each in made)
        for each in made:
            each.settle()
    except OSError as reason:
        where = f" {reason.filename}" if reason.filename else ""
        raise CannotRun(f"cannot write{where}: {reason.strerror or reason}") from None
    finally:
        for each in made:
            each.forget()
