"""Whether boxes cover a space, and which parts they leave open, within a budget of steps.

Two searches, one index of intersections, one canonical way to write what is open.
Nothing here knows rules: a question is boxes, an answer is boxes and counts.
"""
