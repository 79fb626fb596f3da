"""Generated functions are run before they are written, and held against the meaning of their table.

`cases` chooses what is tried, `answers` says where a function differs, be it of one case, of whole
columns or of data frames. Loading what was generated is the caller's: no module here executes a text,
and none looks whether a library is installed.
"""

from gapless.backends.verify.cases import Ground, Plan, planned

__all__ = ["Ground", "Plan", "planned"]
