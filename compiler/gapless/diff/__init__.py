"""What differs between two states of tables: in what they answer, not in how they are written.

Proved over the cases that both know, told as few exact boxes; what callers of the generated code meet
is told apart. Nothing here prints, and nothing here replays data.
"""
