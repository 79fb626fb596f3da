"""Rules and cells that change nothing, or that could say less."""
