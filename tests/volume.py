"""Laws of the analysis on as many random tables as there is time for: `python -m tests.volume 100000`.

Not part of the default run, which takes the first few hundred of the same tables. Whatever is found is
shrunk by hand and kept as a case.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.laws import test_analysis as laws

LAWS: tuple[Callable[[int], None], ...] = (
    laws.test_decision_is_the_reference_meaning,
    laws.test_tally_counts_distinct_cases,
    laws.test_overlaps_are_the_pairs_that_share_a_case,
    laws.test_gap_regions_hold_the_gaps_and_nothing_else,
    laws.test_findings_are_true,
    laws.test_every_witness_of_a_gap_is_unanswered,
)


def main(tables: int) -> None:
    """Asks every law of at least so many tables; an AssertionError names the batch."""
    batch = looked_at = 0
    while looked_at < tables:
        looked_at += sum(1 for _ in laws.chains(batch))
        for law in LAWS:
            try:
                law(batch)
            except AssertionError as broken:
                raise AssertionError(f"{law.__name__}({batch})") from broken
        batch += 1
        sys.stdout.write(f"\r{looked_at:,} tables, {batch:,} batches")
        sys.stdout.flush()
    sys.stdout.write("\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
