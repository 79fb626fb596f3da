"""What was found, told to a reader: a person at a terminal, a script, a code host."""
