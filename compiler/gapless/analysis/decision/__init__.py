"""Which rule decides which case: claims in the order in which they win, and diagrams of them.

Everything that asks who answers reads these.
Nothing here calls another table.
"""
