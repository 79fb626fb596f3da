#!/usr/bin/env bash
# zen-engine 2.1.3: 29 February plus one year is an invalid date, plus twelve months it is 28 February.
# 31 January plus one month is clamped to the end of February as well.
# Expected: years and months alike. The invalid date raises nothing: it compares as false with every day,
# so rules such as "until a year after" never match for these cases.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet zen-engine==2.1.3 2>/dev/null

"$scratch/env/bin/python" - >"$scratch/seen" <<'PYTHON'
import zen

for asked in (
    "d('2024-01-31').add(1, 'month').format()",
    "d('2024-02-29').add(12, 'month').format()",
    "d('2024-02-29').add(1, 'year').format()",
    "d('2024-02-29').sub(1, 'year').format()",
    "d('2024-02-29').add(1, 'year').isAfter(d('2024-03-01'))",
    "d('2024-02-29').add(1, 'year').isBefore(d('2026-03-01'))",
):
    print(asked, "=>", zen.evaluate_expression(asked, {}))
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $0"; exit 1; }
d('2024-01-31').add(1, 'month').format() => 2024-02-29 00:00:00 UTC
d('2024-02-29').add(12, 'month').format() => 2025-02-28 00:00:00 UTC
d('2024-02-29').add(1, 'year').format() => Invalid date
d('2024-02-29').sub(1, 'year').format() => Invalid date
d('2024-02-29').add(1, 'year').isAfter(d('2024-03-01')) => False
d('2024-02-29').add(1, 'year').isBefore(d('2026-03-01')) => False
EXPECTED
cat "$scratch/seen"
