#!/usr/bin/env bash
# duckdb 2.0.1: a DATE is equal to the text '2024-02-09 07:00' and not to the same moment as a
# TIMESTAMP. The cast of text to DATE drops the hour and the offset without a word.
# Expected: both comparisons alike, or an error for text that holds more than a day. In a table whose
# rules are cut by the day of service, an hour in a text column is silently no longer there, and with
# an offset the day can be another one than the moment's day in UTC.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet duckdb==2.0.1 2>/dev/null

"$scratch/env/bin/python" - >"$scratch/seen" <<'PYTHON'
import duckdb

for wording in (
    "DATE '2024-02-09' = '2024-02-09 07:00'",
    "DATE '2024-02-09' = TIMESTAMP '2024-02-09 07:00'",
    "DATE '2024-02-09' IN ('2024-02-09 07:00')",
    "CAST('2024-02-09T23:30:00-05' AS DATE)",
    "CAST('2024-2-9' AS DATE)",
    "TRY_CAST('20240209' AS DATE)",
):
    print(f"{wording:50} {duckdb.sql(f'SELECT {wording}').fetchall()[0][0]}")
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $0"; exit 1; }
DATE '2024-02-09' = '2024-02-09 07:00'             True
DATE '2024-02-09' = TIMESTAMP '2024-02-09 07:00'   False
DATE '2024-02-09' IN ('2024-02-09 07:00')          True
CAST('2024-02-09T23:30:00-05' AS DATE)             2024-02-09
CAST('2024-2-9' AS DATE)                           2024-02-09
TRY_CAST('20240209' AS DATE)                       None
EXPECTED
cat "$scratch/seen"
