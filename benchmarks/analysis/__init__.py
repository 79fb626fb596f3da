"""How fast tables are proved, beside other ways of proving them: `python -m benchmarks.analysis`."""
