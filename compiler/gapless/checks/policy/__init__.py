"""What a policy says besides rules: examples, members of closed lists, what it calls impossible.

Each file is one check; most look at all tables together.
Nothing is asked here that one table alone could answer of its rules.
"""
