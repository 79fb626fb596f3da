"""Rules, cells and columns that say nothing, or could say the same more simply.

Each file is one check.
What is proposed here is proved to change no answer, or left to the author.
"""
