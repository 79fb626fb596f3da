#!/usr/bin/env bash
# bkflow-feel 1.2.0 (under bkflow-dmn): `1 = 1.0` raises, because int and float are two types to it, and
# so does a whole amount in a column of prices; `true = 1` is true. `10 - 2 - 3` does not parse.
# Expected: FEEL has one type of number, and true is none (DMN 1.3, 10.3.2.13): true, false and 5.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet bkflow-feel==1.2.0 2>/dev/null

"$scratch/env/bin/python" - >"$scratch/seen" <<'PYTHON'
import logging

from bkflow_feel.api import parse_expression

logging.disable(logging.CRITICAL)
for asked in ("1 = 1.0", "price > 4", "true = 1", "10 - 2", "10 - 2 - 3"):
    try:
        print(asked, "=>", parse_expression(asked, {"price": 4.5}))
    except Exception as error:
        print(asked, "=>", type(error).__name__)
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $0"; exit 1; }
1 = 1.0 => ValidationError
price > 4 => ValidationError
true = 1 => True
10 - 2 => 8
10 - 2 - 3 => UnexpectedToken
EXPECTED
cat "$scratch/seen"
