"""What to say of text that cannot be read, and how to put it right.

Findings are placed from the first character of their line or cell; whoever reads that, places them.
Nothing here decides what a file says: no fix is offered unless the grammar can read its result.
"""
