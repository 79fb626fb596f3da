#!/usr/bin/env bash
# DuckDB 2.0.1 holds TIME '24:00:00', the end of a day, as a time after 23:59:59, and writes it to Parquet
# as 86,400,000,000 microseconds; of that cell polars 2.1.0 makes null, and pyarrow 26.0.1 the Python time
# 00:00:00, the start of the day, both without a word.
# Expected: a refusal, or one answer. "Open until 24:00" is a late hour to the writer, no hour at all to
# one reader, and to the other the earliest there is: a rule `< 08:00` then holds, or one for missing times.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet \
    duckdb==2.0.1 polars==2.1.0 pyarrow==26.0.1 2>/dev/null

"$scratch/env/bin/python" - "$scratch/times.parquet" >"$scratch/seen" <<'PYTHON'
import sys

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

path = sys.argv[1]
db = duckdb.connect()
db.execute(f"COPY (SELECT unnest([TIME '23:59:59', TIME '24:00:00']) AS until) TO '{path}'")
print("duckdb ", db.execute(f"SELECT until::VARCHAR, until > TIME '23:59:59' FROM '{path}'").fetchall())
held = pq.read_table(path)["until"]
print("pyarrow", held.cast(pa.int64()).to_pylist(), held.null_count)
print("pyarrow", [str(each) for each in held.to_pylist()])
read = pl.read_parquet(path)["until"]
print("polars ", [str(each) for each in read.to_list()], read.null_count())
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $0"; exit 1; }
duckdb  [('23:59:59', False), ('24:00:00', True)]
pyarrow [86399000000, 86400000000] 0
pyarrow ['23:59:59', '00:00:00']
polars  ['23:59:59', 'None'] 1
EXPECTED
cat "$scratch/seen"
