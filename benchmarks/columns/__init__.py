"""Whole columns against everything that could answer them as well: `python -m benchmarks.columns`."""
