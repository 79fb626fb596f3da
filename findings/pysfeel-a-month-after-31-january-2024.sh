#!/usr/bin/env bash
# pySFeel 1.4.2 (the FEEL of pyDMNrules): 31 January 2024 plus one month is 28 February in a leap year,
# and so is 30 January plus one month, though 29 January plus one month is the 29th.
# Expected: 29 February 2024, the last day of that month; now a later start gives an earlier end.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet pySFeel==1.4.2 2>/dev/null

"$scratch/env/bin/python" - >"$scratch/seen" <<'PYTHON'
import pySFeel

parser = pySFeel.SFeelParser()
for asked in (
    'date("2024-01-31") + duration("P1M")',
    'date("2024-01-30") + duration("P1M")',
    'date("2024-01-29") + duration("P1M")',
    'date("2023-01-31") + duration("P1M")',
    'date("2024-02-29") + duration("P1Y")',
):
    print(asked, "=>", parser.sFeelParse(asked)[1])
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $0"; exit 1; }
date("2024-01-31") + duration("P1M") => 2024-02-28
date("2024-01-30") + duration("P1M") => 2024-02-28
date("2024-01-29") + duration("P1M") => 2024-02-29
date("2023-01-31") + duration("P1M") => 2023-02-28
date("2024-02-29") + duration("P1Y") => 2025-02-28
EXPECTED
cat "$scratch/seen"
