"""What differs between two states of tables, for a terminal, a pull request, programs and code hosts.

Words and order are the same in all of them, and stand in `wording`; nothing is decided here.
"""
