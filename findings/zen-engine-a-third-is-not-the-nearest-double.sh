#!/usr/bin/env bash
# zen-engine 2.1.3 calculates in decimals and answers with doubles, and the double is not always the
# one nearest to its decimal: 1/3 comes out as 0.33333333333333337, the neighbor of the double 1/3.
# Expected: the nearest double. Answers compared with `==` to another engine's differ in the last place.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet zen-engine==2.1.3 2>/dev/null

"$scratch/env/bin/python" - >"$scratch/seen" <<'PYTHON'
import zen

for left, right in ((1, 3), (2, 3), (1, 7), (1, 9), (10, 3)):
    got, due = zen.evaluate_expression(f"{left} / {right}", {}), left / right
    print(f"{left}/{right}", repr(got), repr(due), "same" if got == due else "neighbor")
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $0"; exit 1; }
1/3 0.33333333333333337 0.3333333333333333 neighbor
2/3 0.6666666666666667 0.6666666666666666 neighbor
1/7 0.14285714285714288 0.14285714285714285 neighbor
1/9 0.1111111111111111 0.1111111111111111 same
10/3 3.3333333333333335 3.3333333333333335 same
EXPECTED
cat "$scratch/seen"
