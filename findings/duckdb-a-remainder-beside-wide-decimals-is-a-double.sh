#!/usr/bin/env bash
# duckdb 2.0.1: `x % 0.01` is an exact decimal while x has few digits, and a double beside DECIMAL(38,0)
# or a HUGEINT: 2 % 0.01 is 0.00999... and no longer 0. Sums of the same two stay decimals.
# Expected: an exact decimal, or the error that a product of too many digits gets.
# A test for surplus digits, `x % 0.01 = 0`, refuses every whole number in such a column.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet duckdb==2.0.1 2>/dev/null

"$scratch/env/bin/python" - >"$scratch/seen" <<'PYTHON'
import duckdb

for type in ("DECIMAL(18,0)", "DECIMAL(36,0)", "DECIMAL(38,0)", "BIGINT", "HUGEINT"):
    asked = "x % 0.01, typeof(x % 0.01), x % 0.01 = 0, typeof(x + 0.01)"
    print(type, *duckdb.sql(f"SELECT {asked} FROM (SELECT 2::{type} AS x)").fetchall()[0])
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $0"; exit 1; }
DECIMAL(18,0) 0.00 DECIMAL(20,2) True DECIMAL(21,2)
DECIMAL(36,0) 0.00 DECIMAL(38,2) True DECIMAL(38,2)
DECIMAL(38,0) 0.009999999999999959 DOUBLE False DECIMAL(38,2)
BIGINT 0.00 DECIMAL(21,2) True DECIMAL(22,2)
HUGEINT 0.009999999999999959 DOUBLE False DECIMAL(38,2)
EXPECTED
cat "$scratch/seen"
