#!/usr/bin/env bash
# feelin 8.2.0 and @bpmn-io/feelin 6.1.1, the two engines of FEEL for JavaScript: the days between two
# dates, taken with `.days`, are 29 in one and 0 in the other, which keeps the span in seconds. A person
# born on 29 February is one year old on the next 28 February in one and not in the other; the 30th of
# February, made of three numbers, is null in one and 1 March in the other, though both refuse its text.
# Expected: one language, one answer; 29 for the first question in any reading of it.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
here=$0
cd "$scratch"
npm install --silent --no-audit --no-fund feelin@8.2.0 @bpmn-io/feelin@6.1.1

cat >ask.mjs <<'JAVASCRIPT'
import * as feelin from 'feelin';
import * as other from '@bpmn-io/feelin';

for (const asked of [
  '(date("2024-03-01") - date("2024-02-01")).days',
  'string(years and months duration(date("2020-02-29"), date("2021-02-28")))',
  'date("2024-02-30") = null',
  'date(2024, 2, 30) = null',
  'date("2024-01-01") < date and time("2024-01-01T05:00:00")',
]) {
  const answers = [feelin, other].map((engine) => JSON.stringify(engine.evaluate(asked, {}).value));
  console.log(asked, '=>', answers.join(' or '));
}
JAVASCRIPT
node ask.mjs >seen

diff seen - <<'EXPECTED' || { echo "this has changed: $here"; exit 1; }
(date("2024-03-01") - date("2024-02-01")).days => 29 or 0
string(years and months duration(date("2020-02-29"), date("2021-02-28"))) => "P11M30D" or "P1Y"
date("2024-02-30") = null => true or true
date(2024, 2, 30) = null => true or false
date("2024-01-01") < date and time("2024-01-01T05:00:00") => null or true
EXPECTED
cat seen
