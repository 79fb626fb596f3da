#!/usr/bin/env bash
# pyspark 4.3.0, ANSI mode on (the default): a SQL function that takes BIGINT is called with 5.4 and gets
# 5, with true and gets 1, with '5' and gets 5; one that takes BOOLEAN gets true from 't' and from 2.
# Expected: an error for another kind of value, as an engine in ANSI mode is careful elsewhere. The body
# of a function cannot see what it was given, so no check in it can refuse the call.
# Needs Java.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
here=$0
python3 -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip --disable-pip-version-check install --quiet pyspark==4.3.0 2>/dev/null
cd "$scratch"

"$scratch/env/bin/python" - >"$scratch/seen" 2>/dev/null <<'PYTHON'
from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", False).getOrCreate()
print("ansi", spark.conf.get("spark.sql.ansi.enabled"))
for name, type in (("whole", "BIGINT"), ("yes", "BOOLEAN")):
    taken = f"CREATE TEMPORARY FUNCTION {name}(x {type}) RETURNS STRING RETURN cast(x AS STRING)"
    spark.sql(taken)
for asked in ("whole(5.4)", "whole(true)", "whole('5')", "yes('t')", "yes(2)"):
    try:
        print(asked, spark.sql(f"SELECT {asked}").collect()[0][0])
    except Exception as error:
        print(asked, type(error).__name__, error.getCondition())
PYTHON

diff "$scratch/seen" - <<'EXPECTED' || { echo "this has changed: $here"; exit 1; }
ansi true
whole(5.4) 5
whole(true) 1
whole('5') 5
yes('t') true
yes(2) true
EXPECTED
cat "$scratch/seen"
