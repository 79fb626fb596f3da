"""`gapless apply`: every row of a file is put to one table, by DuckDB here or by Spark on a cluster.

`command` reads the words and reports; two engines, `on_duckdb` and `on_spark`, run one query that
`query` writes for both. No engine is imported before it is chosen, and no cell is read in Python.
"""
