"""What several checks share: the builder of findings, masking rules, which edits are safe.

Whatever only one check needs stands in that check's file.
No finding begins here, and nothing is analyzed here that is not about rules of one table.
"""
