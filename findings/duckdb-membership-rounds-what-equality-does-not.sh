#!/usr/bin/env bash
# duckdb 2.0.1: a DECIMAL(38,0) column of 2 is not equal to 2.25, and yet it is "in" a list, a
# subquery or a map that holds 2.25, and a row or struct with it equals one with 2.25.
# Expected: membership means equality with some member. `x = 2.25` compares exactly; where a list, a
# subquery, a map's key or a row is built, both sides first take the column's scale and 2.25 becomes 2.
# So a rule `p in (2.25, 4.50)` generated as IN (literals) is safe, and as IN (SELECT ...) it is not.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet duckdb==2.0.1 2>/dev/null

"$scratch/env/bin/python" - >"$scratch/seen" <<'PYTHON'
import duckdb

for wording in (
    "x = 2.25",
    "x IN (2.25, 4.50)",
    "x IN (SELECT 2.25)",
    "x = ANY ([2.25])",
    "list_contains([x], 2.25)",
    "(x, 1) = (2.25, 1)",
    "{'a': x} = {'a': 2.25}",
    "map([x], ['hit'])[2.25] IS NOT NULL",
):
    ((answer,),) = duckdb.sql(f"SELECT {wording} FROM (SELECT 2::DECIMAL(38,0) AS x)").fetchall()
    print(f"{wording:40} {answer}")
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $0"; exit 1; }
x = 2.25                                 False
x IN (2.25, 4.50)                        False
x IN (SELECT 2.25)                       True
x = ANY ([2.25])                         True
list_contains([x], 2.25)                 True
(x, 1) = (2.25, 1)                       True
{'a': x} = {'a': 2.25}                   True
map([x], ['hit'])[2.25] IS NOT NULL      True
EXPECTED
cat "$scratch/seen"
