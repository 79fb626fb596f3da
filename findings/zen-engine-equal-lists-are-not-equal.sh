#!/usr/bin/env bash
# zen-engine 2.1.3: a list is not equal to the same list, nor an object to the same object; no error is
# raised, though ordering two texts is refused with one.
# Expected: true, as for numbers and texts, or an error. A rule cell that compares several codes at once
# (`[26, "TC"]`) never matches.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet zen-engine==2.1.3 2>/dev/null

"$scratch/env/bin/python" - >"$scratch/seen" <<'PYTHON'
import zen

for asked in ("1 == 1.0", "'a' == 'a'", "[1] == [1]", "['26', 'TC'] == ['26', 'TC']", "{a: 1} == {a: 1}"):
    print(asked, "=>", zen.evaluate_expression(asked, {}))
same = {"codes": ["26", "TC"]}
print("codes == codes =>", zen.evaluate_expression("codes == codes", same))
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $0"; exit 1; }
1 == 1.0 => True
'a' == 'a' => True
[1] == [1] => False
['26', 'TC'] == ['26', 'TC'] => False
{a: 1} == {a: 1} => False
codes == codes => False
EXPECTED
cat "$scratch/seen"
