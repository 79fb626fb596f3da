#!/usr/bin/env bash
# pyarrow 26.0.1: the sum of three decimals of 38 nines is a negative number; adding two of the same
# columns element by element raises. polars refuses the same sum.
# Expected: an error, or decimal256. The type of the result says decimal128(38, 0), which the value
# does not fit; totals of large exact amounts can come out with the wrong sign.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet pyarrow==26.0.1 polars==2.1.0 2>/dev/null

"$scratch/env/bin/python" - >"$scratch/seen" <<'PYTHON'
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

largest = Decimal("9" * 38)
column = pa.array([largest] * 3, pa.decimal128(38, 0))
print("pyarrow sum", pc.sum(column).type, pc.sum(column).as_py())
try:
    print("pyarrow add", pc.add(column, column))
except pa.ArrowInvalid as error:
    print("pyarrow add", type(error).__name__, error)
try:
    print("polars sum ", pl.Series([largest] * 3).sum())
except pl.exceptions.ComputeError as error:
    print("polars sum ", type(error).__name__)
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $0"; exit 1; }
pyarrow sum decimal128(38, 0) -40282366920938463463374607431768211459
pyarrow add ArrowInvalid Decimal precision out of range [1, 38]: 39
polars sum  ComputeError
EXPECTED
cat "$scratch/seen"
