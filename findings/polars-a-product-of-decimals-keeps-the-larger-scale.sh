#!/usr/bin/env bash
# polars 2.1.0: a product or quotient of decimals keeps the larger scale of its operands and rounds to
# it: 0.1 * 0.1 is 0.0, a price of 1.05 with a factor of 1.5 is 1.58 where DuckDB and pyarrow give 1.575.
# Expected: the scales add up, as in SQL, or an error. No warning is given, and the type does not tell.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet polars==2.1.0 duckdb==2.0.1 pyarrow==26.0.1 2>/dev/null

"$scratch/env/bin/python" - >"$scratch/seen" <<'PYTHON'
from decimal import Decimal

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

for left, right in (("0.1", "0.1"), ("1.05", "1.5"), ("0.05", "0.09")):
    a, b = Decimal(left), Decimal(right)
    by_polars = pl.select(pl.lit(a) * pl.lit(b)).item()
    by_duckdb = duckdb.sql(f"SELECT {left} * {right}").fetchall()[0][0]
    by_arrow = pc.multiply(pa.scalar(a), pa.scalar(b)).as_py()
    print(left, "*", right, "polars", by_polars, "duckdb", by_duckdb, "pyarrow", by_arrow)
print("1.00 / 3 polars", pl.select(pl.lit(Decimal("1.00")) / pl.lit(Decimal("3"))).item())
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $0"; exit 1; }
0.1 * 0.1 polars 0.0 duckdb 0.01 pyarrow 0.01
1.05 * 1.5 polars 1.58 duckdb 1.575 pyarrow 1.575
0.05 * 0.09 polars 0.00 duckdb 0.0045 pyarrow 0.0045
1.00 / 3 polars 0.33
EXPECTED
cat "$scratch/seen"
