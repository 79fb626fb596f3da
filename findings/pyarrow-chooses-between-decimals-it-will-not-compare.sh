#!/usr/bin/env bash
# pyarrow 26.0.1: a decimal128(38, 0) cannot be compared with 2.25 (it "would need 40 digits"), while
# if_else, coalesce and case_when of the same two widen to decimal256 and go on. An int64 is compared
# with a decimal, and cannot be looked for in a list of them.
# Expected: one rule for finding the common type. What answers a rule's outcome (if_else) accepts a
# column that its condition (greater) refuses, so support has to be tried function by function.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet pyarrow==26.0.1 2>/dev/null

"$scratch/env/bin/python" - >"$scratch/seen" <<'PYTHON'
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

wide, edge = pa.array([Decimal(3)], pa.decimal128(38, 0)), pa.scalar(Decimal("2.25"))
whole, listed = pa.array([3]), pa.array([Decimal("2.25"), Decimal("3")])


def told(name, ask):
    try:
        result = ask()
        print(name, result.type, result[0])
    except pa.ArrowInvalid as error:
        print(name, "ArrowInvalid:", error)


told("greater, 38 digits ", lambda: pc.greater(wide, edge))
told("if_else, 38 digits ", lambda: pc.if_else(pa.array([False]), wide, edge))
told("coalesce, 38 digits", lambda: pc.coalesce(wide, edge))
told("greater, int64     ", lambda: pc.greater(whole, edge))
told("is_in, int64       ", lambda: pc.is_in(whole, listed))
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $0"; exit 1; }
greater, 38 digits  ArrowInvalid: Decimal precision out of range [1, 38]: 40
if_else, 38 digits  decimal256(40, 2) 2.25
coalesce, 38 digits decimal256(40, 2) 3.00
greater, int64      bool True
is_in, int64        ArrowInvalid: Precision is not great enough for the result. It should be at least 21
EXPECTED
cat "$scratch/seen"
