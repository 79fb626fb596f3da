"""Rules that contradict each other or their own hit policy."""
