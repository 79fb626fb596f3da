"""The fastest safe code we could write by hand for each table: the yardstick for what is generated."""
