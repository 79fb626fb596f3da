"""What was typed, and where: the language's own form, before anything is looked up.

Data alone, frozen; what it means is asked elsewhere. All nodes are imported from here.
"""

from gapless_dsl.nodes.cells import *
from gapless_dsl.nodes.declarations import *
