"""What is true of a table: its axes, its claims, who answers which inputs, and what nothing answers.

One artefact, `unit.Unit`, that checks, backends and reports read and never work out again.
Nothing here words a finding, and nothing here knows the language.
"""
