"""Shapes in which a table can be written by hand, each made for one table by a small generator of its own."""
