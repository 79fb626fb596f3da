#!/usr/bin/env bash
# pyarrow 26.0.1, and pandas 3.1.1 on Arrow decimals: the mean of 2.2 and 2.3 is 2.3, of 0.1, 0.1 and
# 0.2 it is 0.1: the mean is rounded to the scale of the column. polars and DuckDB give 2.25, as a double.
# Expected: more digits than the column has, or a double; not a mean that is one of the values. A rule
# that asks for an average above 2.25 is answered by the wrong row.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet pyarrow==26.0.1 pandas==3.1.1 polars==2.1.0 2>/dev/null

"$scratch/env/bin/python" - >"$scratch/seen" <<'PYTHON'
from decimal import Decimal

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

for texts in (("2.2", "2.3"), ("0.1", "0.1", "0.2"), ("1", "2")):
    values = [Decimal(text) for text in texts]
    column = pa.array(values)
    frame = pd.DataFrame({"all": 1, "x": pd.array(values, dtype=pd.ArrowDtype(column.type))})
    grouped = frame.groupby("all").x.mean().iloc[0]
    print(*texts, "pyarrow", pc.mean(column).as_py(), "pandas", grouped, end=" ")
    print("polars", pl.Series(values).mean())
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $0"; exit 1; }
2.2 2.3 pyarrow 2.3 pandas 2.3 polars 2.25
0.1 0.1 0.2 pyarrow 0.1 pandas 0.1 polars 0.13333333333333333
1 2 pyarrow 2 pandas 2 polars 1.5
EXPECTED
cat "$scratch/seen"
