"""How tests, boxes, types and counts are said in plain words.

Authors and reviewers read the same words wherever they look.
Nothing here decides anything: no analysis, no findings.
"""
