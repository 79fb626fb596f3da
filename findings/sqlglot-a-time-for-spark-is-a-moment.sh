#!/usr/bin/env bash
# sqlglot 30.30.0, DuckDB to Spark: TIME '18:00:00' is written as CAST('18:00:00' AS TIMESTAMP), and so is
# a cast to TIME: an hour becomes a moment, which has a day. No warning, and no error where it is asked to
# raise one for what a dialect cannot say.
# Expected: TIME kept, or UnsupportedError. A rule "before six in the evening" then compares days too.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet sqlglot==30.30.0 2>/dev/null

"$scratch/env/bin/python" - >"$scratch/seen" <<'PYTHON'
import sqlglot

for text in ("SELECT t < TIME '18:00:00' FROM v", "SELECT CAST(x AS TIME) FROM v"):
    for level in ("WARN", "RAISE"):
        told = sqlglot.transpile(
            text, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel[level]
        )
        print(level, told)
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $0"; exit 1; }
WARN ["SELECT t < CAST('18:00:00' AS TIMESTAMP) FROM v"]
RAISE ["SELECT t < CAST('18:00:00' AS TIMESTAMP) FROM v"]
WARN ['SELECT CAST(x AS TIMESTAMP) FROM v']
RAISE ['SELECT CAST(x AS TIMESTAMP) FROM v']
EXPECTED
cat "$scratch/seen"
