"""Generated functions are run before they are written, and held against the meaning of their table."""

from gapless.trial.plan import Ground, Plan, planned
from gapless.trial.tried import Asked, Refused, Said, objection

__all__ = ["Asked", "Ground", "Plan", "Refused", "Said", "objection", "planned"]
