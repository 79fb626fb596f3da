#!/usr/bin/env bash
# polars 2.1.0: `replace` on a decimal column rounds the keys of the mapping to the column's scale, so
# that 2.2 is replaced by the entry for 2.25, though `== 2.25` and `is_in([2.25])` say it is no match.
# Expected: keys match by equality, as `==` and `is_in` do. As a small look-up table (`code by price`)
# this answers a value that no row of the table names; keys 2.15 and 2.25 both become 2.2.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet polars==2.1.0 2>/dev/null

"$scratch/env/bin/python" - >"$scratch/seen" <<'PYTHON'
from decimal import Decimal

import polars as pl

prices = pl.Series([Decimal("2.2"), Decimal("2.3")], dtype=pl.Decimal(10, 1))
key = Decimal("2.25")
print("==     ", (prices == key).to_list())
print("is_in  ", prices.is_in([key]).to_list())
print("replace", [str(each) for each in prices.replace({key: Decimal("9")}).to_list()])
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $0"; exit 1; }
==      [False, False]
is_in   [False, False]
replace ['9.0', '2.3']
EXPECTED
cat "$scratch/seen"
