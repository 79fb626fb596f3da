"""Engines that put every row of a file to one table, and what they share: names, types, files, progress."""
