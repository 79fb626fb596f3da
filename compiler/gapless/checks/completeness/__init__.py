"""Cases that no rule answers, whose answer is not decided yet, or of which too little could be proved.

Each file is one check.
Which cases these are is asked of the claims of a unit, never searched for here.
"""
