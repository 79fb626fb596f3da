"""What a policy says besides rules: examples, members, what it calls impossible."""
