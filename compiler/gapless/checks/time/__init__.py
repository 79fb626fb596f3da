"""Policies, and members of closed lists, held against days.

Each file is one check.
No clock is read: a day comes from the case, from `as of`, or from whoever asks with `--today`.
"""
