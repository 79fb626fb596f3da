"""Decision tables proved complete, compiled to typed Python and to pages that reviewers read."""

__version__ = "0.1.0"
