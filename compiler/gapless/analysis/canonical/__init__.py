"""What a table decides, in the one way to write it, so that it can be told by a digest.

It reads tables by their inputs and knows nothing of rules.
"""
