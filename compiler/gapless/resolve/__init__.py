"""From what was typed to what was meant: names bound, cells typed, a policy for each file.

`context` is what every reader is given: what can be named where it stands, and where its findings go.
Each mistake is found on its own word, and once; what follows from it is not complained about.
Nothing here asks what several rules say together: that is the analysis'.
"""

from gapless.resolve.policies import resolve

__all__ = ["resolve"]
