"""Tables that call tables, and rules that calculate: what has no answer, is never asked or always true.

Each file is one check.
What a call answers is asked of `analysis.composition`, never worked out here.
"""
