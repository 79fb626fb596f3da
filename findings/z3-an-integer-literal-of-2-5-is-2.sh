#!/usr/bin/env bash
# z3-solver 5.4.1.0, Python: IntVal(2.5) is 2 without a word, comparing an Int with the float 2.5 moves to
# reals and is exact, and comparing it with Decimal("2.5") or Fraction(5, 2) raises.
# Expected: one rule for a number that is no integer. Whoever encodes a table's edges with IntVal proves
# another table: `x < 2.5` over integers has x = 2, `x < IntVal(2.5)` has not.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet z3-solver==5.4.1.0 2>/dev/null

"$scratch/env/bin/python" - >"$scratch/seen" <<'PYTHON'
from decimal import Decimal
from fractions import Fraction

import z3

x = z3.Int("x")
print("IntVal(2.5)", z3.IntVal(2.5))
for name, edge in (
    ("float", lambda: 2.5),
    ("IntVal", lambda: z3.IntVal(2.5)),
    ("Decimal", lambda: Decimal("2.5")),
    ("Fraction", lambda: Fraction(5, 2)),
):
    solver = z3.Solver()
    try:
        solver.add(x == 2, x < edge())
        print("2 <", name, solver.check())
    except z3.Z3Exception as error:
        print("2 <", name, "Z3Exception", error)
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $0"; exit 1; }
IntVal(2.5) 2
2 < float sat
2 < IntVal unsat
2 < Decimal Z3Exception b'invalid rational value passed as an integer'
2 < Fraction Z3Exception b'invalid rational value passed as an integer'
EXPECTED
cat "$scratch/seen"
