"""Which rule decides which case: claims in the order in which they win, diagrams, tables of numbers.

Everything that asks who answers reads these; a set of cells is written as the paths of its diagram.
Nothing here calls another table.
"""
