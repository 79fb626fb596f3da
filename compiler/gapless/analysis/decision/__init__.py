"""Which rule decides which case: claims in the order in which they win, diagrams, tables of numbers.

Everything that asks who answers reads these.
Nothing here calls another table.
"""
