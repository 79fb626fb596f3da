#!/usr/bin/env bash
# feelin 8.2.0 and @bpmn-io/feelin 6.1.1: an exponent counts only after a fraction. 1.5E7 is
# fifteen million, but 1e3 is 1, without an error or a warning, and 500 does not pass the test `< 1e3`.
# Expected: 1000, or a refusal, as for a space before the e.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
here=$0
cd "$scratch"
npm install --silent --no-audit --no-fund feelin@8.2.0 @bpmn-io/feelin@6.1.1

cat >ask.mjs <<'JAVASCRIPT'
import * as feelin from 'feelin';
import * as other from '@bpmn-io/feelin';

for (const [name, engine] of [['feelin', feelin], ['@bpmn-io/feelin', other]]) {
  for (const asked of ['1e3', '1e3 = 1000', '1.5E7', '1e3 + 1']) {
    const { value, warnings } = engine.evaluate(asked, {});
    console.log(name, asked, '=>', value, 'warnings', warnings.length);
  }
  console.log(name, '500 passes < 1e3:', engine.unaryTest('< 1e3', { '?': 500 }).value);
}
JAVASCRIPT
node ask.mjs >seen

diff seen - <<'EXPECTED' || { echo "this has changed: $here"; exit 1; }
feelin 1e3 => 1 warnings 0
feelin 1e3 = 1000 => false warnings 0
feelin 1.5E7 => 15000000 warnings 0
feelin 1e3 + 1 => 2 warnings 0
feelin 500 passes < 1e3: false
@bpmn-io/feelin 1e3 => 1 warnings 0
@bpmn-io/feelin 1e3 = 1000 => false warnings 0
@bpmn-io/feelin 1.5E7 => 15000000 warnings 0
@bpmn-io/feelin 1e3 + 1 => 2 warnings 0
@bpmn-io/feelin 500 passes < 1e3: false
EXPECTED
cat seen
