"""Columns that follow from others by calculation: whether a box of them can happen at all.

Intervals first, then branch and prune, within a fixed number of steps.
Nothing here finds faults; it says possible, impossible or unknown.
"""
