"""Columns as finite axes: where each makes a difference, ordinals for days and decimals, boxes of bit masks.

The last room that knows what a date is: beyond it there are atoms, masks and boxes.
Nothing here knows rules or tables.
"""
