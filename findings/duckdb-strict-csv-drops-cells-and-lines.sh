#!/usr/bin/env bash
# duckdb 2.0.1: read_csv with every option given and strict_mode on still reads a line of five cells as
# one of three where the surplus is empty, skips an empty line inside the file, and takes the quotes
# off a cell that has blanks around them. One filled cell too many is refused.
# Expected: an error for each, as strict_mode, null_padding = false and ignore_errors = false say.
# A delimiter too many shifts cells in the files of spreadsheets; nothing tells how many lines were mended.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet duckdb==2.0.1 2>/dev/null

"$scratch/env/bin/python" - "$scratch/data.csv" >"$scratch/seen" <<'PYTHON'
import sys
from pathlib import Path

import duckdb

columns = ", ".join(f"'{name}': 'VARCHAR'" for name in ("a", "b", "c"))
options = (
    "auto_detect = false, header = true, strict_mode = true, null_padding = false, "
    f"ignore_errors = false, delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}}"
)
path = Path(sys.argv[1])
for line in ("1,2,3", "1,2,3,,", "1,2,3,4", "1,2", "\n1,2,3", '1,"2" ,3'):
    path.write_text(f"a,b,c\n{line}\n")
    try:
        told = duckdb.sql(f"SELECT * FROM read_csv('{path}', {options})").fetchall()
    except duckdb.Error as error:
        told = type(error).__name__
    print(f"{line!r:12} {told}")
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $0"; exit 1; }
'1,2,3'      [('1', '2', '3')]
'1,2,3,,'    [('1', '2', '3')]
'1,2,3,4'    InvalidInputException
'1,2'        InvalidInputException
'\n1,2,3'    [('1', '2', '3')]
'1,"2" ,3'   [('1', '2', '3')]
EXPECTED
cat "$scratch/seen"
