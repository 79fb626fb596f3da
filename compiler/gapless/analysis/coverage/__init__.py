"""Whether boxes cover a space, and which parts they leave open, within a budget of steps.

Two searches that take turns, and one index of intersections.
Nothing here knows rules: a question is boxes, an answer is boxes and counts.
"""
