"""Words that some database reserves, so that a column of that name is quoted."""

from __future__ import annotations

# PostgreSQL and DuckDB as their own catalogs list them; Spark (ANSI), Snowflake, BigQuery and SQLite
# as their manuals do. What is not reserved but a type or function name is quoted too: it is safer.
RESERVED = frozenset(
    """
    account add after all alter analyse analyze and anti any array as asc asof
    assert_rows_modified asymmetric at authorization before begin between bigint binary bit
    boolean both by call case cast char character check coalesce collate collation column
    columns commit concurrently connect connection constraint create cross cube current
    current_catalog current_date current_role current_schema current_time current_timestamp
    current_user database date day dec decimal default deferrable define delete desc describe
    distinct do drop else end enum escape except exclude exists explain extract false fetch
    filter first float following for foreign freeze from full function generated glob grant
    greatest group grouping grouping_id groups gscluster hash having hour if ignore ilike in
    increment index initially inner inout insert int integer intersect interval into is isnull
    issue join key lambda last lateral leading least left like limit localtime localtimestamp
    lookup map match merge minus minute month national natural nchar new no none normalize not
    nothing notnull null nullif nulls numeric of off offset old on only or order organization
    out outer over overlaps overlay partition pivot pivot_longer pivot_wider placing position
    positional precision primary proto qualify range real recursive references regexp replace
    respect returning revoke right rlike rollback rollup row rows sample schema second select
    semi session_user set setof show similar smallint some start struct substring summarize
    symmetric sysdate table tablesample temp temporary then time timestamp to top trailing
    transaction treat trigger trim true truncate try_cast tuple unbounded union unique unknown
    unnest unpack unpivot update user using value values varchar variadic verbose view when
    whenever where window with within without xmlattributes xmlconcat xmlelement xmlexists
    xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable year
    """.split()  # noqa: SIM905
)
