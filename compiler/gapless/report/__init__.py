"""What was found and answered, told to a reader: a person at a terminal, a script, a code host.

Here is the layout; the words are those of the findings.
Nothing is judged here but which findings a person is shown first.
"""
