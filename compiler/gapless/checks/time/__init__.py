"""Policies and members of lists held against days."""
