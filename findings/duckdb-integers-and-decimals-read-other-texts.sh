#!/usr/bin/env bash
# duckdb 2.0.1: text becomes a number by other rules for INTEGER than for DECIMAL. INTEGER takes
# underscores, hexadecimal and binary digits and rounds what has a fraction; DECIMAL refuses the first
# three and rounds surplus digits.
# Expected: one notation of numbers, and a refusal where digits would be lost. '2.5' is the integer 3,
# while a DOUBLE of 2.5 becomes 2.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet duckdb==2.0.1 2>/dev/null

"$scratch/env/bin/python" - >"$scratch/seen" <<'PYTHON'
import duckdb

for text in ("1_000", "0x10", "0b11", "1e2", "2.5", "1.005", " 7 "):
    row = duckdb.sql(f"SELECT TRY_CAST('{text}' AS INTEGER), TRY_CAST('{text}' AS DECIMAL(5,2))")
    print(repr(text), *row.fetchall()[0])
print("double", duckdb.sql("SELECT CAST(2.5::DOUBLE AS INTEGER)").fetchall()[0][0])
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $0"; exit 1; }
'1_000' 1000 None
'0x10' 16 None
'0b11' 3 None
'1e2' 100 100.00
'2.5' 3 2.50
'1.005' 1 1.01
' 7 ' 7 7.00
double 2
EXPECTED
cat "$scratch/seen"
