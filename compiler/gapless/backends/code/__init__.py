"""How generated Python is laid out, named and quoted, for every target that writes Python.

`runtime.py` is what modules of the Python target take over of us; the rest turns conditions, values
and names into lines, which generated modules ask formatters to leave alone. Nothing here knows how a
table decides, and nothing here is imported by what is generated.
"""
