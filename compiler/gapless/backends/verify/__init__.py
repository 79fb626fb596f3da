"""Generated functions are run before they are written, and held against the meaning of their table."""

from gapless.backends.verify.plan import Ground, Plan, planned
from gapless.backends.verify.rows import AskedOfMany, Row, difference, rows
from gapless.backends.verify.tried import Asked, Refused, Said, objection

__all__ = [
    "Asked",
    "AskedOfMany",
    "Ground",
    "Plan",
    "Refused",
    "Row",
    "Said",
    "difference",
    "objection",
    "planned",
    "rows",
]
