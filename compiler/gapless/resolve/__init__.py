"""From what was typed to what was meant: names bound, cells typed, and every mistake found on its word."""

from gapless.resolve.policies import resolve

__all__ = ["resolve"]
