"""Tables that call tables: what a call may answer, said in the inputs of its caller.

Exact, and never an approximation: correlations are kept as boxes that cannot happen.
Nothing here solves arithmetic.
"""
