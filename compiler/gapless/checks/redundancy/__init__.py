"""Rules, cells and columns that say nothing, or could say the same more simply.

A file for rules that could go, one for cells, one for what could be drawn more simply.
What is proposed here is proved to change no answer, or left to the author.
"""
