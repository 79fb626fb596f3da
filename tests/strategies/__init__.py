"""Random tables for laws, small enough to shrink to something a person can read.

`tables()` gives any table that could be written: with gaps, conflicts, rules that never apply.
`sound_tables()` gives only those that answer every case with one voice, or call it impossible.
`policies()` gives files of sound tables that call each other.

Each draws from every kind of column, hit policy, cell and outcome. `cases(table)` gives inputs for
a table that lie on both sides of everything that it or its callees name, without asking the compiler;
`probes(table, column)` lists such values of one column.
"""

from tests.strategies.cases import cases, probes
from tests.strategies.policies import policies, policy_of
from tests.strategies.tables import sound_tables, tables

__all__ = ["cases", "policies", "policy_of", "probes", "sound_tables", "tables"]
